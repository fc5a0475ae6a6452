"""Reads stay within the jurisdiction and do not grow queries with rows."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.places_factories import County, actor_with, found_policed_county, system

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.places import queries
from cunjing.places.actions import edits, households, units
from cunjing.places.actions.edits import Decision
from cunjing.places.actions.households import NewHousehold
from cunjing.places.models import Layer
from cunjing.places.queries import HouseholdFilter, VillageFilter

pytestmark = pytest.mark.django_db

START = date(2023, 6, 30)
DAY = date(2025, 3, 1)
DECISION = Decision(effective_on=DAY, reason="批复")


@pytest.fixture
def county() -> County:
    return found_policed_county()


@pytest.fixture
def neighbour(county: County) -> County:
    return found_policed_county(code="990102", name="邻县")


def codes(actor_role: Role, **where: str) -> list[str]:
    actor = actor_with(actor_role, **where)
    return [village.code for village in queries.villages(actor=actor)]


def test_each_role_sees_its_own_villages(county: County, neighbour: County) -> None:
    assert codes(Role.COUNTY_BUREAU, unit_code=county.code) == list(county.villages)
    assert codes(Role.STATION_CHIEF, unit_code=county.townships[1]) == list(county.villages[3:])
    assert codes(Role.OFFICER, village_code=county.villages[4]) == [county.villages[4]]
    everything = queries.villages(actor=system()).count()
    assert everything == len(county.villages) + len(neighbour.villages)


def test_a_station_sees_a_village_from_the_day_it_is_given(county: County) -> None:
    units.assign_villages(
        actor=system(),
        unit_code=county.townships[1],
        village_codes=[county.villages[0]],
        valid_from=DAY,
    )
    mine = codes(Role.STATION_CHIEF, unit_code=county.townships[1])
    assert mine == [county.villages[0], *county.villages[3:]]
    assert codes(Role.STATION_CHIEF, unit_code=county.townships[0]) == list(county.villages[1:3])


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (VillageFilter(township_code="990101102"), [3, 4, 5]),
        (VillageFilter(county_code="990101", layer="key"), [1]),
        (VillageFilter(kind="neighbourhood"), []),
        (VillageFilter(unit_code="990101101", on=DAY), [1, 2]),
        (VillageFilter(unit_code="990101101"), [0, 1, 2]),
        (VillageFilter(on=DAY), [1, 2, 3, 4, 5]),
        (VillageFilter(on=DAY - timedelta(1)), [0, 1, 2, 3, 4, 5]),
        (VillageFilter(on=START - timedelta(1)), []),
        (VillageFilter(), [0, 1, 2, 3, 4, 5]),
    ],
)
def test_filters_choose(county: County, chosen: VillageFilter, expected: list[int]) -> None:
    edits.set_layer(
        actor=system(), village_code=county.villages[1], layer=Layer.KEY, decision=DECISION
    )
    edits.abolish_village(actor=system(), village_code=county.villages[0], decision=DECISION)
    rows = queries.villages(actor=system(), chosen=chosen)
    assert [row.code for row in rows] == [county.villages[i] for i in expected]


def test_a_page_of_villages_costs_one_statement(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    rows = queries.villages(actor=bureau)
    with CaptureQueriesContext(connection) as statements:
        shown = [(v.name, v.township.name, v.township.parent) for v in rows[:50]]
    assert (len(shown), len(statements)) == (6, 1)


def test_a_village_shows_the_decisions_that_made_it(county: County) -> None:
    gone, stays = county.villages[:2]
    merge = edits.merge_villages(
        actor=system(), predecessor_codes=[gone], successor_code=stays, decision=DECISION
    )
    for code in (gone, stays):
        assert list(queries.edits(actor=system(), code=code)) == [merge]
    assert list(queries.edits(actor=system(), code=county.villages[2])) == []


def test_townships_are_those_of_ones_villages(county: County, neighbour: County) -> None:
    chief = actor_with(Role.STATION_CHIEF, unit_code=county.townships[1])
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    assert [row.code for row in queries.townships(actor=chief)] == [county.townships[1]]
    assert [row.code for row in queries.townships(actor=bureau)] == list(county.townships)


def test_divisions_are_walked_from_the_top(county: County) -> None:
    walk = ["", "99", "9901", county.code]
    below = [[row.code for row in queries.divisions_below(code=code)] for code in walk]
    assert below == [["99"], ["9901"], [county.code], list(county.townships)]


def test_units_are_those_of_the_jurisdiction(county: County, neighbour: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    assert [u.code for u in queries.units(actor=bureau)] == [county.code, *county.townships]
    assert [u.code for u in queries.units(actor=bureau, kind="county")] == [county.code]
    assert queries.units(actor=system()).count() == 6
    assert queries.unit(actor=bureau, code=county.townships[0]).name == "东风派出所"
    for actor, code in ((bureau, neighbour.code), (system(), "A9")):
        with pytest.raises(Problem) as caught:
            queries.unit(actor=actor, code=code)
        assert caught.value.kind is ProblemKind.NOT_FOUND


def test_households_are_listed_by_urgency_and_filtered(county: County) -> None:
    village = county.villages[0]
    group = households.add_hamlet(actor=system(), village_code=village, name="一组")
    added = households.add_households(
        actor=system(),
        village_code=village,
        households=[
            NewHousehold("东街1号", visit_priority=1),
            NewHousehold("东街2号", hamlet_id=group.pk, visit_priority=3),
            NewHousehold("西街1号"),
        ],
    )
    households.retire_household(actor=system(), household_id=added[2].pk, version=1)

    def listed(chosen: HouseholdFilter | None = None) -> list[str]:
        rows = queries.households(actor=system(), village_code=village, chosen=chosen)
        return [row.address for row in rows]

    assert listed() == ["东街2号", "东街1号"]
    assert listed(HouseholdFilter(hamlet_id=group.pk)) == ["东街2号"]
    assert listed(HouseholdFilter(visit_priority=1)) == ["东街1号"]
    assert listed(HouseholdFilter(text="街1", retired=True)) == ["东街1号", "西街1号"]
    assert queries.household(actor=system(), household_id=added[0].pk).address == "东街1号"
    assert [h.name for h in queries.hamlets(actor=system(), village_code=village)] == ["一组"]


def test_a_stranger_reads_nothing(county: County, neighbour: County) -> None:
    village = county.villages[0]
    row = households.add_household(
        actor=system(), village_code=village, household=NewHousehold("1号")
    )
    stranger = actor_with(Role.COUNTY_BUREAU, unit_code=neighbour.code)
    nobody = actor_with(Role.OFFICER, village_code="990109101201")
    for actor in (stranger, nobody):
        for read in (
            lambda actor: queries.village(actor=actor, code=village),
            lambda actor: queries.edits(actor=actor, code=village),
            lambda actor: queries.hamlets(actor=actor, village_code=village),
            lambda actor: queries.households(actor=actor, village_code=village),
            lambda actor: queries.household(actor=actor, household_id=row.pk),
            lambda actor: queries.household(actor=actor, household_id=uuid4()),
        ):
            with pytest.raises(Problem) as caught:
                read(actor)
            assert caught.value.kind is ProblemKind.NOT_FOUND
    assert list(queries.hamlets(actor=stranger)) == []
    assert queries.village(actor=system(), code=village).township.name == "东风镇"


def test_a_village_that_is_not_there_is_not_found(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    with pytest.raises(Problem) as caught:
        queries.village(actor=bureau, code=f"{county.code}101999")
    assert caught.value.kind is ProblemKind.NOT_FOUND


def test_the_stations_of_a_list_cost_one_statement(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    queries.villages(actor=bureau).count()
    with CaptureQueriesContext(connection) as statements:
        stations = queries.stations_on(actor=bureau, on=DAY)
        names = {code: station.name for code, station in stations.items()}
    assert len(statements) == 1
    assert names[county.villages[0]] == "东风派出所"
