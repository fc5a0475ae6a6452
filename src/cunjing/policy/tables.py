"""The facts tables (contract section 1) as data.

The single source for validation, for the engines and for the export from the database: names,
order, types, keys, closed lists and references of every column. `valid_from`-like columns of a key
may be null; a null is then a value like any other.
"""

from dataclasses import dataclass
from enum import StrEnum

from cunjing.policy.enums import (
    EventKind,
    GroupKind,
    Layer,
    MatterKind,
    MatterLevel,
    MemberPost,
    Role,
    Sex,
    UnitKind,
)


class ColumnType(StrEnum):
    """How a column is written (CSV) and held (views: VARCHAR, BIGINT, DATE, TIMESTAMP, BOOLEAN).

    `instant` is an ISO 8601 time with offset; the views hold it as TIMESTAMP in UTC.
    """

    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"


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


_PERIOD = r"[12][0-9]{3}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?"
_PERIOD_HINT = "2026-09、2026-Q3、2026-H1 或 2026"


def _text(name: str, *, required: bool = False) -> Column:
    return Column(name, required=required)


def _digits(name: str, count: int, *, required: bool = False) -> Column:
    return Column(
        name, required=required, pattern=f"[0-9]{{{count}}}", hint=f"{count} 位数字的区划代码"
    )


def _reference(name: str, table: str, *, required: bool = False) -> Column:
    pattern = "[0-9]{12}" if table == "villages" else None
    hint = "12 位数字的区划代码" if pattern else ""
    return Column(name, required=required, pattern=pattern, hint=hint, references=table)


def _date(name: str, *, required: bool = False) -> Column:
    return Column(name, ColumnType.DATE, required=required)


def _instant(name: str, *, required: bool = False) -> Column:
    return Column(name, ColumnType.INSTANT, required=required)


def _boolean(name: str) -> Column:
    return Column(name, ColumnType.BOOLEAN)


def _enum(name: str, members: type[StrEnum], *, required: bool = False) -> Column:
    return Column(name, required=required, enum=tuple(member.value for member in members))


def _period(name: str, *, required: bool = False) -> Column:
    return Column(name, required=required, pattern=_PERIOD, hint=_PERIOD_HINT)


_ALL = (
    Table(
        "villages",
        (
            _digits("village_code", 12, required=True),
            _text("name", required=True),
            _digits("township_code", 9),
            _digits("county_code", 6),
            _enum("layer", Layer),
            _date("valid_from"),
            _date("valid_to"),
        ),
        key=("village_code", "valid_from"),
        required=True,
        interval=("valid_from", "valid_to"),
    ),
    Table(
        "township_adjacency",
        (
            _digits("township_code", 9, required=True),
            _digits("adjacent_code", 9, required=True),
        ),
        key=("township_code", "adjacent_code"),
    ),
    Table(
        "hamlets",
        (
            _text("hamlet_id", required=True),
            _reference("village_code", "villages", required=True),
            _text("name"),
        ),
        key=("hamlet_id",),
    ),
    Table(
        "units",
        (
            _text("unit_code", required=True),
            _enum("kind", UnitKind, required=True),
            _text("name"),
            Column("division_code", pattern="[0-9]{2,12}", hint="2 至 12 位数字的区划代码"),
        ),
        key=("unit_code",),
    ),
    Table(
        "village_units",
        (
            _reference("village_code", "villages", required=True),
            _text("unit_code", required=True),
            _date("valid_from"),
            _date("valid_to"),
        ),
        key=("village_code", "unit_code", "valid_from"),
        interval=("valid_from", "valid_to"),
    ),
    Table(
        "staff",
        (
            _text("staff_id", required=True),
            _enum("role", Role, required=True),
            _text("unit_code"),
            _reference("home_village_code", "villages"),
            _boolean("party_member"),
            _date("on_duty_from"),
            _date("on_duty_to"),
            _date("trained_on"),
        ),
        key=("staff_id",),
        required=True,
        interval=("on_duty_from", "on_duty_to"),
    ),
    Table(
        "postings",
        (
            _text("posting_id", required=True),
            _reference("village_code", "villages", required=True),
            _reference("staff_id", "staff", required=True),
            _enum("role", Role, required=True),
            _date("valid_from", required=True),
            _date("valid_to"),
        ),
        key=("posting_id",),
        required=True,
        interval=("valid_from", "valid_to"),
    ),
    Table(
        "absences",
        (
            _reference("staff_id", "staff", required=True),
            _text("kind", required=True),
            _date("date_from", required=True),
            _date("date_to", required=True),
        ),
        key=("staff_id", "kind", "date_from"),
        interval=("date_from", "date_to"),
    ),
    Table(
        "events",
        (
            _text("event_id", required=True),
            _enum("kind", EventKind, required=True),
            _text("subkind"),
            _reference("village_code", "villages"),
            _text("unit_code"),
            _reference("staff_id", "staff"),
            _date("local_date", required=True),
            _instant("occurred_at"),
            _instant("received_at"),
            _period("for_period"),
            _text("object_id"),
            _text("log_id"),
            _boolean("void"),
            _instant("voided_at"),
        ),
        key=("event_id",),
        required=True,
    ),
    Table(
        "matters",
        (
            _text("matter_id", required=True),
            _enum("kind", MatterKind, required=True),
            _text("subkind"),
            _reference("village_code", "villages", required=True),
            _instant("opened_at", required=True),
            _instant("due_at"),
            _instant("closed_at"),
            _text("outcome"),
            _enum("level", MatterLevel),
        ),
        key=("matter_id",),
    ),
    Table(
        "groups",
        (
            _text("group_id", required=True),
            _enum("kind", GroupKind, required=True),
            _reference("parent_id", "groups"),
            _reference("village_code", "villages"),
            _text("name"),
        ),
        key=("group_id",),
        tree="parent_id",
    ),
    Table(
        "members",
        (
            _text("member_id", required=True),
            _reference("group_id", "groups", required=True),
            _text("person_id", required=True),
            _enum("post", MemberPost),
            Column(
                "birth_month", pattern=r"[12][0-9]{3}-(0[1-9]|1[0-2])", hint="1990-05 样式的年月"
            ),
            _enum("sex", Sex),
            _text("hamlet_id"),
            _boolean("party_member"),
        ),
        key=("member_id",),
    ),
    Table(
        "sync",
        (
            _reference("staff_id", "staff", required=True),
            _instant("last_sync_at", required=True),
        ),
        key=("staff_id",),
    ),
    Table(
        "marks",
        (
            _text("subject_id", required=True),
            _period("period", required=True),
            _text("item", required=True),
            _text("value", required=True),
        ),
        key=("subject_id", "period", "item"),
    ),
    Table(
        "money",
        (
            _text("subject_id", required=True),
            _period("period", required=True),
            _text("item", required=True),
            Column("fen", ColumnType.INTEGER, required=True),
        ),
        key=("subject_id", "period", "item"),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
"""Every facts table by name, in the order of the contract."""
