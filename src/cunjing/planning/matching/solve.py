"""The cheapest matching of all, with its proof.

Flow over the cheapest pairs of every village and member of staff; prices from the result; every
pair left out is held against them; those that are cheaper join, and again. It ends with a matching
that costs exactly what its prices prove to be the least: gap 0.
"""

from dataclasses import dataclass

import numpy as np

from cunjing.planning.matching.flow import match_over
from cunjing.planning.matching.pins import Settled, settle_pins
from cunjing.planning.matching.prices import Prices, dual_value, prices_over
from cunjing.planning.matching.problem import NOBODY, Flags, Indices, Ints, Problem, begins

CHEAPEST = 8
"""Pairs of each village, and of each member of staff, to begin with."""

_AT_A_TIME = 1_000_000
"""Pairs priced at a time, so that a province's stay within memory."""

_MOST_ADDED = 400_000


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


def solve(problem: Problem, *, cheapest: int = CHEAPEST) -> Solution:
    """The cheapest matching; the same for the same problem, whatever the order it was given in.

    `cheapest`: pairs of each village and member of staff to begin with; any number gives a matching
    of the same cost.
    """
    settled = settle_pins(problem)
    chosen = _cheapest(problem, settled, cheapest)
    rounds = 0
    while True:
        rounds += 1
        pairs = np.flatnonzero(chosen)
        costs = _costs_of(problem, pairs)
        holder = match_over(problem, settled, pairs=pairs, costs=costs)
        prices = prices_over(problem, settled, holder, pairs=pairs, costs=costs)
        added = _cheaper(problem, settled, prices)
        if not len(added):
            break
        chosen[added] = True
    fixed = cost_of(problem, settled.holder, free=~settled.free)
    return Solution(
        holder=holder,
        prices=prices,
        settled=settled,
        primal=cost_of(problem, holder),
        dual=fixed + dual_value(problem, settled, prices),
        rounds=rounds,
    )


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
        int(_costs_of(problem, held).sum())
        + int(problem.slot_points[used].sum())
        + int(problem.vacancy_costs()[empty].sum())
    )


def _costs_of(problem: Problem, pairs: Ints) -> Ints:
    points = problem.pair_points[pairs]
    if problem.stability == 0:
        return points
    moved = problem.moves(problem.pair_village[pairs], problem.pair_staff[pairs])
    return points + np.where(moved, problem.stability, 0)


def _cheapest(problem: Problem, settled: Settled, number: int) -> Flags:
    """The `number` cheapest pairs of every free village and of everybody with a slot left."""
    costs = problem.pair_costs()
    usable = settled.free[problem.pair_village]
    usable &= (settled.used < problem.capacity)[problem.pair_staff]
    chosen = np.zeros(len(costs), dtype=np.bool_)
    pairs = np.flatnonzero(usable)
    for group in (problem.pair_village, problem.pair_staff):
        order = pairs[np.lexsort((costs[pairs], group[pairs]))]
        firsts = begins(group[order])
        sizes = np.diff(np.append(firsts, len(order)))
        place = np.arange(len(order)) - np.repeat(firsts, sizes)
        chosen[order[place < number]] = True
    return chosen


def _cheaper(problem: Problem, settled: Settled, prices: Prices) -> Ints:
    """Pairs cheaper than the prices allow, the cheapest first when there are very many."""
    found: list[Ints] = []
    saved: list[Ints] = []
    villages = problem.pair_village
    for start in range(0, len(problem.pair_points), _AT_A_TIME):
        part = slice(start, start + _AT_A_TIME)
        reduced = problem.pair_costs(part.start, part.stop)
        reduced = reduced + prices.staff[problem.pair_staff[part]] - prices.village[villages[part]]
        cheaper = np.flatnonzero((reduced < 0) & settled.free[villages[part]])
        found.append(cheaper + start)
        saved.append(reduced[cheaper])
    every = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    if len(every) > _MOST_ADDED:
        every = every[np.argpartition(np.concatenate(saved), _MOST_ADDED)[:_MOST_ADDED]]
    return every
