"""How long auxiliaries have been in one village, against the limit of a policy."""

import pytest
from tests.support.coverage_factories import post
from tests.support.places_factories import actor_with, system
from tests.support.roster_world import RosterWorld
from tests.support.staffing_factories import make_staff

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.coverage.actions import end_posting
from cunjing.policy.periods import add_months
from cunjing.rostering.queries.rotation import (
    RotationRow,
    Stay,
    Timeline,
    limit_of,
    rotating_policies,
    timeline,
)
from cunjing.staffing.models import Staff


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    return roster


def auxiliary(world: RosterWorld, number: int) -> Staff:
    """Somebody of the first station, at home in its third village."""
    return make_staff(
        f"F00{number}",
        unit_code=world.county.townships[0],
        role="village_auxiliary",
        home_village_code=world.county.villages[2],
    )


def shown(world: RosterWorld, number: int = 0) -> Timeline:
    (policy,) = (one for one in rotating_policies(on=today()) if one.id == "suzhou-2021")
    unit = world.county.townships[number]
    actor = actor_with(Role.STATION_CHIEF, unit_code=unit)
    return timeline(actor=actor, policy=policy, on=today())


def rows(world: RosterWorld, number: int = 0) -> list[RotationRow]:
    return list(shown(world, number).rows)


def limit() -> int:
    (policy,) = (one for one in rotating_policies(on=today()) if one.id == "suzhou-2021")
    found = limit_of(policy, on=today())
    assert found is not None
    return found


def test_who_is_due_first_stands_first_and_the_months_say_when(world: RosterWorld) -> None:
    first = today().replace(day=1)
    late, new = auxiliary(world, 1), auxiliary(world, 2)
    post(new, world.county.villages[0], since=first)
    post(late, world.county.villages[1], since=add_months(first, -limit() - 1))
    overdue, fresh = rows(world)
    assert (overdue.staff, fresh.staff) == (late, new)
    assert (overdue.overdue, set(overdue.stays)) == (True, {Stay.OVER})
    assert (fresh.overdue, set(fresh.stays)) == (False, {Stay.SERVING})
    assert fresh.due == add_months(first, limit())


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


def test_two_who_are_due_change_places_and_nobody_stays_too_long(world: RosterWorld) -> None:
    first = today().replace(day=1)
    one, other = auxiliary(world, 1), auxiliary(world, 2)
    since = add_months(first, 3 - limit())
    post(one, world.county.villages[0], since=since)
    post(other, world.county.villages[1], since=since)
    told = [(p.day, p.village.code, p.before, p.after) for p in shown(world).proposals]
    due = add_months(first, 3)
    assert told == [
        (due, world.county.villages[0], one, other),
        (due, world.county.villages[1], other, one),
    ]


def test_nobody_to_follow_is_said_as_a_vacancy(world: RosterWorld) -> None:
    first = today().replace(day=1)
    staff = auxiliary(world, 1)
    post(staff, world.county.villages[0], since=add_months(first, 2 - limit()))
    (proposal,) = shown(world).proposals
    assert (proposal.day, proposal.before, proposal.after) == (add_months(first, 2), staff, None)


def test_nothing_is_proposed_while_nobody_is_due(world: RosterWorld) -> None:
    post(auxiliary(world, 1), world.county.villages[0], since=today())
    assert shown(world).proposals == []
