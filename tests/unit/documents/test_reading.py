"""What the one entrance takes and refuses."""

import io

import pytest
from tests.support.documents_factories import (
    COLUMNS,
    HEADER,
    Book,
    Tab,
    cells,
    csv_text,
    package,
    read,
    read_csv,
    xlsx,
)

from cunjing.base.errors import Problem, ProblemKind
from cunjing.documents.reading import read_sheet
from cunjing.documents.sheets import MEGABYTE, SheetLimits

ROW = ("A001", "张三", "2026-09-01")


class Unreadable(io.BytesIO):
    """A large upload that fails the test when a byte of it is read."""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 50 * MEGABYTE if whence == io.SEEK_END else 0

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("read before its size was checked")


def test_an_xlsx_and_a_csv_of_the_same_people_read_the_same() -> None:
    assert cells(read(xlsx(ROW))) == cells(read_csv(csv_text(",".join(ROW)))) == [ROW]


def test_fifty_megabytes_are_refused_before_a_byte_is_read() -> None:
    with pytest.raises(Problem) as refused:
        read_sheet(stream=Unreadable(), name="大.xlsx", columns=COLUMNS)
    assert refused.value.kind is ProblemKind.TOO_LARGE
    assert "10 MB" in refused.value.detail


def test_the_size_limit_can_be_set() -> None:
    data = xlsx(ROW)
    assert cells(read(data, limits=SheetLimits(max_bytes=len(data)))) == [ROW]
    with pytest.raises(Problem, match="没有读取"):
        read(data, limits=SheetLimits(max_bytes=len(data) - 1))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "空.xlsx", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧.xls", "旧版"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "加密.xlsx", "密码"),
        (b"%PDF-1.7 ...", "扫描.pdf", "不是表格"),
        (b"\x89PNG\r\n\x1a\n", "照片.xlsx", "不是表格"),
        (xlsx(ROW), "名单.docx", "只接受"),
        (xlsx(ROW), "名单.csv", "内容却不是"),
        (csv_text(",".join(ROW)).encode(), "名单.xlsx", "内容却不是"),
        (csv_text(",".join(ROW)).encode(), "名单", "只接受"),
        (package({"word/document.xml": "<w/>"}), "文档.xlsx", "不是表格文件"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(data: bytes, name: str, said: str) -> None:
    with pytest.raises(Problem, match=said) as refused:
        read(data, name=name)
    assert refused.value.status in {413, 415}


def test_the_first_visible_sheet_with_the_right_header_is_read() -> None:
    book = Book(
        [
            Tab([HEADER, ("B9", "隐藏", "")], name="隐藏", state="hidden"),
            Tab([("说明",), ("请填第二张表",)], name="说明"),
            Tab([HEADER, ROW], name="人员"),
            Tab([HEADER, ("C1", "后面", "")], name="以前"),
        ]
    )
    sheet = read(book.data())
    assert sheet.name == "人员"
    assert cells(sheet) == [ROW]


def test_no_sheet_with_the_header_names_what_is_missing() -> None:
    with pytest.raises(Problem, match="表头缺少“姓名”列"):
        read(Book([Tab([("警号", "名字")])]).data())
    with pytest.raises(Problem, match="没有找到表头"):
        read(Book([Tab([("甲", "乙")])]).data())


def test_a_workbook_without_content_is_refused() -> None:
    with pytest.raises(Problem, match="表里没有内容"):
        read(Book([Tab([])]).data())
