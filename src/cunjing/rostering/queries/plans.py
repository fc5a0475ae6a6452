"""Reads of month plans: a station's calendar, one's own days, why a household is not on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from cunjing.base.errors import Problem, forbidden, not_found
from cunjing.kernel.access import Actor, Jurisdiction
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_unit, jurisdiction_of, why_not
from cunjing.places.models import Household, Unit, UnitKind, Village
from cunjing.places.queries import household as find_household
from cunjing.planning.month.days import Month
from cunjing.planning.month.model import DayFact, MonthProblem
from cunjing.policy.periods import Period
from cunjing.rostering.access import own_village
from cunjing.rostering.counties import DIGITS
from cunjing.rostering.models import CountyDay, MonthPlan, PlanCall, PlanDay, PlanOrder
from cunjing.rostering.month_problem import villages_of
from cunjing.rostering.needs import HouseholdNeed, household_needs
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import own_entry

PERMISSION = Permission.PLAN_EDIT
_MISSING = "没有这一天的安排，或者不在您的辖区内。"


def plannable_units(*, actor: Actor) -> QuerySet[Unit]:
    """The stations whose months the actor may plan."""
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    return Unit.objects.filter(area.unit_q("code"), kind=UnitKind.STATION).order_by("code")


def plan_of(*, actor: Actor, unit_code: str, month: str) -> MonthPlan | None:
    """The plan in force of a unit's month; None where none was made."""
    check_unit(actor=actor, permission=PERMISSION, unit_code=unit_code)
    return MonthPlan.objects.filter(unit_id=unit_code, month=month, replaced_at=None).first()


def order_of(*, actor: Actor, unit_code: str, month: str) -> PlanOrder | None:
    """The last order to plan a unit's month; None where none was given."""
    check_unit(actor=actor, permission=PERMISSION, unit_code=unit_code)
    orders = PlanOrder.objects.filter(unit_id=unit_code, month=month)
    return orders.order_by("-asked_at").first()


def days_of(*, actor: Actor, plan: MonthPlan) -> list[PlanDay]:
    """The days of a plan by day and person, with their calls."""
    check_unit(actor=actor, permission=PERMISSION, unit_code=plan.unit_id)
    return list(_with_calls(plan.days.all()))


def own_days(*, actor: Actor, first: date, end: date) -> list[PlanDay]:
    """A person's own planned days in [`first`, `end`), in the villages they still serve: a plan
    outlives a posting until it is made anew, the right to its addresses does not."""
    own = own_entry(actor=actor)
    if own is None:
        return []
    served = jurisdiction_of(actor=actor, permission=Permission.PLAN_OWN)
    rows = PlanDay.objects.filter(
        served.q("village_id"), staff=own, plan__replaced_at=None, day__gte=first, day__lt=end
    )
    return list(_with_calls(rows))


def movable_day(*, actor: Actor, day_id: UUID) -> tuple[PlanDay, Permission]:
    """A planned day in force the actor may move, and by which right.

    One's own by PLAN_OWN in its village, any of a unit by who plans it; 403 for a reader of the
    village, 404 else.
    """
    row = (
        PlanDay.objects.filter(pk=day_id, plan__replaced_at=None)
        .select_related("plan", "staff", "village", "plan__unit")
        .first()
    )
    if row is None:
        raise not_found(_MISSING)
    if own_village(actor=actor, staff_id=row.staff_id, village_code=row.village_id):
        return row, Permission.PLAN_OWN
    try:
        check_unit(actor=actor, permission=PERMISSION, unit_code=row.plan.unit_id)
    except Problem as problem:
        if problem.status == 404:
            raise not_found(_MISSING) from problem
        raise
    return row, PERMISSION


@dataclass(frozen=True, slots=True)
class HouseholdOutlook:
    """A household's place on the plan of the month: its calls, or why it has none; its need."""

    household: Household
    calls: Sequence[PlanCall]
    reason: str
    need: HouseholdNeed | None
    planned: bool


def household_outlook(*, actor: Actor, household_id: UUID, on: date) -> HouseholdOutlook:
    """Whether the month's plan calls on a household, and if not, why."""
    household = find_household(actor=actor, household_id=household_id)
    if not (actor.holds(PERMISSION) or actor.holds(Permission.PLAN_OWN)):
        raise forbidden(why_not(actor=actor, permission=PERMISSION))
    month = f"{on:%Y-%m}"
    calls = PlanCall.objects.filter(
        household=household, day__plan__month=month, day__plan__replaced_at=None
    ).select_related("day", "day__staff")
    plans = MonthPlan.objects.filter(
        month=month,
        replaced_at=None,
        unit__village_units__village_id=household.village_id,
        unit__village_units__valid_to=None,
    ).distinct()
    left = [plan.left_out.get(str(household.pk)) for plan in plans]
    area = Jurisdiction(villages=frozenset({household.village_id}))
    needs = {need.household_id: need for need in household_needs(area=area, on=on)}
    return HouseholdOutlook(
        household=household,
        calls=list(calls.order_by("day__day")),
        reason=next((entry["reason"] for entry in left if entry), ""),
        need=needs.get(household.pk),
        planned=bool(plans),
    )


def _with_calls(rows: QuerySet[PlanDay]) -> QuerySet[PlanDay]:
    calls = PlanCall.objects.select_related("household", "household__hamlet").order_by("place")
    return (
        rows.select_related("staff", "village", "village__township", "car", "plan")
        .prefetch_related(Prefetch("calls", queryset=calls))
        .order_by("day", "staff__badge_number", "village_id")
    )


def calls_of(row: PlanDay) -> list[PlanCall]:
    """The households of a planned day in order; the caller has checked the day."""
    return list(row.calls.select_related("household", "household__hamlet").order_by("place"))


def marks_of(*, actor: Actor, unit_code: str, period: Period) -> list[CountyDay]:
    """What the county of a unit says of the days of a period."""
    check_unit(actor=actor, permission=PERMISSION, unit_code=unit_code)
    counties = {code[:DIGITS] for code in villages_of(unit_code=unit_code, month=period)}
    rows = CountyDay.objects.filter(
        county__in=sorted(counties), day__gte=period.start, day__lt=period.end
    )
    return list(rows.order_by("day"))


def rest_days(*, period: Period, marks: Sequence[CountyDay]) -> frozenset[date]:
    """The days of a month on which nobody works: the county's word, else the national table's."""
    facts = tuple(DayFact(day=mark.day, working=mark.working) for mark in marks)
    month = Month(
        MonthProblem(month=period.text, units=(), officers=(), services=(), calendar=facts)
    )
    return frozenset(month.days) - month.working


@dataclass(frozen=True, slots=True)
class NoteLine:
    """What a plan could not do as wished, for whom and where; None for the whole unit."""

    text: str
    staff: Staff | None
    village: Village | None


def notes_of(plan: MonthPlan) -> list[NoteLine]:
    """The notes of a plan with names; the caller has checked the plan."""
    people = {str(one.pk): one for one in Staff.objects.filter(plan_days__plan=plan).distinct()}
    codes = {note["village_code"] for note in plan.notes if note["village_code"]}
    villages = Village.objects.in_bulk(codes)
    return [
        NoteLine(
            text=note["text"],
            staff=people.get(note["staff_id"] or ""),
            village=villages.get(note["village_code"]),
        )
        for note in plan.notes
    ]
