"""Cells and arguments at the edge of the calendar and of 64 bits: refused, never our fault."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from cunjing.policy.errors import InputError, RequestError
from cunjing.policy.facts import open_facts
from cunjing.policy.output import write_text
from cunjing.policy.records import EventRow, PostingRow
from cunjing.policy.requests import read_as_of

from .folders import VILLAGE, sound_folder

_EVENTS = "event_id,kind,village_code,staff_id,local_date,occurred_at\n"
_DAY = f"SELECT 'E' AS event_id, 'patrol' AS kind, {{}} AS local_date, '{VILLAGE}' AS village_code"
_FEN = "SELECT 'S1' AS subject_id, '2026' AS period, 'x' AS item, {} AS fen"


def _parquet(folder: Path, table: str, select: str) -> Path:
    sound_folder(folder)
    (folder / f"{table}.csv").unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{folder / table}.parquet' (FORMAT parquet)")
    return folder


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("local_date", "0000-01-01,"),
        ("occurred_at", "2026-09-01,9999-12-31T23:59:59-10:00"),
        ("occurred_at", "2026-09-01,0001-01-01T00:00:00+08:00"),
    ],
)
def test_a_csv_cell_outside_the_calendar_is_refused(
    tmp_path: Path, column: str, cells: str
) -> None:
    folder = sound_folder(tmp_path, events=f"{_EVENTS}E1,patrol,{VILLAGE},S1,{cells}\n")
    with pytest.raises(InputError) as refused:
        open_facts(folder)
    (finding,) = refused.value.findings
    assert (finding.file, finding.row, finding.column) == ("events.csv", 2, column)


@pytest.mark.parametrize(
    ("table", "column", "select"),
    [
        ("events", "local_date", _DAY.format("DATE '10000-01-01'")),
        ("events", "local_date", _DAY.format("DATE '0001-01-01' - 1")),
        ("events", "local_date", _DAY.format("DATE 'infinity'")),
        (
            "events",
            "occurred_at",
            _DAY.format("DATE '2026-09-01'") + ", TIMESTAMPTZ 'infinity' AS occurred_at",
        ),
        (
            "events",
            "received_at",
            _DAY.format("DATE '2026-09-01'")
            + ", TIMESTAMPTZ '9999-12-31 16:00:00+00' AS received_at",
        ),
        ("money", "fen", _FEN.format("18446744073709551615::UBIGINT")),
    ],
)
def test_a_parquet_cell_outside_its_range_is_refused(
    tmp_path: Path, table: str, column: str, select: str
) -> None:
    with pytest.raises(InputError) as refused:
        open_facts(_parquet(tmp_path, table, select))
    (finding,) = refused.value.findings
    assert (finding.file, finding.row, finding.column) == (f"{table}.parquet", 1, column)


def test_the_first_and_last_days_stand_for_always(tmp_path: Path) -> None:
    posting = f"P1,{VILLAGE},S1,liaison_officer,0001-01-01,9999-12-31\n"
    header = "posting_id,village_code,staff_id,role,valid_from,valid_to\n"
    event = f"E1,patrol,{VILLAGE},S1,9999-12-31,9999-12-31T23:59:59+08:00\n"
    sound_folder(tmp_path, postings=header + posting, events=_EVENTS + event)
    with open_facts(tmp_path) as facts:
        (row,) = facts.rows(PostingRow)
        (kept,) = facts.rows(EventRow)
    assert (row.valid_from, row.valid_to) == (date(1, 1, 1), date(9999, 12, 31))
    assert kept.local_date == date(9999, 12, 31)


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T07:59:59+08:00", "0000-01-01", ""])
def test_a_watermark_outside_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        read_as_of(text)


@pytest.mark.parametrize("name", ["", "/"])
def test_a_result_needs_a_file_name(name: str) -> None:
    with pytest.raises(RequestError, match="不是文件名"):
        write_text(Path(name), "[]")


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("days", [pa.date32(), pa.date64(), pa.timestamp("ns"), pa.timestamp("us")])
def test_the_types_data_frames_write_are_read(tmp_path: Path, unit: str, days: pa.DataType) -> None:
    moment = datetime(2026, 9, 1, 1, tzinfo=UTC)
    table = pa.table(
        {
            "event_id": ["E1"],
            "kind": pa.array(["patrol"]).dictionary_encode(),
            "village_code": pa.array([VILLAGE], pa.large_string()),
            "local_date": pa.array([datetime(2026, 9, 1)], pa.timestamp("us")).cast(days),  # noqa: DTZ001 - a day has no zone
            "received_at": pa.array([moment]).cast(pa.timestamp(unit, "Asia/Shanghai")),
            "voided_at": pa.array([None], pa.timestamp("ns")),
            "void": pa.array([None], pa.float64()),
        }
    )
    sound_folder(tmp_path)
    (tmp_path / "events.csv").unlink()
    parquet.write_table(table, tmp_path / "events.parquet")
    with open_facts(tmp_path) as facts:
        (row,) = facts.rows(EventRow)
    assert (row.local_date, row.received_at) == (date(2026, 9, 1), moment)
    assert (row.voided_at, row.void) == (None, None)


@pytest.mark.parametrize("unit", ["us", "ns"])
def test_a_day_with_an_hour_is_refused(tmp_path: Path, unit: str) -> None:
    day = f"TIMESTAMP{'_NS' if unit == 'ns' else ''} '2026-09-01 08:00:00'"
    with pytest.raises(InputError) as refused:
        open_facts(_parquet(tmp_path, "events", _DAY.format(day)))
    (finding,) = refused.value.findings
    assert (finding.file, finding.row, finding.column) == ("events.parquet", 1, "local_date")


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("2026-09-01T23:59:59.999999999+08:00", 1788278399999999999),
        ("2026-09-01T23:59:59.9999995+08:00", 1788278399999999500),
        ("1969-12-31T23:59:59.999999999+00:00", -1),
        ("1969-12-31T23:59:59.999998999+00:00", -1001),
        ("1969-12-31T23:59:59.999999+00:00", -1000),
        ("1969-12-31T00:00:00.0000005+00:00", -86399999999500),
    ],
)
def test_what_is_finer_than_a_microsecond_is_cut_off_in_parquet_as_in_csv(
    tmp_path: Path, text: str, nanoseconds: int
) -> None:
    (tmp_path / "csv").mkdir()
    (tmp_path / "parquet").mkdir()
    event = f"E1,patrol,{VILLAGE},S1,2026-09-01,{text}\n"
    csv = sound_folder(tmp_path / "csv", events=_EVENTS + event)
    folder = _parquet(tmp_path / "parquet", "events", _DAY.format("DATE '2026-09-01'"))
    table = parquet.read_table(folder / "events.parquet")
    for name in ("occurred_at", "received_at"):
        cells = pa.array([nanoseconds], pa.timestamp("ns", "UTC"))
        table = table.append_column(name, cells)
    parquet.write_table(table, folder / "events.parquet")
    with open_facts(csv) as facts:
        (wanted,) = facts.rows(EventRow)
    with open_facts(folder) as facts, facts.connect() as connection:
        (found,) = facts.rows(EventRow)
        received = connection.execute("SELECT received_us FROM events_timed").fetchone()
    assert found.occurred_at == found.received_at == wanted.occurred_at
    assert received == (nanoseconds // 1000,)


@pytest.mark.parametrize(
    ("nanoseconds", "fits"),
    [(0, True), (999, True), (-1, False), (-500, False), (86399999999999, False), (1000, False)],
)
@pytest.mark.parametrize("first", [date(2026, 9, 1), date(1960, 9, 1)])
def test_a_day_is_a_time_at_midnight_once_it_is_cut_off(
    tmp_path: Path, first: date, nanoseconds: int, *, fits: bool
) -> None:
    midnight = (first - date(1970, 1, 1)).days * 86_400_000_000_000
    sound_folder(tmp_path)
    (tmp_path / "events.csv").unlink()
    days = pa.array([midnight + nanoseconds], pa.timestamp("ns"))
    table = pa.table({"event_id": ["E1"], "kind": ["patrol"], "local_date": days})
    parquet.write_table(table, tmp_path / "events.parquet")
    if not fits:
        with pytest.raises(InputError, match="local_date"):
            open_facts(tmp_path)
        return
    with open_facts(tmp_path) as facts:
        (row,) = facts.rows(EventRow)
    assert row.local_date == first


@pytest.mark.parametrize("end", [2**63 - 1, 1 - 2**63])
def test_nanoseconds_without_end_are_refused(tmp_path: Path, end: int) -> None:
    sound_folder(tmp_path)
    (tmp_path / "events.csv").unlink()
    table = pa.table(
        {
            "event_id": ["E1"],
            "kind": ["patrol"],
            "local_date": [date(2026, 9, 1)],
            "received_at": pa.array([end], pa.timestamp("ns", "UTC")),
        }
    )
    parquet.write_table(table, tmp_path / "events.parquet")
    with pytest.raises(InputError, match="received_at"):
        open_facts(tmp_path)
