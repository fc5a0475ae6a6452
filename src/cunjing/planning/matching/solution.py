"""A matching and what it costs."""

from dataclasses import dataclass

import numpy as np

from cunjing.planning.matching.pins import Settled
from cunjing.planning.matching.prices import Prices
from cunjing.planning.matching.problem import NOBODY, Flags, Indices, Ints, Problem


@dataclass(frozen=True, slots=True)
class Solution:
    """holder: staff index of each village, or `NOBODY`. primal: what it costs; dual: what it costs
    at least; equal. reasons: village -> why its pin could not be kept. rounds: flows solved."""

    holder: Indices
    prices: Prices
    settled: Settled
    primal: int
    dual: int
    rounds: int

    @property
    def gap(self) -> int:
        """What the matching costs above the proven least: 0."""
        return self.primal - self.dual

    @property
    def vacant(self) -> Ints:
        """The villages nobody holds."""
        return np.flatnonzero(self.holder == NOBODY)


def cost_of(problem: Problem, holder: Indices, *, free: Flags | None = None) -> int:
    """What a matching costs: pairs, slots, vacancies and moves. `free`: only of these villages."""
    among = np.ones(len(holder), dtype=np.bool_) if free is None else free
    villages = problem.pair_village
    held = np.flatnonzero((problem.pair_staff == holder[villages]) & among[villages])
    count = np.bincount(
        holder[(holder != NOBODY) & among].astype(np.int64), minlength=len(problem.staff)
    )
    owner = np.repeat(np.arange(len(problem.staff)), problem.capacity)
    used = np.arange(len(owner)) - problem.first_slot[owner] < count[owner]
    empty = (holder == NOBODY) & among
    return (
        int(costs_of(problem, held).sum())
        + int(problem.slot_points[used].sum())
        + int(problem.vacancy_costs()[empty].sum())
    )


def costs_of(problem: Problem, pairs: Ints) -> Ints:
    """What these pairs cost, the price of moving included."""
    points = problem.pair_points[pairs]
    if problem.stability == 0:
        return points
    moved = problem.moves(problem.pair_village[pairs], problem.pair_staff[pairs])
    return points + np.where(moved, problem.stability, 0)
