"""An empty text of a Parquet file is null in every optional column, an error in a required one."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from cunjing.policy.errors import InputError
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.tables import TABLES, Table

from .folders import VILLAGE, sound_folder

ROW = {
    "events": {"event_id": "E1", "kind": "patrol", "local_date": "2026-09-01"},
    "staff": {"staff_id": "S1", "role": "liaison_officer"},
    "groups": {"group_id": "G1", "kind": "company"},
    "members": {"member_id": "M1", "group_id": "G1", "person_id": "H1"},
    "needs": {"household_id": "N1", "village_code": VILLAGE, "prize": "1"},
}


def folder_of(folder: Path, table: Table, *, statistics: bool = True, **cells: str) -> Path:
    """The sound folder with one row of a table as texts in Parquet, empty where nothing is said."""
    sound_folder(folder)
    if table.name == "members":
        (folder / "groups.csv").write_text("group_id,kind\nG1,company\n", encoding="utf-8")
    (folder / f"{table.name}.csv").unlink(missing_ok=True)
    row = {name: [cells.get(name, "")] for name in table.names}
    path = folder / f"{table.name}.parquet"
    parquet.write_table(pa.table(row), path, write_statistics=statistics)
    return folder


def only_row(facts: Facts, table: Table) -> dict[str, object]:
    """The row as the engines see it."""
    with facts.connect() as connection:
        (row,) = connection.execute(f'SELECT * FROM "{table.name}"').fetchall()  # noqa: S608
    return dict(zip(table.names, row, strict=True))


@pytest.mark.parametrize("statistics", [True, False])
@pytest.mark.parametrize("name", ROW)
def test_an_empty_text_is_null_in_every_optional_column(
    tmp_path: Path, name: str, statistics: bool
) -> None:
    table = TABLES[name]
    folder = folder_of(tmp_path, table, statistics=statistics, **ROW[name])
    if name == "staff":
        (folder / "postings.csv").write_text(
            "posting_id,village_code,staff_id,role,valid_from\n", encoding="utf-8"
        )
        (folder / "events.csv").write_text("event_id,kind,local_date\n", encoding="utf-8")
    with open_facts(folder) as facts:
        row = only_row(facts, table)
    assert {column for column, cell in row.items() if cell is not None} == set(ROW[name])


@pytest.mark.parametrize("column", ["event_id", "kind", "local_date"])
def test_in_a_required_column_it_is_named(tmp_path: Path, column: str) -> None:
    cells = {**ROW["events"], column: ""}
    with pytest.raises(InputError) as caught:
        open_facts(folder_of(tmp_path, TABLES["events"], **cells))
    assert [str(item) for item in caught.value.findings] == [
        f"events.parquet：第1行，“{column}”列：必填，不能空着"
    ]


def test_other_rows_of_the_column_are_still_checked(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    (tmp_path / "events.csv").unlink()
    events = pa.table(
        {
            "event_id": ["E1", "E2"],
            "kind": ["patrol"] * 2,
            "local_date": [date(2026, 9, 1)] * 2,
            "staff_id": ["", "S9"],
        }
    )
    parquet.write_table(events, tmp_path / "events.parquet")
    with pytest.raises(InputError) as caught:
        open_facts(tmp_path)
    assert [str(item) for item in caught.value.findings] == [
        "events.parquet：第2行，“staff_id”列：“S9”在 staff 表里没有，请补上或改正"
    ]


def test_a_file_without_empty_texts_is_read_as_it_is(tmp_path: Path) -> None:
    table = TABLES["events"]
    with open_facts(folder_of(tmp_path, table, **ROW["events"])) as facts:
        assert facts.empties("events")
    whole = {**ROW["events"], "village_code": VILLAGE, "staff_id": "S1", "for_period": "2026-09"}
    with open_facts(folder_of(tmp_path, table, **whole)) as facts:
        assert not facts.empties("events")
        assert not facts.empties("sync")


def test_a_torn_file_without_statistics_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, TABLES["staff"], statistics=False, **ROW["staff"])
    path = folder / "staff.parquet"
    content = bytearray(path.read_bytes())
    content[4:120] = bytes(116)
    path.write_bytes(content)
    with pytest.raises(InputError, match="staff"):
        open_facts(folder)


def test_what_was_noted_of_a_sound_folder_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, TABLES["events"], **ROW["events"])
    with open_facts(folder) as facts:
        facts.remember()
    monkeypatch.setattr("cunjing.policy.facts.emptied_columns", None)
    with open_facts(folder) as facts:
        assert facts.empties("events")
