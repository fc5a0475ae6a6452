"""Which days a person can be in a village, and what stands in the way on the others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import chinese_calendar

from cunjing.planning.month.model import DayFact, FixedDay, MonthProblem, Officer, Service
from cunjing.planning.month.reasons import (
    GIVEN_UP,
    NOT_POSTED,
    OFF_DUTY,
    PAST,
    REST,
    away_word,
)
from cunjing.policy.periods import Period, parse_period

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """One person in one village: whose village days are planned. Sorted by person and village."""

    staff_id: str
    village_code: str
    role: str


class Month:
    """The days of a problem's month, and who can be where on them.

    `begins` is the first day that can still be chosen, None the month's first.
    """

    def __init__(
        self,
        problem: MonthProblem,
        *,
        barred: Iterable[FixedDay] = (),
        begins: date | None = None,
    ) -> None:
        self.problem = problem
        self._barred = frozenset(barred)
        self._begins = begins or date.min
        self.period: Period = parse_period(problem.month)
        self.days: tuple[date, ...] = tuple(
            self.period.start + timedelta(days=index) for index in range(self.period.days)
        )
        self.facts: Mapping[date, DayFact] = {fact.day: fact for fact in problem.calendar}
        self.officers: Mapping[str, Officer] = {item.staff_id: item for item in problem.officers}
        self._services: dict[tuple[str, str], list[Service]] = defaultdict(list)
        for service in problem.services:
            self._services[service.staff_id, service.village_code].append(service)

    @cached_property
    def has_table(self) -> bool:
        """Whether the national table of holidays reaches this month."""
        try:
            chinese_calendar.is_workday(self.period.start)
        except NotImplementedError:
            return False
        return True

    @cached_property
    def working(self) -> frozenset[date]:
        """Working days: the county's word, else the national table's, else Monday to Friday."""
        return frozenset(day for day in self.days if self._is_working(day))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Everybody with every village served on at least one day of the month."""
        found = []
        for (staff_id, village_code), services in sorted(self._services.items()):
            within = [item for item in services if self._touches(item)]
            if within:
                role = min(within, key=lambda item: item.valid_from).role
                found.append(Pair(staff_id, village_code, role))
        return tuple(found)

    def barrier(self, pair: Pair, day: date) -> str | None:
        """What keeps a person from a village on a day, in Chinese; None if nothing does."""
        if hard := self.hard_barrier(pair, day):
            return hard
        if day < self._begins:
            return PAST
        if day not in self.working:
            return REST
        given_up = FixedDay(staff_id=pair.staff_id, village_code=pair.village_code, day=day)
        return GIVEN_UP if given_up in self._barred else None

    def hard_barrier(self, pair: Pair, day: date) -> str | None:
        """As `barrier`, but a person's own decision may make a rest day a village day."""
        services = self._services[pair.staff_id, pair.village_code]
        if not any(_holds(item.valid_from, item.valid_to, day) for item in services):
            return NOT_POSTED
        officer = self.officers[pair.staff_id]
        if not _holds(officer.on_duty_from, officer.on_duty_to, day):
            return OFF_DUTY
        kinds = (away_word(away.kind) for away in officer.away if away.covers(day))
        return next(kinds, None)

    def _is_working(self, day: date) -> bool:
        fact = self.facts.get(day)
        if fact is not None and fact.working is not None:
            return fact.working
        if self.has_table:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < _SATURDAY

    def _touches(self, service: Service) -> bool:
        ends = service.valid_to is None or service.valid_to > self.period.start
        empty = service.valid_to is not None and service.valid_to <= service.valid_from
        return service.valid_from < self.period.end and ends and not empty


def _holds(start: date | None, end: date | None, day: date) -> bool:
    return (start is None or start <= day) and (end is None or day < end)
