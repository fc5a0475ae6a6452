"""The three months of the demo, counted from the day of loading."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cunjing.base.clock import SHANGHAI
from cunjing.policy.periods import Period, add_months, parse_period

FROZEN, OPEN, RUNNING = range(3)
"""The month that is frozen and revised, the one to be frozen next, the one that runs."""


@dataclass(frozen=True, slots=True)
class Months:
    """Two whole months and the running one up to, not including, `base`: the day of loading."""

    base: date

    def month(self, place: int) -> Period:
        """The month at FROZEN, OPEN or RUNNING."""
        first = add_months(self.base.replace(day=1), place - RUNNING)
        return parse_period(first.strftime("%Y-%m"))

    def day(self, place: int, number: int) -> date:
        """A day of a month by its number; numbers past 28 may reach into the next month."""
        return self.month(place).start + timedelta(days=number - 1)

    @property
    def long_before(self) -> date:
        """Since when everybody serves who has not just begun: a year before the first month."""
        return add_months(self.month(FROZEN).start, -12)

    @property
    def now(self) -> datetime:
        """The morning of the day of loading: nothing in the demo arrived later."""
        return moment(self.base, 0)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in Shanghai."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)
