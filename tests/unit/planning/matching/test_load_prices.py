"""What a limit on workloads costs at least is never said too high; pairs of good plans stay."""

import random

import numpy as np
import pytest
from tests.support.matching_problems import every_plan, random_problem

from cunjing.planning.matching import load_prices as module
from cunjing.planning.matching.load_prices import load_prices
from cunjing.planning.matching.load_programme import SCALE
from cunjing.planning.matching.problem import NOBODY, Problem, make_problem
from cunjing.planning.matching.solution import Solution
from cunjing.planning.matching.solve import solve

_LIMITS = (1, 3, 5, 8)


@pytest.mark.parametrize("number", range(16))
def test_no_plan_is_cheaper_than_shown(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_LEAST", 0)
    problem = random_problem(number)
    solution = solve(problem)
    workload = np.array(_loads(number, problem), dtype=np.int64)
    for limit in _LIMITS:
        shown = load_prices(problem, solution, workload=workload, limit=limit, room=3)
        for other in _LIMITS:
            for plan, cost in _plans(problem, solution, workload.tolist(), limit=other):
                assert shown.least(other) <= SCALE * cost
                kept = set(shown.within(cost, limit=other).tolist())
                assert _free_pairs(problem, solution, plan) <= kept


def test_a_limit_that_bites_is_seen() -> None:
    pairs = [(one, f"41000000000{place}", place) for one in "AB" for place in range(4)]
    pairs = [(one, code, points + (one == "B") * 5) for one, code, points in pairs]
    problem = make_problem(pairs=pairs, slots={"A": [0] * 4, "B": [0] * 4}, vacant=1000)
    solution = solve(problem)
    workload = np.ones(4, dtype=np.int64)
    bounds = [
        load_prices(problem, solution, workload=workload, limit=limit, room=50).least(limit) / SCALE
        for limit in (4, 3, 2)
    ]
    assert bounds == [solution.primal, solution.primal + 5, solution.primal + 10]
    shown = load_prices(problem, solution, workload=workload, limit=3, room=50)
    assert shown.least(2) / SCALE == solution.primal + 10


def _loads(number: int, problem: Problem) -> list[int]:
    dice = random.Random(number)  # noqa: S311 - reproducible, not secret
    return [dice.randint(1, 4) for _ in problem.villages]


def _plans(
    problem: Problem, solution: Solution, loads: list[int], *, limit: int
) -> list[tuple[tuple[int, ...], int]]:
    """Plans within a limit that keep the pins and leave no more villages vacant."""
    found = []
    for plan, cost in every_plan(problem):
        kept = all(
            plan[village] == int(solution.holder[village])
            for village in np.flatnonzero(~solution.settled.free)
        )
        totals = [0] * len(problem.staff)
        for village, one in enumerate(plan):
            if one != NOBODY:
                totals[one] += loads[village]
        vacant = sum(one == NOBODY for one in plan)
        if kept and vacant <= len(solution.vacant) and max(totals, default=0) <= limit:
            found.append((plan, cost))
    return found


def _free_pairs(problem: Problem, solution: Solution, plan: tuple[int, ...]) -> set[int]:
    """The pairs of a plan's villages that pins do not settle."""
    pairs = (
        problem.pair_of(village, one)
        for village, one in enumerate(plan)
        if one != NOBODY and solution.settled.free[village]
    )
    return {pair for pair in pairs if pair is not None}
