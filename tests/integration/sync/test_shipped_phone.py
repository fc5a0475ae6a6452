"""The field app's own core against the server: what one side writes, the other reads."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.driven_phones import CrashedError, Phones, driven
from tests.support.fieldwork_factories import V1, V2, at
from tests.support.places_factories import system
from tests.support.sync_phone import World, entry, world

from cunjing.accounts.actions import end_grant
from cunjing.accounts.queries import grants_in_force
from cunjing.fieldwork.models import WorkRecord
from cunjing.matters.models import Matter
from cunjing.sync.enrolment import create_enrolment_code
from cunjing.sync.keys import server_key
from cunjing.sync.models import DeviceProgress, Mutation, ScopeRow

pytestmark = pytest.mark.django_db

PHONE = "p"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def phones(here: World, tmp_path: Path) -> Iterator[Phones]:
    """One phone of the officer, enrolled."""
    with driven(tmp_path) as made:
        made.act(PHONE, "create")
        code = create_enrolment_code(actor=system(), user_id=here.user.pk).secret
        made.act(PHONE, "enrol", code=code, fingerprint=server_key().fingerprint)
        yield made


def record_entry(here: World, phones: Phones, **said: Any) -> dict[str, Any]:
    """Have the phone save a whole visit; its body."""
    body = entry(here)
    phones.act(PHONE, "record", type="visit_entry", body=body, **said)
    return body


def kept_here() -> dict[str, set[tuple[str, str]]]:
    """What the server keeps ready, by scope."""
    kept: dict[str, set[tuple[str, str]]] = {V1: set(), V2: set()}
    for row in ScopeRow.objects.exclude(content=""):
        kept[row.cursor_id].add((row.row_type, row.row_id))
    return kept


def kept_there(phones: Phones) -> dict[str, set[tuple[str, str]]]:
    """What the phone holds, by scope."""
    kept: dict[str, set[tuple[str, str]]] = {}
    for row in phones.act(PHONE, "dump")["stored"]:
        kept.setdefault(row["scope"], set()).add((row["type"], row["id"]))
    return kept


def facts_of(fields: dict[str, dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """Of shown records what both sides must say alike."""
    same = ("kind", "village", "state", "visit", "household")
    return {name: tuple(said.get(key) for key in same) for name, said in fields.items()}


def test_a_visit_saved_offline_arrives_with_all_its_parts(here: World, phones: Phones) -> None:
    body = record_entry(here, phones)
    assert phones.act(PHONE, "sync") == {"kind": "done", "sent": 1}
    assert {str(pk) for pk in WorkRecord.objects.values_list("pk", flat=True)} == {
        body["id"],
        body["calls"][0]["id"],
    }
    assert Matter.objects.get().pk.hex == body["matters"][0]["id"].replace("-", "")
    assert kept_there(phones) == kept_here()
    shown = {row["id"]: row for row in phones.act(PHONE, "view", type="record")}
    assert shown[body["id"]]["pending"] is False


def test_what_is_shown_before_the_exchange_is_what_the_pull_brings(
    here: World, phones: Phones
) -> None:
    body = record_entry(here, phones)
    before = {row["id"]: row["fields"] for row in phones.act(PHONE, "view", type="record")}
    phones.act(PHONE, "sync")
    after = {row["id"]: row["fields"] for row in phones.act(PHONE, "view", type="record")}
    assert set(before) == set(after) == {body["id"], body["calls"][0]["id"]}
    assert facts_of(before) == facts_of(after)


def test_steps_of_a_visit_become_the_entry_the_server_takes(here: World, phones: Phones) -> None:
    began, ended = (int(at(10, hour).timestamp() * 1000) for hour in (9, 11))
    begun = {"village_code": V1, "staff_id": str(here.county.officer.pk), "arrivedAt": began}
    visit = phones.act(PHONE, "start_visit", visit=begun)
    found = entry(here)
    for part in ("calls", "matters"):
        phones.act(PHONE, "add_to_visit", visit=visit, part=part, body=found[part][0])
    phones.act(PHONE, "finish_visit", visit=visit, finished={"leftAt": ended, "log": "入户一家"})
    phones.act(PHONE, "sync")
    assert [one.result for one in Mutation.objects.all()] == ["accepted"]
    assert WorkRecord.objects.get(pk=visit).details["log"] == "入户一家"


@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-send", "after-reply"])
def test_a_phone_that_dies_anywhere_in_an_exchange_delivers_once(
    point: str, here: World, phones: Phones
) -> None:
    record_entry(here, phones)
    deaths = 0
    while True:
        try:
            phones.act(PHONE, "sync", crash={"point": point, "at": deaths + 1})
        except CrashedError:
            deaths += 1
            phones.act(PHONE, "open")
        else:
            break
    assert deaths > 0
    assert Mutation.objects.count() == 1
    assert WorkRecord.objects.count() == 2
    assert kept_there(phones) == kept_here()


def test_a_killed_process_keeps_what_was_saved(here: World, phones: Phones) -> None:
    record_entry(here, phones)
    with pytest.raises(CrashedError):
        record_entry(here, phones, crash={"point": "after-commit", "kill": True})
    phones.act(PHONE, "open")
    assert phones.act(PHONE, "sync") == {"kind": "done", "sent": 2}
    assert [one.result for one in Mutation.objects.order_by("n")] == ["accepted", "accepted"]


def test_the_chain_is_the_same_on_both_sides(here: World, phones: Phones) -> None:
    for _ in range(3):
        phones.act(PHONE, "record", type="seen", body={"at": "2026-09-10T12:00:00+08:00"})
    phones.act(PHONE, "sync")
    dump = phones.act(PHONE, "dump")
    progress = DeviceProgress.objects.get(device_id=dump["device"])
    assert (progress.last_n, progress.head) == (3, dump["state"]["head"])
    assert dump["state"]["answered"] == 3


def test_a_grant_that_ends_takes_its_village_along_and_leaves_what_was_not_sent(
    here: World, phones: Phones
) -> None:
    phones.act(PHONE, "sync")
    assert set(kept_there(phones)) == {V1, V2}
    (grant,) = [one for one in grants_in_force(user=here.user) if one.village_code == V1]
    body = record_entry(here, phones)
    end_grant(actor=system(), grant_id=grant.pk, reason="调离")
    phones.act(PHONE, "sync", faults=[{"at": 1, "kind": "drop_request"}])
    phones.act(PHONE, "sync")
    assert set(kept_there(phones)) == {V2}
    sent = Mutation.objects.get()
    assert body["id"].encode() in bytes(sent.content or b"")


def test_a_line_with_any_character_is_taken(here: World, phones: Phones) -> None:
    body = entry(here, log="灯不亮\u2028🏡 <b>\\")
    phones.act(PHONE, "record", type="visit_entry", body=body)
    phones.act(PHONE, "sync")
    line = json.loads(bytes(Mutation.objects.get().content or b""))
    assert line["body"]["log"] == "灯不亮\u2028🏡 <b>\\"
