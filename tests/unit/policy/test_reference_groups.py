"""Trees of groups, their villages, and who sits where."""

from datetime import date
from typing import Any

import pytest
from tests.support.reference_worlds import OTHER_VILLAGE, VILLAGE, posting_row, world_of

from cunjing.policy.enums import GroupKind, MemberPost, Role
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    HamletViolations,
    PairViolations,
    PostPair,
    PostRequirement,
    PostViolations,
)
from cunjing.policy.reference_groups import (
    age_breaches,
    age_violations,
    committee_breaches,
    committee_violations,
    group_count,
    group_village,
    hamlet_breaches,
    hamlet_violations,
    members_in,
    pair_breaches,
    pair_violations,
    post_breaches,
    post_violations,
    subgroup_count,
    tree,
)
from cunjing.policy.reference_world import World
from cunjing.policy.verdict import Breach

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


def test_a_tree_may_be_deeper_than_python_calls_itself() -> None:
    deep = [
        {"group_id": f"G{n}", "kind": "squad", "parent_id": f"G{n - 1}"} for n in range(2, 3000)
    ]
    world = world_of(groups=[GROUPS[0], *deep])
    assert [row.group_id for row in tree(world, world.groups["G1"])] == [
        f"G{n}" for n in range(1, 3000)
    ]
    assert group_village(world, world.groups["G2999"]) == VILLAGE


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


def test_the_seats_that_make_up_the_number_are_named() -> None:
    world = world_of(
        groups=[*GROUPS[3:0:-1], {**GROUPS[0], "name": "民兵连"}],
        members=[
            {"member_id": f"m{number}", **_in(*row)}
            for number, row in enumerate(
                [
                    ("G2", "M1", "platoon_leader"),
                    ("G3", "M2", "platoon_leader"),
                    ("G3", "M2", "platoon_leader"),
                    ("G1", "M3", "platoon_leader"),
                    ("G1", "M4", "platoon_leader"),
                    ("G2", "M5", "commander"),
                ]
            )
        ],
    )
    leader, company = MemberPost.PLATOON_LEADER, GroupKind.COMPANY
    seats = PostViolations(
        (
            PostRequirement(leader, GroupKind.PLATOON),
            PostRequirement(MemberPost.COMMANDER, company),
            PostRequirement(MemberPost.INSTRUCTOR, company),
        )
    )
    assert post_breaches(world, seats, world.groups["G1"]) == [
        Breach("G2", 2, kind=GroupKind.PLATOON, post=leader),
        Breach("G4", 0, kind=GroupKind.PLATOON, post=leader),
        Breach(None, 2, kind=GroupKind.PLATOON, post=leader),
        Breach("G1", 0, name="民兵连", kind=company, post=MemberPost.INSTRUCTOR),
    ]
    assert post_violations(world, seats, world.groups["G1"]).value == 1 + 1 + 2 + 1


def test_who_is_too_young_or_too_old_is_named_with_the_age() -> None:
    world = _world(
        {**_in("G3", "M1"), "birth_month": "2008-10"},
        {**_in("G1", "M2"), "birth_month": "1975-09"},
        {**_in("G1", "M3"), "birth_month": "1975-10"},
    )
    ages = AgeViolations(18, 50)
    assert age_breaches(world, ages, world.groups["G1"]) == [Breach("m0", 17), Breach("m1", 51)]


def test_whoever_sits_twice_is_one_who_is_too_old() -> None:
    twice = [{**_in(group, "M1"), "birth_month": "1975-09"} for group in ("G1", "G3")]
    world = _world(*twice)
    ages = AgeViolations(18, 50)
    assert age_breaches(world, ages, world.groups["G1"]) == [Breach("m0", 51)]
    assert age_violations(world, ages, world.groups["G1"]).value == 1


def test_the_hamlets_with_too_few_or_too_many_are_named() -> None:
    world = world_of(
        groups=GROUPS,
        hamlets=[
            {"hamlet_id": "H3", "village_code": VILLAGE, "name": None},
            {"hamlet_id": "H1", "village_code": VILLAGE, "name": "东组"},
            {"hamlet_id": "H2", "village_code": VILLAGE, "name": "西组"},
            {"hamlet_id": "H4", "village_code": OTHER_VILLAGE, "name": "南组"},
        ],
        members=[
            {"member_id": f"m{number}", **_in(group_id, person), "hamlet_id": hamlet_id}
            for number, (group_id, person, hamlet_id) in enumerate(
                [
                    ("G1", "M1", "H2"),
                    ("G4", "M1", "H2"),
                    ("G1", "M2", "H3"),
                    ("G1", "M3", "H3"),
                    ("G4", "M4", "H3"),
                    ("G5", "M5", "H1"),
                ]
            )
        ],
    )
    asked = HamletViolations(GroupKind.COMPANY, 1, 2)
    assert hamlet_breaches(world, asked, VILLAGE) == [
        Breach("H1", 0, name="东组"),
        Breach("H3", 3),
    ]
    found = hamlet_violations(world, asked, VILLAGE)
    assert found is not None
    assert (found.value, sorted(found.counted)) == (2, ["m0", "m1", "m2", "m3", "m4"])
    assert hamlet_violations(world, asked, OTHER_VILLAGE) is None
    assert hamlet_violations(world, HamletViolations(GroupKind.BRANCH, 1, 2), VILLAGE) is None


def test_the_pairs_nobody_holds_are_named_with_how_many_hold_the_post() -> None:
    world = _world(
        _in("G1", "M1", "secretary"),
        _in("G1", "M2", "secretary"),
        _in("G2", "M3", "instructor"),
        _in("G2", "M4", "commander"),
        _in("G1", "M4", "committee_member"),
    )
    secretary, deputy = MemberPost.SECRETARY, MemberPost.DEPUTY_SECRETARY
    instructor, commander = MemberPost.INSTRUCTOR, MemberPost.COMMANDER
    pairs = PairViolations(
        GroupKind.COMPANY,
        (
            PostPair(secretary, instructor),
            PostPair(deputy, commander),
            PostPair(MemberPost.COMMITTEE_MEMBER, commander),
        ),
    )
    assert pair_breaches(world, pairs, world.groups["G1"]) == [
        Breach(None, 2, post=secretary, same_as=instructor),
        Breach(None, 0, post=deputy, same_as=commander),
    ]


def test_the_party_members_who_are_not_on_the_committee_are_named() -> None:
    officers = ("S3", "S1", "S2", "S4")
    world = _world(
        _in("G1", "S2", "secretary"),
        staff=[
            {"staff_id": name, "role": "liaison_officer", "party_member": name != "S4"}
            for name in officers
        ],
        postings=[posting_row(f"P{name}", date(2026, 1, 1), staff_id=name) for name in officers],
    )
    found = committee_breaches(
        world,
        CommitteeViolations((MemberPost.SECRETARY,)),
        group=world.groups["G1"],
        roles=(Role.LIAISON_OFFICER,),
    )
    assert found == [Breach("S1", 0), Breach("S3", 0)]
