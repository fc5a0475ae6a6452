"""Carrying out an order to plan a month, as who asked and with their rights."""

from uuid import UUID

from cunjing.accounts.queries import actor_for
from cunjing.base.errors import Problem
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.rostering.actions.plans import make_plan
from cunjing.rostering.models import OrderState, PlanOrder

PERMISSION = Permission.PLAN_EDIT
_REFUSAL_MAX = 300


def carry_out(*, order_id: UUID) -> PlanOrder | None:
    """Plan what was ordered, as who ordered it; None where that has been done.

    A refusal is kept with the order, for whoever asked to read.
    """
    order = PlanOrder.objects.select_related("asked_by").get(pk=order_id)
    if order.state != OrderState.WAITING:
        return None
    actor = _asker(order)
    refusal = ""
    try:
        make_plan(actor=actor, unit_code=order.unit_id, month=order.month)
    except Problem as problem:
        refusal = problem.detail
    with writing(actor=actor, permission=PERMISSION) as write:
        order.state = OrderState.FAILED if refusal else OrderState.DONE
        order.finished_at, order.refusal = write.at, refusal[:_REFUSAL_MAX]
        order.save(update_fields=["state", "finished_at", "refusal"])
        write.note(order, AuditVerb.ENDED, scopes=(order.unit_id,), reason=order.refusal)
    return order


def _asker(order: PlanOrder) -> Actor:
    if order.asked_by is None:
        return Actor.for_system(order.asked_by_name)
    return actor_for(user=order.asked_by)
