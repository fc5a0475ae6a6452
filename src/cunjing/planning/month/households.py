"""Which households of a village are visited on its village days, by PyVRP.

The search begins with a greedy insertion, runs twice and stops after a number of iterations, never
by the clock, so the same seed gives the same visits. Of the tours it came across the best are put
together (`packing`), and what still fits is put in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyvrp
from pyvrp import search
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks
from pyvrp.stop import MaxIterations

from cunjing.planning.month.clients import Clients
from cunjing.planning.month.insertion import fill, insert_by_worth
from cunjing.planning.month.packing import TourPool
from cunjing.planning.month.work import Shift, Tour, VillageWork


@dataclass(frozen=True, slots=True)
class _Search:
    """minutes: time the average prize is worth; percent: share of the iterations."""

    minutes: int
    percent: int


_SEARCHES = (_Search(minutes=50, percent=70), _Search(minutes=150, percent=30))
"""First time counts, so that tours are short and the search does not drift; then prizes count
more. Measured: better than either for all iterations."""
_HISTORY = 20
_KEPT_EVERY = 8
"""Iterations from one whose tours are kept to the next: to keep all took time and gained little."""
_OPERATORS: list[type[search.UnaryOperator] | type[search.BinaryOperator]] = [
    search.Relocate1,
    search.Swap11,
    search.SwapTails,
    search.RemoveOptionalClient,
    search.InsertOptionalClient,
    search.ReplaceOptionalClient,
]
_PERTURBATION = search.PerturbationParams(2, 8)
"""For dozens of households and hundreds of iterations; PyVRP's own are for thousands."""
_PENALTY = pyvrp.PenaltyParams(max_penalty=1e9)
"""Above every prize, so that no agreed day is broken for one."""


def solve_households(
    work: VillageWork, kept: Mapping[Shift, Sequence[int]] | None = None
) -> list[Tour]:
    """One tour for each shift, in the order of the shifts.

    `kept` are tours of shifts that stay as they are; they only get what fits in besides.
    """
    kept = kept or {}
    tours = [Tour(shift, list(kept.get(shift, ()))) for shift in work.shifts]
    placed = {index for tour in tours for index in tour.needs}
    wanted = [
        index
        for index, need in enumerate(work.needs)
        if need.prize > 0 and any(work.may(index, shift) for shift in work.shifts)
    ]
    moving = [tour for tour in tours if tour.shift not in kept]
    left = [index for index in wanted if index not in placed]
    if left and moving:
        insert_by_worth(work, left, moving)
        pool = TourPool(work)
        for one in _SEARCHES:
            _take_over(work, moving, _improved(work, left, moving, one, pool))
        _take_over(work, moving, pool.best(moving))
    fill(work, wanted, tours)
    return tours


def _improved(
    work: VillageWork, wanted: Sequence[int], tours: Sequence[Tour], one: _Search, pool: TourPool
) -> list[Tour]:
    """Better tours, as far as the iterations go; those seen on the way are put into the pool."""
    village = Clients(work, wanted, [tour.shift for tour in tours], minutes=one.minutes)
    result = pyvrp.solve(
        village.data,
        stop=MaxIterations(max(1, work.options.iterations * one.percent // 100)),
        seed=work.options.seed,
        collect_stats=False,
        params=pyvrp.SolveParams(
            ils=pyvrp.IteratedLocalSearchParams(
                history_length=_HISTORY, callbacks=_Keeping(village, pool)
            ),
            operators=_OPERATORS,
            perturbation=_PERTURBATION,
            penalty=_PENALTY,
        ),
        initial_solution=village.solution(tours),
    )
    return village.tours(result.best)


class _Keeping(IteratedLocalSearchCallbacks):
    """Puts the tours of some iterations into a pool."""

    def __init__(self, village: Clients, pool: TourPool) -> None:
        self._village, self._pool = village, pool
        self._iterations = 0

    def on_iteration(
        self,
        current: pyvrp.Solution,
        candidate: pyvrp.Solution,
        best: pyvrp.Solution,
        cost_evaluator: pyvrp.CostEvaluator,
    ) -> None:
        """Keep the candidate's tours that can be, every few iterations."""
        self._iterations += 1
        if self._iterations % _KEPT_EVERY:
            return
        for route in candidate.routes():
            if route.is_feasible():
                shift = self._village.shifts[route.vehicle_type()]
                self._pool.add(shift, self._village.order(route))


def _take_over(work: VillageWork, tours: Sequence[Tour], others: Sequence[Tour]) -> None:
    """Let tours be as others, unless they are worth more as they are."""
    if _worth(work, others) >= _worth(work, tours):
        for tour, other in zip(tours, others, strict=True):
            tour.needs = list(other.needs)


def _worth(work: VillageWork, tours: Sequence[Tour]) -> int:
    return sum(work.worth(index) for tour in tours for index in tour.needs)
