"""Reads of days agreed with households: of a household, a unit's month, one's own."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.base.clock import today
from cunjing.base.errors import Problem, not_found
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_unit, check_village, jurisdiction_of
from cunjing.places.models import Household
from cunjing.policy.periods import Period
from cunjing.rostering.access import own_village
from cunjing.rostering.models import AgreedVisit, PlanDay
from cunjing.rostering.month_problem import villages_of
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import own_entry

PERMISSION = Permission.PLAN_EDIT
_MISSING = "没有这个约定，或者不在您的辖区内。"


def agreed_with(household: Household) -> list[AgreedVisit]:
    """The days agreed with a household from today on; the caller has checked the household."""
    return list(_standing().filter(household=household, day__gte=today()))


def agreed_on(row: PlanDay) -> list[AgreedVisit]:
    """What is agreed in the village of a planned day; the caller has checked the day."""
    return list(_standing().filter(household__village_id=row.village_id, day=row.day))


def agreed_of_unit(*, actor: Actor, unit_code: str, period: Period) -> list[AgreedVisit]:
    """What is agreed in the villages of a unit in a period."""
    check_unit(actor=actor, permission=PERMISSION, unit_code=unit_code)
    codes = villages_of(unit_code=unit_code, month=period)
    within = {"day__gte": period.start, "day__lt": period.end}
    return list(_standing().filter(household__village__in=codes, **within))


def own_agreed(*, actor: Actor, first: date, end: date) -> list[AgreedVisit]:
    """What somebody has agreed themselves for [`first`, `end`), in the villages they serve."""
    own = own_entry(actor=actor)
    if own is None:
        return []
    served = jurisdiction_of(actor=actor, permission=Permission.PLAN_OWN)
    rows = _standing().filter(served.q("household__village_id"), staff=own)
    return list(rows.filter(day__gte=first, day__lt=end))


def cancellable_visit(*, actor: Actor, visit_id: UUID) -> tuple[AgreedVisit, Permission]:
    """An agreed day the actor may cancel, and by which right: one's own in a village one serves, or
    any of a village one plans; 403 for another reader of the village, 404 else."""
    visit = (
        AgreedVisit.objects.select_related("household__village", "household__hamlet", "staff")
        .filter(pk=visit_id)
        .first()
    )
    if visit is None:
        raise not_found(_MISSING)
    code = visit.household.village_id
    if own_village(actor=actor, staff_id=visit.staff_id, village_code=code):
        return visit, Permission.PLAN_OWN
    try:
        check_village(actor=actor, permission=PERMISSION, village_code=code)
    except Problem as problem:
        if problem.status == 404:
            raise not_found(_MISSING) from problem
        raise
    return visit, PERMISSION


def callers_of(*, actor: Actor, village_code: str) -> list[Staff]:
    """Whom the actor may promise a household of a village: oneself, or by who plans there anybody
    who serves it today or later; 403 where neither."""
    planned = jurisdiction_of(actor=actor, permission=PERMISSION)
    if not planned.covers(village_code):
        own = own_entry(actor=actor)
        if own and own_village(actor=actor, staff_id=own.pk, village_code=village_code):
            return [own]
        check_village(actor=actor, permission=PERMISSION, village_code=village_code)
    serving = Posting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today()), village=village_code
    )
    found = Staff.objects.filter(pk__in=serving.values("staff_id"))
    return list(found.select_related("unit").order_by("badge_number"))


def _standing() -> QuerySet[AgreedVisit]:
    return (
        AgreedVisit.objects.filter(cancelled_at=None)
        .select_related("household__village", "household__hamlet", "staff")
        .order_by("day", "window_from", "pk")
    )
