"""Counties that share nobody are matched apart; together they are the cheapest whole."""

import numpy as np
import pytest
from tests.support.matching_problems import random_problem

from cunjing.planning.matching import parts
from cunjing.planning.matching.parts import parts_of
from cunjing.planning.matching.pins import settle_pins
from cunjing.planning.matching.problem import NO_PAIR, make_problem
from cunjing.planning.matching.solve import solve


@pytest.mark.parametrize("number", range(80))
def test_taken_apart_as_far_as_can_be_it_costs_the_same(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = random_problem(number, villages=9, staff=9)
    whole = solve(problem)
    monkeypatch.setattr(parts, "VILLAGES_TOGETHER", 1)
    apart = solve(problem)
    assert (apart.primal, apart.gap) == (whole.primal, 0)


def test_who_shares_nobody_is_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "VILLAGES_TOGETHER", 1)
    pairs = [("A", "1", 0), ("B", "1", 0), ("B", "2", 0), ("C", "3", 0), ("D", "4", 0)]
    problem = make_problem(
        pairs=pairs, slots=dict.fromkeys("ABCD", (0,)), vacant=9, villages=["5"], pins=[("C", "4")]
    )
    found = [part.problem.villages for part in parts_of(problem, settle_pins(problem))]
    assert sorted(found) == [("1", "2"), ("3", "4"), ("5",)]


@pytest.mark.parametrize("number", range(10))
def test_many_pairs_are_found_as_one_by_one(number: int) -> None:
    problem = random_problem(number, villages=9, staff=9)
    cells = [(v, s) for v in range(len(problem.villages)) for s in range(len(problem.staff))]
    villages, staff = np.array(cells, dtype=np.int32).T
    expected = [problem.pair_of(*cell) for cell in cells]
    found = problem.pairs_of(villages, staff).tolist()
    assert found == [NO_PAIR if pair is None else pair for pair in expected]
