"""Periods and sub-periods: calendar months, quarters, half years, years; half months and 旬."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

SHANGHAI = timezone(timedelta(hours=8), "+08:00")
"""China Standard Time. A fixed offset: China has kept no summer time since 1991."""


class PeriodKind(StrEnum):
    """The four kinds of period a rule can be about."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class SubPeriodKind(StrEnum):
    """The parts of a month: 半月 (1-15, 16-end) and 旬 (1-10, 11-20, 21-end)."""

    HALF_MONTH = "half_month"
    TEN_DAYS = "ten_days"


MONTHS = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 12,
}
"""How many months each kind of period has."""
LONGEST = {
    PeriodKind.MONTH: 31,
    PeriodKind.QUARTER: 92,
    PeriodKind.HALF_YEAR: 184,
    PeriodKind.YEAR: 366,
}
"""How many days each kind of period has at most."""
SHORTEST = {
    PeriodKind.MONTH: 28,
    PeriodKind.QUARTER: 90,
    PeriodKind.HALF_YEAR: 181,
    PeriodKind.YEAR: 365,
}
"""How many days each kind of period has at least."""
_FIRST_DAYS = {SubPeriodKind.HALF_MONTH: (1, 16), SubPeriodKind.TEN_DAYS: (1, 11, 21)}
_SHAPE = re.compile(
    r"(?P<year>[12][0-9]{3})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<q>[1-4])|H(?P<h>[12])))?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open range of local dates `[start, end)` with its name, such as `2026-09`."""

    kind: PeriodKind
    text: str
    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    def contains(self, other: "Period") -> bool:
        """Whether every day of `other` is a day of this period."""
        return self.start <= other.start and other.end <= self.end

    def sub_periods(self, kind: SubPeriodKind) -> Iterator[tuple[date, date]]:
        """The half-open parts of the period's months, in order."""
        month = self.start
        while month < self.end:
            following = add_months(month, 1)
            starts = [month.replace(day=day) for day in _FIRST_DAYS[kind]]
            yield from zip(starts, [*starts[1:], following], strict=True)
            month = following


def parse_period(text: str) -> Period:
    """The period named `2026-09`, `2026-Q3`, `2026-H1` or `2026`; ValueError for anything else."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    kind, first = PeriodKind.YEAR, 1
    if found["month"]:
        kind, first = PeriodKind.MONTH, int(found["month"])
    elif found["q"]:
        kind, first = PeriodKind.QUARTER, 3 * int(found["q"]) - 2
    elif found["h"]:
        kind, first = PeriodKind.HALF_YEAR, 6 * int(found["h"]) - 5
    start = date(int(found["year"]), first, 1)
    return Period(kind=kind, text=text, start=start, end=add_months(start, MONTHS[kind]))


def following(period: Period) -> Period:
    """The period of the same kind that begins where this one ends; ValueError after year 2999."""
    return period_at(period.kind, period.end)


def period_at(kind: PeriodKind, day: date) -> Period:
    """The period of a kind that a day belongs to; ValueError outside the years 1000 to 2999."""
    year, month = f"{day.year:04}", day.month
    return parse_period(
        {
            PeriodKind.MONTH: f"{year}-{month:02}",
            PeriodKind.QUARTER: f"{year}-Q{(month + 2) // 3}",
            PeriodKind.HALF_YEAR: f"{year}-H{(month + 5) // 6}",
            PeriodKind.YEAR: year,
        }[kind]
    )


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a month too short for it."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def start_of_day(day: date) -> datetime:
    """00:00 of a local date as an aware time."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def local_date(moment: datetime) -> date:
    """The date in Shanghai at an aware time."""
    return moment.astimezone(SHANGHAI).date()


def as_utc_naive(moment: datetime) -> datetime:
    """An aware time as the naive UTC time the facts views hold."""
    return moment.astimezone(UTC).replace(tzinfo=None)
