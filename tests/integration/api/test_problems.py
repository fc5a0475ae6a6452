"""Every refusal is a problem document: media type, number, Chinese advice."""

import io
import json
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from tests.support.api_factories import World, entry, household, visit
from tests.support.assessment_factories import V1, uid

from cunjing.api import villages
from cunjing.fieldwork.models import WorkRecord


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == status
    assert body["type"].startswith(f"about:blank#{status}")
    assert any("一" <= sign <= "鿿" for sign in body["detail"])
    return dict(body)


def faults(answer: Any) -> dict[str, str]:
    return {fault["field"]: fault["message"] for fault in problem(answer, 422)["faults"]}


def test_an_address_the_api_does_not_have(world: World) -> None:
    for path in ("/nothing", "/villages/", "/", "/records/x/y/z", "/docs"):
        problem(world.county.call("GET", path), 404)


def test_a_method_an_address_does_not_know(world: World) -> None:
    answer = world.county.call("DELETE", "/records")
    problem(answer, 405)
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.usefixtures("_kept_connection")
@pytest.mark.parametrize("body", ["{", "", "[1", "\x00", "[" * 100_000])
def test_a_body_that_is_no_json(world: World, body: str) -> None:
    status, headers, said = send(world, body.encode(), announced=len(body))
    assert (status[:3], headers["Content-Type"]) == (
        "400" if body else "422", "application/problem+json",
    ), said  # fmt: skip


def test_fields_nobody_knows_are_named_where_they_stand(world: World) -> None:
    assert faults(world.officer.post("/records", visit(village="x"))) == {
        "village": "没有这一项，请去掉或核对名称。"
    }
    deep = entry()
    deep["calls"][0]["colour"] = "red"
    assert list(faults(world.officer.post("/entries", deep))) == ["calls.0.colour"]
    assert "没有查询参数“colour”" in str(faults(world.officer.call("GET", "/records", colour="x")))


def test_details_that_do_not_fit_their_kind(world: World) -> None:
    wrong = visit(details={"left_at": "2026-09-21T12:00:00+08:00", "log": 5, "mood": "good"})
    assert set(faults(world.officer.post("/records", wrong))) == {"log", "mood"}


@pytest.mark.parametrize(
    "change",
    [
        {"id": "no-uuid"},
        {"village_code": "99"},
        {"village_code": f"{V1}\x00"},
        {"occurred_at": "2026-09-21T09:00:00"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"recorded_at": "9999-12-31T23:59:59-12:00"},
        {"details": {"left_at": "9999-12-31T23:59:59-12:00"}},
        {"details": {"left_at": "0001-01-01T00:00:00+14:00"}},
        {"details": {"log": [[[[[[[[[[["deep"]]]]]]]]]]]}},
        {"details": {"log": "\ud800", "left_at": "2026-09-21T12:00:00+08:00"}},
        {"details": []},
        {"subkind": "x" * 25},
        {"unit_code": "x" * 21},
    ],
)
def test_values_no_calendar_or_column_holds(world: World, change: dict[str, Any]) -> None:
    before = WorkRecord.objects.count()
    assert faults(world.officer.post("/records", visit(**change)))
    (line,) = world.officer.post("/records/batch", {"items": [visit(**change)]}).json()["items"]
    assert line["outcome"] == "refused"
    assert WorkRecord.objects.count() == before


def test_an_edit_of_nothing_known_is_refused_field_by_field(world: World) -> None:
    path = f"/households/{uid(1001)}"
    assert list(faults(world.officer.call("PATCH", path, {"address": "x"}))) == ["version"]
    assert list(faults(world.officer.call("PATCH", path, {"version": 10**30}))) == ["version"]
    assert list(
        faults(world.officer.call("PATCH", path, {"version": 1, "address": "户主电话"}))
    ) == ["address"]
    twice = household(address="演示1号")
    problem(world.officer.post(f"/villages/{V1}/households", twice), 409)


@pytest.mark.usefixtures("_kept_connection")
def test_a_body_cut_short_is_refused_and_nothing_written(world: World) -> None:
    body = json.dumps(visit()).encode()
    before = WorkRecord.objects.count()
    for length in (0, 1, len(body) // 2, len(body) - 1):
        status, headers, said = send(world, body[:length], announced=len(body))
        assert status.startswith("400"), said
        assert headers["Content-Type"] == "application/problem+json"
        assert json.loads(said)["type"] == "about:blank#40002"
    assert WorkRecord.objects.count() == before
    assert send(world, body, announced=len(body))[0].startswith("201")


def send(world: World, body: bytes, *, announced: int) -> tuple[str, dict[str, str], bytes]:
    """Through the whole WSGI application, as a server would hand the request over."""
    seen: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], _exc: object = None) -> None:
        seen.update(status=status, headers=dict(headers))

    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/records", "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
        "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http", "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(announced),
        "HTTP_AUTHORIZATION": f"Bearer {world.officer.key}",
    }  # fmt: skip
    said = b"".join(WSGIHandler()(environ, start))  # type: ignore[arg-type]
    return seen["status"], seen["headers"], said


def test_a_fault_of_ours_says_so_and_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise ArithmeticError("secret of the house")

    monkeypatch.setattr(villages, "search", broken)
    answer = world.county.call("GET", "/villages/search", text="村")
    assert "secret" not in json.dumps(problem(answer, 500))
