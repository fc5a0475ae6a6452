"""What one evaluation looks at: the period, the watermark and what follows from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cunjing.policy.periods import Period, SubPeriodKind, local_date, parse_period, start_of_day

_WINDOW = timedelta(days=31)
"""How far around the period rejected events are listed (contract section 2)."""

_LONGEST_MONTH = parse_period("2000-01")
"""Any month of 31 days: its parts, as bits, cover the parts of every shorter month."""

FOREVER = date.max
"""An open end; no date of the facts lies after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Period and watermark (an aware time). Days are local dates; ends are exclusive."""

    period: Period
    as_of: datetime

    @property
    def as_of_day(self) -> date:
        """The watermark's date in Shanghai."""
        return local_date(self.as_of)

    @property
    def day(self) -> date:
        """The day state rules look at: the period's last, or the watermark's date if earlier."""
        return min(self.period.last_day, self.as_of_day)

    @property
    def period_end_time(self) -> datetime:
        """00:00 in Shanghai of the day after the period."""
        return start_of_day(self.period.end)

    @property
    def window(self) -> tuple[date, date]:
        """The dates around the period among which rejected events are listed."""
        return self.period.start - _WINDOW, self.period.end + _WINDOW

    @property
    def months(self) -> tuple[int, int]:
        """The period's first and last month as `month_number`."""
        return month_number(self.period.start), month_number(self.period.last_day)

    def names_within(self) -> list[str]:
        """The names of all periods that lie wholly within this one."""
        year = self.period.start.year
        names = [f"{year}", f"{year}-H1", f"{year}-H2"]
        names += [f"{year}-Q{quarter}" for quarter in range(1, 5)]
        names += [f"{year}-{month:02}" for month in range(1, 13)]
        return [name for name in names if self.period.contains(parse_period(name))]


def month_number(day: date) -> int:
    """Months since the year 0, counted so that differences are months."""
    return day.year * 12 + day.month


def day_masks(kind: SubPeriodKind) -> Iterator[int]:
    """The days of each part of a month as bits, bit 0 the first of the month."""
    for start, end in _LONGEST_MONTH.sub_periods(kind):
        yield sum(1 << (number - 1) for number in range(start.day, start.day + (end - start).days))
