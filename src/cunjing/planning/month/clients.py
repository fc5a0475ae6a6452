"""The households of a village as PyVRP takes them.

Every shift is a vehicle with its hours, all on the axis of one day: what differs between two
mornings is only who is agreed for which date, and that is a load a shift of another date cannot
carry. Cost is time on the way and waiting, so that tours are short; households are optional clients
with prizes.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyvrp

from cunjing.planning.month.travel import Matrix
from cunjing.planning.month.work import DAY, Shift, Tour, VillageWork, most_on_a_shift

_MINUTE = 100
"""Cost of a minute."""


class Clients:
    """The problem and what its numbers stand for. Client k is household `wanted[k]`."""

    def __init__(
        self, work: VillageWork, wanted: Sequence[int], shifts: Sequence[Shift], *, minutes: int
    ) -> None:
        """minutes: time the average prize is worth."""
        self.work, self.wanted, self.shifts = work, tuple(wanted), tuple(shifts)
        agreed = {work.needs[index].fixed_date for index in wanted}
        self._dates = sorted({shift.day for shift in shifts} & agreed)
        kept = np.array([0, *(index + 1 for index in wanted)])
        self.data = pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in kept],
            clients=self._clients(minutes),
            depots=[pyvrp.Depot(location=0)],
            vehicle_types=self._vehicles(),
            distance_matrices=[_part(work.ways.metres, kept)],
            duration_matrices=[_part(work.ways.minutes, kept)],
        )

    def solution(self, tours: Sequence[Tour]) -> pyvrp.Solution:
        """Tours of the shifts, in their order, as PyVRP's solution."""
        client = {index: place for place, index in enumerate(self.wanted)}
        routes = [
            pyvrp.Route(self.data, [client[index] for index in tour.needs], vehicle)
            for vehicle, tour in enumerate(tours)
            if tour.needs
        ]
        return pyvrp.Solution(self.data, routes)

    def order(self, route: pyvrp.Route) -> list[int]:
        """The households of a route."""
        return [self.wanted[stop.idx] for stop in route if stop.is_client()]

    def tours(self, solution: pyvrp.Solution) -> list[Tour]:
        """A solution as tours of the shifts, timed anew: what does not fit is left out."""
        found = [Tour(shift) for shift in self.shifts]
        for route in solution.routes():
            tour = found[route.vehicle_type()]
            for index in self.order(route):
                if self.work.timed(tour.shift, [*tour.needs, index]) is not None:
                    tour.needs.append(index)
        return found

    def _clients(self, minutes: int) -> list[pyvrp.Client]:
        prizes = [self.work.needs[index].prize for index in self.wanted]
        scale = max(1, _MINUTE * minutes * len(prizes) // sum(prizes))
        return [self._client(place, index, scale) for place, index in enumerate(self.wanted, 1)]

    def _client(self, location: int, index: int, scale: int) -> pyvrp.Client:
        need, length = self.work.needs[index], self.work.length(index)
        latest = (DAY if need.window_to is None else need.window_to) - length
        return pyvrp.Client(
            location=location,
            delivery=[1, *(int(need.fixed_date == day) for day in self._dates)],
            service_duration=length,
            tw_early=need.window_from or 0,
            tw_late=latest,
            prize=scale * self.work.worth(index),
            required=False,
        )

    def _vehicles(self) -> list[pyvrp.VehicleType]:
        most = most_on_a_shift(self.work, self.wanted, self.shifts)
        return [
            pyvrp.VehicleType(
                capacity=[most, *self._agreed(shift.day, most)],
                tw_early=shift.start,
                tw_late=shift.end,
                unit_distance_cost=0,
                unit_duration_cost=_MINUTE,
            )
            for shift in self.shifts
        ]

    def _agreed(self, day: date, most: int) -> list[int]:
        return [most if day == other else 0 for other in self._dates]


def _part(matrix: Matrix, kept: Matrix) -> Any:  # what PyVRP's stubs want fits no array
    return np.ascontiguousarray(matrix[np.ix_(kept, kept)])
