"""The rows of a CSV looked at one by one before DuckDB reads it.

DuckDB forgives empty cells too many at the end of a row: a slipped comma would move cells into
columns they do not belong to without a word. Of other mistakes it names no row, or a wrong reason.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from cunjing.policy.errors import Finding

LONGEST_ROW = 1_900_000
"""Bytes of a row; DuckDB reads none of two million."""

_END = re.compile(rb"\r\n|\r|\n")
_HEADER_WITHIN = 1024 * 1024
_QUOTED = re.compile(r'(?<![^,]) *"(?:[^"]|"")*" *(?![^,])')
_CLOSED = re.compile(r' *"(?:[^"]|"")*"(?!")')
_CLOSING = re.compile(r'(?<!")(?:"")*"(?!")')
"""An odd run of quotes: only one can close a cell."""
_OPEN = re.compile(r'(?<![^,]) *"')
_UNPAIRED = "引号不成对，或文件在这里断了"
_TOO_LONG = "这一行太长，最多 190 万字节；多半是少了换行，或引号不成对"
_TORN = "换行与表头那行的不一样；请用表格软件打开，另存为“CSV UTF-8”"
_EMPTY = "是空行，行与行之间不能空着，请删去"


def check_rows(path: Path, *, width: int) -> Finding | None:
    """The first row that has not as many cells as the header, ends otherwise than it, is empty
    between others, is too long, or has a quote that is not closed.

    A row is what a spreadsheet shows as one, the header row 1.
    """
    end, commas, empty = _line_end(path), width - 1, 0
    # One byte, one character: what is no UTF-8 is DuckDB's to find, and here everything counts.
    with path.open(encoding="latin-1", newline=end) as file:
        for number, line in enumerate(file, start=1):
            row = line.removesuffix(end)
            if not row:
                empty = empty or number
                continue
            if empty:
                return Finding(path.name, empty, None, _EMPTY)
            plain = '"' not in row and "\r" not in row and "\n" not in row
            if plain and row.count(",") == commas and len(row) <= LONGEST_ROW:
                continue
            if (fault := _fault(row, file, end=end, width=width)) is not None:
                return Finding(path.name, number, None, fault)
    return None


def _line_end(path: Path) -> str:
    """What ends the header; its names hold no line ends, so it is the first there is."""
    with path.open("rb") as file:
        found = _END.search(file.read(_HEADER_WITHIN))
    return found.group().decode() if found else "\n"


def _fault(row: str, following: Iterator[str], *, end: str, width: int) -> str | None:
    """What is wrong with a row; a cell in quotes may go on in the lines `following`."""
    bare = _QUOTED.sub("", row)
    while _OPEN.search(bare):
        if _goes_on_after_its_quote(row):
            return _UNPAIRED
        # Looked at anew only where the cell may be closed: else a stray quote would cost the square
        # of what follows it.
        for line in following:
            row += end + line.removesuffix(end)
            if _CLOSING.search(line) or len(row) > LONGEST_ROW:
                break
        else:
            return _UNPAIRED
        if len(row) > LONGEST_ROW:
            return _TOO_LONG
        bare = _QUOTED.sub("", row)
    if len(row) > LONGEST_ROW:
        return _TOO_LONG
    if "\r" in bare or "\n" in bare:
        return _TORN
    cells = bare.count(",") + 1
    return None if cells == width else f"有 {cells} 格，表头有 {width} 列，请对齐"


def _goes_on_after_its_quote(row: str) -> bool:
    """Whether the first cell in quotes that does not end at a comma is closed all the same."""
    place = 0
    while place <= len(row):
        if cell := _QUOTED.match(row, place):
            place = cell.end() + 1
        elif _OPEN.match(row, place):
            return _CLOSED.match(row, place) is not None
        else:
            place = row.find(",", place) + 1 or len(row) + 1
    return False
