"""Reading an uploaded sheet: the one entrance for xlsx and csv."""

import io
from collections.abc import Sequence
from typing import IO

from cunjing.base.errors import invalid
from cunjing.documents.csv_reading import raw_csv
from cunjing.documents.refusals import too_large, unreadable
from cunjing.documents.sheets import Column, RawSheet, Sheet, SheetLimits
from cunjing.documents.tables import assemble, explain_no_header, find_header
from cunjing.documents.xlsx_reading import raw_sheets

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_NOT_SHEETS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
_SUFFIXES = (".xlsx", ".csv")
DEFAULT_LIMITS = SheetLimits()


def read_sheet(
    *,
    stream: IO[bytes],
    name: str,
    columns: Sequence[Column],
    limits: SheetLimits = DEFAULT_LIMITS,
    expected_rows: int | None = None,
) -> Sheet:
    """Read an uploaded xlsx or csv whole, or refuse it with a Problem that says how to mend it.

    `stream` must be seekable: an oversized file is refused by its length before a byte is read.
    `name` is the file name as uploaded. What the file is, is told by its first bytes. Among several
    visible sheets the first with the right header counts. `expected_rows` replaces the counting
    last line of a csv.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > limits.max_bytes:
        raise too_large(max_bytes=limits.max_bytes)
    if size == 0:
        raise unreadable("文件是空的。请下载模板填写后再上传。")
    start = stream.read(8)
    stream.seek(0)
    _refuse_other_formats(start=start, name=name)
    if start.startswith(_ZIP):
        return _read_xlsx(stream=stream, columns=columns, limits=limits)
    raw = raw_csv(stream=stream, limits=limits, expected_rows=expected_rows)
    return _read_one(raw=raw, columns=columns, limits=limits)


def _refuse_other_formats(*, start: bytes, name: str) -> None:
    if start.startswith(_OLE):
        raise unreadable(
            "这是旧版 .xls、WPS 的 .et 或加了密码的文件，读不了。"
            "请去掉密码，另存为 .xlsx 后再上传。"
        )
    if start.startswith(_NOT_SHEETS):
        raise unreadable("这不是表格文件。请用模板填写，存为 .xlsx 或 .csv 后再上传。")
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix not in _SUFFIXES:
        raise unreadable("只接受 .xlsx 和 .csv 文件。请另存为其中一种后再上传。")
    if (suffix == ".xlsx") != start.startswith(_ZIP):
        raise unreadable(f"文件名是 {suffix}，内容却不是。请用WPS或Excel打开后另存，再上传。")


def _read_xlsx(*, stream: IO[bytes], columns: Sequence[Column], limits: SheetLimits) -> Sheet:
    first: RawSheet | None = None
    for raw in raw_sheets(stream=stream, limits=limits):
        header_row = find_header(raw=raw, columns=columns)
        if header_row is not None:
            return assemble(raw=raw, header_row=header_row, columns=columns, limits=limits)
        if first is None and (raw.rows or raw.merges):
            first = raw
    if first is None:
        raise unreadable("表里没有内容。请下载模板填写后再上传。")
    raise invalid(explain_no_header(raw=first, columns=columns))


def _read_one(*, raw: RawSheet, columns: Sequence[Column], limits: SheetLimits) -> Sheet:
    header_row = find_header(raw=raw, columns=columns)
    if header_row is None:
        raise invalid(
            explain_no_header(raw=raw, columns=columns)
            + "如果打开时是乱码，请另存为“CSV UTF-8（逗号分隔）”。"
        )
    return assemble(raw=raw, header_row=header_row, columns=columns, limits=limits)
