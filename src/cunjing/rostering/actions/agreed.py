"""Agreeing a day with a household, and cancelling it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cunjing.base.clock import today
from cunjing.base.errors import FieldFault, conflict, invalid
from cunjing.fieldwork.texts import cleaned, fault_of
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_village
from cunjing.places.actions.households import check_in_use
from cunjing.places.models import Household
from cunjing.places.queries import household as find_household
from cunjing.planning.month.options import clock
from cunjing.policy.periods import PeriodKind, period_at
from cunjing.rostering.access import own_village
from cunjing.rostering.free_days import (
    away_on,
    decided_elsewhere,
    not_serving,
    promised_elsewhere,
)
from cunjing.rostering.models import AgreedVisit
from cunjing.rostering.queries.agreed import cancellable_visit
from cunjing.rostering.rules import agreed_faults, reason_faults
from cunjing.staffing.models import Staff

PERMISSION = Permission.PLAN_EDIT
REFUSED = "约定没有登记，请改正标出的项。"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedHours:
    """When within the day, in minutes of it; None where it does not matter. `minutes`: how long."""

    window_from: int | None = None
    window_to: int | None = None
    minutes: int | None = None


ANY_TIME = AgreedHours()


def agree_visit(
    *,
    actor: Actor,
    household_id: UUID,
    staff_id: UUID,
    day: date,
    hours: AgreedHours = ANY_TIME,
) -> AgreedVisit:
    """Note that somebody will call on a household on a day: one's own in a village one serves, or
    for anybody who serves it by who plans there.

    Raises Problem (422) naming what stands in the way: the day is past, somebody is away, bound
    elsewhere or serves the village no longer, the household has a day in that month.
    """
    household = find_household(actor=actor, household_id=household_id)
    staff = Staff.objects.filter(pk=staff_id).first()
    permission = _right(actor=actor, staff=staff, household=household)
    check_in_use(household)
    faults = _faults(staff, household=household, on=day, hours=hours)
    if staff is None or faults:
        raise invalid(REFUSED, *faults)
    visit = AgreedVisit(
        household=household,
        staff=staff,
        day=day,
        window_from=hours.window_from,
        window_to=hours.window_to,
        minutes=hours.minutes,
        made_by_name=actor.name,
    )
    with writing(actor=actor, permission=permission) as write:
        # One writer at a time: two agreeing at once would both find the month free.
        Household.objects.select_for_update().get(pk=household.pk)
        if fault := _agreed_already(household, on=day):
            raise invalid(REFUSED, FieldFault("day", fault))
        visit.save(force_insert=True)
        write.note(visit, AuditVerb.CREATED, village_code=household.village_id)
    return visit


def cancel_visit(*, actor: Actor, visit_id: UUID, reason: str) -> AgreedVisit:
    """Give up an agreed day, and say why; it stays readable."""
    visit, permission = cancellable_visit(actor=actor, visit_id=visit_id)
    faults = reason_faults(reason)
    if fault := fault_of(reason):
        faults.append(FieldFault("reason", fault))
    if faults:
        raise invalid("约定没有取消，请改正标出的项。", *faults)
    with writing(actor=actor, permission=permission) as write:
        visit = AgreedVisit.objects.select_for_update().get(pk=visit.pk)
        if visit.cancelled_at is not None:
            raise conflict("这个约定已经取消。")
        if visit.day < today():
            raise conflict("这个约定的日子已经过去，不必取消。")
        visit.cancelled_at, visit.cancelled_by_name = write.at, actor.name
        visit.cancel_reason = cleaned(reason)
        visit.save(update_fields=["cancelled_at", "cancelled_by_name", "cancel_reason"])
        village = visit.household.village_id
        write.note(visit, AuditVerb.ENDED, village_code=village, reason=visit.cancel_reason)
    return visit


def _right(*, actor: Actor, staff: Staff | None, household: Household) -> Permission:
    code = household.village_id
    if staff is not None and own_village(actor=actor, staff_id=staff.pk, village_code=code):
        return Permission.PLAN_OWN
    check_village(actor=actor, permission=PERMISSION, village_code=code)
    return PERMISSION


def _faults(
    staff: Staff | None, *, household: Household, on: date, hours: AgreedHours
) -> list[FieldFault]:
    faults = agreed_faults(
        day=on,
        on=today(),
        window_from=hours.window_from,
        window_to=hours.window_to,
        minutes=hours.minutes,
    )
    if staff is None:
        faults.append(FieldFault("staff_id", "没有这名人员，请从名单中选择。"))
    elif not any(fault.field == "day" for fault in faults):
        faults += _obstacles(staff, household=household, on=on)
    return faults


def _obstacles(staff: Staff, *, household: Household, on: date) -> list[FieldFault]:
    """What stands in somebody's way on a day."""
    code = household.village_id
    if said := not_serving(staff, village_code=code, on=on):
        return [FieldFault("staff_id", said)]
    found = (
        away_on(staff, on=on)
        or promised_elsewhere(staff, village_code=code, on=on)
        or decided_elsewhere(staff, village_code=code, on=on)
        or _agreed_already(household, on=on)
    )
    return [FieldFault("day", found)] if found else []


def _agreed_already(household: Household, *, on: date) -> str:
    """A plan calls on a household once a month, so one day is agreed in it."""
    month = period_at(PeriodKind.MONTH, on)
    other = AgreedVisit.objects.filter(
        household=household, cancelled_at=None, day__gte=month.start, day__lt=month.end
    ).first()
    if other is None:
        return ""
    at = "" if other.window_from is None else f" {clock(other.window_from)}"
    return f"这一户这个月已约在{other.day:%m-%d}{at}，要改期请先取消原来的。"
