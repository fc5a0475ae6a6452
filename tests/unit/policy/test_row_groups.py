"""Ranges of villages from the statistics of Parquet files alone."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.support.parquet_folders import by_village, write_part

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.row_groups import greatest, has_no_nulls, village_ranges
from cunjing.policy.source import Source
from cunjing.policy.tables import TABLES

CODES = [f"5323231002{number:02}" for number in range(6)]


def visits(*codes: str | None) -> list[dict[str, Any]]:
    """An event in each of these villages, in this order."""
    usual = {"kind": "village_visit", "local_date": date(2026, 9, 1)}
    return [
        {"event_id": f"e{number}", "village_code": code, **usual}
        for number, code in enumerate(codes)
    ]


def ranges(
    folder: Path, *files: list[dict[str, Any]], group_rows: int = 2, rows_at_a_time: int
) -> tuple[tuple[str, str], ...]:
    """The ranges of events in these files, the first the last by name."""
    paths = []
    for number, rows in enumerate(files):
        paths.append(folder / f"{9 - number}.parquet")
        write_part(paths[-1], "events", rows, group_rows=group_rows)
    one = paths[0] if len(paths) == 1 else folder
    parts = () if len(paths) == 1 else tuple(paths)
    source = Source(table=TABLES["events"], path=one, found={"village_code": ""}, parts=parts)
    with duckdb.connect() as connection:
        return village_ranges(connection, source, rows_at_a_time=rows_at_a_time)


def test_ranges_begin_with_a_row_group_and_cover_all_codes(tmp_path: Path) -> None:
    found = ranges(tmp_path, visits(*CODES), rows_at_a_time=2)
    assert found == (("", CODES[2]), (CODES[2], CODES[4]), (CODES[4], "\x7f"))


@pytest.mark.parametrize(("rows_at_a_time", "cuts"), [(3, 1), (4, 1), (5, 0), (100, 0)])
def test_a_range_has_at_least_the_rows_asked_for(
    tmp_path: Path, rows_at_a_time: int, cuts: int
) -> None:
    found = ranges(tmp_path, visits(*CODES), rows_at_a_time=rows_at_a_time)
    assert len(found) == (cuts + 1 if cuts else 0)
    assert not cuts or found == (("", CODES[4]), (CODES[4], "\x7f"))


def test_every_range_but_the_last_has_the_rows_asked_for(tmp_path: Path) -> None:
    codes = [f"5323231002{number:02}" for number in range(10)]
    found = ranges(tmp_path, visits(*codes), rows_at_a_time=3)
    assert found == (("", codes[4]), (codes[4], codes[8]), (codes[8], "\x7f"))


def test_one_range_would_be_none(tmp_path: Path) -> None:
    assert ranges(tmp_path, visits(*CODES), group_rows=100, rows_at_a_time=1) == ()


def test_villages_out_of_order_have_no_ranges(tmp_path: Path) -> None:
    mixed = visits(*(CODES[number] for number in (0, 5, 1, 4, 2, 3)))
    assert ranges(tmp_path, mixed, rows_at_a_time=1) == ()


def test_row_groups_may_stand_in_any_order(tmp_path: Path) -> None:
    swapped = visits(*CODES[2:4], *CODES[:2], *CODES[4:])
    assert len(ranges(tmp_path, swapped, rows_at_a_time=2)) == 3


def test_parts_may_stand_in_any_order(tmp_path: Path) -> None:
    found = ranges(tmp_path, visits(*CODES[:2]), visits(*CODES[2:]), rows_at_a_time=2)
    assert found == (("", CODES[2]), (CODES[2], CODES[4]), (CODES[4], "\x7f"))


def test_reading_half_again_is_not_worth_it(tmp_path: Path) -> None:
    files = [visits(CODES[0], CODES[5], CODES[2]), visits(*CODES[1:4])]
    assert ranges(tmp_path, *files, group_rows=9, rows_at_a_time=3) == ()
    files[1] += visits(CODES[4])
    found = ranges(tmp_path, *files, group_rows=9, rows_at_a_time=3)
    assert found == (("", CODES[1]), (CODES[1], "\x7f"))


def test_an_event_far_away_does_not_disturb_the_order(tmp_path: Path) -> None:
    files = [visits(*[code] * 4) for code in CODES]
    files[2] += visits("532324100200")
    found = ranges(tmp_path, *files, rows_at_a_time=8, group_rows=9)
    assert found == (("", CODES[2]), (CODES[2], CODES[4]), (CODES[4], "\x7f"))


def test_a_village_of_several_row_groups_is_in_one_range(tmp_path: Path) -> None:
    rows = visits(CODES[0], *[CODES[1]] * 6, CODES[2])
    found = ranges(tmp_path, rows, rows_at_a_time=2)
    assert found == (("", CODES[1]), (CODES[1], "\x7f"))


def test_events_without_village_do_not_disturb_the_order(tmp_path: Path) -> None:
    rows = by_village([*visits(*CODES), *visits(None, None, None)])
    assert len(ranges(tmp_path, rows, rows_at_a_time=2)) == 3
    mixed = visits(CODES[0], None, CODES[1], None, None, None, CODES[2], CODES[3])
    assert ranges(tmp_path, mixed, rows_at_a_time=4) == (("", CODES[2]), (CODES[2], "\x7f"))


@pytest.mark.parametrize("rows", [[], visits(None, None, None, None)])
def test_nothing_in_a_village_has_no_ranges(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    assert ranges(tmp_path, rows, rows_at_a_time=1) == ()


@pytest.mark.parametrize(
    ("column", "found", "said"),
    [
        ("local_date", "DATE", True),
        ("village_code", "TEXT", False),
        ("event_id", "VARCHAR", False),
        ("no_such_column", "DATE", False),
    ],
    ids=["a date each", "one without", "texts may be empty", "no column"],
)
def test_row_groups_tell_of_nulls(tmp_path: Path, column: str, found: str, said: bool) -> None:
    path = tmp_path / "events.parquet"
    write_part(path, "events", visits(CODES[0], CODES[1], None), group_rows=2)
    source = Source(table=TABLES["events"], path=path, found={column: found})
    with duckdb.connect() as connection:
        assert has_no_nulls(connection, source, column=column) is said


@pytest.mark.parametrize("with_statistics", [True, False])
def test_the_greatest_number_is_found_with_statistics_or_without(
    tmp_path: Path, with_statistics: bool
) -> None:
    path = tmp_path / "events.parquet"
    numbers = pa.table({"object_no": [3, None, 5]})
    parquet.write_table(numbers, path, write_statistics=with_statistics)
    source = Source(table=TABLES["events"], path=path, found={"object_no": "BIGINT"})
    with duckdb.connect() as connection:
        if not with_statistics:
            connection.execute(f"CREATE VIEW events AS FROM '{path}'")
        assert greatest(connection, source, column="object_no") == 5


def test_the_greatest_of_numbers_written_as_texts_is_not_the_last_of_the_texts(
    tmp_path: Path,
) -> None:
    path = tmp_path / "events.parquet"
    parquet.write_table(pa.table({"object_no": ["9", "10"]}), path)
    source = Source(table=TABLES["events"], path=path, found={"object_no": "VARCHAR"})
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW texts AS FROM '{path}'")
        connection.execute("CREATE VIEW events AS SELECT object_no::INT AS object_no FROM texts")
        assert greatest(connection, source, column="object_no") == 10


@pytest.mark.parametrize(("column", "said"), [("local_date", True), ("village_code", False)])
def test_a_csv_is_read_for_nulls(tmp_path: Path, column: str, said: bool) -> None:
    path = tmp_path / "events.csv"
    path.write_text("local_date,village_code\n2026-09-01,1\n2026-09-02,\n", "utf-8")
    source = Source(table=TABLES["events"], path=path, found={column: ""})
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW events AS FROM read_csv('{path}')")
        assert has_no_nulls(connection, source, column=column) is said
