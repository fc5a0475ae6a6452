"""Who has a row under a rule, and what the rule measures of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from cunjing.policy.enums import SubjectKind
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    EventMeasure,
    GroupCount,
    HamletViolations,
    HomeViolation,
    MarkValue,
    MattersOverdue,
    MemberCount,
    MoneyRatio,
    MoneyValue,
    PairViolations,
    PostingCount,
    PostViolations,
    SubgroupCount,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import Rule
from cunjing.policy.records import GroupRow, PostingRow
from cunjing.policy.reference_events import credit_place, credit_posting
from cunjing.policy.reference_groups import (
    age_violations,
    committee_violations,
    group_count,
    group_village,
    hamlet_violations,
    member_count,
    pair_violations,
    post_violations,
    subgroup_count,
)
from cunjing.policy.reference_matters import matters_overdue
from cunjing.policy.reference_state import (
    home_violation,
    mark_value,
    money_ratio,
    money_value,
    posting_count,
    tenure_months,
    untrained_violation,
    village_valid,
)
from cunjing.policy.reference_world import (
    Measured,
    World,
    available_days,
    days_in_period,
    valid_on,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One subject of a rule and what was measured of it.

    `available` is the days a prorated posting was there, None for every other subject. `concerned`
    are the staff whose devices must have synced before a miss is a miss.
    """

    subject: str
    measured: Measured
    village_code: str | None = None
    staff_id: str | None = None
    available: int | None = None
    concerned: tuple[str, ...] = ()


def rows(world: World, rule: Rule) -> Iterator[Row]:
    """One row for every subject the rule is about."""
    match rule.subject.kind:
        case SubjectKind.POSTING:
            return _posting_rows(world, rule)
        case SubjectKind.VILLAGE:
            return _village_rows(world, rule)
        case SubjectKind.GROUP:
            return _group_rows(world, rule)
        case SubjectKind.STAFF:
            return _staff_rows(world, rule)
        case SubjectKind.UNIT:
            return _unit_rows(world, rule)


def _posting_rows(world: World, rule: Rule) -> Iterator[Row]:
    """Postings of the role: valid on the day for state rules, else with a day in the period."""
    for posting in world.postings:
        start, end = posting.valid_from, posting.valid_to
        has_row = (
            valid_on(start=start, end=end, day=world.day)
            if rule.is_state
            else bool(days_in_period(start=start, end=end, period=world.period))
        )
        if posting.role in rule.subject.roles and has_row:
            yield Row(
                subject=posting.posting_id,
                measured=_of_posting(world, rule, posting),
                village_code=posting.village_code,
                staff_id=posting.staff_id,
                available=available_days(world, posting) if rule.prorated else None,
                concerned=(posting.staff_id,),
            )


def _of_posting(world: World, rule: Rule, posting: PostingRow) -> Measured:
    match rule.measure:
        case EventMeasure() as measure:
            return credit_posting(world, rule, measure, posting)
        case HomeViolation() as measure:
            return home_violation(world, measure, posting)
        case TenureMonths():
            return tenure_months(world, posting)
        case UntrainedViolation():
            return untrained_violation(world, posting)
        case _:
            raise _unfit(rule)


def _village_rows(world: World, rule: Rule) -> Iterator[Row]:
    """Villages: valid on the day for state rules, else on a day of the period."""
    codes = {
        village.village_code
        for village in world.villages
        if (
            village_valid(world, village)
            if rule.is_state
            else days_in_period(start=village.valid_from, end=village.valid_to, period=world.period)
        )
    }
    for code in codes:
        measured = _of_village(world, rule, code)
        if measured is not None:
            yield Row(
                subject=code,
                measured=measured,
                village_code=code,
                concerned=_posted_in_period(world, rule, code),
            )


def _posted_in_period(world: World, rule: Rule, village_code: str) -> tuple[str, ...]:
    """Everyone posted to the village in the period, in the rule's roles if it names any."""
    return tuple(
        posting.staff_id
        for posting in world.postings
        if posting.village_code == village_code
        and (not rule.subject.roles or posting.role in rule.subject.roles)
        and days_in_period(start=posting.valid_from, end=posting.valid_to, period=world.period)
    )


def _of_village(world: World, rule: Rule, code: str) -> Measured | None:
    match rule.measure:
        case EventMeasure() as measure:
            return credit_place(world, rule, measure, code)
        case MattersOverdue() as measure:
            return matters_overdue(world, measure, code)
        case PostingCount():
            return posting_count(world, village_code=code, roles=rule.subject.roles)
        case GroupCount(group_kind=kind):
            return group_count(world, village_code=code, kind=kind)
        case HamletViolations() as measure:
            return hamlet_violations(world, measure, code)
        case _:
            raise _unfit(rule)


def _group_rows(world: World, rule: Rule) -> Iterator[Row]:
    """Groups of the kind whose village is valid on the day, or that have no village."""
    valid = {village.village_code for village in world.villages if village_valid(world, village)}
    for group in world.groups.values():
        code = group_village(world, group)
        if group.kind == rule.subject.group_kind and (code is None or code in valid):
            yield Row(
                subject=group.group_id,
                measured=_of_group(world, rule, group),
                village_code=code,
            )


def _of_group(world: World, rule: Rule, group: GroupRow) -> Measured:
    match rule.measure:
        case MemberCount():
            return member_count(world, group)
        case SubgroupCount(group_kind=kind):
            return subgroup_count(world, group, kind)
        case PostViolations() as measure:
            return post_violations(world, measure, group)
        case AgeViolations() as measure:
            return age_violations(world, measure, group)
        case PairViolations() as measure:
            return pair_violations(world, measure, group)
        case CommitteeViolations() as measure:
            return committee_violations(world, measure, group=group, roles=rule.subject.roles)
        case _:
            raise _unfit(rule)


def _staff_rows(world: World, rule: Rule) -> Iterator[Row]:
    """Staff of the role on duty on a day of the period."""
    for person in world.staff.values():
        start, end = person.on_duty_from, person.on_duty_to
        on_duty = days_in_period(start=start, end=end, period=world.period)
        if person.role in rule.subject.roles and on_duty:
            yield Row(
                subject=person.staff_id,
                measured=_of_staff(world, rule, person.staff_id),
                staff_id=person.staff_id,
            )


def _of_staff(world: World, rule: Rule, staff_id: str) -> Measured:
    match rule.measure:
        case MarkValue() as measure:
            return mark_value(world, measure, staff_id)
        case MoneyValue() as measure:
            return money_value(world, measure, staff_id)
        case _:
            raise _unfit(rule)


def _unit_rows(world: World, rule: Rule) -> Iterator[Row]:
    """Every unit of the kind."""
    for unit in world.units:
        if unit.kind == rule.subject.unit_kind:
            yield Row(subject=unit.unit_code, measured=_of_unit(world, rule, unit.unit_code))


def _of_unit(world: World, rule: Rule, unit_code: str) -> Measured:
    match rule.measure:
        case EventMeasure() as measure:
            return credit_place(world, rule, measure, unit_code)
        case MoneyRatio() as measure:
            return money_ratio(world, measure, unit_code=unit_code, roles=rule.subject.roles)
        case _:
            raise _unfit(rule)


def _unfit(rule: Rule) -> TypeError:
    kind, measure = rule.subject.kind, type(rule.measure).__name__
    return TypeError(f"{rule.id}: {measure} does not measure a {kind}")
