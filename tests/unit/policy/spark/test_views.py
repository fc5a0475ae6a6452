"""Spark holds the rows the facts hold, whether they are handed over, read or rewritten first."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.support.facts_tables import write_folder

from cunjing.policy.facts import open_facts
from cunjing.policy.records import EventRow
from cunjing.policy.spark import views
from cunjing.policy.spark.views import Views

pytestmark = pytest.mark.spark

VILLAGE = "532323100201"
NOON = datetime(2026, 9, 1, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=8)))
EVENTS: list[dict[str, Any]] = [
    {"event_id": "e1", "kind": "patrol", "village_code": VILLAGE, "local_date": date(1, 1, 1)},
    {"event_id": "e2", "kind": "patrol", "local_date": date(9999, 12, 31), "received_at": NOON},
    {"event_id": "e3", "kind": "patrol", "local_date": date(1582, 10, 10), "void": True},
    {
        "event_id": "e4",
        "kind": "patrol",
        "local_date": date(2026, 9, 1),
        "subkind": "",
        "void": False,
    },
]
PEOPLE: dict[str, list[dict[str, Any]]] = {
    "villages": [{"village_code": VILLAGE, "name": "A"}],
    "staff": [{"staff_id": "S1", "role": "liaison_officer"}],
    "postings": [],
}


def rows_on_spark(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The events as the facts give them and as Spark does."""
    with open_facts(folder) as facts, Views(facts) as found:
        names = EventRow.__dataclass_fields__
        held = [
            {name: getattr(row, name) for name in names if name != "table"}
            for row in facts.rows(EventRow)
        ]
        return held, list(found.collect(found.fact("events")))


def sorted_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["event_id"]))


def parquet(folder: Path, name: str, *, instants: str = "us", **columns: pa.DataType) -> None:
    """The events as Parquet, some columns of another type."""
    types = {"local_date": pa.date32(), "received_at": pa.timestamp(instants, "UTC"), **columns}
    names = ["event_id", "kind", "village_code", "subkind", "void", *types]
    kinds = {name: pa.string() for name in names} | {"void": pa.bool_()} | types
    table = pa.table(
        {name: pa.array([row.get(name) for row in EVENTS]).cast(kinds[name]) for name in names}
    )
    (folder / name).parent.mkdir(exist_ok=True)
    pq.write_table(table, folder / name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path, PEOPLE)
    return tmp_path


@pytest.fixture
def _nothing_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SMALL", -1)


def test_small_tables_are_handed_over(folder: Path) -> None:
    write_folder(folder, {"events": EVENTS})
    held, found = rows_on_spark(folder)
    assert sorted_rows(found) == sorted_rows(held)
    assert sorted_rows(found)[1]["received_at"] == NOON.astimezone(UTC)


@pytest.mark.usefixtures("_nothing_is_small")
@pytest.mark.parametrize("name", ["events.parquet", "events/part-1.parquet"])
def test_large_parquet_is_read_by_spark(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet(folder, name)
    monkeypatch.setattr(Views, "_rewritten", None)
    held, found = rows_on_spark(folder)
    assert sorted_rows(found) == sorted_rows(held)
    assert sorted_rows(found)[3]["subkind"] is None


@pytest.mark.usefixtures("_nothing_is_small")
def test_large_csv_is_rewritten_first(folder: Path) -> None:
    write_folder(folder, {"events": EVENTS})
    held, found = rows_on_spark(folder)
    assert sorted_rows(found) == sorted_rows(held)


@pytest.mark.usefixtures("_nothing_is_small")
@pytest.mark.parametrize(
    "odd", [{"instants": "ns"}, {"local_date": pa.string()}, {"void": pa.string()}]
)
def test_parquet_that_spark_would_read_otherwise_is_rewritten_first(
    folder: Path, odd: dict[str, Any]
) -> None:
    parquet(folder, "events.parquet", **odd)
    held, found = rows_on_spark(folder)
    assert sorted_rows(found) == sorted_rows(held)


def test_a_table_without_file_has_no_rows(folder: Path) -> None:
    write_folder(folder, {"events": EVENTS})
    with open_facts(folder) as facts, Views(facts) as found:
        assert list(found.collect(found.fact("groups"))) == []


@pytest.mark.usefixtures("_nothing_is_small")
@pytest.mark.parametrize(
    "name", ["县 a", "a[1]", "a{b,c}", "kind=patrol", "a*", "a?", "a%20", "a\\b", "a,b", "a#b"]
)
def test_a_folder_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    write_folder(folder, PEOPLE)
    parquet(folder, "events.parquet")
    held, found = rows_on_spark(folder)
    assert sorted_rows(found) == sorted_rows(held)
