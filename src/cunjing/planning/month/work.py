"""The households of one village with the shifts they can be visited on: hours, ways, what fits."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from cunjing.planning.month.model import Need, Place
from cunjing.planning.month.options import Options
from cunjing.planning.month.travel import Ways, ways

DAY = 1440
"""Minutes of a day."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Half a village day of one person: from `start` to `end`, minutes of the day."""

    day: date
    staff_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A need on a shift, by its index, with minutes of the day."""

    need: int
    arrive: int
    leave: int


@dataclass(slots=True)
class Tour:
    """A shift and the needs on it, in order; it begins and ends at the village's office."""

    shift: Shift
    needs: list[int] = field(default_factory=list)


class VillageWork:
    """Needs are named by their index; so are the ways between them (see `travel.ways`)."""

    def __init__(
        self, *, place: Place, needs: Sequence[Need], shifts: Sequence[Shift], options: Options
    ) -> None:
        self.needs, self.shifts, self.options = tuple(needs), tuple(shifts), options
        self.ways: Ways = ways(place, needs, options)
        self._minutes: list[list[int]] = self.ways.minutes.tolist()
        self._hours = [
            (
                need.window_from or 0,
                DAY if need.window_to is None else need.window_to,
                self.length(index),
                need.fixed_date,
            )
            for index, need in enumerate(self.needs)
        ]
        self._highest = max((need.prize for need in needs), default=0)

    def length(self, index: int) -> int:
        """How many minutes a visit takes."""
        return self.needs[index].minutes or self.options.minutes

    def worth(self, index: int) -> int:
        """The prize planned by: an agreed day counts beyond every prize without one."""
        need = self.needs[index]
        agreed = self.options.appointment * self._highest if need.fixed_date is not None else 0
        return need.prize + agreed

    def may(self, index: int, shift: Shift) -> bool:
        """Whether a household alone could be visited on a shift."""
        return self.timed(shift, [index]) is not None

    def timed(self, shift: Shift, order: Sequence[int]) -> list[Stop] | None:
        """The stops of a tour as early as they can be; None where it breaks an hour or a date."""
        leaving = self._leaving(shift, order)
        if leaving is None:
            return None
        return [
            Stop(index, leave - self.length(index), leave)
            for index, leave in zip(order, leaving, strict=True)
        ]

    def back(self, shift: Shift, order: Sequence[int]) -> int | None:
        """When a tour is back at the office; None where it cannot be."""
        leaving = self._leaving(shift, order)
        if leaving is None:
            return None
        return leaving[-1] + self._minutes[order[-1] + 1][0] if leaving else shift.start

    def _leaving(self, shift: Shift, order: Sequence[int]) -> list[int] | None:
        """When each household of a tour is left; None where it cannot be. Asked ten thousand times
        for a village: everything it needs is at hand."""
        now, here, leaving = shift.start, 0, []
        for index in order:
            early, late, length, day = self._hours[index]
            if day is not None and day != shift.day:
                return None
            arrive = now + self._minutes[here][index + 1]
            now = (arrive if arrive > early else early) + length
            if now > late:
                return None
            leaving.append(now)
            here = index + 1
        return leaving if now + self._minutes[here][0] <= shift.end else None


def most_on_a_shift(work: VillageWork, wanted: Sequence[int], shifts: Sequence[Shift]) -> int:
    """How many households a shift may have, so that few are spread over the month's days."""
    even = -(-len(wanted) // len(shifts)) + 1
    agreed = max(
        sum(work.needs[index].fixed_date == shift.day for index in wanted) for shift in shifts
    )
    return max(even, agreed)


def shifts_of(days: Iterable[tuple[date, str]], options: Options) -> list[Shift]:
    """The shifts before and after lunch of village days given as (day, person), in that order."""
    halves = ((options.start, options.lunch_from), (options.lunch_to, options.end))
    return [
        Shift(day=day, staff_id=staff_id, start=start, end=end)
        for (day, staff_id), (start, end) in itertools.product(sorted(days), halves)
        if start < end
    ]
