"""What a change moves: options side by side, somebody leaves (A5: replaced at once)."""

import itertools

import pytest
from tests.support.matching_problems import random_problem

from cunjing.planning.matching.change import frontier, staff_leave
from cunjing.planning.matching.problem import make_problem

V1, V2, V3 = "410000000001", "410000000002", "410000000003"
PAIRS = [
    ("A", V1, 0),
    ("A", V2, 20),
    ("B", V1, 20),
    ("B", V2, 0),
    ("C", V1, 60),
    ("C", V2, 60),
]


def test_the_dearer_a_move_the_fewer_move() -> None:
    problem = make_problem(
        pairs=PAIRS, slots={"A": [0], "B": [0]}, vacant=500, current={V1: "B", V2: "A"}
    )
    options = frontier(problem)
    assert [(one.stability, one.points, len(one.moved)) for one in options] == [
        (0, 0, 2),
        (10, 0, 2),
        (30, 40, 0),
    ]


@pytest.mark.parametrize("number", range(100))
def test_points_rise_and_moves_fall_along_the_frontier(number: int) -> None:
    problem = random_problem(number, villages=7, staff=5)
    options = frontier(problem, (0, 1, 10, 100))
    for earlier, later in itertools.pairwise(options):
        assert len(later.moved) <= len(earlier.moved)
        assert later.points >= earlier.points
        assert earlier.solution.gap == later.solution.gap == 0


def test_who_leaves_is_replaced_and_the_others_stay_where_they_can() -> None:
    slots = {"A": [0], "B": [0], "C": [0]}
    problem = make_problem(pairs=PAIRS, slots=slots, vacant=500, current={V1: "A", V2: "B"})
    (option,) = staff_leave(problem, ["A"], prices=(10,))
    served = {
        code: option.problem.staff[int(one)]
        for code, one in zip(option.problem.villages, option.solution.holder, strict=True)
    }
    assert served == {V1: "C", V2: "B"}
    assert (option.moved, option.vacant) == ((V1,), ())


def test_nobody_left_is_a_vacancy() -> None:
    problem = make_problem(pairs=PAIRS, slots={"A": [0]}, vacant=500, current={V1: "A"})
    (option,) = staff_leave(problem, ["A"], prices=(0,))
    assert option.vacant == (V1, V2)
    assert option.moved == (V1,)
