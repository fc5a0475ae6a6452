"""From raw rows to a sheet: find the header, match its columns, name every faulty cell."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cunjing.base.errors import FieldFault, invalid
from cunjing.documents.formulas import looks_like_formula
from cunjing.documents.refusals import too_many_rows
from cunjing.documents.sheets import (
    EXAMPLE_MARK,
    EXPLANATION_MARK,
    HEADER_WITHIN,
    Column,
    Merge,
    RawCell,
    RawRow,
    RawSheet,
    Sheet,
    SheetLimits,
    SheetRow,
    column_letters,
)

_NOTE = re.compile(r"[*＊]|[（(](必填|选填)[）)]|\s")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Header:
    """The header row and the column that stands at each index."""

    number: int
    columns: Mapping[int, Column]


def find_header(*, raw: RawSheet, columns: Sequence[Column]) -> RawRow | None:
    """The first of the top rows that holds every required title; None where there is none."""
    wanted = {_plain(column.title) for column in columns if column.required}
    for row in raw.rows[:HEADER_WITHIN]:
        titles = {_plain(cell.text) for cell in row.cells.values()}
        if wanted <= titles:
            return row
    return None


def explain_no_header(*, raw: RawSheet, columns: Sequence[Column]) -> str:
    """Why no row of this sheet is the header, and what to do."""
    merged = [merge for merge in raw.merges if merge.last_row <= HEADER_WITHIN]
    if merged:
        return _merged(merged)
    wanted = {_plain(column.title): column.title for column in columns if column.required}
    best: set[str] = set()
    for row in raw.rows[:HEADER_WITHIN]:
        titles = {_plain(cell.text) for cell in row.cells.values()}
        best = max(best, titles & set(wanted), key=len)
    if not best:
        return "没有找到表头。请下载模板，按模板的表头填写（表头是一行，从A列开始）。"
    missing = "、".join(f"“{title}”" for key, title in wanted.items() if key not in best)
    return f"表头缺少{missing}列。请照模板补上，标题一字不差。"


def assemble(
    *, raw: RawSheet, header_row: RawRow, columns: Sequence[Column], limits: SheetLimits
) -> Sheet:
    """The sheet below the header. Raises Problem (422) naming every faulty cell at once."""
    touching = [merge for merge in raw.merges if merge.last_row >= header_row.number]
    if touching:
        raise invalid(_merged(touching))
    header = _match(header_row=header_row, columns=columns)
    below = [row for row in raw.rows if row.number > header_row.number]
    if below and _first_text(below[0]).startswith(EXPLANATION_MARK):
        below = below[1:]
    if len(below) > limits.max_rows:
        raise too_many_rows(max_rows=limits.max_rows)
    faults: list[FieldFault] = []
    rows = []
    for row in below:
        faults += _row_faults(row=row, header=header, limits=limits)
        cells = {column.field: _text(row, index) for index, column in header.columns.items()}
        rows.append(SheetRow(number=row.number, cells=cells))
    if faults:
        shown = faults[: limits.max_faults]
        raise invalid(f"表中有{len(faults)}处不能接受，什么都没有导入。请改正后重新上传。", *shown)
    fields = tuple(column.field for column in header.columns.values())
    return Sheet(name=raw.name, fields=fields, rows=tuple(rows))


def _match(*, header_row: RawRow, columns: Sequence[Column]) -> Header:
    by_title = {_plain(column.title): column for column in columns}
    matched: dict[int, Column] = {}
    faults = []
    for index, cell in sorted(header_row.cells.items()):
        column = by_title.get(_plain(cell.text))
        where = f"{column_letters(index)}{header_row.number}"
        if column is None:
            said = f"{where}的表头“{cell.text[:20]}”不认识，请删去这一列，或改成模板里的标题。"
            faults.append(FieldFault("", said, row=header_row.number, column=cell.text[:20]))
        elif column in matched.values():
            said = f"{where}的表头“{column.title}”重复，请只保留一列。"
            faults.append(
                FieldFault(column.field, said, row=header_row.number, column=column.title)
            )
        else:
            matched[index] = column
    if faults:
        raise invalid("表头有误，什么都没有导入。", *faults)
    return Header(number=header_row.number, columns=matched)


def _row_faults(*, row: RawRow, header: Header, limits: SheetLimits) -> list[FieldFault]:
    if _first_text(row).startswith(EXAMPLE_MARK):
        return [FieldFault("", f"第{row.number}行是示例，请删去整行后再上传。", row=row.number)]
    if row.hidden:
        said = f"第{row.number}行被隐藏（可能是筛选），请取消隐藏核对，或删去这一行。"
        return [FieldFault("", said, row=row.number)]
    faults = []
    for index, cell in row.cells.items():
        column = header.columns.get(index)
        where = f"{column_letters(index)}{row.number}"
        if column is None:
            said = f"{where}有内容，但这一列没有表头，请清空或补上表头。"
            faults.append(FieldFault("", said, row=row.number))
        elif said := _cell_fault(cell=cell, column=column, limits=limits):
            faults.append(
                FieldFault(column.field, f"{where}{said}", row=row.number, column=column.title)
            )
    return faults


def _cell_fault(*, cell: RawCell, column: Column, limits: SheetLimits) -> str:
    if cell.fault:
        return cell.fault
    if cell.is_date and not column.is_date:
        return "被表格软件当成了日期。请把这一列设为“文本”格式后重新填写。"
    if looks_like_formula(cell.text):
        return "的内容像公式（以 = + - @ 开头），为安全起见不接受。请改成普通文字。"
    if len(cell.text) > limits.max_text:
        return f"超过{limits.max_text}个字，请缩短。"
    if _CONTROL.search(cell.text):
        return "含有看不见的控制字符或乱码，请重新输入这一格。"
    return ""


def _text(row: RawRow, index: int) -> str:
    cell = row.cells.get(index)
    return cell.text.strip() if cell else ""


def _first_text(row: RawRow) -> str:
    return row.cells[min(row.cells)].text if row.cells else ""


def _merged(merges: Sequence[Merge]) -> str:
    named = "、".join(merge.name for merge in merges[:5])
    more = f"等{len(merges)}处" if len(merges) > 5 else ""
    return f"表中有合并单元格：{named}{more}。请取消合并，让每格各自有内容，再上传。"


def _plain(title: str) -> str:
    """A title for comparing: half-width, without blanks, stars and notes such as （必填）."""
    return unicodedata.normalize("NFKC", _NOTE.sub("", title)).lower()
