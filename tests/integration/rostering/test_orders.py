"""A month is ordered on the page and planned by a job, as who asked."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django_tasks_db.models import DBTaskResult
from tests.support.accounts_factories import make_user_with
from tests.support.places_factories import system
from tests.support.roster_world import RosterWorld

from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.base.clock import now, today
from cunjing.base.errors import Problem
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry
from cunjing.policy.periods import PeriodKind, following, period_at
from cunjing.rostering.actions.carrying import carry_out
from cunjing.rostering.actions.orders import OVERDUE, order_plan
from cunjing.rostering.models import MonthPlan, OrderState, PlanOrder
from cunjing.rostering.queries.plans import order_of
from cunjing.rostering.tasks import plan_month_ordered


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    return roster


def month() -> str:
    return following(period_at(PeriodKind.MONTH, today())).text


def chief(world: RosterWorld) -> Actor:
    unit = world.county.townships[0]
    known = User.objects.filter(username="chief").first()
    user = known or make_user_with(Role.STATION_CHIEF, username="chief", unit_code=unit)
    return actor_for(user=user)


def ordered(world: RosterWorld, *, text: str = "", by: Actor | None = None) -> PlanOrder:
    unit = world.county.townships[0]
    return order_plan(actor=by or chief(world), unit_code=unit, month=text or month())


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value


def test_an_order_plans_nothing_itself_and_its_job_does_as_who_asked(world: RosterWorld) -> None:
    order = ordered(world)
    assert not MonthPlan.objects.exists()
    assert order_of(actor=chief(world), unit_code=order.unit_id, month=order.month) == order
    (job,) = DBTaskResult.objects.all()
    assert job.args_kwargs["args"] == [str(order.pk)]
    assert job.task_path == plan_month_ordered.module_path
    # Not by a runner: it closes the connection that holds the world.
    plan_month_ordered.call(*job.args_kwargs["args"])
    plan = MonthPlan.objects.get()
    order.refresh_from_db()
    assert (order.state, order.refusal) == (OrderState.DONE, "")
    assert plan.made_by_name == order.asked_by_name == chief(world).name
    entry = AuditEntry.objects.get(record_id=str(plan.pk))
    assert entry.actor_id == chief(world).user_id


def test_an_order_that_waits_is_not_given_twice(world: RosterWorld) -> None:
    first = ordered(world)
    assert ordered(world).pk == first.pk
    assert DBTaskResult.objects.count() == 1
    carry_out(order_id=first.pk)
    assert carry_out(order_id=first.pk) is None
    assert MonthPlan.objects.count() == 1
    assert ordered(world).pk != first.pk


def test_an_order_nobody_carried_out_may_be_given_again(world: RosterWorld) -> None:
    first = ordered(world)
    PlanOrder.objects.filter(pk=first.pk).update(asked_at=now() - OVERDUE - timedelta(seconds=1))
    second = ordered(world)
    first.refresh_from_db()
    assert (first.state, first.refusal) == (OrderState.FAILED, "后台任务没有按时完成。")
    assert second.state == OrderState.WAITING


def test_what_cannot_be_planned_is_refused_at_once(world: RosterWorld) -> None:
    for text in ("2020-01", "2026-Q1", "下个月"):
        assert refused(lambda text=text: ordered(world, text=text)).status == 422
    Posting.objects.all().delete()
    assert refused(lambda: ordered(world)).status == 409
    other = world.county.townships[1]
    assert refused(
        lambda: order_plan(actor=chief(world), unit_code=other, month=month())
    ).status in {403, 404}
    assert not PlanOrder.objects.exists()


def test_who_has_lost_the_right_meanwhile_gets_no_plan_and_is_told(world: RosterWorld) -> None:
    order = ordered(world)
    User.objects.filter(username="chief").update(is_active=False)
    done = carry_out(order_id=order.pk)
    assert done is not None
    assert done.state == OrderState.FAILED
    assert done.refusal
    assert not MonthPlan.objects.exists()


def test_the_system_orders_as_itself(world: RosterWorld) -> None:
    order = ordered(world, by=system())
    done = carry_out(order_id=UUID(str(order.pk)))
    assert done is not None
    assert done.state == OrderState.DONE
