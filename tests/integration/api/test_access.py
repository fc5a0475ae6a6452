"""Who may call what: every address of the OpenAPI document, every role, in and out of reach."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from tests.support.api_factories import MONTH, World, entry, household, lamp, visit
from tests.support.assessment_factories import (
    AN,
    AN_V1,
    COUNTY,
    STATION_NORTH,
    V1,
    uid,
)

from cunjing.api.surface import api

# What the first station's officer, village, visit, household answer to each role. 401 without a key
# is asked of every address beside these.
ROLES = (
    "county", "station", "other_station", "officer", "auxiliary", "auditor", "administrator",
    "neighbour",
)  # fmt: skip
TABLE = """
GET   /me                                   200 200 200 200 200 200 200 200
GET   /divisions                            200 200 200 200 200 200 200 200
GET   /townships                            200 200 200 200 200 200 200 200
GET   /villages                             200 200 200 200 200 200 200 200
GET   /villages/search                      200 200 200 200 200 200 200 200
GET   /villages/{village_code}              200 200 404 200 200 200 200 404
GET   /villages/{village_code}/hamlets      200 200 404 200 200 200 200 404
GET   /villages/{village_code}/households   200 200 404 200 200 200 200 404
POST  /villages/{village_code}/households   201 201 404 201 403 403 403 404
GET   /households/{household_id}            200 200 404 200 200 200 200 404
PATCH /households/{household_id}            200 200 404 200 403 403 403 404
GET   /units                                200 200 200 200 200 200 200 200
GET   /units/{unit_code}                    200 200 404 404 404 200 200 404
GET   /staff                                200 200 200 403 403 200 403 200
GET   /staff/{staff_id}                     200 200 404 200 403 200 403 404
GET   /staff/{staff_id}/absences            200 200 404 200 403 200 403 404
GET   /absences                             200 200 200 403 403 200 403 200
GET   /postings                             200 200 200 200 200 200 403 200
GET   /uncovered-villages                   200 200 200 200 200 200 403 200
GET   /records                              200 200 200 200 200 200 403 200
GET   /records/{record_id}                  200 200 404 200 200 200 403 404
POST  /records                              201 201 404 201 403 403 403 404
POST  /records/batch                        200 200 200 200 200 200 200 200
POST  /records/{record_id}/corrections      201 201 404 201 403 403 404 404
POST  /records/{record_id}/withdrawal       200 200 404 200 403 403 404 404
POST  /sync-marks                           200 200 404 200 404 403 403 404
POST  /entries                              201 201 404 201 403 403 403 404
POST  /entries/batch                        200 200 200 200 200 200 200 200
GET   /matters                              200 200 200 200 200 200 403 200
GET   /matters/{matter_id}                  200 200 404 200 200 200 403 404
POST  /matters                              201 201 404 201 201 403 403 404
GET   /assessments                                 200 200 200 200 200 200 403 200
GET   /assessments/{run_id}                        200 200 200 200 200 200 403 404
GET   /assessments/{run_id}/results                200 200 200 200 200 200 403 404
GET   /assessments/{run_id}/results/{rule}/{subject} 200 200 404 200 200 200 403 404
GET   /policies                             200 200 200 200 200 200 200 200
GET   /policies/{policy_id}                 200 200 200 200 200 200 200 200
GET   /policies/{policy_id}/standing        200 200 200 200 200 200 403 200
GET   /policies/{policy_id}/rules/{rule}    200 200 200 200 200 200 403 200
GET   /drafts                               200 200 200 403 403 403 403 200
GET   /drafts/{draft_id}                    200 200 404 404 404 403 403 404
GET   /vacancies                            200 200 200 403 403 403 403 200
GET   /units/{unit_code}/month-plan         200 200 404 404 404 403 403 404
GET   /units/{unit_code}/agreed-visits      200 200 404 404 404 403 403 404
"""
BODIES: dict[str, Callable[[], Any]] = {
    "POST /villages/{village_code}/households": household,
    "PATCH /households/{household_id}": lambda: {"version": 1, "visit_priority": 3},
    "POST /records": visit,
    "POST /records/batch": lambda: {"items": [visit()]},
    "POST /records/{record_id}/corrections": lambda: {"record": visit(), "reason": "时间记错"},
    "POST /records/{record_id}/withdrawal": lambda: {"reason": "重复登记"},
    "POST /sync-marks": lambda: {"staff_id": str(AN)},
    "POST /entries": entry,
    "POST /entries/batch": lambda: {"items": [entry()]},
    "POST /matters": lamp,
}
QUERIES = {
    "/villages/search": {"text": "村"},
    "/units/{unit_code}/month-plan": {"month": MONTH},
    "/units/{unit_code}/agreed-visits": {"month": MONTH},
}
# Published geography and the documents of the programmes belong to no county.
OPEN = {"/divisions", "/policies", "/policies/{policy_id}"}


def rows() -> dict[str, dict[str, int]]:
    table = {}
    for line in TABLE.strip().splitlines():
        method, path, *statuses = line.split()
        table[f"{method} {path}"] = dict(zip(ROLES, map(int, statuses), strict=True))
    return table


def documented() -> set[str]:
    paths = api.get_openapi_schema()["paths"]
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in paths.items()
        for method in operations
    }


def address(path: str, world: World) -> str:
    return path.format(
        village_code=V1,
        unit_code=STATION_NORTH,
        household_id=uid(1001),
        staff_id=AN,
        record_id=uid(101),
        matter_id=world.matter_id,
        run_id=world.run_id,
        rule="visit-days",
        subject=AN_V1,
        policy_id="bozhou-2014",
        draft_id=world.draft_id,
    )


def ask(world: World, *, role: str, route: str) -> Any:
    """The answer; what it wrote is taken back, so that every role finds the same county."""
    method, path = route.split()
    body = BODIES[route]() if route in BODIES else None
    with transaction.atomic():
        answer = world.programs[role].call(
            method, address(path, world), body, **QUERIES.get(path, {})
        )
        transaction.set_rollback(True)
    return answer


def test_every_documented_address_stands_in_the_table() -> None:
    assert set(rows()) == documented()


def test_each_role_gets_at_each_address_what_the_table_says(world: World) -> None:
    found = {
        route: {role: ask(world, role=role, route=route).status_code for role in ROLES}
        for route in rows()
    }
    assert {route: found[route] for route in found if found[route] != rows()[route]} == {}


def test_nobody_gets_anything_without_a_key(world: World) -> None:
    for route in rows():
        answer = ask(world, role="nobody", route=route)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="cunjing"')


def test_a_refusal_says_which_right_is_missing_in_chinese(world: World) -> None:
    for route, expected in rows().items():
        for role in [role for role, status in expected.items() if status == 403]:
            answer = ask(world, role=role, route=route)
            assert answer["Content-Type"] == "application/problem+json"
            assert "权限" in answer.json()["detail"], route


@pytest.mark.parametrize("role", ["neighbour"])
def test_a_stranger_never_sees_a_row_of_this_county(world: World, role: str) -> None:
    for route in rows():
        method, path = route.split()
        if method == "GET" and path not in OPEN:
            assert COUNTY not in ask(world, role=role, route=route).content.decode(), route


def test_a_stranger_and_nothing_there_look_the_same(world: World) -> None:
    there = world.neighbour.call("GET", f"/records/{uid(101)}")
    nothing = world.neighbour.call("GET", f"/records/{uid(99999)}")
    assert there.content == nothing.content


@pytest.mark.parametrize("route", ["POST /records/batch", "POST /entries/batch"])
def test_a_batch_refuses_line_by_line_who_may_not_write(world: World, route: str) -> None:
    for role, status in rows()[route.removesuffix("/batch")].items():
        (line,) = json.loads(ask(world, role=role, route=route).content)["items"]
        if status == 201:
            assert line["outcome"] == "created"
        else:
            assert (line["outcome"], line["problem"]["status"]) == ("refused", status)
