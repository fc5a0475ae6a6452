"""Exports: what people open shows what was stored, and nothing in it runs."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.support.documents_factories import cells, read

from cunjing.documents.writing import ExportColumn, Value, csv_lines, xlsx_chunks

COLUMNS = [ExportColumn("警号", width=9), ExportColumn("姓名"), ExportColumn("到岗日")]
TRICKS = ["=cmd|' /C calc'!A0", "@x", "+cmd|x", "-2+3+cmd|x", "\t=1", "＝1"]


def exported(*rows: tuple[Value, ...], title: str = "人员台账", note: str = "") -> bytes:
    return b"".join(xlsx_chunks(title=title, columns=COLUMNS, rows=rows, note=note))


def opened(data: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_title_header_and_values() -> None:
    moment = datetime(2026, 8, 31, 16, 30, tzinfo=UTC)
    sheet = opened(exported(("A001", 3, date(2026, 9, 1)), (None, True, moment), note="2026-09"))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["人员台账\u30002026-09", None, None],
        ["警号", "姓名", "到岗日"],
        ["A001", 3, datetime(2026, 9, 1)],  # noqa: DTZ001 - a spreadsheet knows no zone
        [None, "是", datetime(2026, 9, 1, 0, 30)],  # noqa: DTZ001
    ]


def test_the_page_is_set_up_for_print() -> None:
    sheet = opened(exported())
    assert sheet.freeze_panes == "A3"
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert sheet.column_dimensions["A"].width == 9


@pytest.mark.parametrize("text", TRICKS)
def test_would_be_formulas_stay_text(text: str) -> None:
    cell = opened(exported((text, "", "")))["A3"]
    assert (cell.data_type, cell.value) == ("s", f"'{text}")
    assert cell.quotePrefix
    lines = b"".join(csv_lines(columns=COLUMNS[:1], rows=[[text]])).decode("utf-8-sig")
    assert lines.splitlines()[1].lstrip('"').startswith("'")


def test_a_title_cannot_break_the_workbook() -> None:
    data = exported(title="=[村/组]'s <台账>: " + "长" * 40)
    assert opened(data)["A1"].value.startswith("'=[村/组]")


def test_it_leaves_piece_by_piece() -> None:
    taken = []

    def rows() -> list[tuple[str, str, str]]:
        return [("A001", f"{n}", "") for n in range(2_000)]

    def watched() -> object:
        for row in rows():
            taken.append(row)
            yield row

    chunks = xlsx_chunks(title="大", columns=COLUMNS, rows=watched())  # type: ignore[arg-type]
    next(chunks)
    assert len(taken) < 2_000
    rest = b"".join(chunks)
    assert len(taken) == 2_000
    assert rest


def test_the_archive_is_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(exported(("A001", "张三", "")))) as archive:
        assert archive.testzip() is None


@given(st.lists(st.text("张三<&>_x0041 \n'", min_size=1, max_size=9), min_size=1, max_size=5))
def test_any_text_reads_back_through_our_own_reader(names: list[str]) -> None:
    kept = [name for name in names if name.strip()]
    rows: list[tuple[Value, ...]] = [(f"A{n:03}", name, "") for n, name in enumerate(kept)]
    back = [row[1] for row in cells(read(exported(*rows)))] if rows else []
    assert back == [name.strip() for name in kept]


def test_csv_values() -> None:
    moment = datetime(2026, 8, 31, 16, 30, tzinfo=UTC)
    rows: list[list[Value]] = [["a,b", None, True], [date(2026, 9, 1), 3, moment]]
    text = b"".join(csv_lines(columns=COLUMNS, rows=rows)).decode("utf-8-sig")
    assert text.split("\r\n") == [
        "警号,姓名,到岗日",
        '"a,b",,是',
        "2026-09-01,3,2026-09-01 00:30",
        "# 共 2 行",
        "",
    ]
