"""From the tables to what the month planner reads: one unit's villages and who serves them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.coverage.models import Posting
from cunjing.kernel.access import Jurisdiction
from cunjing.places.models import Village, VillageUnit
from cunjing.planning.month.model import (
    Away,
    Car,
    DayFact,
    MonthProblem,
    Need,
    Officer,
    Place,
    Service,
)
from cunjing.policy.periods import Period
from cunjing.rostering.counties import DIGITS
from cunjing.rostering.models import CountyDay, PlanDay, SharedCar
from cunjing.rostering.needs import household_needs
from cunjing.staffing.models import Absence, Staff

_ELSEWHERE = "在别的单位已有日程"


def month_problem(*, unit_code: str, month: Period, on: date) -> MonthProblem:
    """What the unit's month is planned from; needs are those of the day `on`, with what has been
    agreed for the rest of the month.

    Whoever also serves villages of another unit is away on the days planned there.
    """
    codes = villages_of(unit_code=unit_code, month=month)
    postings = list(_postings(codes=codes, month=month))
    people = list(Staff.objects.filter(pk__in={row.staff_id for row in postings}).order_by("pk"))
    area = Jurisdiction(villages=frozenset(codes))
    return MonthProblem(
        month=f"{month.start:%Y-%m}",
        units=(unit_code,),
        officers=tuple(_officers(people, unit_code=unit_code, month=month)),
        services=tuple(
            Service(
                staff_id=str(row.staff_id),
                village_code=row.village_id,
                role=row.role,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in postings
        ),
        places=tuple(_places(codes)),
        needs=tuple(_needs(area, month=month, on=on)),
        calendar=tuple(_days(codes, month=month)),
        cars=tuple(_cars(unit_code, people)),
    )


def is_served(*, unit_code: str, month: Period) -> bool:
    """Whether anybody serves a village of the unit on a day of the month."""
    codes = villages_of(unit_code=unit_code, month=month)
    return _postings(codes=codes, month=month).exists()


def villages_of(*, unit_code: str, month: Period) -> list[str]:
    """The living villages a unit answers for on some day of the month."""
    rows = VillageUnit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=month.start),
        unit_id=unit_code,
        valid_from__lt=month.end,
        village__valid_to=None,
    )
    return sorted(set(rows.values_list("village_id", flat=True)))


def _postings(*, codes: Sequence[str], month: Period) -> QuerySet[Posting]:
    return Posting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=month.start),
        village__in=codes,
        valid_from__lt=month.end,
    ).order_by("village_id", "staff_id", "valid_from")


def _officers(people: Sequence[Staff], *, unit_code: str, month: Period) -> Iterable[Officer]:
    away: dict[UUID, list[Away]] = defaultdict(list)
    absences = Absence.objects.filter(
        staff__in=people, cancelled_at=None, date_from__lt=month.end, date_to__gt=month.start
    )
    for row in absences.order_by("date_from"):
        away[row.staff_id].append(Away(date_from=row.date_from, date_to=row.date_to, kind=row.kind))
    elsewhere = PlanDay.objects.filter(
        staff__in=people, plan__replaced_at=None, day__gte=month.start, day__lt=month.end
    ).exclude(plan__unit_id=unit_code)
    for planned in elsewhere.order_by("day"):
        next_day = date.fromordinal(planned.day.toordinal() + 1)
        away[planned.staff_id].append(
            Away(date_from=planned.day, date_to=next_day, kind=_ELSEWHERE)
        )
    for person in people:
        yield Officer(
            staff_id=str(person.pk),
            unit_code=person.unit_id,
            on_duty_from=person.on_duty_from,
            on_duty_to=person.on_duty_to,
            away=tuple(away[person.pk]),
        )


def _places(codes: Sequence[str]) -> Iterable[Place]:
    rows = Village.objects.filter(pk__in=codes).order_by("code")
    for code, longitude, latitude in rows.values_list("code", "longitude", "latitude"):
        yield Place(village_code=code, longitude=longitude, latitude=latitude)


def _needs(area: Jurisdiction, *, month: Period, on: date) -> Iterable[Need]:
    for need in household_needs(area=area, on=on, first=month.start, end=month.end):
        agreed = need.agreed
        yield Need(
            household_id=str(need.household_id),
            village_code=need.village_code,
            hamlet_id=str(need.hamlet_id) if need.hamlet_id else None,
            prize=need.prize,
            fixed_date=agreed.day if agreed else None,
            window_from=agreed.window_from if agreed else None,
            window_to=agreed.window_to if agreed else None,
            minutes=need.minutes,
        )


def _days(codes: Sequence[str], *, month: Period) -> Iterable[DayFact]:
    counties = {code[:DIGITS] for code in codes}
    rows = CountyDay.objects.filter(
        county__in=sorted(counties), day__gte=month.start, day__lt=month.end
    )
    for row in rows.order_by("day", "county_id"):
        yield DayFact(day=row.day, working=row.working, festival=row.festival, market=row.market)


def _cars(unit_code: str, people: Sequence[Staff]) -> Iterable[Car]:
    units = {person.unit_id for person in people} | {unit_code}
    rows = SharedCar.objects.filter(unit__in=sorted(units), retired_on=None)
    for row in rows.order_by("pk"):
        yield Car(car_id=str(row.pk), unit_code=row.unit_id)
