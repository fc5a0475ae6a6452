"""A station's month: planned, moved, planned again; and nobody else's."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from tests.support.accounts_factories import make_user
from tests.support.places_factories import actor_with, system
from tests.support.roster_world import RosterWorld

from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.base.clock import SHANGHAI, now, today
from cunjing.base.errors import Problem
from cunjing.base.ids import new_id
from cunjing.coverage.actions import end_posting
from cunjing.coverage.duty import link_account
from cunjing.coverage.models import Posting
from cunjing.fieldwork.actions import record_work
from cunjing.fieldwork.items import WorkItem
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry
from cunjing.places.actions.households import NewHousehold, add_household
from cunjing.places.models import Household
from cunjing.planning.month.plan import plan_month
from cunjing.policy.periods import Period, PeriodKind, following, period_at
from cunjing.rostering.actions.days import set_day
from cunjing.rostering.actions.feeds import open_feed, revoke_feed
from cunjing.rostering.actions.plans import make_plan, move_day
from cunjing.rostering.models import MonthPlan, PlanCall, PlanDay
from cunjing.rostering.queries import feeds
from cunjing.rostering.queries import plans as queries
from cunjing.staffing.actions import add_absence
from cunjing.staffing.models import AbsenceKind


def next_month() -> Period:
    return following(period_at(PeriodKind.MONTH, today()))


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    world = roster
    for number in range(3):
        household = NewHousehold(address=f"示例{number}号", visit_priority=number)
        add_household(actor=system(), village_code=world.county.villages[0], household=household)
    return world


def chief(world: RosterWorld, number: int = 0) -> Actor:
    return actor_with(Role.STATION_CHIEF, unit_code=world.county.townships[number])


def officer(world: RosterWorld, number: int = 0) -> Actor:
    user = make_user(f"officer-{number}", unit_code=world.county.townships[number])
    link_account(actor=system(), staff_id=world.held[number].pk, user_id=user.pk)
    return actor_for(user=user)


def planned(world: RosterWorld, *, text: str = "") -> MonthPlan:
    unit = world.county.townships[0]
    return make_plan(actor=chief(world), unit_code=unit, month=text or next_month().text)


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value


def a_working_day(plan: MonthPlan, *, but: PlanDay) -> date:
    """A day of the plan's month on which nobody goes anywhere."""
    busy = set(plan.days.values_list("day", flat=True))
    period = next_month()
    days = (period.start + timedelta(days=number) for number in range(period.days))
    return next(day for day in days if day not in busy and day != but.day)


def test_everybody_gets_the_days_the_policy_asks_for_and_the_households_a_day(
    world: RosterWorld,
) -> None:
    plan = planned(world)
    days = list(plan.days.order_by("day"))
    assert {day.staff_id for day in days} == {world.held[0].pk}
    assert {day.village_id for day in days} == {world.county.villages[0]}
    assert len(days) >= 2
    assert PlanCall.objects.filter(day__plan=plan).count() == 3
    assert AuditEntry.objects.filter(record_id=str(plan.pk)).exists()


def test_the_most_needed_household_comes_first_when_not_all_fit(world: RosterWorld) -> None:
    outlook = queries.household_outlook(
        actor=chief(world), household_id=Household.objects.get(visit_priority=2).pk, on=today()
    )
    plain = queries.household_outlook(
        actor=chief(world), household_id=Household.objects.get(visit_priority=0).pk, on=today()
    )
    assert outlook.need is not None
    assert plain.need is not None
    assert outlook.need.prize > plain.need.prize
    assert outlook.need.days is None
    assert not outlook.planned


def test_a_household_is_told_when_or_why_not(world: RosterWorld) -> None:
    month = next_month()
    planned(world)
    late = add_household(
        actor=system(),
        village_code=world.county.villages[0],
        household=NewHousehold(address="后来1号"),
    )
    first = Household.objects.get(visit_priority=2)
    look = queries.household_outlook(actor=chief(world), household_id=first.pk, on=month.start)
    assert [call.household_id for call in look.calls] == [first.pk]
    look = queries.household_outlook(actor=chief(world), household_id=late.pk, on=month.start)
    assert (look.planned, list(look.calls), look.reason) == (True, [], "")


def test_a_day_off_by_the_countys_word_is_left_free(world: RosterWorld) -> None:
    plan = planned(world)
    first = plan.days.order_by("day").first()
    assert first is not None
    set_day(actor=system(), county_code=world.county.code, day=first.day, working=False)
    again = planned(world)
    assert not again.days.filter(day=first.day).exists()
    assert MonthPlan.objects.get(pk=plan.pk).replaced_at is not None


def test_nobody_is_sent_on_leave(world: RosterWorld) -> None:
    month = next_month()
    middle = month.start + timedelta(days=14)
    add_absence(
        actor=system(),
        staff_id=world.held[0].pk,
        kind=AbsenceKind.LEAVE,
        date_from=month.start,
        date_to=middle,
    )
    assert all(day.day >= middle for day in planned(world).days.all())


def test_an_officer_moves_the_own_day_and_it_stays_when_planned_again(world: RosterWorld) -> None:
    plan = planned(world)
    row = plan.days.order_by("day").first()
    assert row is not None
    to = a_working_day(plan, but=row)
    moved = move_day(actor=officer(world), day_id=row.pk, to=to)
    assert (moved.day, moved.planned_on) == (to, row.day)
    assert moved.moved_by_name
    assert AuditEntry.objects.filter(
        record_id=str(row.pk), permission="rostering:plan:own"
    ).exists()
    again = planned(world).days.get(day=to)
    assert again.planned_on == row.day
    assert not again.plan.days.filter(day=row.day, village=row.village).exists()


def test_moving_where_it_cannot_be_says_why(world: RosterWorld) -> None:
    plan = planned(world)
    first, second = plan.days.order_by("day")[:2]
    leave = a_working_day(plan, but=first)
    add_absence(
        actor=system(),
        staff_id=first.staff_id,
        kind=AbsenceKind.LEAVE,
        date_from=leave,
        date_to=leave + timedelta(days=1),
    )
    cases = {
        today() - timedelta(days=1): "过去",
        next_month().end: "同一个月",
        second.day: "已排了",
        leave: "休假",
    }
    for to, said in cases.items():
        problem = refused(lambda to=to: move_day(actor=chief(world), day_id=first.pk, to=to))
        assert said in problem.faults[0].message
    assert PlanDay.objects.get(pk=first.pk).day == first.day


def test_whose_day_it_is_not_does_not_move_it(world: RosterWorld) -> None:
    plan = planned(world)
    row = plan.days.order_by("day").first()
    assert row is not None
    to = a_working_day(plan, but=row)
    for actor in (officer(world, 1), chief(world, 1)):
        assert (
            refused(lambda actor=actor: move_day(actor=actor, day_id=row.pk, to=to)).status == 404
        )


def test_another_station_is_neither_planned_nor_read(world: RosterWorld) -> None:
    unit, month = world.county.townships[1], next_month().text
    for actor in (chief(world), officer(world)):
        for act in (
            lambda actor=actor: make_plan(actor=actor, unit_code=unit, month=month),
            lambda actor=actor: queries.plan_of(actor=actor, unit_code=unit, month=month),
        ):
            assert refused(act).status in {403, 404}


def test_the_past_a_quarter_and_nonsense_are_no_month_to_plan(world: RosterWorld) -> None:
    for text in ("2020-01", "2026-Q1", "下个月"):
        assert refused(lambda text=text: planned(world, text=text)).status == 422


def test_a_station_nobody_serves_has_nothing_to_plan(world: RosterWorld) -> None:
    planned(world)
    assert queries.own_days(actor=chief(world), first=date.min, end=date.max) == []


def test_the_feed_says_when_and_never_who_or_where_exactly(world: RosterWorld) -> None:
    actor = officer(world)
    planned(world)
    token = open_feed(actor=actor).token
    text = feeds.feed_of(token=token).decode()
    assert text.count("BEGIN:VEVENT") == PlanDay.objects.count()
    assert f"村码尾号{world.county.villages[0][-3:]}" in text.replace("\r\n ", "")
    for kept in ("示例", world.county.villages[0], "天台", "号1"):
        assert kept not in text


def test_a_feed_stops_when_it_is_changed_revoked_or_unknown(world: RosterWorld) -> None:
    actor = officer(world)
    first = open_feed(actor=actor).token
    second = open_feed(actor=actor).token
    assert feeds.has_feed(actor=actor)
    assert refused(lambda: feeds.feed_of(token=first)).status == 404
    revoke_feed(actor=actor)
    assert not feeds.has_feed(actor=actor)
    assert refused(lambda: feeds.feed_of(token=second)).status == 404
    assert refused(lambda: feeds.feed_of(token="nonsense")).status == 404
    assert refused(lambda: revoke_feed(actor=actor)).status == 409


def test_who_belongs_to_no_staff_has_no_feed(world: RosterWorld) -> None:
    assert refused(lambda: open_feed(actor=chief(world))).status == 403


def test_a_visit_of_this_month_stands_on_its_calendar(world: RosterWorld) -> None:
    walked = today() - timedelta(days=1)
    if walked.month != today().month:
        walked = today()
    at = datetime.combine(walked, time(0, 30), tzinfo=SHANGHAI)
    record_work(
        actor=system(),
        item=WorkItem(
            id=new_id(),
            kind=RecordKind.VILLAGE_VISIT,
            village_code=world.county.villages[0],
            staff_id=world.held[0].pk,
            occurred_at=at,
            details={"left_at": at + timedelta(minutes=5), "log": "巡村"},
        ),
    )
    plan = planned(world, text=period_at(PeriodKind.MONTH, today()).text)
    days = set(plan.days.values_list("day", flat=True))
    # On the first of a month there is no day of it gone by yet.
    assert walked in days or walked == today()
    assert all(day >= walked for day in days)
    assert not PlanCall.objects.filter(day__plan=plan, day__day__lt=today()).exists()


def test_days_gone_by_are_not_said_to_have_been_given_up(
    world: RosterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = next_month()
    late = period.start + timedelta(days=22)
    monkeypatch.setattr("cunjing.rostering.actions.plans.today", lambda: late)
    plan = planned(world, text=period.text)
    said = " ".join(note["text"] for note in plan.notes)
    assert "已经过去" in said
    assert "人工改掉" not in said
    assert all(day >= late for day in plan.days.values_list("day", flat=True))


def test_a_day_moved_and_then_missed_is_no_day_of_the_plan(
    world: RosterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = planned(world).days.order_by("day").first()
    assert row is not None
    to = a_working_day(row.plan, but=row)
    move_day(actor=chief(world), day_id=row.pk, to=to)
    monkeypatch.setattr("cunjing.rostering.actions.plans.today", lambda: to + timedelta(days=1))
    again = planned(world)
    assert not again.days.filter(day__lte=to).exists()


def test_who_serves_a_village_no_longer_sees_and_moves_nothing_of_its_plan(
    world: RosterWorld,
) -> None:
    actor = officer(world)
    token = open_feed(actor=actor).token
    row = planned(world).days.order_by("day").first()
    assert row is not None
    assert actor.user_id is not None
    posting = Posting.objects.get(staff=world.held[0])
    end_posting(actor=system(), posting_id=posting.pk, on=today(), reason="调离")
    gone = actor_for(user=User.objects.get(pk=actor.user_id))
    assert queries.own_days(actor=gone, first=date.min, end=date.max) == []
    assert refused(lambda: queries.movable_day(actor=gone, day_id=row.pk)).status == 404
    assert b"BEGIN:VEVENT" not in feeds.feed_of(token=token)


def test_a_move_made_while_the_month_is_planned_does_not_go_under(
    world: RosterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = planned(world)
    row = first.days.order_by("day").first()
    assert row is not None
    to = a_working_day(first, but=row)

    def planning(*said: Any, **more: Any) -> Any:
        if PlanDay.objects.get(pk=row.pk).day != to:
            move_day(actor=chief(world), day_id=row.pk, to=to)
        return plan_month(*said, **more)

    monkeypatch.setattr("cunjing.rostering.actions.plans.plan_month", planning)
    assert refused(lambda: planned(world)).status == 409
    assert PlanDay.objects.get(pk=row.pk).day == to
    assert planned(world).days.filter(day=to, planned_on=row.day).exists()


def test_a_plan_that_was_replaced_is_moved_no_more(world: RosterWorld) -> None:
    row = planned(world).days.order_by("day").first()
    assert row is not None
    MonthPlan.objects.filter(pk=row.plan_id).update(replaced_at=now())
    to = row.day + timedelta(days=1)
    assert refused(lambda: move_day(actor=chief(world), day_id=row.pk, to=to)).status == 404
