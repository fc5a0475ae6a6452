"""Work is shared evenly at a price, and the best plan is proven to be the best."""

import random

import numpy as np
import pytest
from tests.support.matching_problems import every_plan, random_problem

from cunjing.planning.matching.balance import solve_balanced
from cunjing.planning.matching.problem import NOBODY, Problem, make_problem
from cunjing.planning.matching.solution import Solution
from cunjing.planning.matching.solve import solve

V1, V2 = "410000000001", "410000000002"


@pytest.mark.parametrize("number", range(60))
def test_small_problems_against_every_possibility(number: int) -> None:
    problem = random_problem(number)
    solution = solve(problem)
    dice = random.Random(number)  # noqa: S311 - reproducible, not secret
    loads = [dice.randint(1, 4) for _ in problem.villages]
    price = dice.choice([0, 1, 5, 50])
    workload = np.array(loads, dtype=np.int64)
    found = solve_balanced(problem, solution, workload=workload, price=price)
    assert found.proven
    assert found.objective == _least(problem, solution, loads, price)


def test_a_village_moves_only_when_the_price_is_worth_it() -> None:
    pairs = [("A", V1, 0), ("A", V2, 0), ("B", V1, 7), ("B", V2, 9)]
    problem = make_problem(pairs=pairs, slots={"A": [0, 0], "B": [0]}, vacant=1000)
    solution = solve(problem)
    workload = np.array([3, 3], dtype=np.int64)
    cheap = solve_balanced(problem, solution, workload=workload, price=2)
    assert (cheap.highest, cheap.points, cheap.proven) == (6, 0, True)
    dear = solve_balanced(problem, solution, workload=workload, price=3)
    assert (dear.highest, dear.points, dear.objective) == (3, 7, 16)


def _least(problem: Problem, solution: Solution, loads: list[int], price: int) -> int:
    """The lowest sum over plans that keep the pins and leave no more villages vacant."""
    best = None
    for plan, cost in every_plan(problem):
        kept = all(
            plan[village] == int(one)
            for village, one in enumerate(solution.holder)
            if not solution.settled.free[village]
        )
        if not kept or sum(one == NOBODY for one in plan) > len(solution.vacant):
            continue
        totals = [0] * len(problem.staff)
        for village, one in enumerate(plan):
            if one != NOBODY:
                totals[one] += loads[village]
        value = cost + price * max(totals)
        best = value if best is None else min(best, value)
    assert best is not None
    return best
