"""A day agreed with a household: noted, refused, cancelled, planned, exported."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.support.accounts_factories import make_user
from tests.support.coverage_factories import post
from tests.support.places_factories import actor_with, system
from tests.support.roster_world import RosterWorld
from tests.support.staffing_factories import make_staff

from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.assessment.exports import export_facts
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage.actions import end_posting
from cunjing.coverage.duty import link_account
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, Change
from cunjing.places.actions.households import NewHousehold, add_household, retire_household
from cunjing.places.models import Household
from cunjing.planning.month.options import default_options
from cunjing.planning.month.plan import plan_month
from cunjing.planning.month.reading import read_problem
from cunjing.policy.facts import open_facts
from cunjing.policy.periods import Period, PeriodKind, following, period_at
from cunjing.rostering.actions.agreed import AgreedHours, agree_visit, cancel_visit
from cunjing.rostering.actions.days import set_weights
from cunjing.rostering.actions.plans import make_plan, move_day
from cunjing.rostering.facts import planning_tables
from cunjing.rostering.models import AgreedVisit, MonthPlan, PlanCall
from cunjing.rostering.queries import agreed as queries
from cunjing.staffing.actions import add_absence
from cunjing.staffing.models import AbsenceKind, Staff

MORNING = AgreedHours(window_from=9 * 60, window_to=11 * 60, minutes=45)


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    world = roster
    for number in range(3):
        add_household(
            actor=system(),
            village_code=world.county.villages[0],
            household=NewHousehold(address=f"示例{number}号"),
        )
    add_household(
        actor=system(),
        village_code=world.county.villages[3],
        household=NewHousehold(address="别处1号"),
    )
    return world


def next_month() -> Period:
    return following(period_at(PeriodKind.MONTH, today()))


def a_sunday() -> date:
    """One in the middle of next month: a day no planner would choose."""
    start = next_month().start + timedelta(days=10)
    return start + timedelta(days=(6 - start.weekday()) % 7)


def chief(world: RosterWorld, number: int = 0) -> Actor:
    return actor_with(Role.STATION_CHIEF, unit_code=world.county.townships[number])


def officer(world: RosterWorld, number: int = 0) -> Actor:
    staff = world.held[number]
    user = staff.user or make_user(f"officer-{number}", unit_code=staff.unit_id)
    if staff.user is None:
        link_account(actor=system(), staff_id=staff.pk, user_id=user.pk)
        staff.refresh_from_db()
    return actor_for(user=user)


def household(text: str = "示例1号") -> Household:
    return Household.objects.get(address=text)


def agree(world: RosterWorld, *, by: Actor | None = None, on: date | None = None) -> AgreedVisit:
    return agree_visit(
        actor=by or officer(world),
        household_id=household().pk,
        staff_id=world.held[0].pk,
        day=on or a_sunday(),
        hours=MORNING,
    )


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value


def said(act: Callable[[], object]) -> tuple[str, str]:
    """The one field refused and why."""
    (fault,) = refused(act).faults
    return fault.field, fault.message


def planned(world: RosterWorld) -> MonthPlan:
    unit = world.county.townships[0]
    return make_plan(actor=chief(world), unit_code=unit, month=next_month().text)


def test_an_officer_agrees_a_day_and_it_is_known_who_made_it(world: RosterWorld) -> None:
    visit = agree(world)
    assert (visit.staff, visit.made_by_name) == (world.held[0], officer(world).name)
    entry = AuditEntry.objects.get(record_id=str(visit.pk))
    assert entry.permission == "rostering:plan:own"
    assert entry.village_code == world.county.villages[0]
    assert Change.objects.filter(record_id=str(visit.pk), scope=entry.village_code).exists()
    assert queries.agreed_with(household()) == [visit]
    assert queries.own_agreed(actor=officer(world), first=today(), end=date.max) == [visit]


def test_a_chief_agrees_for_whoever_serves_the_village(world: RosterWorld) -> None:
    visit = agree(world, by=chief(world))
    assert AuditEntry.objects.get(record_id=str(visit.pk)).permission == "rostering:plan:edit"
    field, message = said(
        lambda: agree_visit(
            actor=chief(world),
            household_id=household("示例2号").pk,
            staff_id=world.spare.pk,
            day=a_sunday(),
        )
    )
    assert (field, "不包这个村" in message) == ("staff_id", True)


def test_who_may_be_promised_is_oneself_or_who_serves_there(world: RosterWorld) -> None:
    code = world.county.villages[0]
    second = make_staff("A010", unit_code=world.county.townships[0], name="示例乙")
    post(second, code, since=today())
    assert queries.callers_of(actor=officer(world), village_code=code) == [world.held[0]]
    assert queries.callers_of(actor=chief(world), village_code=code) == [world.held[0], second]
    assert refused(lambda: queries.callers_of(actor=officer(world, 1), village_code=code))


@pytest.mark.parametrize("number", [0, 1])
def test_a_household_elsewhere_is_nobodys_to_promise(world: RosterWorld, number: int) -> None:
    there = household("别处1号" if number == 0 else "示例1号")
    for actor in (officer(world, number), chief(world, number)):
        problem = refused(
            lambda actor=actor: agree_visit(
                actor=actor,
                household_id=there.pk,
                staff_id=world.held[number].pk,
                day=a_sunday(),
            )
        )
        assert problem.status == 404
    assert not AgreedVisit.objects.exists()


def test_an_officer_promises_nobody_else(world: RosterWorld) -> None:
    second = make_staff("A010", unit_code=world.county.townships[0], name="示例乙")
    post(second, world.county.villages[0], since=today())
    problem = refused(
        lambda: agree_visit(
            actor=officer(world),
            household_id=household().pk,
            staff_id=second.pk,
            day=a_sunday(),
        )
    )
    assert problem.status == 403


def test_the_past_is_not_agreed(world: RosterWorld) -> None:
    field, message = said(lambda: agree(world, on=today() - timedelta(days=1)))
    assert (field, message) == ("day", "不能约在过去的日子，请选今天或以后。")


def test_nobody_is_promised_while_away_off_duty_or_bound_elsewhere(world: RosterWorld) -> None:
    day = a_sunday()
    add_absence(
        actor=system(),
        staff_id=world.held[0].pk,
        kind=AbsenceKind.LEAVE,
        date_from=day,
        date_to=day + timedelta(days=1),
    )
    assert said(lambda: agree(world)) == ("day", "示例甲1这一天休假，请另选一天。")
    after = day + timedelta(days=1)
    Staff.objects.filter(pk=world.held[0].pk).update(on_duty_to=after)
    assert said(lambda: agree(world, on=after)) == ("day", "示例甲1这一天不在岗，请另选一天。")
    Staff.objects.filter(pk=world.held[0].pk).update(on_duty_to=None)
    post(world.held[0], world.county.villages[1], since=today())
    other = add_household(
        actor=system(),
        village_code=world.county.villages[1],
        household=NewHousehold(address="二村1号"),
    )
    agree_visit(actor=system(), household_id=other.pk, staff_id=world.held[0].pk, day=after)
    field, message = said(lambda: agree(world, on=after))
    assert (field, "已约了去红旗村" in message) == ("day", True)


def test_after_the_posting_nobody_is_promised(world: RosterWorld) -> None:
    posting = Posting.objects.get(staff=world.held[0])
    end_posting(actor=system(), posting_id=posting.pk, on=a_sunday(), reason="调离")
    field, message = said(lambda: agree(world, by=chief(world)))
    assert (field, "不包这个村" in message) == ("staff_id", True)


def test_a_household_has_one_day_a_month(world: RosterWorld) -> None:
    visit = agree(world)
    field, message = said(lambda: agree(world, on=visit.day + timedelta(days=1)))
    assert field == "day"
    assert f"已约在{visit.day:%m-%d} 09:00" in message
    cancel_visit(actor=officer(world), visit_id=visit.pk, reason="主人外出")
    assert agree(world, on=visit.day + timedelta(days=1)).pk != visit.pk


def test_a_retired_address_has_no_day(world: RosterWorld) -> None:
    row = household()
    retire_household(actor=system(), household_id=row.pk, version=row.version)
    assert refused(lambda: agree(world)).status == 409


def test_a_day_is_given_up_with_a_reason_by_whose_it_is_or_the_chief(world: RosterWorld) -> None:
    visit = agree(world)
    assert said(lambda: cancel_visit(actor=officer(world), visit_id=visit.pk, reason=" ")) == (
        "reason",
        "请写明理由。",
    )
    field, _ = said(
        lambda: cancel_visit(actor=officer(world), visit_id=visit.pk, reason="改约 13800000000")
    )
    assert field == "reason"
    for stranger in (officer(world, 1), chief(world, 1)):
        problem = refused(
            lambda stranger=stranger: cancel_visit(actor=stranger, visit_id=visit.pk, reason="不去")
        )
        assert problem.status == 404
    gone = cancel_visit(actor=chief(world), visit_id=visit.pk, reason="主人外出")
    assert (gone.cancel_reason, gone.cancelled_by_name) == ("主人外出", chief(world).name)
    assert queries.agreed_with(household()) == []
    again = refused(lambda: cancel_visit(actor=chief(world), visit_id=visit.pk, reason="主人外出"))
    assert again.status == 409


def test_who_serves_the_village_no_longer_neither_sees_nor_cancels(world: RosterWorld) -> None:
    visit = agree(world)
    posting = Posting.objects.get(staff=world.held[0])
    end_posting(actor=system(), posting_id=posting.pk, on=today(), reason="调离")
    assert queries.own_agreed(actor=officer(world), first=today(), end=date.max) == []
    problem = refused(lambda: cancel_visit(actor=officer(world), visit_id=visit.pk, reason="调离"))
    assert problem.status == 404


def test_the_plan_calls_on_the_household_on_that_day_between_those_hours(
    world: RosterWorld,
) -> None:
    visit = agree(world)
    plan = planned(world)
    call = PlanCall.objects.get(day__plan=plan, household=visit.household)
    assert (call.day.day, call.day.staff_id) == (visit.day, world.held[0].pk)
    assert call.arrive >= 9 * 60
    assert call.leave <= 11 * 60
    assert call.leave - call.arrive == 45
    assert "已约好" in call.reason
    assert queries.agreed_on(call.day) == [visit]
    unit = world.county.townships[0]
    shown = queries.agreed_of_unit(actor=chief(world), unit_code=unit, period=next_month())
    assert shown == [visit]


def test_an_agreed_household_is_called_on_where_need_counts_nothing(world: RosterWorld) -> None:
    nothing = dict.fromkeys(("base", "per_priority", "per_day_unvisited", "per_open_matter"), 0)
    set_weights(actor=system(), county_code=world.county.code, weights=nothing)
    visit = agree(world)
    called = PlanCall.objects.filter(day__plan=planned(world))
    assert [call.household_id for call in called] == [visit.household_id]


def test_of_two_who_serve_the_village_the_one_who_promised_goes(world: RosterWorld) -> None:
    second = make_staff("A000", unit_code=world.county.townships[0], name="示例乙")
    post(second, world.county.villages[0], since=today())
    visit = agree(world)
    call = PlanCall.objects.get(day__plan=planned(world), household=visit.household)
    assert call.day.staff_id == world.held[0].pk


def test_a_cancelled_day_is_planned_freely_again(world: RosterWorld) -> None:
    visit = agree(world)
    cancel_visit(actor=chief(world), visit_id=visit.pk, reason="主人外出")
    assert not planned(world).days.filter(day=visit.day).exists()


def test_a_promised_day_is_not_moved_and_none_is_moved_onto_it_elsewhere(
    world: RosterWorld,
) -> None:
    visit = agree(world)
    post(world.held[0], world.county.villages[1], since=today())
    plan = planned(world)
    row = plan.days.get(day=visit.day)
    away = visit.day + timedelta(days=1)
    field, message = said(lambda: move_day(actor=chief(world), day_id=row.pk, to=away))
    assert (field, "已约好走访示例1号" in message) == ("to", True)
    elsewhere = plan.days.filter(village=world.county.villages[1]).order_by("day").first()
    assert elsewhere is not None
    assert refused(lambda: move_day(actor=chief(world), day_id=elsewhere.pk, to=visit.day)).faults


def test_a_day_moved_to_another_village_is_not_promised(world: RosterWorld) -> None:
    post(world.held[0], world.county.villages[1], since=today())
    row = planned(world).days.filter(village=world.county.villages[1]).order_by("day").first()
    assert row is not None
    move_day(actor=chief(world), day_id=row.pk, to=a_sunday())
    field, message = said(lambda: agree(world))
    assert (field, "已改为去红旗村" in message) == ("day", True)


def exported(world: RosterWorld, out: Path, *, period: Period | None = None) -> Path:
    export_facts(
        actor=system(),
        out=out,
        prefixes=[world.county.code],
        further=lambda reach, ids: planning_tables(
            reach=reach, staff_ids=ids, on=today(), period=period
        ),
    )
    return out


def agreed_rows(folder: Path) -> list[tuple[object, ...]]:
    names = ("fixed_date", "window_from", "window_to", "minutes")
    rows = pq.read_table(folder / "needs.parquet").to_pylist()
    return [tuple(row[name] for name in names) for row in rows if row["fixed_date"]]


def test_an_export_carries_the_day_and_plans_as_the_console_does(
    world: RosterWorld, tmp_path: Path
) -> None:
    day = next_month().start
    while day.weekday() >= 5:
        day += timedelta(days=1)
    visit = agree(world, on=day)
    out = exported(world, tmp_path / "facts")
    assert agreed_rows(out) == [(visit.day, "09:00", "11:00", 45)]
    options = default_options()
    with open_facts(out) as facts:
        problem = read_problem(
            facts, month=next_month(), units=[world.county.townships[0]], options=options
        )
    made = plan_month(problem, options)
    (asked,) = (need for need in problem.needs if need.fixed_date)
    (found,) = (one for one in made.visits if one.household_id == asked.household_id)
    assert (found.day, found.leave - found.arrive) == (visit.day, 45)
    assert 9 * 60 <= found.arrive <= found.leave <= 11 * 60


def test_an_export_of_a_month_carries_what_is_agreed_in_it(
    world: RosterWorld, tmp_path: Path
) -> None:
    later = following(next_month())
    first, second = agree(world), agree(world, on=later.start)
    assert agreed_rows(exported(world, tmp_path / "all"))[0][0] == first.day
    assert agreed_rows(exported(world, tmp_path / "month", period=later))[0][0] == second.day
    cancel_visit(actor=chief(world), visit_id=first.pk, reason="主人外出")
    assert agreed_rows(exported(world, tmp_path / "after"))[0][0] == second.day
