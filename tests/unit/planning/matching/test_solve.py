"""The matching found costs the least there is, and says so exactly (A5, A6)."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment, linprog
from tests.support.matching_problems import every_plan, random_problem

from cunjing.planning.matching.problem import NOBODY, Pairs, Problem, from_arrays, make_problem
from cunjing.planning.matching.solution import cost_of
from cunjing.planning.matching.solve import solve
from cunjing.policy.errors import RequestError

V1, V2, V3 = "410000000001", "410000000002", "410000000003"


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_small_problems_against_every_possibility(hundred: int) -> None:
    for number in range(100 * hundred, 100 * hundred + 100):
        problem = random_problem(number)
        solution = solve(problem, cheapest=1 + number % 3)
        kept = {
            village: int(one)
            for village, one in enumerate(solution.holder)
            if not solution.settled.free[village]
        }
        least = min(
            cost
            for plan, cost in every_plan(problem)
            if all(plan[village] == one for village, one in kept.items())
        )
        assert (solution.primal, solution.dual, solution.gap) == (least, least, 0), number


@pytest.mark.parametrize("number", range(5000, 5060))
def test_middling_problems_against_two_solvers_of_scipy(number: int) -> None:
    problem = _without_pins(random_problem(number, villages=9, staff=7))
    assert solve(problem).primal == _by_assignment(problem) == _by_highs(problem)


@pytest.mark.parametrize("cheapest", [1, 2, 50])
def test_however_many_pairs_it_begins_with(cheapest: int) -> None:
    for number in range(300, 340):
        problem = random_problem(number, villages=9, staff=9)
        assert solve(problem, cheapest=cheapest).primal == solve(problem).primal


def test_the_same_whatever_the_order() -> None:
    pairs = [(one, code, 5) for one in ("A", "B", "C") for code in (V1, V2, V3)]
    slots = {"A": [0, 3], "B": [0], "C": [1]}
    plans = {
        tuple(solve(make_problem(pairs=list(order), slots=slots, vacant=50)).holder.tolist())
        for order in itertools.islice(itertools.permutations(pairs), 0, 5000, 500)
    }
    assert len(plans) == 1


def test_too_few_slots_leave_the_dearest_village_vacant() -> None:
    pairs = [("A", V1, 10), ("A", V2, 30), ("A", V3, 20)]
    problem = make_problem(pairs=pairs, slots={"A": [0, 5]}, vacant=5000)
    solution = solve(problem)
    assert [problem.villages[village] for village in solution.vacant] == [V2]
    assert solution.primal == 10 + 20 + 5 + 5000


def test_nothing_at_all_is_a_problem_too() -> None:
    solution = solve(make_problem(pairs=[], slots={}, vacant=5000))
    assert (solution.primal, solution.gap, len(solution.holder)) == (0, 0, 0)


def test_villages_nobody_may_serve_and_people_without_villages() -> None:
    problem = make_problem(pairs=[], slots={"A": [0]}, vacant=7, villages=[V1, V2])
    solution = solve(problem)
    assert (solution.holder.tolist(), solution.primal, solution.gap) == ([-1, -1], 14, 0)


@pytest.mark.parametrize(
    ("pins", "reason"),
    [
        ([("A", V1), ("B", V1)], "同时指定给A、B，请只留一个"),
        ([("C", V1)], "指定给C，但这一对不允许"),
        ([("A", V1), ("A", V2)], "指定给A的村有2个，最多能带1个"),
    ],
)
def test_pins_that_cannot_be_leave_the_village_vacant_and_say_why(
    pins: list[tuple[str, str]], reason: str
) -> None:
    pairs = [("A", V1, 9), ("A", V2, 1), ("B", V1, 1), ("B", V2, 1)]
    problem = make_problem(pairs=pairs, slots={"A": [0], "B": [0], "C": [0]}, vacant=100, pins=pins)
    solution = solve(problem)
    assert solution.settled.reasons == {0: reason}
    assert (int(solution.holder[0]), solution.gap) == (NOBODY, 0)
    assert int(solution.holder[1]) != NOBODY


def test_a_pin_is_kept_whatever_it_costs() -> None:
    pairs = [("A", V1, 900), ("A", V2, 1), ("B", V1, 1)]
    problem = make_problem(pairs=pairs, slots={"A": [0], "B": [0]}, vacant=5, pins=[("A", V1)])
    solution = solve(problem)
    assert [int(one) for one in solution.holder] == [0, NOBODY]
    assert (solution.primal, solution.gap) == (905, 0)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"slots": {"A": [5, 3]}}, "A 的名额分值不能越往后越低"),
        ({"pairs": [("A", V1, 1), ("A", V1, 1)]}, "写了两次"),
        ({"vacant": 10**10}, "分值应在"),
    ],
)
def test_bad_input_is_said_in_chinese(bad: dict[str, object], said: str) -> None:
    sound: dict[str, object] = {"pairs": [("A", V1, 1)], "slots": {"A": [0]}, "vacant": 5}
    with pytest.raises(RequestError, match=said):
        make_problem(**{**sound, **bad})  # type: ignore[arg-type]


def test_who_leaves_must_be_known() -> None:
    problem = make_problem(pairs=[("A", V1, 1)], slots={"A": [0]}, vacant=5)
    with pytest.raises(RequestError, match="没有这些人：B"):
        problem.without(["B"])


def _without_pins(problem: Problem) -> Problem:
    return from_arrays(
        villages=problem.villages,
        staff=problem.staff,
        pairs=Pairs(problem.pair_village, problem.pair_staff, problem.pair_points),
        slots=_slots(problem),
        vacancy=problem.vacancy,
        current=problem.current,
        stability=problem.stability,
    )


def _slots(problem: Problem) -> list[list[int]]:
    bounds = itertools.pairwise(problem.first_slot.tolist())
    return [problem.slot_points[start:stop].tolist() for start, stop in bounds]


def _by_assignment(problem: Problem) -> int:
    """A column for each slot and one vacancy for each village."""
    owner = np.repeat(np.arange(len(problem.staff)), problem.capacity)
    count = len(problem.villages)
    table = np.full((count, len(owner) + count), 10**9, dtype=np.int64)
    costs = problem.pair_costs()
    for pair in range(len(costs)):
        columns = np.flatnonzero(owner == problem.pair_staff[pair])
        table[problem.pair_village[pair], columns] = costs[pair] + problem.slot_points[columns]
    table[np.arange(count), len(owner) + np.arange(count)] = problem.vacancy_costs()
    rows, columns = linear_sum_assignment(table)
    return int(table[rows, columns].sum())


def _by_highs(problem: Problem) -> int:
    """The linear programme of the reference page, by SciPy's HiGHS."""
    pairs, slots, count = (
        len(problem.pair_points),
        len(problem.slot_points),
        len(problem.villages),
    )
    owner = np.repeat(np.arange(len(problem.staff)), problem.capacity)
    serve = np.zeros((count, pairs + slots + count))
    serve[problem.pair_village, np.arange(pairs)] = 1
    serve[np.arange(count), pairs + slots + np.arange(count)] = 1
    room = np.zeros((len(problem.staff), pairs + slots + count))
    room[problem.pair_staff, np.arange(pairs)] = 1
    room[owner, pairs + np.arange(slots)] = -1
    found = linprog(
        np.concatenate((problem.pair_costs(), problem.slot_points, problem.vacancy_costs())),
        A_eq=serve,
        b_eq=np.ones(count),
        A_ub=room,
        b_ub=np.zeros(len(problem.staff)),
        bounds=(0, 1),
        method="highs",
    )
    return round(found.fun)


def test_what_a_plan_costs_is_counted_alike() -> None:
    for number in range(700, 760):
        problem = random_problem(number)
        for plan, cost in itertools.islice(every_plan(problem), 20):
            assert cost_of(problem, np.array(plan, dtype=np.int32)) == cost
