"""What lies before an officer comes with a pull: planned days, days agreed with households."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.fieldwork_factories import AWAY, STATION, V1, V2
from tests.support.sync_phone import Phone, World, give, world

from cunjing.base.clock import now, today
from cunjing.rostering.actions.agreed import AgreedHours, agree_visit, cancel_visit
from cunjing.rostering.models import AgreedVisit, MonthPlan, PlanCall, PlanDay
from cunjing.staffing.models import Staff
from cunjing.sync.coming import AHEAD
from cunjing.sync.models import ScopeRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def plan(here: World) -> MonthPlan:
    return MonthPlan.objects.create(unit_id=STATION, month="2026-09", made_by_name="演示")


def days_ahead(days: int) -> date:
    return today() + timedelta(days=days)


def planned(plan: MonthPlan, *, staff: Staff, village: str = V1, days: int = 1) -> PlanDay:
    day = days_ahead(days)
    return PlanDay.objects.create(
        plan=plan, staff=staff, village_id=village, day=day, planned_on=day
    )


def rows_of(phone: Phone, village: str, row_type: str = "planned") -> list[dict[str, Any]]:
    """The rows a pull leaves on the phone, without what every row has."""
    phone.pull()
    held = phone.scopes[village].rows
    bare = {"row", "id", "version"}
    return [
        {name: value for name, value in row.items() if name not in bare}
        for (kind, _), row in sorted(held.items())
        if kind == row_type
    ]


def test_a_planned_day_comes_with_its_households_in_order(here: World, plan: MonthPlan) -> None:
    day = planned(plan, staff=here.county.officer)
    homes = here.county.households[:2]
    for place, home in enumerate(reversed(homes)):
        PlanCall.objects.create(day=day, household_id=home, place=place, arrive=540, leave=560)
    assert rows_of(here.phone, V1) == [
        {
            "village": V1,
            "day": days_ahead(1).isoformat(),
            "moved": False,
            "households": [str(homes[1]), str(homes[0])],
        }
    ]
    assert rows_of(here.phone, V2) == []


def test_the_days_of_colleagues_do_not_come(here: World, plan: MonthPlan) -> None:
    auxiliary = here.county.auxiliary
    planned(plan, staff=auxiliary)
    assert rows_of(here.phone, V1) == []
    assert auxiliary.user is not None
    give(auxiliary.user, V1)
    other = Phone(auxiliary.user)
    other.enrol()
    assert len(rows_of(other, V1)) == 1
    assert rows_of(here.phone, V1) == []


def test_what_is_moved_replanned_or_gone_by_is_what_the_phone_has(
    here: World, plan: MonthPlan
) -> None:
    day = planned(plan, staff=here.county.officer)
    assert len(rows_of(here.phone, V1)) == 1
    day.day, day.moved_at, day.moved_by_name = days_ahead(3), now(), "演示"
    day.save()
    (row,) = rows_of(here.phone, V1)
    assert (row["day"], row["moved"]) == (days_ahead(3).isoformat(), True)
    plan.replaced_at = now()
    plan.save()
    assert rows_of(here.phone, V1) == []
    again = MonthPlan.objects.create(unit_id=STATION, month="2026-09", made_by_name="演示")
    gone_by = planned(again, staff=here.county.officer, days=0)
    assert len(rows_of(here.phone, V1)) == 1
    PlanDay.objects.filter(pk=gone_by.pk).update(day=days_ahead(-1))
    assert rows_of(here.phone, V1) == []
    assert ScopeRow.objects.filter(row_type="planned").exclude(content="").count() == 0


def test_far_days_and_days_in_villages_of_others_do_not_come(here: World, plan: MonthPlan) -> None:
    planned(plan, staff=here.county.officer, days=AHEAD.days)
    planned(plan, staff=here.county.officer, village=AWAY)
    here.phone.pull()
    kinds = {kind for held in here.phone.scopes.values() for kind, _ in held.rows}
    assert "planned" not in kinds


def test_nothing_new_stays_one_line(here: World, plan: MonthPlan) -> None:
    planned(plan, staff=here.county.officer)
    here.phone.pull()
    before = ScopeRow.objects.get(row_type="planned").number
    assert here.phone.pull() == []
    assert ScopeRow.objects.get(row_type="planned").number == before


def test_what_was_agreed_comes_until_it_is_cancelled(here: World) -> None:
    home = here.county.households[0]
    visit = agree_visit(
        actor=here.county.as_officer,
        household_id=home,
        staff_id=here.county.officer.pk,
        day=days_ahead(2),
        hours=AgreedHours(window_from=570),
    )
    assert rows_of(here.phone, V1, "agreed") == [
        {
            "village": V1,
            "household": str(home),
            "day": days_ahead(2).isoformat(),
            "window_from": 570,
            "window_to": None,
        }
    ]
    cancel_visit(actor=here.county.as_officer, visit_id=visit.pk, reason="住户有事")
    assert rows_of(here.phone, V1, "agreed") == []


def test_what_colleagues_agreed_does_not_come(here: World) -> None:
    agreed = {"made_by_name": "演示", "household_id": here.county.households[0]}
    AgreedVisit.objects.create(staff=here.county.auxiliary, day=days_ahead(2), **agreed)
    AgreedVisit.objects.create(staff=here.county.officer, day=days_ahead(-1), **agreed)
    assert rows_of(here.phone, V1, "agreed") == []


def test_a_pull_asks_little_for_what_is_coming(here: World, plan: MonthPlan) -> None:
    planned(plan, staff=here.county.officer)
    here.phone.pull()
    with CaptureQueriesContext(connection) as asked:
        here.phone.pull()
    about = [one["sql"] for one in asked if "rostering_" in one["sql"]]
    assert len(about) <= 3
