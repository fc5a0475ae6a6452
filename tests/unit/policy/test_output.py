"""Verdicts written out: each form says the same, and a file appears whole or not at all."""

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from pyarrow import parquet

from cunjing.policy.enums import Operator, VerdictKind
from cunjing.policy.errors import RequestError
from cunjing.policy.output import (
    as_counts,
    as_csv,
    as_json,
    as_table,
    counted,
    deliver,
    write_parquet,
    write_text,
)
from cunjing.policy.verdict import Count, Verdict

from .test_verdict import VERDICT

RANGE = replace(
    VERDICT,
    rule="coverage",
    clause="一(二)",
    subject="532323100200",
    value=None,
    operator=Operator.BETWEEN,
    threshold=(1, 1),
    threshold_full=(1, 1),
    verdict=VerdictKind.UNKNOWN,
)
BOTH = [VERDICT, RANGE]


def test_json_is_one_array_with_a_verdict_a_line() -> None:
    text = as_json(BOTH)
    first, second = text.splitlines()
    assert json.loads(text) == [VERDICT.as_dict(), RANGE.as_dict()]
    assert first.startswith('[{"policy": "book"')
    assert first.endswith("},")
    assert second.startswith(' {"policy": "book"')
    assert "一(二)" in second
    assert text.endswith("}]\n")


def test_no_verdicts_are_an_empty_array() -> None:
    assert as_json([]) == "[]\n"


def test_csv_has_a_header_and_empty_cells_for_null() -> None:
    text = as_csv(BOTH)
    assert "\r" not in text
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == list(VERDICT.as_dict())
    first, second = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    assert (first["value"], first["threshold"], first["verdict"]) == ("1", "2", "fail")
    assert (second["value"], second["staff_id"], second["threshold"]) == ("", "", "[1, 1]")


def test_a_row_with_a_cell_of_two_lines_ends_as_the_others_do() -> None:
    text = as_csv([replace(VERDICT, subject="P\r1"), VERDICT])
    assert len(text.split("\n")) == 4
    assert text.split("\n")[1].startswith('"book"')
    assert "\r\n" not in text


def test_the_table_names_the_policy_where_there_are_several() -> None:
    head, *rows = as_table(BOTH, with_policy=True).splitlines()
    assert head.split()[:2] == ["policy", "rule"]
    assert rows[0].split()[0] == "book"
    assert as_table(BOTH).split()[0] == "rule"


@pytest.mark.parametrize("torn", ["P\r1", "P\n1", "\r1", 'P"1', "P,1"])
def test_an_id_no_line_can_hold_comes_back_whole(torn: str) -> None:
    text = as_csv([replace(VERDICT, subject=torn), VERDICT])
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["subject"].removeprefix("'") for row in rows] == [torn, VERDICT.subject]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_ids_a_spreadsheet_would_run_are_quoted(start: str) -> None:
    odd = replace(VERDICT, subject=f"{start}1", village_code=f"{start}2", staff_id=f"{start}3")
    text = as_csv([odd])
    assert all(f"'{start}{number}" in text for number in (1, 2, 3))


def test_what_is_no_id_is_not_quoted() -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([replace(VERDICT, value=-1, operator="=")])))
    assert (row["value"], row["operator"], row["subject"]) == ("-1", "=", "P1")


def test_a_table_is_aligned_and_counted() -> None:
    failed = replace(VERDICT, subject="P10", value=0)
    assert as_table([*BOTH, failed], county_rules=["visits", "coverage"]).splitlines() == [
        "rule      subject       village_code  value  operator  threshold  verdict",
        "visits    P1            532323100200  1      >=        2          fail",
        "coverage  532323100200  532323100200         between   [1, 1]     unknown",
        "visits    P10           532323100200  0      >=        2          fail",
        "",
        "共 3 条：数据未齐 1，未达标 2",
        "门槛由县里定，不是原文的数字：visits、coverage",
    ]


def test_an_empty_table_says_so() -> None:
    text = as_table([])
    assert text.splitlines()[1:] == ["", "共 0 条：没有"]
    assert text.endswith("没有\n")


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")
    write_text(path, "甲\n乙\r\n")
    assert path.read_bytes() == "甲\n乙\r\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_the_file_it_points_at_is_written(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    old, absent = inside / "old.csv", inside / "absent.csv"
    old.write_text("old", encoding="utf-8")
    for number, target in enumerate([old, absent]):
        link = tmp_path / f"link{number}"
        link.symlink_to(target)
        write_text(link, "new")
        assert link.is_symlink()
        assert target.read_text(encoding="utf-8") == "new"
    assert sorted(inside.iterdir()) == [absent, old]


def test_a_pipe_or_a_link_to_itself_stays_what_it_is(tmp_path: Path) -> None:
    pipe, loop = tmp_path / "pipe", tmp_path / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    by_link = tmp_path / "link"
    by_link.symlink_to(pipe)
    for path in (pipe, by_link, loop):
        with pytest.raises(RequestError, match="不是普通文件"):
            write_text(path, "new")
    assert pipe.is_fifo()
    assert loop.is_symlink()
    assert sorted(tmp_path.iterdir()) == [by_link, loop, pipe]


def test_text_goes_to_standard_output_or_to_a_file(tmp_path: Path) -> None:
    assert deliver("甲", None) == "甲"
    path = tmp_path / "out.txt"
    assert deliver("甲", str(path)) == ""
    assert path.read_text(encoding="utf-8") == "甲"


def test_parquet_has_integers_where_numbers_are_and_text_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    write_parquet(path, BOTH)
    table = parquet.read_table(path)
    assert table.column_names == list(VERDICT.as_dict())
    types = {name: str(table.schema.field(name).type) for name in table.column_names}
    integers = {name for name, kind in types.items() if kind == "int64"}
    assert integers == {"value", "evidence_count"}
    assert set(types.values()) == {"int64", "string"}
    first, second = table.to_pylist()
    assert (first["value"], first["threshold"], first["staff_id"]) == (1, "2", None)
    assert (second["value"], second["threshold"], second["verdict"]) == (None, "[1, 1]", "unknown")
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "out.json"
    with pytest.raises(RequestError) as caught:
        write_text(path, "[]")
    assert f"写不了“{path}”，请检查文件夹、权限和空间（No such file" in str(caught.value)


def test_a_name_may_be_as_long_as_there_is_room_for(tmp_path: Path) -> None:
    path = tmp_path / ("考评" * 41 + ".json")
    write_text(path, "[]")
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    assert path.read_text("utf-8") == "[]"


def test_what_a_library_says_of_its_file_is_not_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "out.parquet"
    with pytest.raises(RequestError) as caught:
        write_parquet(path, BOTH)
    assert str(caught.value).endswith(
        f"写不了“{path}”，请检查文件夹、权限和空间（No such file or directory）"
    )


def test_a_place_without_a_file_name_is_refused() -> None:
    with pytest.raises(RequestError, match="“/”不是文件名，请检查 --out"):
        write_text(Path("/"), "[]")


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    path.write_text("old", encoding="utf-8")
    wrong: list[Verdict] = [replace(VERDICT, value="many")]
    with pytest.raises(ValueError, match="many"):
        write_parquet(path, wrong)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_verdicts_are_counted_by_rule_county_and_kind() -> None:
    other = replace(VERDICT, village_code="532324100200")
    nowhere = replace(VERDICT, village_code=None)
    earlier = replace(VERDICT, rule="a-rule", verdict=VerdictKind.PASS)
    found = counted([other, VERDICT, VERDICT, replace(VERDICT, verdict=VerdictKind.ADVICE)])
    assert found == [
        Count("visits", "532323", VerdictKind.ADVICE, 1, VERDICT.policy),
        Count("visits", "532323", VerdictKind.FAIL, 2, VERDICT.policy),
        Count("visits", "532324", VerdictKind.FAIL, 1, VERDICT.policy),
    ]
    assert as_counts(counted([VERDICT, nowhere, earlier])) == (
        "rule,county_code,verdict,number\n"
        "a-rule,532323,pass,1\n"
        "visits,,fail,1\n"
        "visits,532323,fail,1\n"
    )
    assert as_counts(counted([VERDICT]), with_policy=True) == (
        f"rule,county_code,verdict,number,policy\nvisits,532323,fail,1,{VERDICT.policy}\n"
    )
