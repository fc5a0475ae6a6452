"""Units seeded from codes, and villages that change hands."""

from datetime import date, timedelta

import pytest
from tests.support.places_factories import (
    County,
    actor_with,
    found_county,
    found_policed_county,
    system,
)

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.actions import units
from cunjing.places.models import Unit, UnitKind, VillageUnit
from cunjing.places.queries import station_of, stations_on

pytestmark = pytest.mark.django_db

START = date(2023, 6, 30)
DAY = date(2025, 3, 1)


@pytest.fixture
def county() -> County:
    return found_policed_county()


def test_seeding_makes_a_bureau_a_station_a_township_and_their_villages() -> None:
    county = found_county()
    result = units.seed_units(actor=system(), county_code=county.code)
    assert (result.units_added, result.villages_assigned, result.kept) == (3, 6, 0)
    made = Unit.objects.order_by("code").values_list("code", "name", "kind", "parent_id")
    assert list(made) == [
        ("990101", "示例县公安局", "county", None),
        ("990101101", "东风派出所", "station", "990101"),
        ("990101102", "西山派出所", "station", "990101"),
    ]
    for row in VillageUnit.objects.select_related("village"):
        assert (row.unit_id, row.valid_from, row.valid_to) == (
            row.village.township_id,
            START,
            None,
        )


def test_seeding_again_keeps_names_and_hands(county: County) -> None:
    first, second = county.townships
    units.edit_unit(actor=system(), unit_code=first, name="城关派出所", phone="0878 5211234")
    units.assign_villages(
        actor=system(), unit_code=second, village_codes=[county.villages[0]], valid_from=DAY
    )
    before = list(VillageUnit.objects.order_by("pk").values())
    result = units.seed_units(actor=system(), county_code=county.code)
    assert (result.units_added, result.villages_assigned, result.kept) == (0, 0, 6)
    assert list(VillageUnit.objects.order_by("pk").values()) == before
    renamed = Unit.objects.get(code=first)
    assert (renamed.name, renamed.phone) == ("城关派出所", "0878-5211234")


def test_only_a_known_county_is_seeded(county: County) -> None:
    for code in ("990199", county.townships[0]):
        with pytest.raises(Problem, match="divisions import"):
            units.seed_units(actor=system(), county_code=code)


def test_a_village_changes_hands_on_a_day(county: County) -> None:
    code, (old, new) = county.villages[0], county.townships
    changed = units.assign_villages(
        actor=system(), unit_code=new, village_codes=[code], valid_from=DAY
    )
    before = station_of(village_code=code, on=DAY - timedelta(1))
    after = station_of(village_code=code, on=DAY)
    assert changed == 1
    assert before is not None
    assert after is not None
    assert (before.code, after.code) == (old, new)
    assert stations_on(actor=system(), on=DAY)[code].code == new


def test_assigning_again_changes_nothing(county: County) -> None:
    code, station = county.villages[0], county.townships[0]
    changed = units.assign_villages(
        actor=system(), unit_code=station, village_codes=[code], valid_from=DAY
    )
    assert changed == 0
    assert VillageUnit.objects.filter(village_id=code).count() == 1


def test_a_slip_is_put_right_the_same_day(county: County) -> None:
    code, (old, new) = county.villages[0], county.townships
    for station in (new, old):
        units.assign_villages(
            actor=system(), unit_code=station, village_codes=[code], valid_from=DAY
        )
    rows = VillageUnit.objects.filter(village_id=code).order_by("valid_from")
    assert [(row.unit_id, row.valid_from, row.valid_to) for row in rows] == [
        (old, START, DAY),
        (old, DAY, None),
    ]


def test_hands_never_overlap(county: County) -> None:
    code = county.villages[0]
    units.assign_villages(
        actor=system(), unit_code=county.townships[1], village_codes=[code], valid_from=DAY
    )
    with pytest.raises(Problem, match="2025-03-01起已另有安排"):
        units.assign_villages(
            actor=system(),
            unit_code=county.townships[1],
            village_codes=[code],
            valid_from=DAY - timedelta(30),
        )


def test_a_bureau_unit_answers_beside_the_station(county: County) -> None:
    brigade = units.create_unit(
        actor=system(),
        code="990101Z01",
        name="刑警大队",
        kind=UnitKind.BUREAU_UNIT,
        parent_code=county.code,
    )
    code = county.villages[0]
    units.assign_villages(
        actor=system(), unit_code=brigade.code, village_codes=[code], valid_from=DAY
    )
    rows = VillageUnit.objects.filter(village_id=code, valid_to=None)
    assert {row.unit_id for row in rows} == {brigade.code, county.townships[0]}
    chief = actor_with(Role.STATION_CHIEF, unit_code=brigade.code)
    reach = jurisdiction_of(actor=chief, permission=Permission.VILLAGE_READ)
    assert reach.villages == {code}


def test_a_unit_needs_a_free_code_and_a_place_inside(county: County) -> None:
    found_county(code="990102", name="邻县")

    def create(code: str, division: str) -> Unit:
        return units.create_unit(
            actor=system(),
            code=code,
            name="新区派出所",
            kind=UnitKind.STATION,
            parent_code=county.code,
            division_code=division,
        )

    for code, division in (("有误", ""), ("A1", "990102101"), ("A1", "990101999")):
        with pytest.raises(Problem) as caught:
            create(code, division)
        assert caught.value.kind is ProblemKind.INVALID
    assert create("A1", county.villages[0]).division_code == county.villages[0]
    with pytest.raises(Problem, match="已被使用") as caught:
        create("A1", "")
    assert caught.value.kind is ProblemKind.CONFLICT


def test_the_county_may_use_its_new_unit_at_once(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    units.create_unit(
        actor=bureau,
        code="A1",
        name="新区派出所",
        kind=UnitKind.STATION,
        parent_code=county.code,
        division_code=county.townships[0],
    )
    renamed = units.edit_unit(actor=bureau, unit_code="A1", name="老区派出所")
    assert renamed.name == "老区派出所"


def test_the_county_holds_its_brigades_and_their_squads(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    above = county.code
    for code in ("Z1", "Z2"):
        units.create_unit(
            actor=bureau, code=code, name=code, kind=UnitKind.BUREAU_UNIT, parent_code=above
        )
        above = code
    reach = jurisdiction_of(actor=bureau, permission=Permission.STAFF_READ)
    assert {"Z1", "Z2", *county.townships} <= reach.units


def test_a_wrong_telephone_is_refused(county: County) -> None:
    with pytest.raises(Problem, match="区号"):
        units.edit_unit(actor=system(), unit_code=county.code, name="县局", phone="5211234")


def test_strangers_and_stations_change_no_hands(county: County) -> None:
    other = found_policed_county(code="990102", name="邻县")
    cases = [
        (actor_with(Role.COUNTY_BUREAU, unit_code=other.code), ProblemKind.NOT_FOUND),
        (actor_with(Role.STATION_CHIEF, unit_code=county.townships[0]), ProblemKind.FORBIDDEN),
    ]
    for actor, kind in cases:
        with pytest.raises(Problem) as caught:
            units.assign_villages(
                actor=actor,
                unit_code=county.townships[0],
                village_codes=[county.villages[3]],
                valid_from=DAY,
            )
        assert caught.value.kind is kind
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    with pytest.raises(Problem) as caught:
        units.assign_villages(
            actor=bureau,
            unit_code=county.townships[0],
            village_codes=[other.villages[0]],
            valid_from=DAY,
        )
    assert caught.value.kind is ProblemKind.NOT_FOUND
