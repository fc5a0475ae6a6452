"""The cheapest matching of all, with its proof.

Flow over the cheapest pairs of every village and member of staff; prices from the result; every
pair left out is held against them; those that are cheaper join, and again. It ends with a matching
that costs exactly what its prices prove to be the least: gap 0.
"""

import numpy as np

from cunjing.planning.matching.flow import match_over
from cunjing.planning.matching.parts import parts_of
from cunjing.planning.matching.pins import Settled, settle_pins
from cunjing.planning.matching.prices import INFINITE, Prices, dual_value, prices_over
from cunjing.planning.matching.problem import NOBODY, Flags, Indices, Ints, Problem
from cunjing.planning.matching.solution import Solution, cost_of
from cunjing.planning.matching.sorting import in_order, ranks

CHEAPEST = 8
"""Pairs of each village, and of each member of staff, to begin with."""

_AT_A_TIME = 1_000_000
"""Pairs priced at a time, so that a province's stay within memory."""

_MOST_ADDED = 400_000


def solve(problem: Problem, *, cheapest: int = CHEAPEST) -> Solution:
    """The cheapest matching; the same for the same problem, whatever the order it was given in.

    `cheapest`: pairs of each village and member of staff to begin with; any number gives a matching
    of the same cost.
    """
    settled = settle_pins(problem)
    holder = settled.holder.copy()
    prices = Prices(
        village=np.zeros(len(problem.villages), dtype=np.int64),
        staff=np.full(len(problem.staff), INFINITE, dtype=np.int64),
    )
    rounds = 0
    for part in parts_of(problem, settled):
        found, priced, needed = _match(part.problem, part.settled, cheapest)
        held = np.flatnonzero(found != NOBODY)
        holder[part.villages[held]] = part.staff[found[held]]
        prices.village[part.villages] = priced.village
        prices.staff[part.staff] = priced.staff
        rounds = max(rounds, needed)
    idle = np.flatnonzero((prices.staff >= INFINITE) & (settled.used < problem.capacity))
    prices.staff[idle] = problem.slot_points[problem.first_slot[idle] + settled.used[idle]]
    fixed = cost_of(problem, settled.holder, free=~settled.free)
    return Solution(
        holder=holder,
        prices=prices,
        settled=settled,
        primal=cost_of(problem, holder),
        dual=fixed + dual_value(problem, settled, prices),
        rounds=rounds,
    )


def _match(problem: Problem, settled: Settled, cheapest: int) -> tuple[Indices, Prices, int]:
    """Holders and prices of one part, and how many flows they took."""
    every_cost = problem.pair_costs()
    chosen = _cheapest(problem, settled, every_cost, cheapest)
    rounds = 0
    while True:
        rounds += 1
        pairs = np.flatnonzero(chosen)
        costs = every_cost[pairs]
        holder = match_over(problem, settled, pairs=pairs, costs=costs)
        prices = prices_over(problem, settled, holder, pairs=pairs, costs=costs)
        added = _cheaper(problem, settled, every_cost, prices)
        if not len(added):
            return holder, prices, rounds
        chosen[added] = True


def _cheapest(problem: Problem, settled: Settled, costs: Ints, number: int) -> Flags:
    """The `number` cheapest pairs of every free village and of everybody with a slot left."""
    usable = settled.free[problem.pair_village]
    usable &= (settled.used < problem.capacity)[problem.pair_staff]
    chosen = np.zeros(len(costs), dtype=np.bool_)
    pairs = np.flatnonzero(usable)
    for group in (problem.pair_village, problem.pair_staff):
        order = pairs[in_order(group[pairs], costs[pairs])]
        chosen[order[ranks(group[order]) < number]] = True
    return chosen


def _cheaper(problem: Problem, settled: Settled, costs: Ints, prices: Prices) -> Ints:
    """Pairs cheaper than the prices allow, the cheapest first when there are very many."""
    found: list[Ints] = []
    saved: list[Ints] = []
    villages = problem.pair_village
    for start in range(0, len(problem.pair_points), _AT_A_TIME):
        part = slice(start, start + _AT_A_TIME)
        reduced = (
            costs[part] + prices.staff[problem.pair_staff[part]] - prices.village[villages[part]]
        )
        cheaper = np.flatnonzero((reduced < 0) & settled.free[villages[part]])
        found.append(cheaper + start)
        saved.append(reduced[cheaper])
    every = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    if len(every) > _MOST_ADDED:
        every = every[np.argpartition(np.concatenate(saved), _MOST_ADDED)[:_MOST_ADDED]]
    return every
