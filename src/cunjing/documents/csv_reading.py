"""A csv as raw rows. A csv cannot show that it was cut, so ours ends with a line that counts.

The last line must read `# 共 N 行` (N rows with content below the header, the explanation row not
counted) and end in a line break. Then every beginning of the file short of the whole is refused.
A caller that knows the number of rows from elsewhere gives it instead.
"""

import csv
import io
import re
from typing import IO

from cunjing.documents.refusals import too_many_columns, too_many_rows, unreadable
from cunjing.documents.sheets import (
    EXPLANATION_MARK,
    HEADER_WITHIN,
    RawCell,
    RawRow,
    RawSheet,
    SheetLimits,
    trimmed,
)

_END = re.compile(r"#\s*共\s*(\d+)\s*行")
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CUT = "文件没有收全或被截断，什么都没有导入。请重新保存上传。"
_NO_END = (
    "没有读到末行“# 共 N 行”，文件可能被截断，什么都没有导入。"
    "请在最后另起一行写“# 共 N 行”（N为数据行数，不含表头和说明行），或改用 .xlsx 上传；"
    "若打开时是乱码，请另存为“CSV UTF-8（逗号分隔）”。"
)
_ENCODING = (
    "文字编码认不出来，什么都没有导入。"
    "请在WPS或Excel中另存为“CSV UTF-8（逗号分隔）”，或改用 .xlsx 上传。"
)


def end_line(rows: int) -> str:
    """The line that ends a csv of this many rows."""
    return f"# 共 {rows} 行"


def raw_csv(
    *, stream: IO[bytes], limits: SheetLimits, expected_rows: int | None = None
) -> RawSheet:
    """The csv as one raw sheet. Raises Problem for a wrong encoding, a cut or a ragged file."""
    text = _decoded(stream.read())
    if text.count("\n") > limits.max_rows * 10:
        raise too_many_rows(max_rows=limits.max_rows)
    if not text.endswith("\n"):
        raise unreadable(_NO_END if expected_rows is None else _CUT)
    records = _records(text)
    if expected_rows is None:
        records, expected_rows = _without_end(records)
    _refuse_ragged(records, limits=limits)
    rows = _rows(records)
    if len(rows) > limits.max_rows + HEADER_WITHIN:
        raise too_many_rows(max_rows=limits.max_rows)
    _refuse_miscounted(rows=rows, expected=expected_rows)
    return RawSheet(name="", rows=rows)


def _rows(records: list[list[str]]) -> tuple[RawRow, ...]:
    """The records with content; numbers count every record, as a spreadsheet shows them."""
    rows = []
    for number, record in enumerate(records, start=1):
        cells = {i: RawCell(trimmed(text)) for i, text in enumerate(record) if trimmed(text)}
        if cells:
            rows.append(RawRow(number=number, cells=cells))
    return tuple(rows)


def _decoded(data: bytes) -> str:
    """UTF-8 with or without mark, else GB18030; nothing is guessed beyond that."""
    if data.startswith(_UTF16) or b"\x00" in data:
        raise unreadable(_ENCODING)
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        if data.startswith(_BOM):
            raise unreadable(_CUT) from error
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise unreadable(_ENCODING) from error


def _records(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise unreadable(
            "引号没有成对，文件可能被截断，什么都没有导入。请重新保存上传。"
        ) from error


def _without_end(records: list[list[str]]) -> tuple[list[list[str]], int]:
    """The records before the last line, and the number that line gives."""
    last = records[-1] if records else []
    match = _END.fullmatch(last[0].strip()) if last else None
    if match is None or any(cell.strip() for cell in last[1:]):
        raise unreadable(_NO_END)
    if any(record and _END.fullmatch(record[0].strip()) for record in records[:-1]):
        raise unreadable("“# 共 N 行”出现在中间，只能是最后一行。请删去中间的，再上传。")
    return records[:-1], int(match.group(1))


def _refuse_ragged(records: list[list[str]], *, limits: SheetLimits) -> None:
    if not records:
        raise unreadable("文件是空的。请下载模板填写后再上传。")
    width = len(records[0])
    if width > limits.max_columns:
        raise too_many_columns(max_columns=limits.max_columns)
    for number, record in enumerate(records, start=1):
        if record and len(record) != width:
            raise unreadable(
                f"第{number}行有{len(record)}格，表头有{width}格，对不上，什么都没有导入。"
                "请检查这一行的逗号和引号（内容里的逗号请用中文逗号，或把整格放在英文引号里）。"
            )


def _refuse_miscounted(*, rows: tuple[RawRow, ...], expected: int) -> None:
    """Rows below the header, the explanation row not counted."""
    found = len(rows) - 1
    if found > 0 and next(iter(rows[1].cells.values())).text.startswith(EXPLANATION_MARK):
        found -= 1
    if found != expected:
        raise unreadable(
            f"应有{expected}行，读到{found}行，什么都没有导入。文件可能被截断或漏行，"
            f"请核对；确认无误后把末行改为“{end_line(found)}”再上传。"
        )
