"""Villages nobody serves: since when, whose matter, and which come next."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.accounts_factories import make_user_with
from tests.support.coverage_factories import post
from tests.support.places_factories import County, actor_with, found_policed_county, system
from tests.support.staffing_factories import make_staff

from cunjing.accounts.roles import Role
from cunjing.coverage.owners import Owner
from cunjing.coverage.uncovered import (
    count_coverage,
    soon_uncovered_villages,
    uncovered_villages,
)
from cunjing.kernel.access import Actor
from cunjing.places.actions.edits import Decision, rename_village
from cunjing.places.actions.units import seed_units
from cunjing.places.models import Unit, Village, VillageUnit
from cunjing.staffing.models import OFFICER_ROLES, Staff, StaffRole

pytestmark = pytest.mark.django_db
KNOWN_SINCE = date(2023, 6, 30)
JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))


@pytest.fixture
def county() -> County:
    found_policed_county(code="990102", name="他县")
    return found_policed_county()


@pytest.fixture
def bureau(county: County) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=county.code)


@pytest.fixture
def officer(county: County) -> Staff:
    return make_staff("A001", unit_code=county.code, name="示例安")


def covered_except(county: County, staff: Staff, *left: str) -> None:
    for village in county.villages:
        if village not in left:
            post(staff, village, since=JAN)


def test_a_village_never_served_waits_since_it_is_known(
    bureau: Actor, officer: Staff, county: County
) -> None:
    covered_except(county, officer, county.villages[0])
    (found,) = uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=MAR)
    assert (found.code, found.since, found.last_name) == (county.villages[0], KNOWN_SINCE, "")
    assert found.next_from is None


def test_a_village_left_waits_since_the_day_it_was_left(
    bureau: Actor, officer: Staff, county: County
) -> None:
    left = county.villages[0]
    covered_except(county, officer, left)
    other = make_staff("A002", unit_code=county.code, name="示例白")
    post(officer, left, since=JAN, until=FEB)
    post(other, left, since=JAN, until=MAR)
    post(other, left, since=APR)
    assert uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=MAR - timedelta(days=1)) == []
    (found,) = uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=date(2026, 3, 10))
    assert (found.since, found.days, found.last_name) == (MAR, 10, "示例白")
    assert found.next_from == APR
    assert uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=APR) == []


def test_only_the_asked_roles_count(bureau: Actor, officer: Staff, county: County) -> None:
    covered_except(county, officer)
    assert count_coverage(actor=bureau, roles=OFFICER_ROLES, on=MAR).uncovered == 0
    counted = count_coverage(actor=bureau, roles=[StaffRole.VILLAGE_AUXILIARY], on=MAR)
    assert (counted.villages, counted.covered) == (6, 0)


def test_the_longest_wait_comes_first(bureau: Actor, officer: Staff, county: County) -> None:
    first, second, third = county.villages[:3]
    covered_except(county, officer, first, second, third)
    post(officer, first, since=JAN, until=MAR)
    post(officer, second, since=JAN, until=FEB)
    found = uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=APR)
    assert [village.code for village in found] == [third, second, first]


def test_the_owner_is_the_chief_of_the_station_else_the_county_bureau(
    bureau: Actor, county: County
) -> None:
    station, without_chief = (Unit.objects.get(division_code=code) for code in county.townships)
    make_user_with(Role.STATION_CHIEF, username="suozhang", unit_code=station.code, name="示例所长")
    make_user_with(Role.COUNTY_BUREAU, username="juzhang", unit_code=county.code, name="示例局长")
    found = uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=MAR)
    owners = {village.code: village.owner for village in found}
    near, far = owners[county.villages[0]], owners[county.villages[-1]]
    assert (near.unit_code, near.people) == (station.code, ("示例所长",))
    assert (far.unit_code, far.people) == (county.code, ("示例局长",))
    assert far.unit_code != without_chief.code


def test_the_owner_follows_the_dated_table(bureau: Actor, county: County) -> None:
    village = county.villages[0]
    first, second = (Unit.objects.get(division_code=code) for code in county.townships)
    for unit, name in ((first, "示例甲"), (second, "示例乙")):
        make_user_with(Role.STATION_CHIEF, username=unit.code, unit_code=unit.code, name=name)
    VillageUnit.objects.filter(village_id=village).update(valid_to=MAR)
    VillageUnit.objects.create(village_id=village, unit=second, valid_from=MAR)

    def owner(on: date) -> tuple[str, ...]:
        found = uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=on)
        return next(row.owner.people for row in found if row.code == village)

    assert owner(MAR - timedelta(days=1)) == ("示例甲",)
    assert owner(MAR) == ("示例乙",)


def test_a_village_that_is_not_there_is_not_missed(bureau: Actor, county: County) -> None:
    Village.objects.filter(pk=county.villages[0]).update(valid_to=MAR)
    Village.objects.filter(pk=county.villages[1]).update(valid_from=APR)

    def missed(on: date) -> int:
        return len(uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=on))

    assert [missed(FEB), missed(MAR), missed(APR)] == [5, 4, 5]


def test_a_renamed_village_waits_since_its_first_name(bureau: Actor, county: County) -> None:
    village = county.villages[0]
    decision = Decision(effective_on=MAR, reason="更名")
    rename_village(actor=system(), village_code=village, name="新名村委会", decision=decision)
    for day in (FEB, APR):
        found = uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=day)
        assert {row.since for row in found if row.code == village} == {KNOWN_SINCE}


def test_a_village_nobody_answers_for_has_no_owner(county: County) -> None:
    Unit.objects.filter(pk=county.code).update(division_code="")
    VillageUnit.objects.all().delete()
    found = uncovered_villages(actor=system(), roles=OFFICER_ROLES, on=MAR)
    owners = {row.owner for row in found if row.code in county.villages}
    assert owners == {Owner()}


def test_everyone_sees_their_own_villages(county: County) -> None:
    station = Unit.objects.get(division_code=county.townships[0]).code
    seen = {
        role: {row.code[:6] for row in uncovered_villages(actor=actor, roles=OFFICER_ROLES)}
        for role, actor in {
            "bureau": actor_with(Role.COUNTY_BUREAU, unit_code=county.code),
            "stranger": actor_with(Role.COUNTY_BUREAU, unit_code="990102"),
            "nobody": actor_with(Role.ADMINISTRATOR, unit_code=county.code),
        }.items()
    }
    assert seen == {"bureau": {county.code}, "stranger": {"990102"}, "nobody": set()}
    chief = actor_with(Role.STATION_CHIEF, unit_code=station)
    mine = {row.code for row in uncovered_villages(actor=chief, roles=OFFICER_ROLES)}
    assert mine == set(county.villages[:3])


ENDS = [
    ([(JAN, date(2026, 3, 8))], date(2026, 3, 8)),
    ([(JAN, date(2026, 3, 9))], None),
    ([(JAN, None)], None),
    ([(JAN, date(2026, 3, 5)), (date(2026, 3, 5), None)], None),
    ([(JAN, date(2026, 3, 5)), (date(2026, 3, 6), None)], date(2026, 3, 5)),
    ([(JAN, date(2026, 3, 5)), (date(2026, 3, 5), date(2026, 3, 7))], date(2026, 3, 7)),
    ([(JAN, date(2026, 3, 5)), (date(2026, 3, 5), date(2026, 4, 7))], None),
    ([(JAN, date(2026, 2, 5))], None),
]


@pytest.mark.parametrize(("terms", "since"), ENDS)
def test_a_gap_within_days_is_foreseen(
    bureau: Actor, county: County, terms: list[tuple[date, date | None]], since: date | None
) -> None:
    """Looking seven days ahead from 1 March; an end without a successor within them is foretold."""
    for number, (start, end) in enumerate(terms):
        staff = make_staff(f"A00{number}", unit_code=county.code)
        post(staff, county.villages[0], since=start, until=end)
    found = soon_uncovered_villages(actor=bureau, roles=OFFICER_ROLES, within_days=7, on=MAR)
    assert [row.since for row in found] == ([] if since is None else [since])
    assert all(row.days <= 0 for row in found)


def test_the_number_of_queries_does_not_grow_with_the_villages(bureau: Actor) -> None:
    with CaptureQueriesContext(connection) as few:
        assert len(uncovered_villages(actor=bureau, roles=OFFICER_ROLES, on=MAR)) == 6
    found_policed_county(code="990103", name="大县", townships=3, villages=90)
    seed_units(actor=system(), county_code="990103")
    large = actor_with(Role.COUNTY_BUREAU, unit_code="990103")
    with CaptureQueriesContext(connection) as many:
        assert len(uncovered_villages(actor=large, roles=OFFICER_ROLES, on=MAR)) == 270
    assert len(many) == len(few)
