"""People find a village by what they type, best match first, in their own jurisdiction."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import F
from tests.support.places_factories import County, actor_with, found_policed_county, system

from cunjing.accounts.roles import Role
from cunjing.places.actions.edits import Decision, abolish_village, rename_village
from cunjing.places.lookups import Prefix
from cunjing.places.models import Village
from cunjing.places.search import Match, search

pytestmark = pytest.mark.django_db

DECISION = Decision(effective_on=date(2025, 3, 1), reason="批复")


@pytest.fixture
def county() -> County:
    """天台村, 红旗村, 双河村, 茅阳社区 in the first township, the last three of the second."""
    return found_policed_county(villages=4)


def found(text: str, role: Role = Role.COUNTY_BUREAU, **where: str) -> list[tuple[str, str]]:
    actor = actor_with(role, **(where or {"unit_code": "990101"}))
    return [(hit.name, hit.match.value) for hit in search(actor=actor, text=text)]


@pytest.mark.parametrize(
    "text",
    [
        "天台村",
        "天台村民委员会",
        "天台村委会",
        " 天台\x00 村 ",
        "tiantaicun",
        "Tian Tai Cun",
        "ttc",
    ],
)
def test_every_way_of_saying_a_name_finds_it_exactly(county: County, text: str) -> None:
    assert found(text)[0] == found("ttc")[0] == ("天台村民委员会", "exact")


@pytest.mark.parametrize("text", ["天台", "天", "tiant", "tt", "990101101201", "9901011012"])
def test_a_beginning_finds_it(county: County, text: str) -> None:
    assert found(text)[0] == ("天台村民委员会", "prefix")


def test_a_part_of_a_name_comes_last(county: County) -> None:
    rename_village(
        actor=system(), village_code=county.villages[1], name="台村委会", decision=DECISION
    )
    rename_village(
        actor=system(), village_code=county.villages[2], name="台山村委会", decision=DECISION
    )
    assert found("台村") == [("台村委会", "exact"), ("天台村民委员会", "substring")]
    assert found("台")[-1] == ("天台村民委员会", "substring")


def test_a_former_name_still_finds_the_village(county: County) -> None:
    rename_village(
        actor=system(), village_code=county.villages[0], name="新城社区居委会", decision=DECISION
    )
    hits = search(actor=system(), text="天台")
    assert [(hit.name, hit.match, hit.former_name) for hit in hits] == [
        ("新城社区居委会", Match.FORMER, "天台村民委员会")
    ]


def test_a_padded_code_finds_what_lies_below(county: County) -> None:
    assert len(found("990101102000")) == 4
    assert len(found("990101000000")) == 8


def test_a_hit_says_where_it_lies(county: County) -> None:
    hit = search(actor=system(), text="天台村")[0]
    assert (hit.code, hit.township, hit.county) == (county.villages[0], "东风镇", "示例县")


def test_what_has_ended_is_not_found(county: County) -> None:
    abolish_village(actor=system(), village_code=county.villages[0], decision=DECISION)
    assert found("天台") == []


@pytest.mark.parametrize(
    "text", ["", "  ", "'", "不存在", "zzz", "%", "_", "1234567890123", "\x00"]
)
def test_nothing_is_found_for_nothing(county: County, text: str) -> None:
    assert found(text) == []


def test_no_more_than_asked(county: County) -> None:
    assert len(search(actor=system(), text="村", limit=3)) == 3


def test_a_stranger_finds_only_his_own(county: County) -> None:
    found_policed_county(code="990102", name="邻县", villages=1)
    everywhere = [hit.county for hit in search(actor=system(), text="天台村")]
    assert everywhere == ["示例县", "邻县"]
    assert len(found("天台村")) == 1
    assert found("天台村", Role.STATION_CHIEF, unit_code="990101102") == []
    assert found("红旗", Role.OFFICER, village_code=county.villages[0]) == []


def test_a_prefix_reads_an_index(county: County) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Village.objects.filter(Prefix(F("name"), "天台")).explain()
    assert "village_by_name" in plan
    assert Village.objects.filter(Prefix(F("name"), "天台")).count() == 1
