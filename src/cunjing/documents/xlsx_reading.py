"""Sheets of an xlsx as raw rows, streamed; formulas are never evaluated and never taken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO
from xml.etree.ElementTree import Element

from cunjing.documents.refusals import bomb, damaged, too_many_columns, too_many_rows
from cunjing.documents.safe_zip import SafeZip
from cunjing.documents.sheets import (
    HEADER_WITHIN,
    Merge,
    RawCell,
    RawRow,
    RawSheet,
    SheetLimits,
    trimmed,
)
from cunjing.documents.xlsx_package import (
    SheetPart,
    Workbook,
    elements,
    local,
    read_workbook,
    text_of,
    unescaped,
)

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_SURE_SERIAL = 61
_LAST_SERIAL = 2_958_465
_EXACT_DIGITS = 1e15
_MAX_MERGES = 1_000
_LAST_ROW = 1_048_576
_BLANK = RawCell("")

_FORMULA = "是公式。请复制后“选择性粘贴为数值”再上传。"
_ERROR = "是错误值“{text}”。请改成正确的内容。"
_ROUNDED = "数字太长，末几位已被表格软件改成0。请把该列设为“文本”格式后重新填写。"
_DAY_ZERO = "不是有效的日期。请写成2026-09-01的样子。"


def raw_sheets(*, stream: IO[bytes], limits: SheetLimits) -> Iterator[RawSheet]:
    """The visible sheets one after another, each read when asked for.

    Raises Problem for a damaged, encrypted, oversized or hostile file.
    """
    archive = SafeZip(stream=stream, limits=limits)
    workbook = read_workbook(archive)
    for sheet in workbook.sheets:
        yield _read_sheet(archive=archive, workbook=workbook, sheet=sheet, limits=limits)


def _read_sheet(
    *, archive: SafeZip, workbook: Workbook, sheet: SheetPart, limits: SheetLimits
) -> RawSheet:
    reader = _SheetReader(workbook=workbook, limits=limits)
    with elements(archive, sheet.part, detached=("c", "row")) as events:
        for event, element in events:
            reader.take(event=event, element=element)
    return RawSheet(name=sheet.name, rows=tuple(reader.rows), merges=tuple(reader.merges))


class _SheetReader:
    """Gathers rows while the sheet's XML streams by.

    `r` of a row or cell may be left out by a writer; then they count on from the last.
    """

    def __init__(self, *, workbook: Workbook, limits: SheetLimits) -> None:
        self.rows: list[RawRow] = []
        self.merges: list[Merge] = []
        self._workbook = workbook
        self._limits = limits
        self._number = 0
        self._column = -1
        self._cells: dict[int, RawCell] = {}

    def take(self, *, event: str, element: Element) -> None:
        """Handle one start or end of an element."""
        name = local(element)
        if event == "start":
            if name == "row":
                self._begin_row(element)
        elif name == "c":
            self._end_cell(element)
        elif name == "row":
            self._end_row(element)
        elif name == "mergeCell" and len(self.merges) < _MAX_MERGES:
            self.merges.append(_merge(element.get("ref", "")))

    def _begin_row(self, element: Element) -> None:
        said = element.get("r", "")
        self._number = int(said) if said.isdigit() and len(said) < 8 else self._number + 1
        if self._number > _LAST_ROW:
            raise bomb()
        self._column = -1
        self._cells = {}

    def _end_cell(self, element: Element) -> None:
        self._column = _column(reference=element.get("r", ""), after=self._column)
        cell = _cell(element=element, workbook=self._workbook)
        if cell == _BLANK:
            return
        if self._column >= self._limits.max_columns:
            raise too_many_columns(max_columns=self._limits.max_columns)
        self._cells[self._column] = cell

    def _end_row(self, element: Element) -> None:
        if not self._cells:
            return
        hidden = element.get("hidden") in {"1", "true"}
        self.rows.append(RawRow(number=self._number, cells=self._cells, hidden=hidden))
        if len(self.rows) > self._limits.max_rows + HEADER_WITHIN:
            raise too_many_rows(max_rows=self._limits.max_rows)


@dataclass(frozen=True, slots=True)
class _Content:
    """The children of a cell element."""

    value: str
    inline: str
    has_formula: bool


def _cell(*, element: Element, workbook: Workbook) -> RawCell:
    content = _content(element)
    kind = element.get("t", "n")
    if content.has_formula:
        return RawCell(content.value.strip(), fault=_FORMULA)
    if kind == "inlineStr":
        return RawCell(trimmed(content.inline))
    if not content.value:
        return _BLANK
    if kind == "n":
        style = element.get("s", "0")
        is_date = style.isdigit() and int(style) in workbook.date_styles
        return _number(text=content.value, is_date=is_date, from_1904=workbook.from_1904)
    return _typed(kind=kind, value=content.value, workbook=workbook)


def _typed(*, kind: str, value: str, workbook: Workbook) -> RawCell:
    """A cell whose type is written down: shared string, truth, error, ISO date, plain string."""
    if kind == "s":
        return RawCell(trimmed(_shared(value, workbook=workbook)))
    if kind == "b":
        return RawCell("是" if value == "1" else "否")
    if kind == "e":
        return RawCell(value, fault=_ERROR.format(text=value))
    if kind == "d":
        return RawCell(value[:10], is_date=True)
    return RawCell(trimmed(unescaped(value)))


def _content(element: Element) -> _Content:
    value, inline, has_formula = "", "", False
    for child in element:
        name = local(child)
        if name == "v":
            value = child.text or ""
        elif name == "is":
            inline = text_of(child)
        elif name == "f":
            has_formula = True
    return _Content(value=value, inline=inline, has_formula=has_formula)


def _shared(index: str, *, workbook: Workbook) -> str:
    if not index.isdigit() or int(index) >= len(workbook.strings):
        raise damaged()
    return workbook.strings[int(index)]


def _number(*, text: str, is_date: bool, from_1904: bool) -> RawCell:
    try:
        value = float(text)
    except ValueError as error:
        raise damaged() from error
    if is_date:
        return _date(serial=value, from_1904=from_1904)
    if not abs(value) < _EXACT_DIGITS:
        return RawCell(text, fault=_ROUNDED)
    return RawCell(str(int(value)) if value.is_integer() else repr(value))


def _date(*, serial: float, from_1904: bool) -> RawCell:
    """A day as `YYYY-MM-DD`. Serials before March 1900 are ambiguous (its false leap day)."""
    first = 0 if from_1904 else _FIRST_SURE_SERIAL
    if not first <= serial < _LAST_SERIAL:
        return RawCell(str(serial), is_date=True, fault=_DAY_ZERO)
    day = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(days=int(serial))
    return RawCell(day.isoformat(), is_date=True)


def _column(*, reference: str, after: int) -> int:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return after + 1
    index = 0
    for letter in match.group(1):
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _merge(reference: str) -> Merge:
    last = _REFERENCE.fullmatch(reference.rpartition(":")[2])
    if last is None:
        raise damaged()
    return Merge(name=reference, last_row=int(last.group(2)))
