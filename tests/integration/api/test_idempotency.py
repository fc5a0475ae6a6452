"""Sent again with the same content: the same answer. With other content: 409, nothing changed."""

from typing import Any

import pytest
from tests.support.api_factories import SENT, World, entry, stored, visit
from tests.support.assessment_factories import uid


@pytest.mark.parametrize("path", SENT)
def test_the_same_again_is_answered_the_same_and_other_content_is_refused(
    world: World, path: str
) -> None:
    make, change = SENT[path]
    body: dict[str, Any] = make()
    first = world.officer.post(path, body)
    assert first.status_code == 201, first.content.decode()
    after = stored()
    again = world.officer.post(path, body)
    assert (again.status_code, again.content) == (201, first.content)
    other = world.officer.post(path, {**body, **change})
    assert (other.status_code, other.json()["type"]) == (409, "about:blank#40901")
    assert stored() == after


def test_parts_left_out_of_an_entry_sent_again_are_other_content(world: World) -> None:
    body = entry()
    assert world.officer.post("/entries", body).status_code == 201
    assert world.officer.post("/entries", {**body, "calls": []}).status_code == 409


def test_a_batch_says_what_became_of_each_line(world: World) -> None:
    known, fresh = (
        visit(),
        visit(
            occurred_at="2026-09-23T09:00:00+08:00",
            details={"left_at": "2026-09-23T10:00:00+08:00", "log": "看"},
        ),
    )
    assert world.officer.post("/records", known).status_code == 201
    lines = [
        known,
        fresh,
        {**known, "subkind": "x"},
        {**visit(), "village": "misspelt"},
        visit(village_code="990102101201"),
    ]
    answer = world.officer.post("/records/batch", {"items": lines}).json()["items"]
    assert [line["outcome"] for line in answer] == ["repeated", "created", *["refused"] * 3]
    assert [line["id"] for line in answer] == [line["id"] for line in lines]
    assert [line["problem"] and line["problem"]["status"] for line in answer] == [
        None, None, 409, 422, 404,
    ]  # fmt: skip
    assert answer[3]["problem"]["faults"][0]["field"] == "village"


def test_a_correction_and_a_withdrawal_sent_again_answer_the_same(world: World) -> None:
    old, new = visit(), visit(occurred_at="2026-09-21T08:30:00+08:00")
    world.officer.post("/records", old)
    correction = {"record": new, "reason": "时间记错"}
    path = f"/records/{old['id']}/corrections"
    first = world.officer.post(path, correction)
    assert (first.status_code, first.json()["supersedes_id"]) == (201, old["id"])
    assert world.officer.post(path, correction).content == first.content
    third = {**correction, "record": visit()}
    assert world.officer.post(path, third).json()["latest"] == new["id"]

    path = f"/records/{new['id']}/withdrawal"
    gone = world.officer.post(path, {"reason": "未去"})
    assert gone.status_code == 200
    assert world.officer.post(path, {"reason": " 未去 "}).content == gone.content
    assert world.officer.post(path, {"reason": "别的理由"}).status_code == 409
    assert (
        world.officer.post(f"/records/{old['id']}/withdrawal", {"reason": "x"}).status_code == 409
    )


def test_an_edit_names_its_version_and_may_be_sent_again(world: World) -> None:
    path = f"/households/{uid(1001)}"
    edit = {"version": 1, "visit_priority": 3}
    first = world.station.call("PATCH", path, edit)
    assert (first.json()["version"], first.json()["visit_priority"]) == (2, 3)
    assert world.station.call("PATCH", path, edit).content == first.content
    late = world.officer.call("PATCH", path, {"version": 1, "visit_priority": 0})
    assert late.status_code == 409
    assert (late.json()["version"], late.json()["stored"]["visit_priority"]) == (2, 3)
