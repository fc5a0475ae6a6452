"""The price of every other choice is what forcing it costs (A6: why this, why not that)."""

from collections.abc import Iterator

import pytest
from tests.support.matching_problems import cost_of_plan, every_plan, random_problem

from cunjing.planning.matching.prices import INFINITE
from cunjing.planning.matching.problem import NOBODY, Problem, make_problem
from cunjing.planning.matching.reasons import Reasons, WhyNot, reasons_near
from cunjing.planning.matching.solution import Solution
from cunjing.planning.matching.solve import solve

V1, V2, V3 = "410000000001", "410000000002", "410000000003"


def _solved(hundred: int) -> Iterator[tuple[int, Problem, Solution]]:
    """A hundred random problems, by number, with their cheapest plans."""
    for number in range(100 * hundred, 100 * hundred + 100):
        problem = random_problem(number)
        yield number, problem, solve(problem)


@pytest.mark.parametrize("hundred", range(10))
def test_forcing_any_pair_costs_what_is_said(hundred: int) -> None:
    forced = 0
    for number, problem, solution in _solved(hundred):
        reasons = Reasons(problem, solution)
        plans = list(every_plan(problem))
        for pair, extra in enumerate(reasons.extra.tolist()):
            village, one = int(problem.pair_village[pair]), int(problem.pair_staff[pair])
            costs = [cost for plan, cost in _kept(plans, solution) if plan[village] == one]
            wanted = min(costs) - solution.primal if costs else None
            assert (None if extra >= INFINITE else extra) == wanted, (number, village, one)
            forced += 1
    assert forced > 250


@pytest.mark.parametrize("hundred", range(10))
def test_leaving_any_village_vacant_costs_what_is_said(hundred: int) -> None:
    left = 0
    for number, problem, solution in _solved(hundred):
        reasons = Reasons(problem, solution)
        plans = list(every_plan(problem))
        for place, village in enumerate(problem.villages):
            costs = [cost for plan, cost in _kept(plans, solution) if plan[place] == NOBODY]
            said = reasons.left_vacant(village=village)
            assert said.extra == (min(costs) - solution.primal if costs else None), number
            if said.extra is not None and solution.settled.free[place]:
                assert solve(problem.left_vacant([village])).primal - solution.primal == said.extra
                assert cost_of_plan(problem, _moved(problem, solution, said)) == (
                    solution.primal + said.extra
                )
                left += 1
    assert left > 100


def test_a_vacancy_is_said_to_be_the_plan_and_a_pin_to_forbid_it() -> None:
    problem = make_problem(
        pairs=[("A", V1, 0)], slots={"A": [0]}, vacant=7, villages=[V2], pins=[("A", V1)]
    )
    reasons = Reasons(problem, solve(problem))
    bare, pinned = (reasons.left_vacant(village=code) for code in (V2, V1))
    assert (bare.staff, bare.points, bare.chosen, bare.extra, bare.moves) == (None, 7, True, 0, ())
    assert (pinned.chosen, pinned.extra, pinned.moves) == (False, None, ())
    freed = solve(problem.left_vacant([V1]))
    assert freed.holder.tolist() == [NOBODY, NOBODY]


@pytest.mark.parametrize("number", range(0, 1000, 4))
def test_the_chain_of_moves_is_such_a_plan(number: int) -> None:
    problem = random_problem(number)
    solution = solve(problem)
    reasons = Reasons(problem, solution)
    for pair in range(len(problem.pair_points)):
        staff = problem.staff[int(problem.pair_staff[pair])]
        village = problem.villages[int(problem.pair_village[pair])]
        said = reasons.why_not(staff=staff, village=village)
        if said.extra is None or said.chosen:
            assert said.moves == ()
            continue
        assert (said.moves[0].village, said.moves[0].after) == (village, staff)
        plan = _moved(problem, solution, said)
        assert cost_of_plan(problem, plan) == solution.primal + said.extra


def test_a_tie_is_said_as_a_tie() -> None:
    problem = make_problem(
        pairs=[("A", V1, 5), ("B", V1, 5)], slots={"A": [0], "B": [0]}, vacant=100
    )
    reasons = Reasons(problem, solve(problem))
    cells = [reasons.why_not(staff=one, village=V1) for one in ("A", "B")]
    assert sorted((cell.chosen, cell.tie, cell.extra) for cell in cells) == [
        (False, True, 0),
        (True, False, 0),
    ]


def test_the_reduced_cost_alone_would_be_too_low() -> None:
    pairs = [("A", V1, 0), ("B", V1, 10), ("B", V2, 0), ("C", V2, 50), ("A", V2, 60)]
    problem = make_problem(pairs=pairs, slots={key: [0] for key in "ABC"}, vacant=1000)
    solution = solve(problem)
    said = Reasons(problem, solution).why_not(staff="B", village=V1)
    pair = problem.pair_of(0, problem.staff.index("B"))
    assert pair is not None
    reduced = 10 + int(solution.prices.staff[1]) - int(solution.prices.village[0])
    assert said.extra == 60
    assert reduced < 60
    assert [(move.village, move.before, move.after) for move in said.moves] == [
        (V1, "A", "B"),
        (V2, "B", "C"),
    ]


def test_what_is_not_allowed_and_what_pins_leave_no_room_for() -> None:
    problem = make_problem(
        pairs=[("A", V1, 0), ("A", V2, 0), ("B", V2, 5)],
        slots={"A": [0], "B": [0]},
        vacant=100,
        villages=[V3],
        pins=[("A", V1)],
    )
    reasons = Reasons(problem, solve(problem))
    banned = reasons.why_not(staff="B", village=V1)
    assert (banned.allowed, banned.points, banned.extra) == (False, None, None)
    full = reasons.why_not(staff="A", village=V2)
    assert (full.allowed, full.points, full.extra) == (True, 0, None)
    pinned = reasons.why_not(staff="A", village=V1)
    assert (pinned.chosen, pinned.extra) == (True, 0)
    with pytest.raises(KeyError, match="nobody"):
        reasons.why_not(staff="nobody", village=V1)


@pytest.mark.parametrize("number", range(12))
def test_what_is_said_of_one_village_does_not_need_the_others(number: int) -> None:
    problem = random_problem(number, villages=6, staff=6)
    solution = solve(problem)
    whole = Reasons(problem, solution)
    for village in problem.villages:
        near = reasons_near(problem, solution, village=village)
        for one in near.problem.staff:
            assert near.why_not(staff=one, village=village) == whole.why_not(
                staff=one, village=village
            )
        for one in set(problem.staff) - set(near.problem.staff):
            assert not whole.why_not(staff=one, village=village).allowed


def test_a_village_nobody_may_serve_stands_alone() -> None:
    problem = make_problem(pairs=[("A", V1, 0)], slots={"A": [0]}, vacant=9, villages=[V2])
    near = reasons_near(problem, solve(problem), village=V2)
    assert (near.problem.villages, near.problem.staff) == ((V2,), ())
    with pytest.raises(KeyError, match="nowhere"):
        reasons_near(problem, solve(problem), village="nowhere")


def _kept(
    plans: list[tuple[tuple[int, ...], int]], solution: Solution
) -> list[tuple[tuple[int, ...], int]]:
    """The plans that keep what pins settle."""
    fixed = {
        village: int(holder)
        for village, holder in enumerate(solution.holder)
        if not solution.settled.free[village]
    }
    return [
        (plan, cost)
        for plan, cost in plans
        if all(plan[village] == holder for village, holder in fixed.items())
    ]


def _moved(problem: Problem, solution: Solution, said: WhyNot) -> tuple[int, ...]:
    """The plan after the moves, each of which begins where the village is."""
    plan = [int(one) for one in solution.holder]
    for move in said.moves:
        place = problem.villages.index(move.village)
        assert _name(problem, plan[place]) == move.before
        plan[place] = NOBODY if move.after is None else problem.staff.index(move.after)
    return tuple(plan)


def _name(problem: Problem, staff: int) -> str | None:
    return None if staff == NOBODY else problem.staff[staff]
