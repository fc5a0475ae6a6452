"""The parts of the facts schema: columns with types, closed lists and patterns, and tables."""

from dataclasses import dataclass
from enum import StrEnum

PERIOD = r"[12][0-9]{3}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?"
_PERIOD_HINT = "2026-09、2026-Q3、2026-H1 或 2026"
_LONGITUDE = r"(7[3-9]|[89][0-9]|1[0-2][0-9]|13[0-5])([.][0-9]+)?"
_LATITUDE = r"([3-9]|[1-4][0-9]|5[0-4])([.][0-9]+)?"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class ColumnType(StrEnum):
    """How a column is written (CSV) and held (views: VARCHAR, BIGINT, DATE, TIMESTAMP, BOOLEAN,
    DOUBLE).

    `decimal` is for coordinates alone; no verdict reads one. `instant` is an ISO 8601 time with
    offset; the views hold it as TIMESTAMP in UTC.
    """

    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `pattern` is a whole-match regular expression, `hint` says it in Chinese."""

    name: str
    type: ColumnType = ColumnType.TEXT
    required: bool = False
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    hint: str = ""
    references: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `interval` names its half-open pair; `tree` a column pointing into its own key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False
    interval: tuple[str, str] | None = None
    tree: str | None = None

    def column(self, name: str) -> Column:
        """The column of this name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


def text_column(name: str, *, required: bool = False) -> Column:
    """A text that says what it likes."""
    return Column(name, required=required)


def digits_column(name: str, count: int, *, required: bool = False) -> Column:
    """A division code of so many digits."""
    return Column(
        name, required=required, pattern=f"[0-9]{{{count}}}", hint=f"{count} 位数字的区划代码"
    )


def reference_column(name: str, table: str, *, required: bool = False) -> Column:
    """The key of a row of another table."""
    pattern = "[0-9]{12}" if table == "villages" else None
    hint = "12 位数字的区划代码" if pattern else ""
    return Column(name, required=required, pattern=pattern, hint=hint, references=table)


def date_column(name: str, *, required: bool = False) -> Column:
    """A day."""
    return Column(name, ColumnType.DATE, required=required)


def instant_column(name: str, *, required: bool = False) -> Column:
    """A time with its offset."""
    return Column(name, ColumnType.INSTANT, required=required)


def boolean_column(name: str) -> Column:
    """true or false."""
    return Column(name, ColumnType.BOOLEAN)


def enum_column(name: str, members: type[StrEnum], *, required: bool = False) -> Column:
    """One of a closed list."""
    return Column(name, required=required, enum=tuple(member.value for member in members))


def period_column(name: str, *, required: bool = False) -> Column:
    """A period as `--period` names it."""
    return Column(name, required=required, pattern=PERIOD, hint=_PERIOD_HINT)


def code_column(name: str) -> Column:
    """A village's code that may name a village outside the facts (a native place)."""
    return Column(name, pattern="[0-9]{12}", hint="12 位数字的区划代码")


def count_column(name: str, *, required: bool = False) -> Column:
    """A whole number from 0 to 999,999,999."""
    return Column(
        name,
        ColumnType.INTEGER,
        required=required,
        pattern="0|[1-9][0-9]{0,8}",
        hint="0 至 999999999 的整数",
    )


def rank_column(name: str, *, highest: int, required: bool = False) -> Column:
    """A whole number from 1 to `highest` (one digit)."""
    return Column(
        name,
        ColumnType.INTEGER,
        required=required,
        pattern=f"[1-{highest}]",
        hint=f"1 至 {highest} 的整数",
    )


def longitude_column() -> Column:
    """Degrees east, CGCS2000, within China."""
    return Column(
        "longitude", ColumnType.DECIMAL, pattern=_LONGITUDE, hint="经度，73 至 136 之间的度数"
    )


def latitude_column() -> Column:
    """Degrees north, CGCS2000, within China."""
    return Column(
        "latitude", ColumnType.DECIMAL, pattern=_LATITUDE, hint="纬度，3 至 55 之间的度数"
    )


def time_column(name: str) -> Column:
    """A time of day in Shanghai."""
    return Column(name, pattern=_TIME, hint="09:30 样式的时间")
