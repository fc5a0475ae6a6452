"""Where a visit was saved: kept once, if its officer lets it be known, and shown in one place."""

import pytest
from tests.support.fieldwork_factories import V1
from tests.support.sync_phone import World, entry, world

from cunjing.fieldwork.filters import LedgerFilter
from cunjing.fieldwork.models import RecordPosition
from cunjing.fieldwork.queries import ledger, record_detail

pytestmark = pytest.mark.django_db
PLACE = {"longitude": 101.5432109, "latitude": 25.3129, "accuracy": 12.4}


@pytest.fixture
def here() -> World:
    return world()


def test_it_is_kept_with_the_visit_and_shown_on_its_page_only(here: World) -> None:
    said = entry(here, position=PLACE)
    here.phone.save("visit_entry", said)
    assert here.phone.results() == ["accepted"]
    kept = RecordPosition.objects.get()
    assert str(kept.record_id) == said["id"]
    assert (str(kept.longitude), str(kept.latitude), kept.accuracy_m) == (
        "101.543211", "25.312900", 12,
    )  # fmt: skip
    actor = here.county.as_station
    shown = record_detail(actor=actor, record_id=kept.record_id)
    assert shown.position == kept
    lines = ledger(actor=actor, chosen=LedgerFilter(village_code=V1)).rows
    assert "101.54" not in repr(lines)
    here.phone.pull()
    assert "101.54" not in repr(here.phone.scopes[V1].rows)


def test_a_visit_without_one_is_as_before(here: World) -> None:
    here.phone.save("visit_entry", entry(here))
    assert here.phone.results() == ["accepted"]
    assert not RecordPosition.objects.exists()


@pytest.mark.parametrize("change", [{"longitude": 181}, {"latitude": None}, {"accuracy": -1}])
def test_no_place_on_earth_is_refused(here: World, change: dict[str, object]) -> None:
    here.phone.save("visit_entry", entry(here, position=PLACE | change))
    assert here.phone.results() == ["rejected"]
    assert not RecordPosition.objects.exists()
