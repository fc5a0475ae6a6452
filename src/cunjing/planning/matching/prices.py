"""Integer prices (dual values) of an optimal matching, rebuilt by shortest residual paths.

`staff[s]`: what one more village on s would cost at the margin. `village[v]`: what v costs at the
margin. They prove a matching optimal: no pair is cheaper than its village's price less its staff's,
and what they add up to (`dual_value`) is what the matching costs.
"""

from dataclasses import dataclass

import numpy as np

from cunjing.planning.matching.pins import Settled
from cunjing.planning.matching.problem import NOBODY, Indices, Ints, Problem, begins

INFINITE = np.int64(1) << 60
"""Above every sum of points: no way."""


@dataclass(frozen=True, slots=True)
class Prices:
    """By village and by staff. Of settled villages the price is 0; of staff without a slot left it
    is `INFINITE`."""

    village: Ints
    staff: Ints


def prices_over(
    problem: Problem, settled: Settled, holder: Indices, *, pairs: Ints, costs: Ints
) -> Prices:
    """The prices of a matching that is optimal over `pairs` (with `costs`)."""
    villages = problem.pair_village[pairs]
    staff = problem.pair_staff[pairs]
    held_cost = np.zeros(len(problem.villages), dtype=np.int64)
    kept = holder[villages] == staff
    held_cost[villages[kept]] = costs[kept]
    away = ~kept & (holder[villages] != NOBODY) & (settled.free[villages])
    sender, receiver = holder[villages[away]], staff[away]
    step = costs[away] - held_cost[villages[away]]
    vacancy = problem.vacancy_costs()
    price = outward(problem, settled, holder, held_cost=held_cost, vacancy=vacancy)
    order = np.argsort(sender, kind="stable")
    sender, receiver, step = sender[order], receiver[order], step[order]
    firsts = begins(sender)
    if len(firsts):
        _relax(price, sender[firsts], firsts, receiver, step)
    village = np.where(settled.free, vacancy, 0)
    reach = costs + price[staff]
    firsts = begins(villages)
    if len(firsts):
        places = villages[firsts]
        village[places] = np.minimum(village[places], np.minimum.reduceat(reach, firsts))
    return Prices(village=village, staff=price)


def outward(
    problem: Problem, settled: Settled, holder: Indices, *, held_cost: Ints, vacancy: Ints
) -> Ints:
    """By staff: the cheapest way to take one more village without asking anybody else, by a free
    slot or by leaving one of one's own vacant; `INFINITE` where there is neither."""
    price = np.full(len(problem.staff), INFINITE, dtype=np.int64)
    count = np.bincount(holder[holder != NOBODY], minlength=len(problem.staff))
    spare = np.flatnonzero(count < problem.capacity)
    price[spare] = problem.slot_points[problem.first_slot[spare] + count[spare]]
    moving = np.flatnonzero((holder != NOBODY) & settled.free)
    np.minimum.at(price, holder[moving], vacancy[moving] - held_cost[moving])
    return price


def dual_value(problem: Problem, settled: Settled, prices: Prices) -> int:
    """What the prices prove any matching of the free villages to cost at least.

    Every free village pays its price; every slot pins leave gives back what its owner's price is
    above its own.
    """
    owner = np.repeat(np.arange(len(problem.staff)), problem.capacity)
    left = np.arange(len(owner)) - problem.first_slot[owner] >= settled.used[owner]
    rent = prices.staff[owner[left]] - problem.slot_points[left]
    return int(prices.village[settled.free].sum()) - int(np.maximum(rent, 0).sum())


def _relax(price: Ints, senders: Indices, firsts: Ints, receiver: Indices, step: Ints) -> None:
    """Bellman-Ford from all ends at once. An optimal matching has no negative cycle, so it ends."""
    while True:
        best = np.minimum.reduceat(step + price[receiver], firsts)
        better = best < price[senders]
        if not better.any():
            return
        price[senders[better]] = best[better]
