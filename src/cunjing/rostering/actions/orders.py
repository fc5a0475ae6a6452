"""Ordering a month's plan: planning takes seconds, so a page orders it and a job plans."""

from datetime import timedelta

from django.db import transaction

from cunjing.accounts.models import User
from cunjing.base.clock import now, today
from cunjing.base.errors import FieldFault, conflict, invalid
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.places.access import check_unit
from cunjing.places.models import Unit
from cunjing.rostering.actions.plans import month_of
from cunjing.rostering.models import OrderState, PlanOrder
from cunjing.rostering.month_problem import is_served
from cunjing.rostering.tasks import plan_month_ordered

PERMISSION = Permission.PLAN_EDIT
OVERDUE = timedelta(minutes=5)
"""After which an order nobody has carried out is given up and may be given again."""


def order_plan(*, actor: Actor, unit_code: str, month: str) -> PlanOrder:
    """Order the plan of a unit's month; where one is on order already, that one stands.

    Refuses at once what could not be planned: a month gone by, a unit nobody serves.
    """
    check_unit(actor=actor, permission=PERMISSION, unit_code=unit_code)
    period = month_of(month)
    if period.end <= today():
        raise invalid("这个月已经过去。", FieldFault("month", "请选本月或以后的月份。"))
    if not is_served(unit_code=unit_code, month=period):
        raise conflict("这个单位本月没有人包村，排不出日程。请先安排包村。")
    with transaction.atomic():
        # Who orders at the same moment waits here and finds the order that was first.
        unit = Unit.objects.select_for_update().get(pk=unit_code)
        before = PlanOrder.objects.filter(
            unit=unit, month=period.text, state=OrderState.WAITING
        ).first()
        if before is not None and before.asked_at > now() - OVERDUE:
            return before
        order = PlanOrder(
            unit=unit,
            month=period.text,
            asked_by=User.objects.filter(pk=actor.user_id).first() if actor.user_id else None,
            asked_by_name=actor.name,
        )
        with writing(actor=actor, permission=PERMISSION) as write:
            if before is not None:
                _give_up(before, write=write)
            order.save(force_insert=True)
            write.note(order, AuditVerb.CREATED, scopes=(unit_code,))
        plan_month_ordered.enqueue(str(order.pk))
    return order


def _give_up(order: PlanOrder, *, write: Write) -> None:
    order.state, order.finished_at = OrderState.FAILED, write.at
    order.refusal = "后台任务没有按时完成。"
    order.save(update_fields=["state", "finished_at", "refusal"])
    write.note(order, AuditVerb.ENDED, scopes=(order.unit_id,), reason=order.refusal)
