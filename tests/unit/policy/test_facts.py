"""A facts folder is read whole and sound, or refused with file, row and column."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from cunjing.policy.errors import InputError
from cunjing.policy.facts import open_facts
from cunjing.policy.records import (
    AbsenceRow,
    AdjacencyRow,
    BanRow,
    CalendarRow,
    CandidateRow,
    CarRow,
    EventRow,
    GroupRow,
    HamletRow,
    MarkRow,
    MatterRow,
    MemberRow,
    MoneyRow,
    NeedRow,
    PinRow,
    PostingRow,
    StaffRow,
    SyncRow,
    UnitRow,
    VillageFeatureRow,
    VillageRow,
    VillageUnitRow,
    WishRow,
)
from cunjing.policy.tables import TABLES

from .folders import SOUND, VILLAGE, sound_folder, write_folder

ROWS = (
    VillageRow,
    AdjacencyRow,
    HamletRow,
    UnitRow,
    VillageUnitRow,
    StaffRow,
    PostingRow,
    AbsenceRow,
    EventRow,
    MatterRow,
    GroupRow,
    MemberRow,
    SyncRow,
    MarkRow,
    MoneyRow,
    CandidateRow,
    WishRow,
    VillageFeatureRow,
    PinRow,
    BanRow,
    NeedRow,
    CalendarRow,
    CarRow,
)
_EVENT = "event_id,kind,village_code,staff_id,local_date,occurred_at,void\n"
_POSTING = "posting_id,village_code,staff_id,role,valid_from,valid_to\n"

BROKEN = {
    "an unknown column": (
        {"staff": "staff_id,role,nmae\nS1,liaison_officer,x\n"},
        ("staff.csv", 1, "nmae", "没有这一列"),
    ),
    "a column twice": (
        {"staff": "staff_id,role,role\nS1,liaison_officer,liaison_officer\n"},
        ("staff.csv", 1, "role", "列名重复"),
    ),
    "a missing required column": (
        {"villages": f"village_code\n{VILLAGE}\n532323100201\n"},
        ("villages.csv", 1, "name", "缺少必填的列"),
    ),
    "an empty required cell": (
        {"villages": f"village_code,name\n{VILLAGE},甲村\n532323100201,\n"},
        ("villages.csv", 3, "name", "必填"),
    ),
    "an empty file": ({"events": ""}, ("events.csv", 1, None, "文件是空的")),
    "an unknown role": (
        {"staff": "staff_id,role\nS1,liaison_officer\nS2,sheriff\n"},
        ("staff.csv", 3, "role", "“sheriff”应为以下之一"),
    ),
    "an unknown kind of event": (
        {"events": _EVENT + f"E1,vilage_visit,{VILLAGE},S1,2026-09-03,,\n"},
        ("events.csv", 2, "kind", "village_visit"),
    ),
    "a code of eleven digits": (
        {"villages": f"village_code,name\n{VILLAGE},甲村\n53232310020,乙村\n"},
        ("villages.csv", 3, "village_code", "12 位数字"),
    ),
    "a day that does not exist": (
        {"events": _EVENT + f"E1,village_visit,{VILLAGE},S1,2026-02-30,,\n"},
        ("events.csv", 2, "local_date", "真实存在的日期"),
    ),
    "a date written the other way": (
        {"events": _EVENT + f"E1,village_visit,{VILLAGE},S1,2026/9/3,,\n"},
        ("events.csv", 2, "local_date", "2026-09-01"),
    ),
    "a time without offset": (
        {"events": _EVENT + f"E1,village_visit,{VILLAGE},S1,2026-09-03,2026-09-03T09:00:00,\n"},
        ("events.csv", 2, "occurred_at", "带时区"),
    ),
    "a boolean in words": (
        {"events": _EVENT + f"E1,village_visit,{VILLAGE},S1,2026-09-03,,yes\n"},
        ("events.csv", 2, "void", "true 或 false"),
    ),
    "a repeated key": (
        {"staff": "staff_id,role\nS1,liaison_officer\nS2,liaison_officer\nS1,liaison_officer\n"},
        ("staff.csv", 4, "staff_id", "与第2行重复"),
    ),
    "a repeated key with a null": (
        {"villages": f"village_code,name\n{VILLAGE},甲村\n532323100201,乙\n{VILLAGE},丙\n"},
        ("villages.csv", 4, "village_code、valid_from", "重复"),
    ),
    "a posting in a missing village": (
        {"postings": _POSTING + "P1,532323999999,S1,liaison_officer,2026-01-01,\n"},
        ("postings.csv", 2, "village_code", "villages 表里没有"),
    ),
    "an event of missing staff": (
        {"events": _EVENT + f"E1,village_visit,{VILLAGE},S9,2026-09-03,,\n"},
        ("events.csv", 2, "staff_id", "staff 表里没有"),
    ),
    "a member of a missing group": (
        {"members": "member_id,group_id,person_id\nM1,G1,H1\n"},
        ("members.csv", 2, "group_id", "groups 表里没有"),
    ),
    "a home in a missing village": (
        {"staff": "staff_id,role,home_village_code\nS1,liaison_officer,532323999999\n"},
        ("staff.csv", 2, "home_village_code", "villages 表里没有"),
    ),
    "a candidate of an unknown trade": (
        {"candidates": "staff_id,capacity,unit_kind\nS1,1,pilot\n"},
        ("candidates.csv", 2, "unit_kind", "public_order"),
    ),
    "a capacity below nothing": (
        {"candidates": "staff_id,capacity\nS1,-1\n"},
        ("candidates.csv", 2, "capacity", "0 至 999999999"),
    ),
    "a wish for a missing village": (
        {"wishes": "staff_id,village_code,rank\nS1,532323999999,1\n"},
        ("wishes.csv", 2, "village_code", "villages 表里没有"),
    ),
    "a pin twice": (
        {"pins": f"staff_id,village_code\nS1,{VILLAGE}\nS1,{VILLAGE}\n"},
        ("pins.csv", 3, "staff_id、village_code", "重复"),
    ),
    "degrees the wrong way round": (
        {"village_features": f"village_code,longitude,latitude\n{VILLAGE},25.1,101.5\n"},
        ("village_features.csv", 2, "longitude", "73 至 136"),
    ),
    "a group above itself": (
        {"groups": "group_id,kind,parent_id\nG1,company,G2\nG2,platoon,G1\n"},
        ("groups.csv", 2, "parent_id", "绕回"),
    ),
    "an end before its start": (
        {"postings": _POSTING + f"P1,{VILLAGE},S1,liaison_officer,2026-03-01,2026-02-01\n"},
        ("postings.csv", 2, "valid_to", "止期"),
    ),
    "an absence that ends before it starts": (
        {"absences": "staff_id,kind,date_from,date_to\nS1,leave,2026-09-10,2026-09-09\n"},
        ("absences.csv", 2, "date_to", "止期"),
    ),
    "a row with a cell too few": (
        {"staff": "staff_id,role\nS1,liaison_officer\nS2\n"},
        ("staff.csv", 3, None, "有 1 格，表头有 2 列"),
    ),
    "a row with a cell too many": (
        {"staff": "staff_id,role\nS1,liaison_officer,x\n"},
        ("staff.csv", 2, None, "有 3 格，表头有 2 列"),
    ),
    "a file in GB18030": (
        {"villages": f"village_code,name\n{VILLAGE},甲村\n532323100201,乙村\n".encode("gb18030")},
        ("villages.csv", 2, None, "不是 UTF-8"),
    ),
    "a quote that never closes": (
        {"villages": f'village_code,name\n{VILLAGE},"甲村\n532323100201,乙村\n'},
        ("villages.csv", 2, None, "引号不成对"),
    ),
    "money that is no integer": (
        {"money": "subject_id,period,item,fen\nS1,2026,performance_paid,12.5\n"},
        ("money.csv", 2, "fen", "整数"),
    ),
    "a period nobody knows": (
        {"marks": "subject_id,period,item,value\nS1,2026-13,yearly_grade,excellent\n"},
        ("marks.csv", 2, "period", "2026-Q3"),
    ),
    "a birth month with a day": (
        {
            "groups": "group_id,kind\nG1,company\n",
            "members": "member_id,group_id,person_id,birth_month\nM1,G1,H1,1990-05-01\n",
        },
        ("members.csv", 2, "birth_month", "1990-05"),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    changed, (file, row, column, words) = BROKEN[name]
    with pytest.raises(InputError) as caught:
        open_facts(sound_folder(tmp_path, **changed))
    finding = next(item for item in caught.value.findings if item.file == file)
    assert (finding.row, finding.column) == (row, column)
    assert words in finding.message


def test_a_missing_required_table_is_named(tmp_path: Path) -> None:
    tables = {name: text for name, text in SOUND.items() if name != "postings"}
    with pytest.raises(InputError, match=r"postings\.csv：缺少必备的表"):
        open_facts(write_folder(tmp_path, dict(tables)))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有这个文件夹"):
        open_facts(tmp_path / "nowhere")


def test_a_table_in_both_forms_is_refused(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    parquet.write_table(pa.table({"staff_id": ["S1"]}), tmp_path / "staff.parquet")
    with pytest.raises(InputError, match="只能留一个"):
        open_facts(tmp_path)


def test_many_bad_rows_are_named_five_at_a_time(tmp_path: Path) -> None:
    rows = "".join(f"E{n},nothing,2026-09-03\n" for n in range(8))
    with pytest.raises(InputError) as caught:
        open_facts(sound_folder(tmp_path, events="event_id,kind,local_date\n" + rows))
    findings = caught.value.findings
    assert [finding.row for finding in findings] == [2, 3, 4, 5, 6, None]
    assert "还有 3 行" in findings[-1].message


def test_a_sound_folder_reads_as_typed_rows(tmp_path: Path) -> None:
    with open_facts(sound_folder(tmp_path)) as facts:
        first, second = sorted(facts.rows(EventRow), key=lambda row: row.event_id)
        assert first.local_date == date(2026, 9, 3)
        assert first.occurred_at == datetime(2026, 9, 3, 1, tzinfo=UTC)
        assert (second.occurred_at, second.void, second.object_id) == (None, None, None)
        assert list(facts.rows(MemberRow)) == []
        assert facts.has("events")
        assert not facts.has("sync")


def test_a_byte_order_mark_and_quoted_cells_are_read(tmp_path: Path) -> None:
    text = f'\ufeffvillage_code,name\r\n{VILLAGE},"甲,村"\r\n532323100201,"乙\n村"\r\n'
    with open_facts(sound_folder(tmp_path, villages=text)) as facts:
        assert {row.name for row in facts.rows(VillageRow)} == {"甲,村", "乙\n村"}


def test_parquet_with_real_types_reads_the_same(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    (tmp_path / "events.csv").unlink()
    when = datetime(2026, 9, 3, 1, tzinfo=UTC)
    table = pa.table(
        {
            "event_id": ["E1"],
            "kind": pa.array(["village_visit"]).dictionary_encode(),
            "local_date": pa.array([date(2026, 9, 3)]),
            "occurred_at": pa.array([when], type=pa.timestamp("us", tz="UTC")),
            "void": pa.array([None], type=pa.bool_()),
        }
    )
    parquet.write_table(table, tmp_path / "events.parquet")
    with open_facts(tmp_path) as facts:
        (row,) = facts.rows(EventRow)
    assert (row.event_id, row.local_date, row.occurred_at) == ("E1", date(2026, 9, 3), when)


def test_parquet_columns_without_values_fit_any_type(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    (tmp_path / "postings.csv").unlink()
    rows = {
        "posting_id": "P1",
        "village_code": VILLAGE,
        "staff_id": "S1",
        "role": "liaison_officer",
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
    }
    parquet.write_table(pa.Table.from_pylist([rows]), tmp_path / "postings.parquet")
    with open_facts(tmp_path) as facts:
        (row,) = facts.rows(PostingRow)
    assert (row.valid_from, row.valid_to) == (date(2026, 1, 1), None)


def test_a_wrong_header_does_not_make_others_look_wrong(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_facts(sound_folder(tmp_path, staff="staff_id,rolle\nS1,liaison_officer\n"))
    assert {finding.file for finding in caught.value.findings} == {"staff.csv"}


def test_parquet_times_without_offset_are_refused(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    (tmp_path / "events.csv").unlink()
    naive = pa.array([datetime(2026, 9, 3)], type=pa.timestamp("us"))  # noqa: DTZ001 - the point
    table = pa.table({"event_id": ["E1"], "kind": ["patrol"], "local_date": ["2026-09-03"]})
    parquet.write_table(table.append_column("occurred_at", naive), tmp_path / "events.parquet")
    with pytest.raises(InputError, match="“occurred_at”列：列的类型是 TIMESTAMP，应为带时区的时间"):
        open_facts(tmp_path)


def test_a_parquet_cut_short_is_refused(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    (tmp_path / "staff.csv").unlink()
    whole = tmp_path / "staff.parquet"
    parquet.write_table(pa.table({"staff_id": ["S1"], "role": ["liaison_officer"]}), whole)
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"staff\.parquet：文件读不出来"):
        open_facts(tmp_path)


def test_files_that_are_no_tables_are_reported_not_read(tmp_path: Path) -> None:
    sound_folder(tmp_path, absence="staff_id\nS1\n")
    with open_facts(tmp_path) as facts:
        assert facts.unread == ("absence.csv",)


@pytest.mark.parametrize("record", ROWS)
def test_records_and_tables_have_the_same_columns(record: type, tmp_path: Path) -> None:
    slots = tuple(name for name in record.__slots__ if name != "table")
    assert slots == TABLES[record.table].names


def test_degrees_are_held_as_numbers(tmp_path: Path) -> None:
    sound_folder(tmp_path, candidates="staff_id,capacity,longitude,latitude\nS1,2,101.25,\n")
    features = pa.table({"village_code": [VILLAGE], "longitude": [101.5], "latitude": [25]})
    parquet.write_table(features, tmp_path / "village_features.parquet")
    with open_facts(tmp_path) as facts:
        (candidate,) = facts.rows(CandidateRow)
        (feature,) = facts.rows(VillageFeatureRow)
    assert (candidate.longitude, candidate.latitude, candidate.capacity) == (101.25, None, 2)
    assert (feature.longitude, feature.latitude) == (101.5, 25.0)


def test_no_number_is_no_place(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    features = pa.table({"village_code": [VILLAGE], "longitude": [float("nan")]})
    parquet.write_table(features, tmp_path / "village_features.parquet")
    with pytest.raises(InputError, match="“longitude”列：“nan”应为经度"):
        open_facts(tmp_path)


def test_every_table_has_a_record() -> None:
    assert [record.table for record in ROWS] == list(TABLES)


def test_every_table_is_there_for_sql(tmp_path: Path) -> None:
    with open_facts(sound_folder(tmp_path)) as facts, facts.connect() as connection:
        for name, table in TABLES.items():
            described = connection.execute(f'DESCRIBE "{name}"').fetchall()
            assert tuple(row[0] for row in described) == table.names
        with pytest.raises(duckdb.Error):
            connection.execute("SELECT * FROM nothing_here")
