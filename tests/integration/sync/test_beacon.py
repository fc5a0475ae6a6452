"""A phone that goes says how much of it is not here; nothing counts as arrived by that."""

import json
from typing import Any

import pytest
from tests.support.places_factories import system
from tests.support.sync_phone import World, visit, world

from cunjing.fieldwork.models import SyncState
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.models import DeviceProgress

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def beacon(here: World, **changes: Any) -> Any:
    phone = here.phone
    said = {"made": len(phone.lines), "head": phone.hashes[-1].hex(), **changes}
    return phone.post("beacon", json.dumps(said).encode())


def test_a_phone_with_unsent_work_is_incomplete(here: World) -> None:
    here.phone.save("work_record", visit(here))
    here.phone.save("work_record", visit(here))
    answer = beacon(here)
    assert (answer.status_code, answer.content) == (204, b"")
    progress = DeviceProgress.objects.get()
    assert (progress.unsent, progress.complete_at) == (2, None)


def test_nothing_is_missing_where_the_last_line_is_the_last_here(here: World) -> None:
    here.phone.save("work_record", visit(here))
    here.phone.push()
    before = DeviceProgress.objects.get()
    beacon(here)
    progress = DeviceProgress.objects.get()
    assert progress.unsent == 0
    assert progress.complete_at == progress.last_contact_at
    assert (progress.contacts, progress.last_n) == (before.contacts, before.last_n)
    assert SyncState.objects.count() == 0


def test_the_same_number_with_another_hash_is_not_complete(here: World) -> None:
    here.phone.save("work_record", visit(here))
    here.phone.push()
    beacon(here, head="0" * 64)
    assert DeviceProgress.objects.get().complete_at is None


def test_a_stranger_and_a_revoked_phone_say_nothing(here: World) -> None:
    here.phone.token = "wrong"
    assert beacon(here).status_code == 401
    revoke_device(actor=system(), device_id=here.phone.id, reason="遗失")
    assert beacon(here).status_code == 401
    assert DeviceProgress.objects.get().unsent is None


@pytest.mark.parametrize("changes", [{"made": -1}, {"head": "x"}, {"records": 5}])
def test_what_is_no_beacon_is_refused(here: World, changes: dict[str, Any]) -> None:
    assert beacon(here, **changes).status_code == 422
