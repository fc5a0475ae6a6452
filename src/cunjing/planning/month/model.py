"""What a month is planned from, and the plan. Frozen data; no Django, no files, no solver.

Dates are calendar days in Asia/Shanghai; intervals are half-open, None = open. Times of day are
minutes after 00:00. Coordinates are degrees, CGCS2000. Ids are pseudonyms: no names of people.
"""

from dataclasses import dataclass
from datetime import date

ADVICE = "本计划是建议，可以调整，不作为考核依据"
"""Said in every output: a plan is advice, never an assessment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days on which a person cannot go to a village. `kind` is an absence kind or free text."""

    date_from: date
    date_to: date
    kind: str

    def covers(self, day: date) -> bool:
        """Whether the person is away on a day."""
        return self.date_from <= day < self.date_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody who walks villages, whatever the role. `unit_code` says whose cars are shared."""

    staff_id: str
    unit_code: str | None = None
    on_duty_from: date | None = None
    on_duty_to: date | None = None
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Who serves which village from when to when: a posting. `role` is a `policy.enums.Role`."""

    staff_id: str
    village_code: str
    role: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A village and, where known, its office: where each half of a village day begins and ends."""

    village_code: str
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A household that may be visited once in the month.

    `prize` >= 0 says how much it is needed (0 = not at all). `fixed_date` is an agreed day.
    `window_from` and `window_to` bound the whole visit, in minutes of the day; `minutes` is how
    long it takes, None = the option's length.
    """

    household_id: str
    village_code: str
    prize: int
    hamlet_id: str | None = None
    fixed_date: date | None = None
    window_from: int | None = None
    window_to: int | None = None
    minutes: int | None = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFact:
    """What the county says of a day. `working` overrides the national table, None = as there."""

    day: date
    working: bool | None = None
    festival: bool = False
    market: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A car shared by the people of a unit; one without unit is for people without unit."""

    car_id: str
    unit_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthProblem:
    """Everything a plan rests on. `month` is `2026-10`; `units` are the unit codes asked for.

    Every service's person is in `officers` and its village in `places`; needs of villages nobody
    here serves are left out of the plan with a reason.
    """

    month: str
    units: tuple[str, ...]
    officers: tuple[Officer, ...]
    services: tuple[Service, ...]
    places: tuple[Place, ...] = ()
    needs: tuple[Need, ...] = ()
    calendar: tuple[DayFact, ...] = ()
    cars: tuple[Car, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedDay:
    """A village day a person decided on (dragged or tapped); the plan keeps it."""

    staff_id: str
    village_code: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageDay:
    """One person in one village on one day. `fixed`: a person decided it. `reason` is Chinese."""

    day: date
    staff_id: str
    village_code: str
    car_id: str | None = None
    fixed: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One household on a village day. `order` counts from 1 within the day; minutes of the day."""

    day: date
    staff_id: str
    village_code: str
    household_id: str
    order: int
    arrive: int
    leave: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A household that is not in the plan, and why: `cause` for programs, `reason` in Chinese."""

    household_id: str
    village_code: str
    cause: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something the plan could not do as wished, for one person (None = the whole unit).

    `cause` is a `reasons.NoteCause`. `missing` is how many days, households or cars are missing.
    """

    cause: str
    text: str
    staff_id: str | None = None
    village_code: str | None = None
    day: date | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPlan:
    """A whole plan, sorted: days by day and person, visits by day, person and order."""

    month: str
    units: tuple[str, ...]
    seed: int
    days: tuple[VillageDay, ...] = ()
    visits: tuple[Visit, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Note, ...] = ()
    advice: str = ADVICE
