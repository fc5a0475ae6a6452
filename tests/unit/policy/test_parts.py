"""A table in parts is one table; its parts are alike, and mistakes name the part."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from cunjing.policy.errors import InputError
from cunjing.policy.facts import open_facts
from cunjing.policy.records import EventRow

from .folders import VILLAGE, sound_folder

MORNING = datetime(2026, 9, 1, 1, tzinfo=UTC)


def table(*ids: str, **columns: Any) -> pa.Table:
    """Patrols with these ids and further columns; None leaves a column out."""
    usual: dict[str, Any] = {
        "event_id": list(ids),
        "kind": ["patrol"] * len(ids),
        "local_date": [date(2026, 9, 1)] * len(ids),
    }
    kept = {name: cells for name, cells in {**usual, **columns}.items() if cells is not None}
    return pa.table(kept)


def folder_of(folder: Path, *parts: pa.Table | bytes) -> Path:
    """The sound folder with its events in these parts: 0.parquet, 1.parquet and so on."""
    sound_folder(folder)
    (folder / "events.csv").unlink()
    (folder / "events").mkdir()
    for number, part in enumerate(parts):
        path = folder / "events" / f"{number}.parquet"
        if isinstance(part, bytes):
            path.write_bytes(part)
        else:
            parquet.write_table(part, path)
    return folder


def refused(folder: Path) -> list[str]:
    """What is found wrong, each as a person reads it."""
    with pytest.raises(InputError) as caught:
        open_facts(folder)
    return [str(finding) for finding in caught.value.findings]


def read(folder: Path) -> list[str]:
    """The ids of the events."""
    with open_facts(folder) as facts:
        return sorted(row.event_id for row in facts.rows(EventRow))


def test_parts_are_one_table_whatever_the_order_of_columns(tmp_path: Path) -> None:
    second = table("c", staff_id=["S1"]).select(["staff_id", "local_date", "event_id", "kind"])
    folder = folder_of(
        tmp_path, table("a", "b", staff_id=["S1", None]), second, table("d", staff_id=["S2"])
    )
    with open_facts(folder) as facts:
        rows = {row.event_id: row.staff_id for row in facts.rows(EventRow)}
        assert facts.path("events") == folder / "events"
    assert rows == {"a": "S1", "b": None, "c": "S1", "d": "S2"}


def test_names_of_parts_are_only_names(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, table("a"), table("b"))
    for number, name in enumerate(["[0]*?'县", "a {b} 乙"]):
        (folder / "events" / f"{number}.parquet").rename(folder / "events" / f"{name}.parquet")
    assert read(folder) == ["a", "b"]


def test_one_part_is_enough(tmp_path: Path) -> None:
    assert read(folder_of(tmp_path, table("a"))) == ["a"]


def test_a_folder_without_parts_is_refused(tmp_path: Path) -> None:
    assert refused(folder_of(tmp_path)) == ["events：文件夹里没有 .parquet 文件"]


def test_a_folder_within_is_no_part(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "events" / "deep.parquet").mkdir()
    parquet.write_table(table("a"), folder / "events" / "deep.parquet" / "0.parquet")
    (finding,) = refused(folder)
    assert finding.startswith("events/deep.parquet：不是能读的文件（是文件夹")


def test_what_is_no_part_is_reported_not_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, table("a"))
    (folder / "events" / "b.csv").write_text("event_id,kind,local_date\nb,patrol,2026-09-01\n")
    (folder / "event").mkdir()
    parquet.write_table(table("c"), folder / "event" / "0.parquet")
    with open_facts(folder) as facts:
        assert facts.unread == ("event/0.parquet", "events/b.csv")
        assert len(list(facts.rows(EventRow))) == 1


@pytest.mark.parametrize("other", ["events.csv", "events.parquet"])
def test_a_table_in_two_forms_is_refused(tmp_path: Path, other: str) -> None:
    folder = folder_of(tmp_path, table("a"))
    if other.endswith("csv"):
        (folder / other).write_text("event_id,kind,local_date\nb,patrol,2026-09-01\n")
    else:
        parquet.write_table(table("b"), folder / other)
    assert refused(folder) == [f"events：与 {other} 并存，只能留一个"]


def test_a_bad_row_names_its_part(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, table("a", "b"), table("c", "d", kind=["patrol", "parade"]))
    (found,) = refused(folder)
    assert found.startswith("events/1.parquet：第2行，“kind”列：“parade”应为以下之一：")


def test_a_reference_to_nobody_names_its_part(tmp_path: Path) -> None:
    parts = (table("a", staff_id=["S1"]), table("b", staff_id=["S9"]))
    assert refused(folder_of(tmp_path, *parts)) == [
        "events/1.parquet：第1行，“staff_id”列：“S9”在 staff 表里没有，请补上或改正"
    ]


def test_a_key_repeated_across_parts_names_both(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, table("a", "b"), table("c", "b"))
    assert refused(folder) == [
        "events/1.parquet：第2行，“event_id”列：“b”与 events/0.parquet 第2行重复，每个只能出现一次"
    ]


def test_a_key_repeated_in_a_part_names_its_row(tmp_path: Path) -> None:
    assert refused(folder_of(tmp_path, table("a"), table("b", "b"))) == [
        "events/1.parquet：第2行，“event_id”列：“b”与第1行重复，每个只能出现一次"
    ]


def test_many_bad_rows_are_counted_for_the_whole_table(tmp_path: Path) -> None:
    bad = [f"b{number}" for number in range(4)]
    parts = [table(*(f"{part}{name}" for name in bad), kind=["?"] * 4) for part in "xy"]
    found = refused(folder_of(tmp_path, *parts))
    assert [text.split("：")[0] for text in found] == [
        *["events/0.parquet"] * 4,
        "events/1.parquet",
        "events",
    ]
    assert found[-1] == "events：“kind”列：还有 3 行有同样的问题"


ALIKE = "各个文件的列要一样"
DIFFERENT: dict[str, tuple[pa.Table, pa.Table, str]] = {
    "lacks a required column": (
        table("a"),
        table("b", kind=None),
        f"“kind”列：缺少这一列，events/0.parquet 里有；{ALIKE}",
    ),
    "lacks another column": (
        table("a", void=[True]),
        table("b"),
        f"“void”列：缺少这一列，events/0.parquet 里有；{ALIKE}",
    ),
    "has a column more": (
        table("a"),
        table("b", void=[True]),
        f"“void”列：events/0.parquet 里没有这一列；{ALIKE}",
    ),
    "has times without a zone": (
        table("a", occurred_at=pa.array([MORNING], pa.timestamp("us", tz="UTC"))),
        table("b", occurred_at=pa.array([MORNING.replace(tzinfo=None)], pa.timestamp("us"))),
        "“occurred_at”列：列的类型是 TIMESTAMP，"
        f"events/0.parquet 里是 TIMESTAMP WITH TIME ZONE；{ALIKE}",
    ),
    "has days as text": (
        table("a"),
        table("b", local_date=["2026-09-01"]),
        f"“local_date”列：列的类型是 VARCHAR，events/0.parquet 里是 DATE；{ALIKE}",
    ),
    "has codes as numbers": (
        table("a", village_code=[VILLAGE]),
        table("b", village_code=[int(VILLAGE)]),
        f"“village_code”列：列的类型是 BIGINT，events/0.parquet 里是 VARCHAR；{ALIKE}",
    ),
    "has no value and another type": (
        table("a", staff_id=["S1"]),
        table("b", staff_id=pa.array([None], pa.int32())),
        f"“staff_id”列：列的类型是 INTEGER，events/0.parquet 里是 VARCHAR；{ALIKE}",
    ),
    "is not flat": (
        table("a", staff_id=["S1"]),
        table("b", staff_id=[{"id": "S1"}]),
        f"“id”列：events/0.parquet 里没有这一列；{ALIKE}",
    ),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_a_part_unlike_the_first_is_refused(tmp_path: Path, case: str) -> None:
    first, second, message = DIFFERENT[case]
    found = refused(folder_of(tmp_path, first, second))
    assert found[0] == f"events/1.parquet：{message}"


def test_many_differences_are_counted(tmp_path: Path) -> None:
    others = [table(name, void=[True], log_id=["l"]) for name in "bcde"]
    found = refused(folder_of(tmp_path, table("a"), *others))
    assert len(found) == 6
    assert found[-1] == "events：还有 3 处与 events/0.parquet 不同"


def test_as_many_differences_as_are_shown_are_all(tmp_path: Path) -> None:
    others = [table(name, void=[True]) for name in "bcdef"]
    found = refused(folder_of(tmp_path, table("a"), *others))
    assert [text.split("：")[0] for text in found] == [f"events/{n}.parquet" for n in range(1, 6)]


def test_a_column_nobody_knows_names_the_first_part(tmp_path: Path) -> None:
    (found,) = refused(folder_of(tmp_path, *(table(name, colour=["red"]) for name in "ab")))
    assert found.startswith("events/0.parquet：“colour”列：没有这一列，本表的列是：event_id、")


def test_a_required_column_all_lack_names_the_first_part(tmp_path: Path) -> None:
    found = refused(folder_of(tmp_path, table("a", kind=None), table("b", kind=None)))
    assert found == ["events/0.parquet：“kind”列：缺少必填的列"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"event_id,kind\n"])
def test_a_part_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    found = refused(folder_of(tmp_path, table("a"), content, table("c"), content))
    assert [text.split("：")[0] for text in found] == ["events/1.parquet", "events/3.parquet"]
    assert all("文件读不出来" in text for text in found)


def test_a_part_cut_short_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, table("a"), table("b"))
    part = folder / "events" / "1.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    (found,) = refused(folder)
    # With what DuckDB says of it.
    assert found.startswith("events/1.parquet：文件读不出来，可能不完整或格式不对（Invalid")


def test_columns_without_values_in_all_parts_fit_any_type(tmp_path: Path) -> None:
    nothing = pa.array([None], pa.null())
    parts = (table(name, received_at=nothing, staff_id=nothing) for name in "ab")
    with open_facts(folder_of(tmp_path, *parts)) as facts:
        assert {(row.received_at, row.staff_id) for row in facts.rows(EventRow)} == {(None, None)}


def test_parts_without_rows_are_parts(tmp_path: Path) -> None:
    empty = table("a").slice(0, 0)
    assert read(folder_of(tmp_path, empty, table("b"), empty)) == ["b"]
