"""A month as weeks of cells for the calendar page. No reads of its own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cunjing.policy.periods import Period
from cunjing.rostering.models import AgreedVisit, CountyDay, PlanDay

_WEEK = 7


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: whether it belongs to the month, what the county says of it, who goes where, what is
    agreed."""

    day: date
    inside: bool
    past: bool
    rest: bool
    marks: CountyDay | None
    planned: Sequence[PlanDay]
    agreed: Sequence[AgreedVisit]


def weeks_of(
    period: Period,
    *,
    planned: Iterable[PlanDay],
    agreed: Iterable[AgreedVisit],
    marks: Iterable[CountyDay],
    rest: frozenset[date],
    on: date,
) -> list[list[DayCell]]:
    """The month in weeks from Monday; `rest` are the days nobody works."""
    by_day, promised = defaultdict(list), defaultdict(list)
    for row in planned:
        by_day[row.day].append(row)
    for visit in agreed:
        promised[visit.day].append(visit)
    said = {mark.day: mark for mark in marks}
    day = period.start - timedelta(days=period.start.weekday())
    weeks = []
    while day < period.end:
        days = [day + timedelta(days=number) for number in range(_WEEK)]
        weeks.append(
            [
                DayCell(
                    day=one,
                    inside=period.start <= one < period.end,
                    past=one < on,
                    rest=one in rest,
                    marks=said.get(one),
                    planned=by_day.get(one, ()),
                    agreed=promised.get(one, ()),
                )
                for one in days
            ]
        )
        day += timedelta(days=_WEEK)
    return weeks
