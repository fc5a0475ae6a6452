"""Headers, merged cells, hidden rows, examples: what a sheet may look like."""

from collections.abc import Sequence

import pytest
from tests.support.documents_factories import (
    HEADER,
    Book,
    Cell,
    Dated,
    Tab,
    cells,
    csv_text,
    read,
    read_csv,
    xlsx,
)

from cunjing.base.errors import Problem
from cunjing.documents.sheets import SheetLimits

ROW = ("A001", "张三", "2026-09-01")


def refusal(*rows: Sequence[Cell], merges: Sequence[str] = ()) -> Problem:
    with pytest.raises(Problem) as refused:
        read(xlsx(*rows, merges=merges))
    return refused.value


@pytest.mark.parametrize("merge", ["A1:B1", "A1:A2", "A2:A3"])
def test_merged_header_or_body_cells_are_named(merge: str) -> None:
    assert f"合并单元格：{merge}" in refusal(ROW, merges=[merge]).detail


def test_a_header_lost_in_a_merge_is_explained_by_the_merge() -> None:
    book = Book([Tab([("人员", None, None), ("A001", "张三", "")], merges=["A1:C1"])])
    with pytest.raises(Problem, match="合并单元格：A1:C1"):
        read(book.data())


def test_a_merged_title_above_the_header_does_no_harm() -> None:
    book = Book([Tab([("花名册",), HEADER, ROW], merges=["A1:C1"])])
    assert [row.number for row in read(book.data()).rows] == [3]


def test_the_header_may_carry_stars_notes_and_blanks() -> None:
    book = Book([Tab([("警 号*", "姓名（必填）", "到岗日"), ROW])])
    assert cells(read(book.data())) == [ROW]


def test_optional_columns_may_be_missing_and_columns_in_any_order() -> None:
    sheet = read(Book([Tab([("姓名", "警号"), ("张三", "A001")])]).data())
    assert dict(sheet.rows[0].cells) == {"name": "张三", "badge": "A001"}
    assert sheet.fields == ("name", "badge")


def test_unknown_and_repeated_titles_are_refused_by_cell() -> None:
    with pytest.raises(Problem) as refused:
        read(Book([Tab([("警号", "姓名", "绰号", "姓名"), ROW])]).data())
    assert [fault.message[:2] for fault in refused.value.faults] == ["C1", "D1"]


def test_a_cell_without_header_is_refused() -> None:
    (fault,) = refusal((*ROW, None, "散落")).faults
    assert (fault.row, fault.message) == (2, "E2有内容，但这一列没有表头，请清空或补上表头。")


def test_the_explanation_row_is_passed_over_and_the_example_refused() -> None:
    assert cells(read(xlsx(("【说明】必填", "必填", ""), ROW))) == [ROW]
    (fault,) = refusal(("【说明】必填", "", ""), ("【示例】A1", "李四", "")).faults
    assert (fault.row, "示例" in fault.message) == (3, True)


def test_hidden_rows_are_refused_by_number() -> None:
    book = Book([Tab([HEADER, ROW, ("A002", "李四", "")], hidden_rows=[3])])
    with pytest.raises(Problem) as refused:
        read(book.data())
    assert [fault.row for fault in refused.value.faults] == [3]


def test_trailing_and_middle_blank_rows_are_passed_over() -> None:
    sheet = read(xlsx(ROW, ("", " ", None), ("A002", "李四", ""), (None, None, None), ("",)))
    assert [row.number for row in sheet.rows] == [2, 4]


@pytest.mark.parametrize(
    "text", ["=cmd|'/C calc'!A0", "@SUM(A1)", "+cmd|x", "-2+3+cmd|x", "\t=1", "＝1+1"]
)
def test_text_that_would_run_is_refused_by_cell(text: str) -> None:
    (fault,) = refusal(("A001", text, "")).faults
    assert (fault.row, fault.column) == (2, "姓名")
    assert fault.message.startswith("B2")


def test_a_date_the_software_made_of_a_text_is_refused() -> None:
    (fault,) = refusal((Dated(46_000), "张三", "")).faults
    assert "当成了日期" in fault.message


def test_overlong_text_and_control_characters_are_refused() -> None:
    with pytest.raises(Problem) as refused:
        read(xlsx(("A001", "很长的名字", "")), limits=SheetLimits(max_text=4))
    assert "超过4个字" in refused.value.faults[0].message
    with pytest.raises(Problem, match="1处"):
        read_csv(csv_text("A001,张\x07三,"))


def test_every_fault_is_reported_at_once_up_to_a_limit() -> None:
    rows = [(f"A{n:03}", "=1", "") for n in range(5)]
    with pytest.raises(Problem, match="有5处") as refused:
        read(xlsx(*rows), limits=SheetLimits(max_faults=3))
    assert len(refused.value.faults) == 3


def test_too_many_rows_are_refused() -> None:
    rows = [(f"A{n:03}", "张三", "") for n in range(4)]
    assert len(read(xlsx(*rows), limits=SheetLimits(max_rows=4)).rows) == 4
    for data, name in ((xlsx(*rows), "甲.xlsx"),):
        with pytest.raises(Problem, match="超过3行"):
            read(data, name=name, limits=SheetLimits(max_rows=3))
