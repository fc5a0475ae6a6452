"""What a sheet is to the product: titled columns, rows of text, and the limits a file must keep."""

from collections.abc import Mapping
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
EXPLANATION_MARK = "【说明】"
EXAMPLE_MARK = "【示例】"
HEADER_WITHIN = 10
"""The header is looked for in this many rows with content."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet that is read.

    `field` is the name in code, `title` the Chinese header, `help` and `example` go into the
    template. A `required` column must stand in the header; a cell may still be blank. In a
    `is_date` column a cell that the spreadsheet holds as a date is taken; elsewhere it is refused,
    since it was once a text such as 3-2.
    """

    field: str
    title: str
    help: str = ""
    example: str = ""
    required: bool = False
    is_date: bool = False
    choices: tuple[str, ...] = ()
    width: int = 14


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: `number` as a person counts (header = 1), `cells` stripped text by field."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was read whole. `fields` are those whose column stands in the header."""

    name: str
    fields: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """What a file may be at most.

    `max_bytes` as uploaded; `max_inflated` all parts of an xlsx unpacked; `max_ratio` unpacked to
    packed of one part; `max_rows` rows with content; `max_text` characters of a cell.
    """

    max_bytes: int = 10 * MEGABYTE
    max_inflated: int = 64 * MEGABYTE
    max_ratio: int = 200
    max_entries: int = 500
    max_rows: int = 10_000
    max_columns: int = 100
    max_text: int = 2_000
    max_faults: int = 100


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell before its column is known. `fault` is why it cannot be accepted, empty if it can."""

    text: str
    is_date: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row with its cells by column index from 0; blank cells are left out."""

    number: int
    cells: Mapping[int, RawCell]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, for example `A1:C1`, and the last row it touches."""

    name: str
    last_row: int


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it lies in the file."""

    name: str
    rows: tuple[RawRow, ...]
    merges: tuple[Merge, ...] = ()


def trimmed(text: str) -> str:
    """Without blanks and line breaks around it. A leading tab stays, to be found by the checks."""
    return text.strip("\n\r \u00a0\u3000")


def column_letters(index: int) -> str:
    """The letters of a column, 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
