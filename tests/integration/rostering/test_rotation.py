"""How long auxiliaries have been in one village, against the limit of a policy."""

import pytest
from tests.support.coverage_factories import post
from tests.support.places_factories import actor_with, system
from tests.support.roster_world import RosterWorld, roster_world
from tests.support.staffing_factories import make_staff

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.coverage.actions import end_posting
from cunjing.policy.periods import add_months
from cunjing.rostering.queries.rotation import (
    RotationRow,
    Stay,
    limit_of,
    rotating_policies,
    timeline,
)
from cunjing.staffing.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> RosterWorld:
    return roster_world()


def auxiliary(world: RosterWorld, number: int) -> Staff:
    return make_staff(f"F00{number}", unit_code=world.county.townships[0], role="village_auxiliary")


def rows(world: RosterWorld, number: int = 0) -> list[RotationRow]:
    (policy,) = (one for one in rotating_policies() if one.id == "suzhou-2021")
    unit = world.county.townships[number]
    actor = actor_with(Role.STATION_CHIEF, unit_code=unit)
    return list(timeline(actor=actor, policy=policy, on=today()).rows)


def limit() -> int:
    (policy,) = (one for one in rotating_policies() if one.id == "suzhou-2021")
    found = limit_of(policy)
    assert found is not None
    return found


def test_who_is_due_first_stands_first_and_the_months_say_when(world: RosterWorld) -> None:
    first = today().replace(day=1)
    late, new = auxiliary(world, 1), auxiliary(world, 2)
    post(new, world.county.villages[0], since=first)
    post(late, world.county.villages[1], since=add_months(first, -limit() - 1))
    shown = rows(world)
    assert [row.staff for row in shown] == [late, new]
    assert (shown[0].overdue, set(shown[0].stays)) == (True, {Stay.OVER})
    assert (shown[1].overdue, set(shown[1].stays)) == (False, {Stay.SERVING})
    assert shown[1].due == add_months(first, limit())


def test_postings_that_touch_are_one_stay(world: RosterWorld) -> None:
    first = today().replace(day=1)
    staff, village = auxiliary(world, 1), world.county.villages[0]
    posting = post(staff, village, since=add_months(first, -6))
    end_posting(actor=system(), posting_id=posting.pk, on=first, reason="续任")
    post(staff, village, since=first)
    (row,) = rows(world)
    assert row.since == add_months(first, -6)


def test_a_laid_down_end_shows(world: RosterWorld) -> None:
    first = today().replace(day=1)
    post(
        auxiliary(world, 1),
        world.county.villages[0],
        since=add_months(first, -1),
        until=add_months(first, 3),
    )
    (row,) = rows(world)
    assert row.stays == [Stay.SERVING] * 3 + [Stay.ENDED] * 9


def test_a_chief_sees_the_own_station_only(world: RosterWorld) -> None:
    post(auxiliary(world, 1), world.county.villages[0], since=today())
    assert rows(world, 1) == []
