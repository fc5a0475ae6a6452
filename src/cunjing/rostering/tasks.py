"""Planning ordered months, one order a job."""

from uuid import UUID

from django_tasks import task

from cunjing.rostering.actions.carrying import carry_out


@task()
def plan_month_ordered(order_id: str) -> None:
    """Plan a month that was ordered; an order carried out already is left alone."""
    carry_out(order_id=UUID(order_id))
