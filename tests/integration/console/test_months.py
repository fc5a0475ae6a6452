"""The station's calendar: ordered, under way, made; what is agreed stands on it."""

from datetime import timedelta

from django.urls import reverse
from tests.support.console_pages import text_of
from tests.support.console_roster import free_day, next_month
from tests.support.console_visitors import visitor
from tests.support.console_world import World

from cunjing.base.clock import now
from cunjing.places.models import Household
from cunjing.rostering.actions.carrying import carry_out
from cunjing.rostering.actions.orders import OVERDUE
from cunjing.rostering.models import AgreedVisit, OrderState, PlanOrder


def calendar(world: World) -> str:
    return f"{reverse('month', args=[world.own.unit])}?month={next_month().text}"


def test_a_month_is_ordered_is_under_way_and_is_there(world: World) -> None:
    chief = visitor(world, "chief")
    ordered = chief.post(
        reverse("month_plan", args=[world.own.unit]), {"month": next_month().text}, follow=True
    )
    assert "正在排日程" in text_of(ordered)
    assert 'hx-trigger="every 2s"' in ordered.content.decode()
    order = PlanOrder.objects.get()
    carry_out(order_id=order.pk)
    made = chief.get(calendar(world))
    assert "日程已排好" in text_of(made)
    assert "hx-trigger" not in made.content.decode()


def test_an_order_that_failed_or_hangs_is_said(world: World) -> None:
    chief = visitor(world, "chief")
    chief.post(reverse("month_plan", args=[world.own.unit]), {"month": next_month().text})
    PlanOrder.objects.update(asked_at=now() - OVERDUE - timedelta(seconds=1))
    page = chief.get(calendar(world))
    assert "后台任务可能没有运行" in text_of(page)
    assert "hx-trigger" not in page.content.decode()
    PlanOrder.objects.update(state=OrderState.FAILED, finished_at=now(), refusal="有人改了期")
    assert "没有排成：有人改了期" in text_of(chief.get(calendar(world)))


def test_an_officer_agrees_a_day_and_sees_it_where_it_matters(world: World) -> None:
    officer, day = visitor(world, "officer"), free_day(world.own.roster.plan_day)
    household = Household.objects.get(pk=world.own.household)
    path = reverse("household_agree", args=[household.pk])
    wrong = {"staff_id": world.own.staff.pk, "day": "2020-01-01"}
    assert "不能约在过去的日子" in text_of(officer.post(path, wrong))
    said = {**wrong, "day": day.isoformat(), "window_from": "09:00", "window_to": "10:30"}
    answer = officer.post(path, said, follow=True)
    assert f"已约好 {day:%m-%d}" in text_of(answer)
    for page in (officer.get(reverse("home")), visitor(world, "chief").get(calendar(world))):
        assert "09:00–10:30" in text_of(page)
        assert household.address in text_of(page)
    visit = AgreedVisit.objects.get(day=day)
    cancelled = officer.post(
        reverse("agreed_cancel", args=[visit.pk]), {"reason": "主人外出"}, follow=True
    )
    assert "约定已取消" in text_of(cancelled)
    assert "09:00–10:30" not in text_of(officer.get(reverse("home")))


def test_a_household_is_agreed_for_a_planned_day(world: World) -> None:
    officer = visitor(world, "officer")
    path = reverse("plan_day_agree", args=[world.own.roster.plan_day])
    refused = officer.post(path, {"household_id": world.own.household, "minutes": 1})
    assert "请填5至480分钟" in text_of(refused)
    answer = officer.post(path, {"household_id": world.own.household, "minutes": 30}, follow=True)
    assert "约好的户" in text_of(answer)
    assert "时间不限" in text_of(answer)
