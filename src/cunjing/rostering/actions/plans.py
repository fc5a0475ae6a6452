"""Making a unit's month plan, and moving a day of it. Advice: nobody is judged by it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from cunjing.base.clock import now, today
from cunjing.base.errors import FieldFault, conflict, invalid
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.inserting import insert_rows
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_unit
from cunjing.places.models import Unit
from cunjing.planning.month.model import FixedDay, MonthProblem, Service
from cunjing.planning.month.model import MonthPlan as Planned
from cunjing.planning.month.options import Options, options_for
from cunjing.planning.month.plan import plan_month
from cunjing.planning.month.reasons import NoteCause
from cunjing.policy.periods import Period, PeriodKind, parse_period
from cunjing.rostering.free_days import away_on, promised_elsewhere
from cunjing.rostering.models import AgreedVisit, MonthPlan, PlanCall, PlanDay
from cunjing.rostering.month_problem import month_problem
from cunjing.rostering.programme import policy_of
from cunjing.rostering.queries.plans import movable_day

PERMISSION = Permission.PLAN_EDIT
WALKED = "已进村"


def make_plan(*, actor: Actor, unit_code: str, month: str) -> MonthPlan:
    """Plan the village days of a unit's month, and whom to call on; replaces the plan before.

    Days somebody moved, and days on which somebody was in the village already, stay as they are.
    """
    check_unit(actor=actor, permission=PERMISSION, unit_code=unit_code)
    period = month_of(month)
    if period.end <= today():
        raise invalid("这个月已经过去。", FieldFault("month", "请选本月或以后的月份。"))
    unit = Unit.objects.get(pk=unit_code)
    problem = month_problem(unit_code=unit_code, month=period, on=today())
    if not problem.services:
        raise conflict("这个单位本月没有人包村，排不出日程。请先安排包村。")
    options = options_for(policy_of(unit, on=period.start), on=period.start)
    moves = _moves(unit_code=unit_code, month=period.text)
    fixed = _fixed(problem.services, unit_code=unit_code, period=period)
    barred = _barred(unit_code=unit_code, period=period, fixed=fixed)
    planned = plan_month(problem, options, fixed=fixed, barred=barred, begins=today())
    if any(one.day < today() for one in fixed):
        planned = _with_households_ahead(planned, problem=problem, options=options)
    with transaction.atomic():
        return _store(actor=actor, unit=unit, planned=planned, moves=moves)


def move_day(*, actor: Actor, day_id: UUID, to: date) -> PlanDay:
    """Put a planned day on another day of the month: the person's own, or by who plans the unit.

    The households of the day go with it.
    """
    row, permission = movable_day(actor=actor, day_id=day_id)
    if to == row.day:
        return row
    fault = _move_fault(row, to=to)
    if fault:
        raise invalid("没有改期。", FieldFault("to", fault))
    with writing(actor=actor, permission=permission) as write:
        plan = MonthPlan.objects.select_for_update().get(pk=row.plan_id)
        if plan.replaced_at is not None:
            raise conflict("日程刚刚重新排过，没有改期。请在新的日程上改。")
        row.day, row.moved_at, row.moved_by_name = to, write.at, actor.name
        row.save(update_fields=["day", "moved_at", "moved_by_name"])
        write.note(row, AuditVerb.CHANGED, village_code=row.village_id)
    return row


def month_of(text: str) -> Period:
    """The month `2026-10` names; 422 for anything else."""
    try:
        period = parse_period(text)
    except ValueError:
        period = None
    if period is None or period.kind is not PeriodKind.MONTH:
        raise invalid("月份读不懂。", FieldFault("month", "请写成 2026-10 的样子。"))
    return period


def _move_fault(row: PlanDay, *, to: date) -> str:
    if to < today():
        return "不能改到过去的日子。"
    if f"{to:%Y-%m}" != row.plan.month:
        return "只能改到同一个月的日子；换月请重新排日程。"
    others = PlanDay.objects.filter(staff=row.staff, day=to, plan__replaced_at=None)
    busy = others.exclude(pk=row.pk).select_related("village").first()
    if busy is not None:
        return f"{row.staff.name}这一天已排了{busy.village.name}，请另选一天。"
    return (
        away_on(row.staff, on=to)
        or promised_elsewhere(row.staff, village_code=row.village_id, on=to)
        or _promised_here(row)
    )


def _promised_here(row: PlanDay) -> str:
    """A day that was promised to a household does not move without it."""
    visits = AgreedVisit.objects.filter(
        staff=row.staff, household__village=row.village, day=row.day, cancelled_at=None
    )
    names = "、".join(visits.order_by("pk").values_list("household__address", flat=True))
    return f"这一天已约好走访{names}，请先取消约定再改期。" if names else ""


def _fixed(services: Sequence[Service], *, unit_code: str, period: Period) -> list[FixedDay]:
    """Days that stay: moved by somebody to a day still to come, promised to a household, or
    already walked; the last two by who serves the village."""
    rows = PlanDay.objects.filter(
        plan__unit_id=unit_code, plan__month=period.text, plan__replaced_at=None
    )
    moved = rows.exclude(moved_at=None).filter(day__gte=today())
    kept = {(row.staff_id, row.village_id, row.day) for row in moved}
    serving = {(service.staff_id, service.village_code) for service in services}
    walked = WorkRecord.objects.filter(
        kind=RecordKind.VILLAGE_VISIT,
        voided_at=None,
        local_date__gte=period.start,
        local_date__lt=min(period.end, today()),
        village__in={village for _, village in serving},
    ).values_list("staff_id", "village_id", "local_date")
    promised = AgreedVisit.objects.filter(
        cancelled_at=None,
        day__gte=max(period.start, today()),
        day__lt=period.end,
        household__village__in={village for _, village in serving},
    ).values_list("staff_id", "household__village_id", "day")
    kept |= {row for row in (*walked, *promised) if (str(row[0]), row[1]) in serving}
    return [
        FixedDay(staff_id=str(staff), village_code=village, day=day)
        for staff, village, day in sorted(kept, key=str)
    ]


def _with_households_ahead(planned: Planned, *, problem: MonthProblem, options: Options) -> Planned:
    """The same days, with all households on those to come: a day walked takes no more calls."""
    ahead = [
        FixedDay(staff_id=one.staff_id, village_code=one.village_code, day=one.day)
        for one in planned.days
        if one.day >= today()
    ]
    period = parse_period(problem.month)
    every = [period.start + timedelta(days=number) for number in range(period.days)]
    others = [
        FixedDay(staff_id=service.staff_id, village_code=service.village_code, day=day)
        for service in problem.services
        for day in every
    ]
    chosen = set(ahead)
    rest = [one for one in others if one not in chosen]
    again = plan_month(problem, options, fixed=ahead, barred=rest)
    walked = [replace(one, reason=WALKED) for one in planned.days if one.day < today()]
    of_households = NoteCause.HOUSEHOLDS_SHORT
    households = [note for note in again.notes if note.cause == of_households]
    return replace(
        again,
        days=(*walked, *again.days),
        notes=(*(one for one in planned.notes if one.cause != of_households), *households),
    )


def _barred(*, unit_code: str, period: Period, fixed: Sequence[FixedDay]) -> list[FixedDay]:
    """Days not to be chosen: those somebody moved away from."""
    moved = PlanDay.objects.filter(
        plan__unit_id=unit_code, plan__month=period.text, plan__replaced_at=None
    ).exclude(moved_at=None)
    barred = {(str(row.staff_id), row.village_id, row.planned_on) for row in moved}
    barred -= {(one.staff_id, one.village_code, one.day) for one in fixed}
    return [
        FixedDay(staff_id=staff, village_code=village, day=day)
        for staff, village, day in sorted(barred)
    ]


def _moves(*, unit_code: str, month: str) -> set[tuple[UUID, date]]:
    """The days somebody has moved, and to where."""
    rows = PlanDay.objects.filter(
        plan__unit_id=unit_code, plan__month=month, plan__replaced_at=None
    ).exclude(moved_at=None)
    return set(rows.values_list("pk", "day"))


def _store(
    *, actor: Actor, unit: Unit, planned: Planned, moves: set[tuple[UUID, date]]
) -> MonthPlan:
    before = (
        MonthPlan.objects.select_for_update()
        .filter(unit=unit, month=planned.month, replaced_at=None)
        .first()
    )
    if moves != _moves(unit_code=unit.pk, month=planned.month):
        # Planning takes a while; what somebody has decided on meanwhile must not go under.
        raise conflict("排日程时有人改了期，没有保存。请再排一次。")
    plan = MonthPlan(
        unit=unit,
        month=planned.month,
        made_by_name=actor.name,
        notes=[_note(note) for note in planned.notes if note.day is None or note.day >= today()],
        left_out={
            left.household_id: {"cause": left.cause, "reason": left.reason}
            for left in planned.left_out
        },
    )
    with writing(actor=actor, permission=PERMISSION) as write:
        if before is not None:
            before.replaced_at = now()
            before.save(update_fields=["replaced_at"])
            write.note(before, AuditVerb.SUPERSEDED, scopes=(unit.pk,))
        plan.save(force_insert=True)
        write.note(plan, AuditVerb.CREATED, scopes=(unit.pk,))
        moved = _moved(before)
        days = _days(plan, planned, moved=moved)
        insert_rows(list(days.values()))
        insert_rows(_calls(days, planned))
    return plan


def _note(note: object) -> dict[str, object]:
    told = asdict(note)  # type: ignore[call-overload]  # a dataclass of the engine
    return {**told, "day": told["day"].isoformat() if told["day"] else None}


Key = tuple[str, str, date]


def _moved(before: MonthPlan | None) -> Mapping[Key, PlanDay]:
    """The days of the plan before that somebody moved."""
    if before is None:
        return {}
    return {
        (str(row.staff_id), row.village_id, row.day): row
        for row in before.days.exclude(moved_at=None)
    }


def _days(plan: MonthPlan, planned: Planned, *, moved: Mapping[Key, PlanDay]) -> dict[Key, PlanDay]:
    days = {}
    for one in planned.days:
        key = (one.staff_id, one.village_code, one.day)
        kept = moved.get(key)
        days[key] = PlanDay(
            plan=plan,
            staff_id=UUID(one.staff_id),
            village_id=one.village_code,
            day=one.day,
            planned_on=kept.planned_on if kept else one.day,
            car_id=UUID(one.car_id) if one.car_id else None,
            reason=one.reason[:200],
            moved_at=kept.moved_at if kept else None,
            moved_by_name=kept.moved_by_name if kept else "",
        )
    return days


def _calls(days: Mapping[Key, PlanDay], planned: Planned) -> list[PlanCall]:
    return [
        PlanCall(
            day=days[(visit.staff_id, visit.village_code, visit.day)],
            household_id=UUID(visit.household_id),
            place=visit.order,
            arrive=visit.arrive,
            leave=visit.leave,
            reason=visit.reason[:200],
        )
        for visit in planned.visits
    ]
