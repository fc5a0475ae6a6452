"""Nobody overstays, no village is uncovered, nobody goes where the policy forbids (A8)."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest

from cunjing.planning.matching.inputs import Inputs
from cunjing.planning.rotation.plan import RotationPlan, plan_rotation
from cunjing.planning.tenures import complete_months, tenures_of
from cunjing.policy.enums import Role
from cunjing.policy.errors import RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.model import DatedThreshold
from cunjing.policy.periods import add_months
from cunjing.policy.records import (
    AdjacencyRow,
    CandidateRow,
    PostingRow,
    StaffRow,
    VillageRow,
)

ROLE = Role.VILLAGE_AUXILIARY
DAY = date(2026, 9, 1)
SUZHOU = load_policy("suzhou-2021")
LIMIT = 24


def world(
    tenures: dict[str, tuple[str, str, date]], *, spare: dict[str, str] | None = None
) -> Inputs:
    """tenures: person -> (home, village, since); spare: person -> home, without a village."""
    homes = {one: home for one, (home, _, _) in tenures.items()} | (spare or {})
    codes = sorted({*homes.values(), *(village for _, village, _ in tenures.values())})
    return Inputs(
        villages=tuple(VillageRow(code, code, None, None, None, None, None) for code in codes),
        staff=tuple(
            StaffRow(one, ROLE, None, home, None, None, None, None)
            for one, home in sorted(homes.items())
        ),
        candidates=tuple(
            CandidateRow(one, None, None, None, None, 1, None, None, None) for one in sorted(homes)
        ),
        postings=tuple(
            PostingRow(one, village, one, ROLE, since, None)
            for one, (_, village, since) in sorted(tenures.items())
        ),
    )


def a_township(number: int, *, villages: int = 12, spare: int = 3) -> Inputs:
    """A township whose auxiliaries each serve another's village, some due within the year."""
    dice = random.Random(number)  # noqa: S311 - reproducible, not secret
    codes = [f"34130210{number % 10}2{place:02d}" for place in range(villages)]
    tenures = {
        f"X{place:02d}": (
            codes[place],
            codes[(place + 1) % villages],
            date(2024, dice.randint(9, 12), dice.randint(1, 28)),
        )
        for place in range(villages)
    }
    more = {f"Y{place}": codes[dice.randrange(villages)] for place in range(spare)}
    return world(tenures, spare=more)


def faults(plan: RotationPlan, inputs: Inputs) -> list[str]:
    """What is wrong with a plan by the definition, from its postings alone."""
    homes = {row.staff_id: row.home_village_code or "" for row in inputs.staff}
    near: dict[str, set[str]] = defaultdict(set)
    for row in inputs.adjacency:
        near[row.township_code].add(row.adjacent_code)
        near[row.adjacent_code].add(row.township_code)
    found = []
    tenures = tenures_of(plan.postings, role=ROLE)
    for one in tenures:
        home = homes[one.staff]
        if one.village == home:
            found.append(f"{one.staff} in the own village")
        if one.village[:9] not in {home[:9], *near[home[:9]]}:
            found.append(f"{one.staff} far away")
        end = min(one.end or date.max, add_months(plan.months[-1], 1))
        if complete_months(one.start, end) > LIMIT:
            found.append(f"{one.staff} stays until {end}")
    names = [(one.staff, one.village) for one in tenures]
    found += [f"{name} comes back" for name in set(names) if names.count(name) > 1]
    for month in plan.months:
        holders = defaultdict(list)
        for one in tenures:
            if one.holds_on(month):
                holders[one.village].append(one.staff)
        served = [one for people in holders.values() for one in people]
        found += [f"{one} twice in {month}" for one in set(served) if served.count(one) > 1]
        found += [f"{code} has two in {month}" for code in holders if len(holders[code]) > 1]
        bare = {row.village_code for row in inputs.villages} - set(holders)
        said = {one.village for one in plan.uncovered if one.month == month}
        if bare != said:
            found.append(f"{month}: uncovered {bare ^ said}")
    return found


@pytest.mark.parametrize("number", range(12))
def test_a_year_of_a_township(number: int) -> None:
    inputs = a_township(number)
    plan = plan_rotation(inputs, SUZHOU, role=ROLE, day=DAY)
    assert faults(plan, inputs) == []
    assert plan.possible
    assert {one.village for one in plan.deadlines} <= {one.village for one in plan.handovers}
    assert plan == plan_rotation(inputs, SUZHOU, role=ROLE, day=DAY)


def test_who_is_not_due_stays() -> None:
    a, b = "341302100200", "341302100201"
    inputs = world({"X": (a, b, date(2026, 1, 1)), "Y": (b, a, date(2026, 1, 1))})
    plan = plan_rotation(inputs, SUZHOU, role=ROLE, day=DAY)
    assert (plan.handovers, plan.uncovered, plan.deadlines) == ((), (), ())


def test_a_swap_is_pulled_forward_when_nobody_else_can_come() -> None:
    """X is due first and may only go where Y is, who is due two months later."""
    a, b, c = "341302100200", "341302100201", "341302100202"
    inputs = world({"X": (c, a, date(2024, 10, 1)), "Y": (c, b, date(2024, 12, 1))}, spare={"Z": a})
    plan = plan_rotation(inputs, SUZHOU, role=ROLE, day=DAY)
    assert faults(plan, inputs) == []
    swapped = [one for one in plan.handovers if one.before is not None]
    assert {(one.village, one.before, one.after) for one in swapped} >= {(a, "X", "Y")}


def test_what_cannot_be_is_said_and_why() -> None:
    a, b = "341302100200", "341302100201"
    inputs = world({"X": (a, b, date(2024, 10, 1))})
    plan = plan_rotation(inputs, SUZHOU, role=ROLE, day=DAY, months=3)
    assert not plan.possible
    assert [(one.day, one.village, one.after, one.reason) for one in plan.handovers] == [
        (date(2026, 10, 1), b, None, "任期已满，应当交流")
    ]
    assert [one.month for one in plan.uncovered if one.village == b] == list(plan.months[1:])
    assert next(one.reason for one in plan.uncovered if one.village == a) == (
        "没有一个人可以去：是本人的村1人"
    )
    assert [(one.staff, one.reached) for one in plan.deadlines] == [("X", date(2026, 10, 1))]


def test_whose_duty_ends_hands_over_before() -> None:
    a, b = "341302100200", "341302100201"
    inputs = world({"X": (a, b, date(2026, 1, 1))}, spare={"Y": a})
    leaving = StaffRow("X", ROLE, None, a, None, None, date(2026, 11, 15), None)
    inputs = Inputs(
        villages=inputs.villages,
        staff=tuple(leaving if row.staff_id == "X" else row for row in inputs.staff),
        candidates=inputs.candidates,
        postings=inputs.postings,
        adjacency=(AdjacencyRow("341302100", "341302101"),),
    )
    plan = plan_rotation(inputs, SUZHOU, role=ROLE, day=date(2026, 9, 15))
    assert plan.months[0] == date(2026, 10, 1)
    handed = [(one.day, one.before, one.after) for one in plan.handovers if one.village == b]
    assert handed == [(date(2026, 11, 1), "X", "Y")]


def test_jilin_sets_no_limit_and_moves_nobody() -> None:
    a = "220202001001"
    inputs = world({"X": (a, a, date(2010, 1, 1))})
    plan = plan_rotation(inputs, load_policy("jilin-2019"), role=ROLE, day=DAY)
    assert (plan.handovers, plan.uncovered) == ((), ())
    with pytest.raises(RequestError, match="matching"):
        plan_rotation(inputs, load_policy("mouding-2020"), role=ROLE, day=DAY)


def test_a_limit_that_is_shorter_later_is_reached_then() -> None:
    a, b = "341302100200", "341302100201"
    inputs = world({"X": (a, b, date(2025, 11, 1)), "Y": (b, a, date(2026, 6, 1))})
    (rotation,) = (one for one in SUZHOU.parameters if one.id == "rotation-months")
    turn = date(2027, 1, 1)
    dated = (DatedThreshold(24, None, turn), DatedThreshold(12, turn, None))
    policy = replace(SUZHOU, parameters=(replace(rotation, dated=dated),))
    plan = plan_rotation(inputs, policy, role=ROLE, day=DAY)
    assert [(one.staff, one.reached) for one in plan.deadlines] == [
        ("X", turn),
        ("Y", date(2027, 6, 1)),
    ]
