"""Small months to plan: a station, its people, villages and households."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from cunjing.planning.month.model import (
    Away,
    MonthPlan,
    MonthProblem,
    Need,
    Officer,
    Place,
    Service,
)
from cunjing.planning.month.options import Options, default_options

MONTH = "2026-10"
UNIT = "U1"
VILLAGE = "341102001201"
OTHER = "341102001202"
QUICK: Options = replace(default_options(), iterations=60, calendar_effort=0.2)
"""The defaults, searched for less long."""


def october(day: int) -> date:
    """A day of the month planned; 1 to 8 October 2026 begin with the National Day holidays."""
    return date(2026, 10, day)


def leave(first: int, last: int, kind: str = "leave") -> Away:
    """Away from one day of October to another, both included."""
    return Away(
        date_from=october(first), date_to=date.fromordinal(october(last).toordinal() + 1), kind=kind
    )


def officer(staff_id: str = "S1", *away: Away, **more: Any) -> Officer:
    """Somebody of the station."""
    return Officer(staff_id=staff_id, away=away, **{"unit_code": UNIT, **more})


def service(staff_id: str = "S1", village_code: str = VILLAGE, **more: Any) -> Service:
    """A posting that began long ago."""
    facts = {"role": "liaison_officer", "valid_from": date(2026, 1, 1), **more}
    return Service(staff_id=staff_id, village_code=village_code, **facts)


def need(household_id: str = "H1", prize: int = 10, **more: Any) -> Need:
    """A household of the village, in one hamlet with the others."""
    facts = {"village_code": VILLAGE, "hamlet_id": "G1", **more}
    return Need(household_id=household_id, prize=prize, **facts)


def problem(
    *needs: Need,
    officers: Iterable[Officer] | None = None,
    services: Iterable[Service] | None = None,
    **more: Any,
) -> MonthProblem:
    """A station of one person in one village, unless said otherwise."""
    facts = {"month": MONTH, "units": (UNIT,), "places": (Place(village_code=VILLAGE),), **more}
    return MonthProblem(
        officers=tuple(officers) if officers is not None else (officer(),),
        services=tuple(services) if services is not None else (service(),),
        needs=needs,
        **facts,
    )


def days_of(plan: MonthPlan, staff_id: str = "S1", village_code: str = VILLAGE) -> list[int]:
    """On which days of the month somebody is in a village."""
    return [
        item.day.day
        for item in plan.days
        if (item.staff_id, item.village_code) == (staff_id, village_code)
    ]
