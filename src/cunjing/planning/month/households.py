"""Which households of a village are visited on its village days, by PyVRP.

Every shift is a vehicle with hours of its own on one long time axis: the k-th date begins at
k * 1,440 minutes. Households are optional clients with prizes; one with a window but no agreed day
is a group of alternatives, one for each date. The search stops after a number of iterations, never
by the clock, so the same seed gives the same visits. Its tours are timed anew here, and what still
fits is put in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyvrp
from pyvrp import search
from pyvrp.stop import MaxIterations

from cunjing.planning.month.insertion import fill, insert_by_worth
from cunjing.planning.month.travel import Matrix
from cunjing.planning.month.work import DAY, Shift, Tour, VillageWork, most_on_a_shift

_PRIZE_METRES = (5000, 30000)
"""Metres of way the average prize is worth, search by search. First ways count, so that tours are
short and the search does not drift; then prizes count almost alone. Measured: better than either
for all iterations."""
_FOREVER = 400 * DAY
_PARAMETERS = pyvrp.SolveParams(
    ils=pyvrp.IteratedLocalSearchParams(history_length=5),
    operators=[
        search.Relocate1,
        search.Swap11,
        search.SwapTails,
        search.RelocateAlternative,
        search.RemoveOptionalClient,
        search.InsertOptionalClient,
        search.ReplaceOptionalClient,
        search.ReplaceGroup,
    ],
    perturbation=search.PerturbationParams(2, 8),
)
"""For dozens of households and hundreds of iterations; PyVRP's own are for thousands."""


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
        for metres in _PRIZE_METRES:
            _improve(work, left, moving, metres)
    fill(work, wanted, tours)
    return tours


def _improve(work: VillageWork, wanted: Sequence[int], tours: Sequence[Tour], metres: int) -> None:
    """Make tours better, as far as the iterations go; never worth less than they were."""
    village = _Clients(work, wanted, [tour.shift for tour in tours], metres)
    result = pyvrp.solve(
        village.data,
        stop=MaxIterations(max(1, work.options.iterations // len(_PRIZE_METRES))),
        seed=work.options.seed,
        collect_stats=False,
        params=_PARAMETERS,
        initial_solution=village.solution(tours),
    )
    found = [Tour(tour.shift) for tour in tours]
    for route in result.best.routes():
        tour = found[route.vehicle_type()]
        visited = [village.indices[stop.idx] for stop in route if stop.is_client()]
        for index in visited:
            if work.timed(tour.shift, [*tour.needs, index]) is not None:
                tour.needs.append(index)
    if _worth(work, found) >= _worth(work, tours):
        for tour, better in zip(tours, found, strict=True):
            tour.needs = better.needs


def _worth(work: VillageWork, tours: Sequence[Tour]) -> int:
    return sum(work.worth(index) for tour in tours for index in tour.needs)


class _Clients:
    """The problem as PyVRP takes it. `indices` names the need of each of its clients."""

    def __init__(
        self, work: VillageWork, wanted: Sequence[int], shifts: Sequence[Shift], metres: int
    ) -> None:
        self._work, self._wanted, self._shifts = work, wanted, shifts
        self._dates: list[date] = sorted({shift.day for shift in shifts})
        self.indices: list[int] = []
        self._copies: dict[int, list[int]] = defaultdict(list)
        self._clients: list[pyvrp.Client] = []
        self._groups: list[pyvrp.ClientGroup] = []
        self._add_clients(metres)
        kept = np.array([0, *(index + 1 for index in wanted)])
        self.data = pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in kept],
            clients=self._clients,
            depots=[pyvrp.Depot(location=0)],
            vehicle_types=self._vehicles(),
            distance_matrices=[_part(work.ways.metres, kept)],
            duration_matrices=[_part(work.ways.minutes, kept)],
            groups=self._groups,
        )

    def solution(self, tours: Sequence[Tour]) -> pyvrp.Solution:
        """Tours as PyVRP's solution."""
        routes = []
        for vehicle, tour in enumerate(tours):
            visits = [self._client(index, tour.shift.day) for index in tour.needs]
            if visits:
                routes.append(pyvrp.Route(self.data, visits, vehicle))
        return pyvrp.Solution(self.data, routes)

    def _client(self, index: int, day: date) -> int:
        copies = self._copies[index]
        return copies[self._dates.index(day) if len(copies) > 1 else 0]

    def _add_clients(self, metres: int) -> None:
        prizes = [self._work.needs[index].prize for index in self._wanted]
        scale = max(1, metres * len(prizes) // sum(prizes))
        for location, index in enumerate(self._wanted, start=1):
            windows = self._windows(index)
            group = len(self._groups) if len(windows) > 1 else None
            for early, late in windows:
                self._copies[index].append(len(self._clients))
                self.indices.append(index)
                self._clients.append(
                    pyvrp.Client(
                        location=location,
                        delivery=[1],
                        service_duration=self._work.length(index),
                        tw_early=early,
                        tw_late=late,
                        prize=scale * self._work.worth(index),
                        required=False,
                        group=group,
                    )
                )
            if group is not None:
                self._groups.append(pyvrp.ClientGroup(self._copies[index], required=False))

    def _windows(self, index: int) -> list[tuple[int, int]]:
        """When a visit may begin, on the long axis: one window, or one for each date."""
        need = self._work.needs[index]
        early = need.window_from or 0
        late = (DAY if need.window_to is None else need.window_to) - self._work.length(index)
        if need.fixed_date in self._dates:
            begin = self._dates.index(need.fixed_date) * DAY
            return [(begin + early, begin + late)]
        if need.window_from is None and need.window_to is None:
            return [(0, _FOREVER)]
        return [(place * DAY + early, place * DAY + late) for place in range(len(self._dates))]

    def _vehicles(self) -> list[pyvrp.VehicleType]:
        most = most_on_a_shift(self._work, self._wanted, self._shifts)
        return [
            pyvrp.VehicleType(
                capacity=[most],
                tw_early=self._dates.index(shift.day) * DAY + shift.start,
                tw_late=self._dates.index(shift.day) * DAY + shift.end,
                unit_distance_cost=1,
            )
            for shift in self._shifts
        ]


def _part(matrix: Matrix, kept: Matrix) -> Any:  # what PyVRP's stubs want fits no array
    return np.ascontiguousarray(matrix[np.ix_(kept, kept)])
