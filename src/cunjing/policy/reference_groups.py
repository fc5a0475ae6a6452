"""Rules about militia companies, Party branches and mutual-aid groups: sizes, posts, ages."""

from collections.abc import Iterator

from cunjing.policy.enums import GroupKind, MemberPost, Role
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    HamletViolations,
    PairViolations,
    PostRequirement,
    PostViolations,
)
from cunjing.policy.records import GroupRow, HamletRow, MemberRow, PostingRow
from cunjing.policy.reference_state import postings_on_day
from cunjing.policy.reference_world import Measured, World
from cunjing.policy.verdict import Breach


def group_village(world: World, group: GroupRow) -> str | None:
    """The group's own village, else that of the nearest group above having one."""
    while group.village_code is None and group.parent_id is not None:
        group = world.groups[group.parent_id]
    return group.village_code


def tree(world: World, group: GroupRow) -> list[GroupRow]:
    """The group and every group below it, however deep. The loader has refused circles."""
    found, waiting = [], [group]
    while waiting:
        row = waiting.pop()
        found.append(row)
        waiting += reversed(world.groups_below[row.group_id])
    return found


def members_in(world: World, group: GroupRow) -> list[MemberRow]:
    """The members of the group and of every group below it."""
    return [member for row in tree(world, group) for member in world.members_of[row.group_id]]


def groups_of(world: World, *, village_code: str, kind: GroupKind) -> list[GroupRow]:
    """The groups of a kind whose village it is."""
    return [
        group
        for group in world.groups.values()
        if group.kind == kind and group_village(world, group) == village_code
    ]


def _ids(members: list[MemberRow]) -> tuple[str, ...]:
    return tuple(member.member_id for member in members)


def _persons(members: list[MemberRow]) -> set[str]:
    return {member.person_id for member in members}


def group_count(world: World, *, village_code: str, kind: GroupKind) -> Measured:
    """How many groups of a kind the village has."""
    found = groups_of(world, village_code=village_code, kind=kind)
    return Measured(len(found), tuple(group.group_id for group in found))


def member_count(world: World, group: GroupRow) -> Measured:
    """How many persons, each once, are in the group and below."""
    members = members_in(world, group)
    return Measured(len(_persons(members)), _ids(members))


def subgroup_count(world: World, group: GroupRow, kind: GroupKind) -> Measured:
    """How many groups of a kind are below the group."""
    below = [row for row in tree(world, group) if row.kind == kind and row != group]
    return Measured(len(below), tuple(row.group_id for row in below))


def post_violations(world: World, measure: PostViolations, group: GroupRow) -> Measured:
    """Missing and surplus holders of the required posts."""
    posts = {requirement.post for requirement in measure.posts}
    holders = [member for member in members_in(world, group) if member.post in posts]
    value = sum(_gap(breach) for breach in post_breaches(world, measure, group))
    return Measured(value, _ids(holders))


def post_breaches(world: World, measure: PostViolations, group: GroupRow) -> list[Breach]:
    """The seats that are empty or taken more than once, and holders with no seat to hold."""
    return [
        breach
        for requirement in measure.posts
        for breach in _seat_breaches(world, requirement, group)
    ]


def _seat_breaches(world: World, requirement: PostRequirement, group: GroupRow) -> Iterator[Breach]:
    """Where not exactly one person holds the post in each group that needs one."""
    post, kind = requirement.post, requirement.group_kind
    holders = [member for member in members_in(world, group) if member.post == post]
    seats = [row for row in tree(world, group) if row.kind == kind]
    seated: set[str] = set()
    for seat in sorted(seats, key=lambda row: row.group_id):
        within = {row.group_id for row in tree(world, seat)}
        persons = _persons([member for member in holders if member.group_id in within])
        if len(persons) != 1:
            yield Breach(seat.group_id, len(persons), name=seat.name, kind=kind, post=post)
        seated |= persons
    strays = _persons(holders) - seated
    if strays:
        yield Breach(None, len(strays), kind=kind, post=post)


def _gap(breach: Breach) -> int:
    """How far a seat is from having one holder; of those without a seat, each is too many."""
    return breach.number if breach.place is None else abs(breach.number - 1)


def age_violations(world: World, measure: AgeViolations, group: GroupRow) -> Measured:
    """Persons whose age in whole years lies outside the range; no birth month, no age."""
    outside = [member for member, _ in _outside(world, measure, group)]
    return Measured(len(age_breaches(world, measure, group)), _ids(outside))


def age_breaches(world: World, measure: AgeViolations, group: GroupRow) -> list[Breach]:
    """The persons outside the range, with their age, each by the first of the member ids."""
    outside = sorted(_outside(world, measure, group), key=lambda pair: pair[0].member_id)
    first = {member.person_id: Breach(member.member_id, years) for member, years in outside[::-1]}
    return sorted(first.values(), key=lambda breach: str(breach.place))


def _outside(world: World, measure: AgeViolations, group: GroupRow) -> list[tuple[MemberRow, int]]:
    outside = []
    for member in members_in(world, group):
        if member.birth_month is None:
            continue
        year, month = (int(part) for part in member.birth_month.split("-"))
        years = ((world.day.year - year) * 12 + world.day.month - month) // 12
        if not measure.low <= years <= measure.high:
            outside.append((member, years))
    return outside


def hamlet_violations(
    world: World, measure: HamletViolations, village_code: str
) -> Measured | None:
    """Hamlets with too few or too many members; None without hamlets or without a group."""
    groups = groups_of(world, village_code=village_code, kind=measure.group_kind)
    if not _hamlets(world, village_code) or not groups:
        return None
    value = len(hamlet_breaches(world, measure, village_code))
    return Measured(value, _ids(_of_hamlets(world, measure, village_code)))


def hamlet_breaches(world: World, measure: HamletViolations, village_code: str) -> list[Breach]:
    """The hamlets with too few or too many members, and how many those are."""
    members = _of_hamlets(world, measure, village_code)
    found = []
    for hamlet in sorted(_hamlets(world, village_code), key=lambda row: row.hamlet_id):
        persons = _persons([one for one in members if one.hamlet_id == hamlet.hamlet_id])
        if not measure.low <= len(persons) <= measure.high:
            found.append(Breach(hamlet.hamlet_id, len(persons), name=hamlet.name))
    return found


def _hamlets(world: World, village_code: str) -> list[HamletRow]:
    return [row for row in world.hamlets if row.village_code == village_code]


def _of_hamlets(world: World, measure: HamletViolations, village_code: str) -> list[MemberRow]:
    """The members of the village's groups that are of a hamlet of the village."""
    hamlets = {row.hamlet_id for row in _hamlets(world, village_code)}
    found = {
        member.member_id: member
        for group in groups_of(world, village_code=village_code, kind=measure.group_kind)
        for member in members_in(world, group)
        if member.hamlet_id in hamlets
    }
    return list(found.values())


def pair_violations(world: World, measure: PairViolations, group: GroupRow) -> Measured:
    """Pairs of posts that nobody holds both of, one here, the other in the village's group."""
    named = {pair.post for pair in measure.pairs}
    holders = [member for member in members_in(world, group) if member.post in named]
    return Measured(len(pair_breaches(world, measure, group)), _ids(holders))


def pair_breaches(world: World, measure: PairViolations, group: GroupRow) -> list[Breach]:
    """The pairs nobody holds both of, and how many hold the post here."""
    members = members_in(world, group)
    village_code = group_village(world, group)
    partners = (
        groups_of(world, village_code=village_code, kind=measure.group_kind)
        if village_code is not None
        else []
    )
    others = [member for partner in partners for member in members_in(world, partner)]
    found = []
    for pair in measure.pairs:
        here = _persons([member for member in members if member.post == pair.post])
        there = _persons([member for member in others if member.post == pair.same_as])
        if not here & there:
            found.append(Breach(None, len(here), post=pair.post, same_as=pair.same_as))
    return found


def committee_violations(
    world: World, measure: CommitteeViolations, *, group: GroupRow, roles: tuple[Role, ...]
) -> Measured:
    """Party members posted in the village who hold none of the committee's posts."""
    posted = _party_members_posted(world, group=group, roles=roles)
    absent = committee_breaches(world, measure, group=group, roles=roles)
    return Measured(len(absent), tuple(posting.posting_id for posting in posted))


def committee_breaches(
    world: World, measure: CommitteeViolations, *, group: GroupRow, roles: tuple[Role, ...]
) -> list[Breach]:
    """The Party members posted in the village who are not on the committee."""
    posted = _party_members_posted(world, group=group, roles=roles)
    committee = _committee(members_in(world, group), measure.posts)
    absent = {posting.staff_id for posting in posted} - committee
    return [Breach(staff_id, 0) for staff_id in sorted(absent)]


def _party_members_posted(
    world: World, *, group: GroupRow, roles: tuple[Role, ...]
) -> list[PostingRow]:
    village_code = group_village(world, group)
    if village_code is None:
        return []
    return [
        posting
        for posting in postings_on_day(world, village_code=village_code, roles=roles)
        if world.staff[posting.staff_id].party_member
    ]


def _committee(members: list[MemberRow], posts: tuple[MemberPost, ...]) -> set[str]:
    return _persons([member for member in members if member.post in posts])
