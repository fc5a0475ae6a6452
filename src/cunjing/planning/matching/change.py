"""What a change of people or of mind moves: the same matching at several prices of moving."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cunjing.planning.matching.problem import NOBODY, Problem
from cunjing.planning.matching.solution import Solution
from cunjing.planning.matching.solve import solve

PRICES_OF_MOVING = (0, 10, 30)
"""What is laid side by side for the chief."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way. points: what the plan costs without the price of moving. moved: codes of villages
    that change hands or lose their holder; vacant: codes of villages left vacant."""

    stability: int
    problem: Problem
    solution: Solution
    points: int
    moved: tuple[str, ...]
    vacant: tuple[str, ...]


def frontier(problem: Problem, prices: Sequence[int] = PRICES_OF_MOVING) -> tuple[Option, ...]:
    """The cheapest plan at each price for every village that changes hands. Higher prices never
    move more villages for fewer points."""
    return tuple(option_at(problem, stability=price) for price in prices)


def option_at(problem: Problem, *, stability: int) -> Option:
    """The cheapest plan at one price of moving."""
    priced = problem.at_price(stability)
    solution = solve(priced)
    moved = moved_villages(priced, solution)
    return Option(
        stability=stability,
        problem=priced,
        solution=solution,
        points=solution.primal - stability * len(moved),
        moved=tuple(priced.villages[village] for village in moved),
        vacant=tuple(priced.villages[village] for village in solution.vacant),
    )


def staff_leave(
    problem: Problem, staff: Iterable[str], prices: Sequence[int] = PRICES_OF_MOVING
) -> tuple[Option, ...]:
    """The options when some leave or fall ill: their villages go to others, or are vacant."""
    return frontier(problem.without(staff), prices)


def moved_villages(problem: Problem, solution: Solution) -> list[int]:
    """The villages that had a holder and now have another, or none."""
    current = problem.current
    return [
        int(village)
        for village in np.flatnonzero((current != NOBODY) & (current != solution.holder))
    ]
