"""The facts tables (contract section 1) as data.

The single source for validation, for the engines and for the export from the database: names,
order, types, keys, closed lists and references of every column. `valid_from`-like columns of a key
may be null; a null is then a value like any other.
"""

from cunjing.policy.columns import (
    Column,
    ColumnType,
    Table,
    boolean_column,
    date_column,
    digits_column,
    enum_column,
    instant_column,
    period_column,
    reference_column,
    text_column,
)
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
from cunjing.policy.planning_tables import PLANNING_TABLES

__all__ = ["TABLES", "Column", "ColumnType", "Table"]

_ALL = (
    Table(
        "villages",
        (
            digits_column("village_code", 12, required=True),
            text_column("name", required=True),
            digits_column("township_code", 9),
            digits_column("county_code", 6),
            enum_column("layer", Layer),
            date_column("valid_from"),
            date_column("valid_to"),
        ),
        key=("village_code", "valid_from"),
        required=True,
        interval=("valid_from", "valid_to"),
    ),
    Table(
        "township_adjacency",
        (
            digits_column("township_code", 9, required=True),
            digits_column("adjacent_code", 9, required=True),
        ),
        key=("township_code", "adjacent_code"),
    ),
    Table(
        "hamlets",
        (
            text_column("hamlet_id", required=True),
            reference_column("village_code", "villages", required=True),
            text_column("name"),
        ),
        key=("hamlet_id",),
    ),
    Table(
        "units",
        (
            text_column("unit_code", required=True),
            enum_column("kind", UnitKind, required=True),
            text_column("name"),
            Column("division_code", pattern="[0-9]{2,12}", hint="2 至 12 位数字的区划代码"),
        ),
        key=("unit_code",),
    ),
    Table(
        "village_units",
        (
            reference_column("village_code", "villages", required=True),
            text_column("unit_code", required=True),
            date_column("valid_from"),
            date_column("valid_to"),
        ),
        key=("village_code", "unit_code", "valid_from"),
        interval=("valid_from", "valid_to"),
    ),
    Table(
        "staff",
        (
            text_column("staff_id", required=True),
            enum_column("role", Role, required=True),
            text_column("unit_code"),
            reference_column("home_village_code", "villages"),
            boolean_column("party_member"),
            date_column("on_duty_from"),
            date_column("on_duty_to"),
            date_column("trained_on"),
        ),
        key=("staff_id",),
        required=True,
        interval=("on_duty_from", "on_duty_to"),
    ),
    Table(
        "postings",
        (
            text_column("posting_id", required=True),
            reference_column("village_code", "villages", required=True),
            reference_column("staff_id", "staff", required=True),
            enum_column("role", Role, required=True),
            date_column("valid_from", required=True),
            date_column("valid_to"),
        ),
        key=("posting_id",),
        required=True,
        interval=("valid_from", "valid_to"),
    ),
    Table(
        "absences",
        (
            reference_column("staff_id", "staff", required=True),
            text_column("kind", required=True),
            date_column("date_from", required=True),
            date_column("date_to", required=True),
        ),
        key=("staff_id", "kind", "date_from"),
        interval=("date_from", "date_to"),
    ),
    Table(
        "events",
        (
            text_column("event_id", required=True),
            enum_column("kind", EventKind, required=True),
            text_column("subkind"),
            reference_column("village_code", "villages"),
            text_column("unit_code"),
            reference_column("staff_id", "staff"),
            date_column("local_date", required=True),
            instant_column("occurred_at"),
            instant_column("received_at"),
            period_column("for_period"),
            text_column("object_id"),
            text_column("log_id"),
            boolean_column("void"),
            instant_column("voided_at"),
            Column("object_no", ColumnType.INTEGER),
        ),
        key=("event_id",),
        required=True,
    ),
    Table(
        "matters",
        (
            text_column("matter_id", required=True),
            enum_column("kind", MatterKind, required=True),
            text_column("subkind"),
            reference_column("village_code", "villages", required=True),
            instant_column("opened_at", required=True),
            instant_column("due_at"),
            instant_column("closed_at"),
            text_column("outcome"),
            enum_column("level", MatterLevel),
        ),
        key=("matter_id",),
    ),
    Table(
        "groups",
        (
            text_column("group_id", required=True),
            enum_column("kind", GroupKind, required=True),
            reference_column("parent_id", "groups"),
            reference_column("village_code", "villages"),
            text_column("name"),
        ),
        key=("group_id",),
        tree="parent_id",
    ),
    Table(
        "members",
        (
            text_column("member_id", required=True),
            reference_column("group_id", "groups", required=True),
            text_column("person_id", required=True),
            enum_column("post", MemberPost),
            Column(
                "birth_month", pattern=r"[12][0-9]{3}-(0[1-9]|1[0-2])", hint="1990-05 样式的年月"
            ),
            enum_column("sex", Sex),
            text_column("hamlet_id"),
            boolean_column("party_member"),
        ),
        key=("member_id",),
    ),
    Table(
        "sync",
        (
            reference_column("staff_id", "staff", required=True),
            instant_column("last_sync_at", required=True),
        ),
        key=("staff_id",),
    ),
    Table(
        "marks",
        (
            text_column("subject_id", required=True),
            period_column("period", required=True),
            text_column("item", required=True),
            text_column("value", required=True),
        ),
        key=("subject_id", "period", "item"),
    ),
    Table(
        "money",
        (
            text_column("subject_id", required=True),
            period_column("period", required=True),
            text_column("item", required=True),
            Column("fen", ColumnType.INTEGER, required=True),
        ),
        key=("subject_id", "period", "item"),
    ),
    *PLANNING_TABLES,
)

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
"""Every facts table by name, in the order of the contract."""

LACKABLE = frozenset(TABLES["events"].names) - {"object_no", "void", "voided_at"}
"""Columns a rule may find missing in events: a number that helps to count, and that a record counts
no more, say nothing of one."""
