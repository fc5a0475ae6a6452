"""Tours made by putting households in one by one: where the search begins, and what it left room
for."""

from collections.abc import Sequence

from cunjing.planning.month.work import Tour, VillageWork, most_on_a_shift


def insert_by_worth(work: VillageWork, wanted: Sequence[int], tours: Sequence[Tour]) -> None:
    """Put in, again and again, the household with the most prize for each minute it adds."""
    most = most_on_a_shift(work, wanted, [tour.shift for tour in tours])
    offers = _Offers(work, wanted, tours)
    while (taken := offers.best(most)) is not None:
        offers.take(*taken)


def fill(work: VillageWork, wanted: Sequence[int], tours: Sequence[Tour]) -> None:
    """Put in what still fits between the others, the most needed first, where it ends earliest."""
    placed = {index for tour in tours for index in tour.needs}
    left = sorted(set(wanted) - placed, key=lambda index: (-work.worth(index), index))
    for index in left:
        places = (
            (len(order), back, place, order)
            for place, tour in enumerate(tours)
            for order, back in _orders(work, index, tour)
        )
        best = min(places, default=None)
        if best is not None:
            tours[best[2]].needs = best[3]


def _orders(work: VillageWork, index: int, tour: Tour) -> list[tuple[list[int], int]]:
    """Every order a household fits into a tour in, and when the tour is then back."""
    found = []
    for position in range(len(tour.needs) + 1):
        order = [*tour.needs[:position], index, *tour.needs[position:]]
        back = work.back(tour.shift, order)
        if back is not None:
            found.append((order, back))
    return found


class _Offers:
    """The best place for every household left on every tour, kept while tours fill."""

    def __init__(self, work: VillageWork, wanted: Sequence[int], tours: Sequence[Tour]) -> None:
        self._work, self._tours = work, tours
        self._ends = [tour.shift.start for tour in tours]
        self._rows = {
            index: [self._offer(index, place) for place in range(len(tours))] for index in wanted
        }

    def best(self, most: int) -> tuple[int, int] | None:
        """The household and tour of the highest rate, on tours of fewer than `most`."""
        found = (
            (offer[0], -index, -place)
            for index, row in self._rows.items()
            for place, offer in enumerate(row)
            if offer is not None and len(self._tours[place].needs) < most
        )
        best = max(found, default=None)
        return None if best is None else (-best[1], -best[2])

    def take(self, index: int, place: int) -> None:
        """Put a household where it was offered a place."""
        offer = self._rows.pop(index)[place]
        if offer is None:
            return
        tour = self._tours[place]
        tour.needs, self._ends[place] = offer[1], offer[2]
        for other, row in self._rows.items():
            row[place] = self._offer(other, place)

    def _offer(self, index: int, place: int) -> tuple[float, list[int], int] | None:
        orders = _orders(self._work, index, self._tours[place])
        best = min(orders, key=lambda item: item[1], default=None)
        if best is None:
            return None
        order, back = best
        return self._work.worth(index) / max(1, back - self._ends[place]), order, back
