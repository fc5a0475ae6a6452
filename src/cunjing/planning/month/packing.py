"""The best of all tours the search came across, put together anew.

A search sees thousands of tours and ends with the few that went together at one time. Which of them
go best together is a small problem of its own, solved by CP-SAT in deterministic time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ortools.sat.python import cp_model

from cunjing.planning.month.work import Shift, Tour, VillageWork

_EFFORT = 0.05
"""CP-SAT's deterministic time for a village."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Shifts a tour can stand for: those of its hours, and of its date where a day is agreed."""

    hours: tuple[int, int]
    day: date | None


class TourPool:
    """Tours seen so far, each set of households once for each kind of shift."""

    def __init__(self, work: VillageWork) -> None:
        self._work = work
        self._orders: dict[tuple[_Kind, frozenset[int]], tuple[int, ...]] = {}

    def add(self, shift: Shift, order: Sequence[int]) -> None:
        """Keep a tour, if it is not empty and keeps its hours."""
        key = (self._kind(shift, order), frozenset(order))
        if order and key not in self._orders and self._work.timed(shift, order) is not None:
            self._orders[key] = tuple(order)

    def best(self, tours: Sequence[Tour]) -> list[Tour]:
        """Tours for the same shifts worth the most; never worth less than those given."""
        for tour in tours:
            self.add(tour.shift, tour.needs)
        keys = sorted(self._orders, key=_sorting)
        chosen = self._chosen(keys, tours)
        if chosen is None or self._worth(chosen) < self._worth(self._keys(tours)):
            return list(tours)
        return self._placed(chosen, [tour.shift for tour in tours])

    def _chosen(
        self, keys: Sequence[tuple[_Kind, frozenset[int]]], tours: Sequence[Tour]
    ) -> list[tuple[_Kind, frozenset[int]]] | None:
        model = cp_model.CpModel()
        takes = [model.new_bool_var("") for _ in keys]
        begun = set(self._keys(tours))
        visits: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        uses: dict[_Kind, list[cp_model.IntVar]] = defaultdict(list)
        for (kind, needs), take in zip(keys, takes, strict=True):
            model.add_hint(take, (kind, needs) in begun)
            for kept in {kind, _Kind(kind.hours, None)}:
                uses[kept].append(take)
            for index in needs:
                visits[index].append(take)
        for several in visits.values():
            model.add_at_most_one(several)
        room = Counter(kind for tour in tours for kind in _kinds(tour.shift))
        for kind, several in uses.items():
            model.add(cp_model.LinearExpr.sum(several) <= room[kind])
        worths = [self._worth([key]) for key in keys]
        model.maximize(cp_model.LinearExpr.weighted_sum(takes, worths))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self._work.options.seed
        solver.parameters.max_deterministic_time = _EFFORT
        if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        return [key for key, take in zip(keys, takes, strict=True) if solver.boolean_value(take)]

    def _placed(
        self, chosen: Sequence[tuple[_Kind, frozenset[int]]], shifts: Sequence[Shift]
    ) -> list[Tour]:
        """Each tour on a shift: those of an agreed day first, the others where there is room."""
        placed = {shift: Tour(shift) for shift in shifts}
        free = list(shifts)
        for kind, needs in sorted(chosen, key=lambda key: (key[0].day is None, _sorting(key))):
            shift = next(shift for shift in free if kind in _kinds(shift))
            free.remove(shift)
            placed[shift].needs = list(self._orders[kind, needs])
        return [placed[shift] for shift in shifts]

    def _keys(self, tours: Sequence[Tour]) -> list[tuple[_Kind, frozenset[int]]]:
        return [(self._kind(tour.shift, tour.needs), frozenset(tour.needs)) for tour in tours]

    def _kind(self, shift: Shift, order: Sequence[int]) -> _Kind:
        agreed = any(self._work.needs[index].fixed_date is not None for index in order)
        return _Kind((shift.start, shift.end), shift.day if agreed else None)

    def _worth(self, keys: Sequence[tuple[_Kind, frozenset[int]]]) -> int:
        return sum(self._work.worth(index) for _, needs in keys for index in needs)


def _kinds(shift: Shift) -> Iterator[_Kind]:
    yield _Kind((shift.start, shift.end), None)
    yield _Kind((shift.start, shift.end), shift.day)


def _sorting(key: tuple[_Kind, frozenset[int]]) -> tuple[tuple[int, int], date, list[int]]:
    kind, needs = key
    return kind.hours, kind.day or date.min, sorted(needs)
