"""Cells as different spreadsheets write them, and files made to do harm."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.support.documents_factories import (
    HEADER,
    STRICT,
    Book,
    Dated,
    Formula,
    Tab,
    Typed,
    cells,
    package,
    read,
    xlsx,
)

from cunjing.base.errors import Problem, ProblemKind
from cunjing.documents.safe_zip import SafeZip
from cunjing.documents.sheets import MEGABYTE, SheetLimits

ROW = ("A001", "张三", "2026-09-01")


@pytest.mark.parametrize(
    "book",
    [
        Book([Tab([HEADER, ROW])]),
        Book([Tab([HEADER, ROW])], shared=False),
        Book([Tab([HEADER, ROW])], targets_from_root=True),
        Book([Tab([HEADER, ROW], references=False)], shared=False),
        Book([Tab([HEADER, ROW])], namespace=STRICT),
        Book([Tab([HEADER, ("A001", "张三", Dated(46_266))])]),
        Book([Tab([HEADER, ("A001", "张三", Dated(46_266.75))])], date_format="yyyy/m/d;@"),
        Book([Tab([HEADER, ("A001", "张三", Dated(46_266 - 1462))])], from_1904=True),
        Book([Tab([HEADER, ("A001", "张三", Typed("d", "2026-09-01T00:00:00"))])]),
        Book([Tab([HEADER, ("A001 ", "\u3000张三\n", "2026-09-01")])]),
        Book([Tab([HEADER, (Typed("str", "A001"), "张三", "2026-09-01")])]),
    ],
    ids=[
        "shared strings",
        "inline strings",
        "targets from the root",
        "no references",
        "strict namespace",
        "date as number",
        "date and time as number",
        "1904 calendar",
        "ISO date",
        "blanks around",
        "plain string",
    ],
)
def test_the_same_row_reads_the_same_however_it_is_written(book: Book) -> None:
    assert cells(read(book.data())) == [ROW]


def test_a_workbook_of_openpyxl_reads() -> None:
    book = Workbook()
    for row in (HEADER, ROW):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    assert cells(read(out.getvalue())) == [ROW]


def test_rich_text_is_joined_without_its_phonetic_guide() -> None:
    parts = Book([Tab([HEADER, ("A001", "占位", "")])]).parts()
    rich = "<r><t>张</t></r><r><rPr><b/></rPr><t>三</t></r><rPh sb='0' eb='1'><t>zhang</t></rPh>"
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace("<t>占位</t>", rich)
    assert cells(read(package(parts))) == [("A001", "张三", "")]


def test_numbers_read_as_people_see_them() -> None:
    sheet = read(xlsx((13800000000, 1.5, ""), (1.38e10, Typed("b", "1"), "")))
    assert [row[:2] for row in cells(sheet)] == [("13800000000", "1.5"), ("13800000000", "是")]


def test_escapes_of_the_format_are_resolved() -> None:
    sheet = read(Book([Tab([HEADER, ("A001", "张_x5F20_三", "")])]).data())
    assert cells(sheet)[0][1] == "张张三"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Formula("A1&B1", "张三"), "是公式"),
        (Formula("cmd|'/C calc'!A0"), "是公式"),
        (Typed("e", "#REF!"), "#REF!"),
        (341302198503071234, "末几位已被表格软件改成0"),
    ],
)
def test_formulas_errors_and_rounded_numbers_are_refused_by_cell(cell: object, said: str) -> None:
    with pytest.raises(Problem) as refused:
        read(xlsx(("A001", cell, "")))  # type: ignore[arg-type]
    (fault,) = refused.value.faults
    assert (fault.row, fault.column, fault.message[:2]) == (2, "姓名", "B2")
    assert said in fault.message


@pytest.mark.parametrize("serial", [-1, 0.5, 60, 9_999_999])
def test_days_that_no_calendar_has_are_refused(serial: float) -> None:
    with pytest.raises(Problem) as refused:
        read(xlsx(("A001", "张三", Dated(serial))))
    assert "有效的日期" in refused.value.faults[0].message


def test_a_workbook_cut_at_any_byte_is_refused() -> None:
    data = xlsx(ROW)
    for length in range(len(data)):
        with pytest.raises(Problem) as refused:
            read(data[:length])
        assert refused.value.status == 415


def test_a_damaged_part_is_refused() -> None:
    data = bytearray(xlsx(ROW))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    data[part.header_offset + 30 + len(part.filename) + 5] ^= 0xFF
    with pytest.raises(Problem, match="不完整或已损坏"):
        read(bytes(data))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData>"),
        ("xl/worksheets/sheet1.xml", '<worksheet><mergeCell ref="?"/></worksheet>'),
        (
            "xl/worksheets/sheet1.xml",
            '<worksheet><row><c t="s"><v>99</v></c></row></worksheet>',
        ),
        ("xl/worksheets/sheet1.xml", "<worksheet><row><c><v>abc</v></c></row></worksheet>"),
    ],
)
def test_broken_xml_is_refused(name: str, content: str) -> None:
    parts = Book([Tab([HEADER, ROW])]).parts()
    with pytest.raises(Problem, match="不完整或已损坏"):
        read(package({**parts, name: content}))


def test_a_missing_sheet_part_is_refused() -> None:
    parts = Book([Tab([HEADER, ROW])]).parts()
    del parts["xl/worksheets/sheet1.xml"]
    with pytest.raises(Problem, match="不完整或已损坏"):
        read(package(parts))


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><worksheet/>',
    ],
    ids=["billion laughs", "local file", "remote file"],
)
def test_entities_and_external_files_are_refused(attack: str) -> None:
    parts = Book([Tab([HEADER, ROW])]).parts()
    with pytest.raises(Problem, match="外部引用"):
        read(package({**parts, "xl/worksheets/sheet1.xml": attack}))


def test_macros_are_refused() -> None:
    parts = Book([Tab([HEADER, ROW])]).parts()
    with pytest.raises(Problem, match="宏"):
        read(package({**parts, "xl/vbaProject.bin": b"\x00"}))


def bomb(size: int) -> bytes:
    parts: dict[str, str | bytes] = {**Book([Tab([HEADER, ROW])]).parts()}
    parts["xl/sharedStrings.xml"] = b"<sst><si><t>" + b" " * size + b"</t></si></sst>"
    return package(parts)


def test_a_part_that_unpacks_beyond_all_proportion_is_refused() -> None:
    data = bomb(30 * MEGABYTE)
    assert len(data) < MEGABYTE
    with pytest.raises(Problem, match="异常庞大") as refused:
        read(data)
    assert refused.value.kind is ProblemKind.TOO_LARGE


def test_a_declared_size_beyond_the_limit_is_refused_before_unpacking() -> None:
    with pytest.raises(Problem, match="异常庞大"):
        read(bomb(2 * MEGABYTE), limits=SheetLimits(max_inflated=MEGABYTE, max_ratio=100_000))


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(bomb(30 * MEGABYTE))
    lie = struct.pack("<I", 100)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            size = struct.unpack_from("<I", data, place + offset)[0]
            if size > MEGABYTE:
                data[place + offset : place + offset + 4] = lie
    with pytest.raises(Problem):
        read(bytes(data))


def test_unpacking_stops_when_the_common_budget_is_used_up() -> None:
    """Declared sizes may lie; what is really inflated counts, over all parts."""
    data = package({"a.xml": "1" * 600, "b.xml": "2" * 400})
    archive = SafeZip(stream=io.BytesIO(data), limits=SheetLimits(max_inflated=1000))
    with archive.open("a.xml") as part:
        assert len(part.read()) == 600
    with archive.open("b.xml") as part:
        assert len(part.read(300)) == 300
    with archive.open("b.xml") as part, pytest.raises(Problem, match="异常庞大"):
        part.read()


def test_many_parts_are_refused() -> None:
    extra = {f"xl/media/{n}.bin": b"x" for n in range(600)}
    with pytest.raises(Problem, match="异常庞大"):
        read(package({**Book([Tab([HEADER, ROW])]).parts(), **extra}))


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet>" + "<x/>" * 250_000 + "</worksheet>",
        "<worksheet><row r='2000000'/></worksheet>",
        "<worksheet " + "a" * (3 * MEGABYTE) + "='1'/>",
    ],
    ids=["too many elements", "rows no sheet has", "a name without end"],
)
def test_xml_made_to_exhaust_the_reader_is_refused(sheet: str) -> None:
    parts = Book([Tab([HEADER, ROW])]).parts()
    data = package({**parts, "xl/worksheets/sheet1.xml": sheet})
    with pytest.raises(Problem, match="异常庞大"):
        read(data, limits=SheetLimits(max_ratio=1_000_000))


def test_content_far_to_the_right_is_refused() -> None:
    with pytest.raises(Problem, match="第100列之后"):
        read(xlsx((*ROW, *[None] * 150, "远")))


def test_a_password_on_the_zip_is_refused(tmp_path: Path) -> None:
    data = bytearray(xlsx(ROW))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            data[place + offset] |= 0x1
    with pytest.raises(Problem, match="密码"):
        read(bytes(data))
