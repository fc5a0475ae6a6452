"""Rules about militia companies, Party branches and mutual-aid groups: sizes, posts, ages."""

from cunjing.policy.enums import GroupKind, MemberPost, Role
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    HamletViolations,
    PairViolations,
    PostRequirement,
    PostViolations,
)
from cunjing.policy.records import GroupRow, MemberRow
from cunjing.policy.reference_state import postings_on_day
from cunjing.policy.reference_world import Measured, World


def group_village(world: World, group: GroupRow) -> str | None:
    """The group's own village, else that of the nearest group above having one."""
    if group.village_code is not None or group.parent_id is None:
        return group.village_code
    return group_village(world, world.groups[group.parent_id])


def tree(world: World, group: GroupRow) -> list[GroupRow]:
    """The group and every group below it. The loader has refused circles."""
    below = [row for child in world.groups_below[group.group_id] for row in tree(world, child)]
    return [group, *below]


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
    value = sum(_post_gap(world, requirement, group) for requirement in measure.posts)
    return Measured(value, _ids(holders))


def _post_gap(world: World, requirement: PostRequirement, group: GroupRow) -> int:
    """How far the holders of one post are from exactly one in each group that needs one."""
    holders = [member for member in members_in(world, group) if member.post == requirement.post]
    seats = [row for row in tree(world, group) if row.kind == requirement.group_kind]
    gap = 0
    seated: set[str] = set()
    for seat in seats:
        within = {row.group_id for row in tree(world, seat)}
        persons = _persons([member for member in holders if member.group_id in within])
        gap += abs(len(persons) - 1)
        seated |= persons
    return gap + len(_persons(holders) - seated)


def age_violations(world: World, measure: AgeViolations, group: GroupRow) -> Measured:
    """Persons whose age in whole years lies outside the range; no birth month, no age."""
    outside = []
    for member in members_in(world, group):
        if member.birth_month is None:
            continue
        year, month = (int(part) for part in member.birth_month.split("-"))
        months = (world.day.year - year) * 12 + world.day.month - month
        if not measure.low <= months // 12 <= measure.high:
            outside.append(member)
    return Measured(len(_persons(outside)), _ids(outside))


def hamlet_violations(
    world: World, measure: HamletViolations, village_code: str
) -> Measured | None:
    """Hamlets with too few or too many members; None without hamlets or without a group."""
    hamlets = {row.hamlet_id for row in world.hamlets if row.village_code == village_code}
    groups = groups_of(world, village_code=village_code, kind=measure.group_kind)
    if not hamlets or not groups:
        return None
    found = {
        member.member_id: member
        for group in groups
        for member in members_in(world, group)
        if member.hamlet_id in hamlets
    }
    members = list(found.values())
    value = 0
    for hamlet in hamlets:
        persons = _persons([member for member in members if member.hamlet_id == hamlet])
        if not measure.low <= len(persons) <= measure.high:
            value += 1
    return Measured(value, _ids(members))


def pair_violations(world: World, measure: PairViolations, group: GroupRow) -> Measured:
    """Pairs of posts that nobody holds both of, one here, the other in the village's group."""
    members = members_in(world, group)
    village_code = group_village(world, group)
    partners = (
        groups_of(world, village_code=village_code, kind=measure.group_kind)
        if village_code is not None
        else []
    )
    others = [member for partner in partners for member in members_in(world, partner)]
    value = 0
    for pair in measure.pairs:
        here = _persons([member for member in members if member.post == pair.post])
        there = _persons([member for member in others if member.post == pair.same_as])
        if not here & there:
            value += 1
    named = {pair.post for pair in measure.pairs}
    return Measured(value, _ids([member for member in members if member.post in named]))


def committee_violations(
    world: World, measure: CommitteeViolations, *, group: GroupRow, roles: tuple[Role, ...]
) -> Measured:
    """Party members posted in the village who hold none of the committee's posts."""
    village_code = group_village(world, group)
    if village_code is None:
        return Measured(0)
    posted = [
        posting
        for posting in postings_on_day(world, village_code=village_code, roles=roles)
        if world.staff[posting.staff_id].party_member
    ]
    committee = _committee(members_in(world, group), measure.posts)
    absent = {posting.staff_id for posting in posted} - committee
    return Measured(len(absent), tuple(posting.posting_id for posting in posted))


def _committee(members: list[MemberRow], posts: tuple[MemberPost, ...]) -> set[str]:
    return _persons([member for member in members if member.post in posts])
