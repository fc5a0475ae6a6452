"""Rules that look at one day: who is posted, where they come from, how long they have stayed.

Also the yearly ones that read what people judged (marks) and paid (money).
"""

from cunjing.policy.enums import Role
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.measures import (
    MOST_PERCENT,
    HomeRelation,
    HomeViolation,
    MarkValue,
    MoneyRatio,
    MoneyValue,
)
from cunjing.policy.records import PostingRow, StaffRow, UnitRow, VillageRow
from cunjing.policy.reference_world import (
    ONE_DAY,
    Measured,
    World,
    answers_for,
    days_in_period,
    tenure_start,
    valid_on,
)


def postings_on_day(
    world: World, *, village_code: str, roles: tuple[Role, ...]
) -> list[PostingRow]:
    """The postings in a village in one of the roles on the day looked at."""
    return [
        posting
        for posting in world.postings
        if posting.village_code == village_code
        and posting.role in roles
        and valid_on(start=posting.valid_from, end=posting.valid_to, day=world.day)
    ]


def posting_count(world: World, *, village_code: str, roles: tuple[Role, ...]) -> Measured:
    """Coverage: the postings of the named roles valid on the day."""
    found = postings_on_day(world, village_code=village_code, roles=roles)
    return Measured(len(found), tuple(posting.posting_id for posting in found))


def township(world: World, village_code: str) -> str:
    """A village's township: of the version valid on the day, else of any, else from the code."""
    versions = [
        village
        for village in world.villages
        if village.village_code == village_code and village.township_code is not None
    ]
    today = [row for row in versions if village_valid(world, row)]
    codes = [row.township_code for row in today or versions if row.township_code is not None]
    return min(codes, default=village_code[:9])


def village_valid(world: World, village: VillageRow) -> bool:
    """Whether this version of a village holds on the day looked at."""
    return valid_on(start=village.valid_from, end=village.valid_to, day=world.day)


def home_violation(world: World, measure: HomeViolation, posting: PostingRow) -> Measured:
    """Whether the posted person comes from where the rule forbids or fails to come from."""
    home = world.staff[posting.staff_id].home_village_code
    if home is None:
        return Measured(None, (posting.posting_id,))
    match measure.relation:
        case HomeRelation.SAME:
            fine = home == posting.village_code
        case HomeRelation.DIFFERENT:
            fine = home != posting.village_code
        case HomeRelation.NEAR:
            here, there = township(world, posting.village_code), township(world, home)
            fine = here == there or any(
                {row.township_code, row.adjacent_code} == {here, there} for row in world.adjacency
            )
    return Measured(0 if fine else 1, (posting.posting_id,))


def tenure_months(world: World, posting: PostingRow) -> Measured:
    """Complete calendar months from the tenure's start to the day after the day looked at."""
    start = tenure_start(world, posting)
    until = world.day + ONE_DAY
    months = (until.year - start.year) * 12 + until.month - start.month
    if until.day < start.day:
        months -= 1
    return Measured(months, (posting.posting_id,))


def untrained_violation(world: World, posting: PostingRow) -> Measured:
    """Whether the posted person was not trained before the tenure began."""
    trained_on = world.staff[posting.staff_id].trained_on
    in_time = trained_on is not None and trained_on < tenure_start(world, posting)
    return Measured(0 if in_time else 1, (posting.posting_id,))


def mark_value(world: World, measure: MarkValue, subject: str) -> Measured:
    """What a judgement is worth on the rule's scale; None while nobody has judged."""
    mark = world.mark(subject_id=subject, item=measure.item)
    if mark is None:
        return Measured(None)
    if mark not in measure.scale:
        expected = "、".join(measure.scale)
        message = (
            f"{subject} {world.period.text} 的“{measure.item}”是“{mark}”，应为 {expected} 之一"
        )
        raise InputError([Finding(file="marks", row=None, column="value", message=message)])
    return Measured(measure.scale[mark])


def money_value(world: World, measure: MoneyValue, subject: str) -> Measured:
    """What the subject was paid, in fen. With a grade to pay by, nothing recorded is nothing paid;
    of a sum that everybody is owed it is not known then."""
    paid = world.fen(subject_id=subject, item=measure.item)
    return Measured(0 if paid is None and measure.grade_item else paid)


def money_ratio(
    world: World, measure: MoneyRatio, *, unit_code: str, roles: tuple[Role, ...]
) -> Measured:
    """How many whole hundredths the staff's mean is of the villages' mean."""
    unit = next(unit for unit in world.units if unit.unit_code == unit_code)
    last_day = world.period.end - ONE_DAY
    codes = {
        village.village_code
        for village in world.villages
        if answers_for(world, unit_code=unit_code, village_code=village.village_code, day=last_day)
    }
    people = [
        person.staff_id
        for person in world.staff.values()
        if _posted_in(world, person, codes, roles)
        or (person.role in roles and _employed_within(world, person, unit))
    ]
    staff_fen = _amounts(world, people, measure.staff_item)
    village_fen = _amounts(world, sorted(codes), measure.village_item)
    if not staff_fen or not village_fen or sum(village_fen) <= 0:
        return Measured(None)
    ratio = (100 * sum(staff_fen) * len(village_fen)) // (len(staff_fen) * sum(village_fen))
    return Measured(max(-MOST_PERCENT, min(MOST_PERCENT, ratio)))


def _posted_in(world: World, person: StaffRow, codes: set[str], roles: tuple[Role, ...]) -> bool:
    return any(
        posting.village_code in codes
        and posting.role in roles
        and days_in_period(start=posting.valid_from, end=posting.valid_to, period=world.period)
        for posting in world.postings_of[person.staff_id]
    )


def _employed_within(world: World, person: StaffRow, unit: UnitRow) -> bool:
    """By the unit itself, or by a unit whose division begins with the unit's."""
    if person.unit_code == unit.unit_code:
        return True
    employer = next((item for item in world.units if item.unit_code == person.unit_code), None)
    if employer is None or employer.division_code is None or unit.division_code is None:
        return False
    return employer.division_code.startswith(unit.division_code)


def _amounts(world: World, subjects: list[str], item: str) -> list[int]:
    found = [world.fen(subject_id=subject, item=item) for subject in subjects]
    return [fen for fen in found if fen is not None]
