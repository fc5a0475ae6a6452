"""Trees of groups, their villages, and who sits where."""

from datetime import date
from typing import Any

import pytest
from tests.support.reference_worlds import OTHER_VILLAGE, VILLAGE, posting_row, world_of

from cunjing.policy.enums import GroupKind, MemberPost, Role
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    PairViolations,
    PostPair,
    PostRequirement,
    PostViolations,
)
from cunjing.policy.reference_groups import (
    age_violations,
    committee_violations,
    group_count,
    group_village,
    members_in,
    pair_violations,
    post_violations,
    subgroup_count,
    tree,
)
from cunjing.policy.reference_world import World

GROUPS = [
    {"group_id": "G1", "kind": "company", "village_code": VILLAGE},
    {"group_id": "G2", "kind": "platoon", "parent_id": "G1"},
    {"group_id": "G3", "kind": "squad", "parent_id": "G2", "village_code": OTHER_VILLAGE},
    {"group_id": "G4", "kind": "platoon", "parent_id": "G1"},
    {"group_id": "G5", "kind": "squad"},
]


def _world(*members: dict[str, Any], **tables: Any) -> World:
    rows = [{"member_id": f"m{number}", **row} for number, row in enumerate(members)]
    return world_of(groups=GROUPS, members=rows, **tables)


def _in(group_id: str, person_id: str, post: str | None = None) -> dict[str, Any]:
    return {"group_id": group_id, "person_id": person_id, "post": post}


def test_a_tree_is_the_group_and_all_below() -> None:
    world = _world()
    found = {
        name: {row.group_id for row in tree(world, world.groups[name])} for name in ("G1", "G2")
    }
    assert found == {"G1": {"G1", "G2", "G3", "G4"}, "G2": {"G2", "G3"}}


@pytest.mark.parametrize(
    ("group_id", "code"),
    [("G1", VILLAGE), ("G2", VILLAGE), ("G3", OTHER_VILLAGE), ("G4", VILLAGE), ("G5", None)],
)
def test_a_village_is_inherited_from_the_nearest_above(group_id: str, code: str | None) -> None:
    world = _world()
    assert group_village(world, world.groups[group_id]) == code


def test_groups_are_counted_by_village_and_below_a_group() -> None:
    world = _world()
    assert group_count(world, village_code=VILLAGE, kind=GroupKind.PLATOON).value == 2
    assert group_count(world, village_code=VILLAGE, kind=GroupKind.SQUAD).value == 0
    assert subgroup_count(world, world.groups["G1"], GroupKind.SQUAD).counted == ("G3",)
    assert subgroup_count(world, world.groups["G1"], GroupKind.COMPANY).value == 0


def test_members_are_those_of_the_tree() -> None:
    world = _world(_in("G1", "M1"), _in("G3", "M2"), _in("G5", "M3"))
    found = members_in(world, world.groups["G1"])
    assert {member.person_id for member in found} == {"M1", "M2"}


@pytest.mark.parametrize(
    ("holders", "value"),
    [
        ([], 2),
        ([("G2", "M1")], 1),
        ([("G3", "M1"), ("G4", "M2")], 0),
        ([("G2", "M1"), ("G3", "M2"), ("G4", "M3")], 1),
        ([("G2", "M1"), ("G4", "M2"), ("G1", "M3")], 1),
        ([("G2", "M1"), ("G4", "M2"), ("G1", "M1")], 0),
        ([("G2", "M1"), ("G4", "M1")], 0),
        ([("G5", "M1")], 2),
    ],
)
def test_one_platoon_leader_for_each_platoon(holders: list[tuple[str, str]], value: int) -> None:
    world = _world(*(_in(group_id, person, "platoon_leader") for group_id, person in holders))
    seats = PostViolations((PostRequirement(MemberPost.PLATOON_LEADER, GroupKind.PLATOON),))
    assert post_violations(world, seats, world.groups["G1"]).value == value


@pytest.mark.parametrize(
    ("birth_month", "value"),
    [("2008-09", 0), ("2008-10", 1), ("1975-10", 0), ("1975-09", 1), (None, 0)],
)
def test_age_is_counted_in_months(birth_month: str | None, value: int) -> None:
    world = _world({**_in("G3", "M1"), "birth_month": birth_month})
    assert age_violations(world, AgeViolations(18, 50), world.groups["G1"]).value == value


@pytest.mark.parametrize(("post", "value"), [("secretary", 0), ("member", 1)])
def test_a_posted_party_member_sits_on_the_committee(post: str, value: int) -> None:
    world = _world(
        _in("G1", "S1", post),
        staff=[{"staff_id": "S1", "role": "liaison_officer", "party_member": True}],
        postings=[posting_row("P1", date(2026, 1, 1))],
    )
    found = committee_violations(
        world,
        CommitteeViolations((MemberPost.SECRETARY,)),
        group=world.groups["G1"],
        roles=(Role.LIAISON_OFFICER,),
    )
    assert (found.value, found.counted) == (value, ("P1",))


def test_who_has_no_birth_month_hides_nobody() -> None:
    world = _world(_in("G1", "M1"), {**_in("G1", "M2"), "birth_month": "2015-01"})
    found = age_violations(world, AgeViolations(18, 50), world.groups["G1"])
    assert (found.value, found.counted) == (1, ("m1",))


def test_a_group_is_looked_at_in_the_village_above_or_in_none() -> None:
    groups = [
        {"group_id": "G1", "kind": "company", "village_code": VILLAGE},
        {"group_id": "B1", "kind": "branch", "parent_id": "G1"},
        {"group_id": "B2", "kind": "branch"},
        {"group_id": "G2", "kind": "company"},
    ]
    world = world_of(
        groups=groups,
        members=[
            {"member_id": "m1", **_in("G1", "S1", "instructor")},
            {"member_id": "m2", **_in("B1", "S1", "secretary")},
            {"member_id": "m3", **_in("B2", "S1", "secretary")},
            {"member_id": "m4", **_in("G2", "S1", "instructor")},
        ],
        staff=[{"staff_id": "S2", "role": "liaison_officer", "party_member": True}],
        postings=[posting_row("P1", date(2026, 1, 1), staff_id="S2")],
    )
    pairs = PairViolations(
        GroupKind.COMPANY, (PostPair(MemberPost.SECRETARY, MemberPost.INSTRUCTOR),)
    )
    paired = {name: pair_violations(world, pairs, world.groups[name]) for name in ("B1", "B2")}
    assert {name: (row.value, row.counted) for name, row in paired.items()} == {
        "B1": (0, ("m2",)),
        "B2": (1, ("m3",)),
    }
    seats = CommitteeViolations((MemberPost.SECRETARY,))
    roles = (Role.LIAISON_OFFICER,)
    absent = {
        name: committee_violations(world, seats, group=world.groups[name], roles=roles)
        for name in ("B1", "B2")
    }
    assert {name: (row.value, row.counted) for name, row in absent.items()} == {
        "B1": (1, ("P1",)),
        "B2": (0, ()),
    }
