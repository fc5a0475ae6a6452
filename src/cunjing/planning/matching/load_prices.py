"""What any plan costs at least when nobody may have more work than a limit.

The prices come from a linear programme; the bound from them is worked out over all pairs in whole
numbers, so that no rounding of a solver is believed. The same prices bound every other limit too.
"""

from dataclasses import dataclass

import numpy as np

from cunjing.planning.matching.load_programme import SCALE, Found, Programme
from cunjing.planning.matching.pins import pinned_load
from cunjing.planning.matching.prices import INFINITE
from cunjing.planning.matching.problem import NOBODY, Flags, Indices, Ints, Problem, begins
from cunjing.planning.matching.solution import Solution, cost_of, costs_of
from cunjing.planning.matching.sorting import in_order, ranks

AT_LEAST = 10
"""Pairs of each village that are always kept."""

_BY_VILLAGE, _BY_STAFF = 16, 8
"""Cheapest pairs the linear programme begins with."""

_FREE_TO_FORBID = int(INFINITE) >> 2
"""The price of a vacancy where there may be none: above all others, and it is never paid."""

_NEGLIGIBLE = SCALE // 256


@dataclass(frozen=True, slots=True)
class LoadPrices:
    """pairs: those that may be used at all, with their `villages`; extra: what each costs above the
    bound. base: the bound for a limit of 0; each unit of the limit takes `unit` off it."""

    pairs: Ints
    villages: Indices
    extra: Ints
    base: int
    unit: int

    def least(self, limit: int) -> int:
        """What any plan with this limit costs at least, in parts of a point."""
        return self.base - self.unit * limit

    def within(self, points: int, *, limit: int) -> Ints:
        """The pairs that may be in a plan of at most so many points with this limit, and a few more
        of each village: among too few the solver finds no plan to begin with."""
        order = in_order(self.villages, self.extra)
        kept = self.least(limit) + self.extra[order] <= SCALE * points
        kept |= ranks(self.villages[order]) < AT_LEAST
        return np.sort(self.pairs[order[kept]])


def load_prices(
    problem: Problem, solution: Solution, *, workload: Ints, limit: int, room: int
) -> LoadPrices:
    """The best prices for plans with a limit. They bound plans with another as well, only not as
    closely. room: points above the cheapest of all that are of interest; where to begin."""
    pairs = _usable(problem, solution)
    chosen = _near(problem, solution, pairs, room=room)
    while True:
        part = Programme(problem, solution, pairs[chosen], workload=workload, limit=limit)
        found = part.solve()
        if found is None:
            return _shown(problem, solution, pairs, _usual(problem, solution), workload=workload)
        costs = _costs(problem, pairs, found, workload=workload)
        cheaper = costs < found.village[problem.pair_village[pairs]] - _NEGLIGIBLE
        if not (cheaper & ~chosen).any():
            return _shown(problem, solution, pairs, found, workload=workload)
        chosen |= cheaper


def _shown(
    problem: Problem, solution: Solution, pairs: Ints, found: Found, *, workload: Ints
) -> LoadPrices:
    """What prices, whatever they are, prove: every village pays its cheapest pair or vacancy, every
    slot gives back what its owner's price is above its own."""
    settled, villages = solution.settled, problem.pair_village[pairs]
    most_vacant = int((solution.holder[settled.free] == NOBODY).sum())
    vacancy = found.vacancy if most_vacant else _FREE_TO_FORBID
    price = np.where(settled.free, SCALE * problem.vacancy_costs() + vacancy, 0)
    costs = _costs(problem, pairs, found, workload=workload)
    if len(firsts := begins(villages)):
        places = villages[firsts]
        price[places] = np.minimum(price[places], np.minimum.reduceat(costs, firsts))
    owner = np.repeat(np.arange(len(problem.staff)), problem.capacity)
    left = np.arange(len(owner)) - problem.first_slot[owner] >= settled.used[owner]
    rent = found.staff[owner[left]] - SCALE * problem.slot_points[left]
    fixed = cost_of(problem, settled.holder, free=~settled.free)
    loads = int((found.load * pinned_load(problem, settled, workload)).sum())
    base = SCALE * fixed + int(price.sum()) - int(np.maximum(rent, 0).sum())
    base += loads - (vacancy * most_vacant)
    unit = int(found.load.sum())
    return LoadPrices(pairs, villages, costs - price[villages], base, unit)


def _costs(problem: Problem, pairs: Ints, found: Found, *, workload: Ints) -> Ints:
    """What pairs cost with the prices of a place on somebody and of their work."""
    staff, villages = problem.pair_staff[pairs], problem.pair_village[pairs]
    costs: Ints = SCALE * costs_of(problem, pairs) + found.staff[staff]
    return costs + found.load[staff] * workload[villages]


def _usual(problem: Problem, solution: Solution) -> Found:
    """The prices of the cheapest plan of all, which bound every other."""
    staff = np.where(solution.prices.staff < INFINITE, solution.prices.staff, 0)
    nothing = np.zeros(len(problem.staff), dtype=np.int64)
    return Found(SCALE * solution.prices.village, SCALE * staff, nothing, 0)


def _usable(problem: Problem, solution: Solution) -> Ints:
    """Pairs of villages still free and of staff with a slot left."""
    usable = solution.settled.free[problem.pair_village]
    usable &= (solution.settled.used < problem.capacity)[problem.pair_staff]
    return np.flatnonzero(usable)


def _near(problem: Problem, solution: Solution, pairs: Ints, *, room: int) -> Flags:
    """The cheapest pairs of each village and member of staff by the prices of the cheapest plan."""
    prices, villages = solution.prices, problem.pair_village[pairs]
    staff = problem.pair_staff[pairs]
    reduced = costs_of(problem, pairs) + prices.staff[staff] - prices.village[villages]
    chosen = np.zeros(len(pairs), dtype=np.bool_)
    for groups, number in ((villages, _BY_VILLAGE), (staff, _BY_STAFF)):
        order = in_order(groups, reduced)
        near = ranks(groups[order]) < number
        chosen[order[near & (reduced[order] <= room)]] = True
    return chosen
