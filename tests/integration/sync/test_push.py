"""A push is taken whole or not at all, each line exactly once, whatever the line did on the way."""

import gzip
import json
import logging
import re
from typing import Any

import pytest
from tests.support.fieldwork_factories import AWAY, V1
from tests.support.sync_phone import Phone, World, entry, visit, world

from cunjing.base.ids import new_id
from cunjing.fieldwork.actions import recording
from cunjing.fieldwork.models import SyncChannel, SyncState, WorkRecord
from cunjing.kernel.models import AuditEntry
from cunjing.matters.models import Matter
from cunjing.places.models import Household
from cunjing.sync import applying
from cunjing.sync.lines import read_lines
from cunjing.sync.models import DeviceProgress, Mutation, Quarantine

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def number(answer: Any) -> int:
    """The catalogue number of a refusal."""
    return int(answer.json()["type"].rpartition("#")[2])


def counted() -> tuple[int, int, int, int]:
    """What a push may have written."""
    return (
        WorkRecord.objects.count(),
        Matter.objects.count(),
        Mutation.objects.count(),
        AuditEntry.objects.count(),
    )


def small_push(here: World) -> Phone:
    """A phone with a visit and a record in its outbox."""
    here.phone.save("visit_entry", entry(here))
    here.phone.save("work_record", visit(here))
    return here.phone


def test_everything_arrives_and_is_answered_line_by_line(here: World) -> None:
    phone = here.phone
    first, second = entry(here), visit(here)
    phone.save("visit_entry", first)
    phone.save("work_record", second)
    phone.save("withdrawal", {"record_id": second["id"], "reason": "重复登记"})
    phone.save("seen", {"at": "2026-09-30T00:00:00+08:00"})
    answer = phone.push().json()
    assert [one["result"] for one in answer["results"]] == ["accepted"] * 4
    assert answer["results"][0]["rows"] == [
        ["record", first["id"]],
        ["record", first["calls"][0]["id"]],
        ["matter", first["matters"][0]["id"]],
    ]
    assert (answer["last"], answer["head"]) == (4, phone.hashes[4].hex())
    stored = WorkRecord.objects.get(pk=second["id"])
    assert stored.voided_at is not None
    assert stored.recorded_at.isoformat() == "2026-09-10T04:00:00+00:00"
    assert stored.recorded_by == here.user.pk
    assert SyncState.objects.get().channel == SyncChannel.DEVICE


def test_a_correction_takes_the_place_of_a_record(here: World) -> None:
    wrong = visit(here)
    right = visit(here, details={**wrong["details"], "log": "巡村两圈"})
    here.phone.save("work_record", wrong)
    body = {"record_id": wrong["id"], "record": right, "reason": "写错了"}
    here.phone.save("correction", body)
    assert here.phone.results() == ["accepted", "accepted"]
    assert str(WorkRecord.objects.get(voided_at=None).pk) == right["id"]


def test_a_push_cut_at_any_byte_leaves_nothing(here: World) -> None:
    phone = small_push(here)
    body = phone.packed()
    header, before = phone.header(body), counted()
    for length in range(len(body)):
        answer = phone.post("push", body[:length], header=header)
        assert number(answer) == 40003
    assert counted() == before
    assert phone.results() == ["accepted", "accepted"]


def test_a_push_sent_again_is_answered_the_same_and_does_nothing(here: World) -> None:
    phone = small_push(here)
    first, after = phone.push().json(), counted()
    for again in (phone.push(), phone.push(first=2)):
        assert again.json()["results"] == first["results"][-len(again.json()["results"]) :]
    assert counted() == after
    phone.save("work_record", visit(here))
    assert phone.results(first=1) == ["accepted"] * 3
    assert WorkRecord.objects.count() == 4


def test_lines_that_come_again_in_other_parts_are_done_once(here: World) -> None:
    """A phone whose push was lost sends fewer lines at once."""
    phone = small_push(here)
    phone.save("withdrawal", {"record_id": str(new_id()), "reason": "没有这条"})
    whole, after = phone.push().json(), counted()
    parts = [phone.push(last=1).json(), phone.push(first=2, last=3).json()]
    assert [one for part in parts for one in part["results"]] == whole["results"]
    assert [part["last"] for part in parts] == [3, 3]
    assert counted() == after
    phone.save("work_record", visit(here))
    assert phone.results(first=3) == ["rejected", "accepted"]


def test_a_gap_is_refused_with_what_the_server_has(here: World) -> None:
    phone = small_push(here)
    before, answer = counted(), phone.push(first=2)
    assert number(answer) == 40903
    assert (answer.json()["last"], answer.json()["head"]) == (0, phone.hashes[0].hex())
    assert counted() == before
    assert phone.results(last=1) == ["accepted"]
    assert phone.results(first=2) == ["accepted"]


def test_a_number_used_for_something_else_is_a_fork_and_kept_whole(here: World) -> None:
    phone = small_push(here)
    phone.push()
    other = Phone(here.user, id=phone.id, key=phone.key, token=phone.token)
    other.hashes = phone.hashes[:1]
    other.save("work_record", visit(here))
    before = WorkRecord.objects.count()
    for _ in range(2):
        answer = other.push()
        assert number(answer) == 40904
        assert (answer.json()["last"], answer.json()["head"]) == (2, phone.hashes[2].hex())
    assert WorkRecord.objects.count() == before
    kept = Quarantine.objects.get()
    assert (kept.reason, bytes(kept.body)) == ("fork", other.packed())
    # The chain it belongs to goes on.
    phone.save("work_record", visit(here))
    assert phone.results(first=3) == ["accepted"]


def test_new_lines_on_another_past_are_a_fork(here: World) -> None:
    phone = small_push(here)
    phone.push()
    phone.save("work_record", visit(here))
    body = phone.packed(first=3)
    header = phone.header(body, first=3, head="0" * 64)
    assert number(phone.post("push", body, header=header)) == 40904
    assert phone.results(first=3) == ["accepted"]


@pytest.mark.parametrize(
    "body",
    [b"no gzip", gzip.compress(b"{}\n"), gzip.compress(b"{}"), gzip.compress(b"\n")],
    # Packed bytes hold the time: two workers would not know each other's tests.
    ids=["no gzip", "no line", "no line end", "an empty line"],
)
def test_lines_that_are_none_are_kept_for_a_person(here: World, body: bytes) -> None:
    phone = small_push(here)
    header = phone.header(body, last=1)
    before = WorkRecord.objects.count()
    assert number(phone.post("push", body, header=header)) == 40001
    assert (Quarantine.objects.count(), WorkRecord.objects.count()) == (1, before)
    assert phone.results() == ["accepted", "accepted"]


def test_a_foreign_village_is_rejected_and_kept_and_holds_nobody_up(here: World) -> None:
    phone = here.phone
    phone.save("work_record", visit(here))
    raw = phone.save("work_record", visit(here, village_code=AWAY))
    phone.save("work_record", visit(here))
    answer = phone.push().json()["results"]
    assert [one["result"] for one in answer] == ["accepted", "rejected", "accepted"]
    assert answer[1]["problem"]["status"] == 404
    assert phone.push().json()["results"] == answer
    assert not WorkRecord.objects.filter(village_id=AWAY).exists()
    assert bytes(Mutation.objects.get(n=2).content or b"") == raw


def test_one_bad_line_among_many_is_the_only_one_rejected(here: World) -> None:
    phone = here.phone
    for place in range(20):
        changes = {"details": {"log": "没有时间"}} if place == 13 else {}
        phone.save("work_record", visit(here, **changes))
    results = phone.push().json()["results"]
    assert [one["n"] for one in results if one["result"] != "accepted"] == [14]
    faults = results[13]["problem"]["faults"]
    assert [fault["field"] for fault in faults] == ["left_at"]


def test_what_was_done_beside_a_refused_line_is_undone_and_done_once(here: World) -> None:
    phone, first = here.phone, visit(here)
    phone.save("work_record", first)
    phone.save("withdrawal", {"record_id": first["id"], "reason": "重复登记"})
    phone.save("withdrawal", {"record_id": str(new_id()), "reason": "没有这条"})
    assert phone.results() == ["accepted", "accepted", "rejected"]


def test_a_fault_in_a_visit_names_the_part_of_the_form(here: World) -> None:
    body = entry(here)
    body["calls"][0]["household_id"] = str(new_id())
    here.phone.save("visit_entry", entry(here))
    here.phone.save("visit_entry", body)
    results = here.phone.push().json()["results"]
    assert [one["result"] for one in results] == ["accepted", "rejected"]
    assert [one["field"] for one in results[1]["problem"]["faults"]] == ["calls.0.household_id"]


def test_visits_and_what_refers_to_them_may_come_in_one_push(here: World) -> None:
    phone, first = here.phone, visit(here)
    phone.save("work_record", first)
    phone.save("visit_entry", entry(here))
    phone.save("visit_entry", entry(here))
    phone.save(
        "matter",
        {"id": str(new_id()), "kind": "hazard", "subkind": "lamp", "village_code": V1,
         "place": "村口", "summary": "路灯不亮", "opened_at": "2026-09-10T10:00:00+08:00",
         "visit_id": first["id"], "staff_id": str(here.county.officer.pk)},
    )  # fmt: skip
    assert phone.results() == ["accepted"] * 4
    assert Matter.objects.count() == 3


def test_what_several_lines_record_is_read_before_anything_is_written(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def inside(*_: object, **__: object) -> None:
        raise AssertionError("read within the transaction")

    monkeypatch.setattr(recording, "read_items", inside)
    assert small_push(here).results() == ["accepted", "accepted"]


def test_large_pushes_are_done_in_parts(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 5)
    for place in range(7):
        here.phone.save("visit_entry", entry(here))
        here.phone.save("work_record", visit(here, **({"kind": "no"} if place == 3 else {})))
    results = here.phone.results()
    assert [place for place, one in enumerate(results) if one != "accepted"] == [7]
    assert (WorkRecord.objects.count(), Matter.objects.count()) == (20, 7)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "of_the_future"},
        {"schema": 7},
    ],
)
def test_what_is_not_understood_is_kept_for_a_person(here: World, changes: dict[str, Any]) -> None:
    here.phone.save("work_record", visit(here))
    here.phone.save("work_record", visit(here), **changes)
    here.phone.save("work_record", visit(here))
    assert here.phone.results() == ["accepted", "quarantined", "accepted"]


def test_a_character_no_database_holds_is_kept_as_it_came(here: World) -> None:
    for body in ({"log": "\x00"}, {"\x00": 1}):
        here.phone.save("work_record", body)
    here.phone.save("work_record", visit(here))
    assert here.phone.results() == ["quarantined", "quarantined", "accepted"]


def test_an_id_used_twice_on_a_device_counts_once(here: World) -> None:
    phone, body = here.phone, visit(here)
    name = str(new_id())
    phone.save("work_record", body, id=name)
    phone.save("work_record", visit(here), id=name)
    assert phone.results() == ["accepted", "quarantined"]
    phone.save("work_record", visit(here), id=name)
    assert phone.results(first=3) == ["quarantined"]
    assert [str(one.pk) for one in WorkRecord.objects.all()] == [body["id"]]


def test_a_record_that_came_by_another_way_is_accepted_once(here: World) -> None:
    other = Phone(here.user)
    other.enrol()
    body = visit(here)
    here.phone.save("work_record", body)
    other.save("work_record", body)
    assert here.phone.results() == other.results() == ["accepted"]
    other.save("work_record", {**body, "details": {**body["details"], "log": "另一份"}})
    answer = other.push(first=2).json()["results"]
    assert [one["problem"]["status"] for one in answer] == [409]
    assert WorkRecord.objects.count() == 1


def test_the_signature_the_sender_and_the_schema_are_checked(here: World) -> None:
    phone = small_push(here)
    body = phone.packed()
    stranger = Phone(here.user, id=phone.id, lines=phone.lines, hashes=phone.hashes)
    forged, known = stranger.header(body), counted()
    assert number(phone.post("push", body, header=forged)) == 40004
    newer = phone.header(body, schema=3)
    answer = phone.post("push", body, header=newer)
    assert number(answer) == 40902
    assert json.loads(answer.content)["newest"] == 2
    elsewhere = phone.header(body, device=str(new_id()))
    assert number(phone.post("push", body, header=elsewhere)) == 40102
    phone.token = "wrong"
    assert number(phone.push()) == 40102
    assert counted() == known


def test_too_much_is_refused_before_it_is_read(here: World) -> None:
    phone = small_push(here)
    body = bytes(2 * 1024 * 1024 + 1)
    assert phone.post("push", body, header="x").status_code == 413
    bomb = gzip.compress(bytes(17 * 1024 * 1024))
    answer = phone.post("push", bomb, header=phone.header(bomb))
    assert number(answer) == 41301


def test_each_contact_gives_a_later_anchor_and_a_lease(here: World) -> None:
    phone = small_push(here)
    before = phone.anchor or {}
    answer = phone.push().json()
    assert answer["anchor"]["n"] == before["n"] + 1
    assert answer["lease_until"] > answer["anchor"]["at"] > before["at"]
    progress = DeviceProgress.objects.get()
    assert (progress.last_n, progress.head) == (2, phone.hashes[2].hex())
    assert progress.signed_header == phone.header(phone.packed())


def test_the_log_of_what_failed_with_us_names_the_constraint_and_no_content(
    here: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database quotes the row it refuses; an address is nobody's business in a log."""

    def twice(_actor: object, _bodies: object) -> list[list[str]]:
        for _ in range(2):
            Household.objects.create(village_id=V1, address="演示路7号")
        return []

    monkeypatch.setattr(applying, "ACTS", {**applying.ACTS, "work_record": twice})
    here.phone.save("work_record", visit(here))
    assert here.phone.results() == ["quarantined"]
    (said,) = [one for one in caplog.records if one.name == applying.__name__]
    told = logging.Formatter().format(said)
    assert "IntegrityError" in told
    assert "places_household" in told or "household_" in told
    assert "演示路7号" not in told


def test_of_other_faults_the_log_says_where_they_are_and_no_more() -> None:
    with pytest.raises(TypeError) as raised:
        read_lines(header=None, text="演示路7号")  # type: ignore[arg-type]  # a fault to be logged
    assert re.fullmatch(r"TypeError at sync/lines\.py:\d+", applying.fault_name(raised.value))
    assert applying.fault_name(KeyError("演示路7号")) == "KeyError"
