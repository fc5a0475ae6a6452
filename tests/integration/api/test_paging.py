"""Pages without gaps and without repeats, also while rows are added; and no query per row."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.api_factories import MONTH, Program, World, household, lamp, visit
from tests.support.assessment_factories import AN, COUNTY, STATION_NORTH, V1

from cunjing.fieldwork.models import WorkRecord

LISTS = {
    "/divisions": {"parent": "9901"},
    "/townships": {},
    "/villages": {},
    "/units": {},
    f"/villages/{V1}/households": {},
    "/staff": {},
    "/absences": {"on": "2026-09-05"},
    f"/staff/{AN}/absences": {},
    "/postings": {"history": "true"},
    "/uncovered-villages": {},
    "/records": {"state": "all"},
    "/matters": {},
    "/assessments": {},
    "/policies": {},
    "/drafts": {},
    f"/units/{STATION_NORTH}/month-plan": {"month": MONTH},
    f"/units/{STATION_NORTH}/agreed-visits": {"month": MONTH},
}
MOST_QUERIES = 15
KEYS = ("id", "code", "village_code")


def key(row: dict[str, str]) -> str:
    return next(row[name] for name in KEYS if name in row)


@pytest.fixture
def busy(world: World) -> Program:
    """The county's key, and more matters."""
    for number in range(3):
        world.county.post("/matters", lamp(place=f"{number}号桥"))
    return world.county


def test_small_pages_put_together_are_the_whole_list(busy: Program, world: World) -> None:
    for path, query in LISTS.items():
        whole = busy.get(path, **query, limit=200)
        assert whole["next_cursor"] == ""
        pieces = busy.pages(path, **query, limit=2)
        assert pieces == whole["items"], path
        assert len({key(row) for row in pieces}) == len(pieces)
    results = f"/assessments/{world.run_id}/results"
    whole = busy.get(results, limit=200)["items"]
    assert busy.pages(results, limit=7) == whole
    assert len(whole) > 7


def test_rows_added_between_two_pages_shift_nothing(world: World) -> None:
    seen = world.officer.get("/records", limit=10)
    known = {
        str(pk)
        for pk in WorkRecord.objects.filter(village_id=V1, voided_at=None).values_list(
            "pk", flat=True
        )
    }
    ids = [row["id"] for row in seen["items"]]
    while seen["next_cursor"]:
        assert world.officer.post("/records", visit()).status_code == 201
        seen = world.officer.get("/records", limit=10, cursor=seen["next_cursor"])
        ids += [row["id"] for row in seen["items"]]
    assert len(ids) == len(set(ids))
    assert known <= set(ids)


def test_households_added_between_two_pages_shift_nothing(world: World) -> None:
    path = f"/villages/{V1}/households"
    before = {row["id"] for row in world.officer.pages(path)}
    page = world.officer.get(path, limit=20)
    assert world.officer.post(path, household()).status_code == 201
    rest = world.officer.pages(path, cursor=page["next_cursor"])
    ids = [row["id"] for row in [*page["items"], *rest]]
    assert set(ids) == before
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "cursor", ["x", "W10:abc", "2026-09-01~00000000-0000-0000-0000-000000000001"]
)
def test_a_cursor_we_did_not_give_is_refused(world: World, cursor: str) -> None:
    for path in ("/villages", "/records", "/matters", "/uncovered-villages"):
        answer = world.county.call("GET", path, cursor=cursor)
        assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "cursor")


def test_the_cursor_of_one_list_opens_no_other(world: World) -> None:
    cursor = world.county.get("/villages", limit=1)["next_cursor"]
    assert world.county.call("GET", "/staff", cursor=cursor).status_code == 422


def test_no_list_asks_more_for_more_rows(busy: Program, world: World) -> None:
    busy.get("/me")
    for path, query in {**LISTS, f"/assessments/{world.run_id}/results": {}}.items():
        counts = []
        for limit in (1, 200):
            with CaptureQueriesContext(connection) as asked:
                busy.get(path, **query, limit=limit)
            counts.append(len(asked))
        # Names of people are asked for only where a row has one, so one more at most.
        assert counts[1] <= counts[0] + 1, path
        assert counts[0] <= MOST_QUERIES, path


@pytest.mark.parametrize("limit", [0, 201, "x"])
def test_a_page_has_1_to_200_rows(world: World, limit: object) -> None:
    assert world.county.call("GET", "/villages", limit=limit).status_code == 422


def test_filters_narrow_the_lists(world: World) -> None:
    county = world.county
    assert {row["code"] for row in county.pages("/villages", township_code=f"{COUNTY}101")} == {
        f"{COUNTY}101201", f"{COUNTY}101202",
    }  # fmt: skip
    assert county.pages("/villages", layer="key") == []
    assert [row["kind"] for row in county.pages("/units", kind="county")] == ["county"]
    assert {row["kind"] for row in county.pages("/records", kind="session")} == {"session"}
    late = county.pages("/records", state="late")
    assert {row["kind"] for row in late} == {"warning"}
    assert county.pages("/matters", is_open="false") == []
    assert {row["staff_id"] for row in county.pages("/postings", staff_id=str(AN))} == {str(AN)}
