"""A csv in the encodings of China, whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.documents_factories import cells, csv_text, read_csv

from cunjing.base.errors import Problem
from cunjing.documents.sheets import SheetLimits
from cunjing.documents.writing import ExportColumn, csv_lines

ROW = "A001,张三,2026-09-01"
READ = [("A001", "张三", "2026-09-01")]
TITLES = [ExportColumn("警号"), ExportColumn("姓名"), ExportColumn("到岗日")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_the_encodings_of_wps_and_excel_are_read(encoding: str) -> None:
    assert cells(read_csv(csv_text(ROW).encode(encoding))) == READ


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "big5", "utf-32"])
def test_other_encodings_are_refused_with_what_to_do(encoding: str) -> None:
    with pytest.raises(Problem, match="UTF-8"):
        read_csv(csv_text("A001,張三豐,2026-09-01", header="警號,姓名,到崗日").encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_cut_at_any_byte_is_refused(encoding: str) -> None:
    data = csv_text(ROW, 'A002,"李,四",', "A003,王五,2026-09-03").encode(encoding)
    assert len(read_csv(data).rows) == 3
    for length in range(len(data)):
        with pytest.raises(Problem):
            read_csv(data[:length])


def test_a_csv_cut_at_any_byte_is_refused_when_the_rows_are_told() -> None:
    data = csv_text(ROW, "A002,李四,").encode()
    data = data[: data.rindex(b"#")]
    assert len(read_csv(data, expected_rows=2).rows) == 2
    for length in range(len(data)):
        with pytest.raises(Problem):
            read_csv(data[:length], expected_rows=2)


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True),
            st.text("张三,\"'\n李四 #共1行", min_size=1, max_size=8).map(str.strip).filter(bool),
        ),
        min_size=1,
        max_size=4,
    ),
    st.data(),
)
def test_what_we_write_reads_back_and_no_beginning_of_it_does(
    people: list[tuple[str, str]], data: st.DataObject
) -> None:
    rows = [(badge, name, "2026-09-01") for badge, name in people]
    whole = b"".join(csv_lines(columns=TITLES, rows=rows))
    assert cells(read_csv(whole)) == rows
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(Problem):
        read_csv(whole[:length])


def test_the_last_line_padded_by_a_spreadsheet_is_read() -> None:
    assert cells(read_csv(csv_text(ROW, end="# 共 1 行,,"))) == READ


def test_the_explanation_row_does_not_count() -> None:
    text = csv_text("【说明】必填,必填,", ROW, end="# 共 1 行")
    assert cells(read_csv(text)) == READ


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (csv_text(ROW, end=""), "没有读到末行"),
        (csv_text(ROW, end="# 共 2 行"), "应有2行，读到1行"),
        (csv_text("A001,张三"), "第2行有2格，表头有3格"),
        (csv_text(ROW, "A002,李,四,x"), "第3行有4格"),
        (csv_text('A001,"张三,'), "引号没有成对"),
        (csv_text("# 共 1 行,,", ROW), "只能是最后一行"),
        (csv_text(ROW, end="# 共 1 行,备注,"), "没有读到末行"),
        (csv_text(ROW).removesuffix("\r\n"), "没有读到末行"),
        (csv_text(ROW).replace(",", "\t"), "表头"),
        (csv_text(ROW, header="工号,名字,日期"), "没有找到表头"),
    ],
)
def test_what_does_not_add_up_is_refused(text: str, said: str) -> None:
    with pytest.raises(Problem, match=said):
        read_csv(text)


def test_a_broken_utf8_with_mark_is_called_cut() -> None:
    with pytest.raises(Problem, match="没有收全"):
        read_csv(csv_text(ROW).encode("utf-8-sig")[:20] + b"\xe5\n")


def test_a_file_of_line_breaks_and_a_row_of_commas_are_refused() -> None:
    with pytest.raises(Problem, match="行，没有读取"):
        read_csv("\n" * (SheetLimits().max_rows * 10 + 1))
    with pytest.raises(Problem, match="列之后"):
        read_csv(csv_text(header="," * 200))
