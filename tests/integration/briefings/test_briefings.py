"""The station briefs whoever serves a village before a visit (B3)."""

from datetime import date, timedelta

import pytest
from tests.support.fieldwork_factories import V1, V2
from tests.support.sync_phone import World, world

from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.briefings.actions import LONGEST, end_briefing, write_briefing
from cunjing.briefings.models import Briefing
from cunjing.briefings.queries import briefings

pytestmark = pytest.mark.django_db
TEXT = "桥头护栏待修，路过请查看；向各户宣传防骗。"


@pytest.fixture
def here() -> World:
    return world()


def on_the_phone(here: World, village: str = V1) -> list[str]:
    here.phone.pull()
    rows = here.phone.scopes[village].rows
    return [row["text"] for (kind, _), row in rows.items() if kind == "briefing"]


def test_it_is_on_the_phones_of_the_village_until_it_is_taken_back(here: World) -> None:
    station = here.county.as_station
    until = today() + timedelta(days=7)
    made = write_briefing(actor=station, village_code=V1, text=f" {TEXT} ", valid_until=until)
    assert on_the_phone(here) == [TEXT]
    assert on_the_phone(here, V2) == []
    end_briefing(actor=station, briefing_id=made.pk)
    assert on_the_phone(here) == []
    with pytest.raises(Problem, match="已经撤回"):
        end_briefing(actor=station, briefing_id=made.pk)


@pytest.mark.parametrize(
    ("text", "until", "field"),
    [
        ("", today(), "text"),
        ("长" * 301, today(), "text"),
        ("找张某13800000000", today(), "text"),
        (TEXT, today() - timedelta(days=1), "valid_until"),
        (TEXT, today() + LONGEST + timedelta(days=1), "valid_until"),
    ],
)
def test_what_may_not_be_is_told(here: World, text: str, until: date, field: str) -> None:
    with pytest.raises(Problem) as refused:
        write_briefing(actor=here.county.as_station, village_code=V1, text=text, valid_until=until)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert not Briefing.objects.exists()


def test_only_the_station_writes_and_only_readers_read(here: World) -> None:
    county, until = here.county, today()
    for actor, status in ((county.as_officer, 403), (county.as_stranger, 404)):
        with pytest.raises(Problem) as refused:
            write_briefing(actor=actor, village_code=V1, text=TEXT, valid_until=until)
        assert refused.value.status == status
    made = write_briefing(actor=county.as_station, village_code=V1, text=TEXT, valid_until=until)
    assert list(briefings(actor=county.as_officer, village_code=V1, on=today())) == [made]
    assert not briefings(actor=county.as_stranger, village_code=V1, on=today()).exists()
    assert not briefings(
        actor=county.as_officer, village_code=V1, on=until + timedelta(days=1)
    ).exists()
    with pytest.raises(Problem):
        end_briefing(actor=county.as_officer, briefing_id=made.pk)
