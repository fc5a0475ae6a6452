"""What matching and planning hold of each place of the console's world."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tests.support.places_factories import system

from cunjing.base.clock import today
from cunjing.policy.periods import Period, PeriodKind, following, period_at
from cunjing.rostering.actions.agreed import agree_visit
from cunjing.rostering.actions.candidates import add_hold
from cunjing.rostering.actions.days import add_car
from cunjing.rostering.actions.drafts import make_draft
from cunjing.rostering.actions.plans import make_plan
from cunjing.rostering.models import HoldKind, PlanDay
from cunjing.staffing.models import Staff, StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One of each: a pin, a car, a planned day of the place's officer, a draft of the station, a
    day agreed with a household."""

    hold: UUID
    car: UUID
    plan_day: UUID
    draft: UUID
    agreed: UUID


def roster_of(*, mark: str, unit: str, village: str, staff: Staff, household: UUID) -> Roster:
    """Lay down, enter and plan; next month, which is never over. Agreed is a day of the month
    after it."""
    reason = f"熟悉情况 {mark}"
    hold = add_hold(
        actor=system(), kind=HoldKind.PIN, staff_id=staff.pk, village_code=village, reason=reason
    )
    car = add_car(actor=system(), unit_code=unit, label=f"警车{mark}")
    plan = make_plan(actor=system(), unit_code=unit, month=next_month().text)
    day = plan.days.filter(staff=staff).order_by("day").first()
    assert day is not None
    draft = make_draft(actor=system(), unit_code=unit, role=StaffRole(staff.role))
    agreed = agree_visit(
        actor=system(),
        household_id=household,
        staff_id=staff.pk,
        day=following(next_month()).start,
    )
    return Roster(hold=hold.pk, car=car.pk, plan_day=day.pk, draft=draft.pk, agreed=agreed.pk)


def next_month() -> Period:
    """The month after this one."""
    return following(period_at(PeriodKind.MONTH, today()))


def free_day(day_id: UUID) -> date:
    """A day of the same month on which the person of a planned day goes nowhere."""
    row = PlanDay.objects.get(pk=day_id)
    taken = set(PlanDay.objects.filter(staff=row.staff).values_list("day", flat=True))
    period = next_month()
    days = (period.start + timedelta(days=number) for number in range(period.days))
    return next(day for day in days if day not in taken)
