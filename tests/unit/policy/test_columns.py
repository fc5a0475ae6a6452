"""How the columns of facts are described: each kind with its type, its pattern and its hint."""

import re
from collections.abc import Callable
from enum import StrEnum

import pytest

from cunjing.policy import columns
from cunjing.policy.columns import Column, ColumnType, Table


class Colour(StrEnum):
    """A closed list."""

    RED = "red"
    BLUE = "blue"


def test_a_text_may_say_what_it_likes() -> None:
    assert columns.text_column("note") == Column("note", ColumnType.TEXT)
    assert columns.text_column("note", required=True).required


def test_a_column_holds_text_unless_it_says_otherwise() -> None:
    plain = Column("note")
    assert (plain.type, plain.required, plain.enum) == (ColumnType.TEXT, False, ())
    assert (plain.pattern, plain.hint, plain.references) == (None, "", None)


@pytest.mark.parametrize("required", [False, True])
def test_days_times_and_truths_have_a_type_of_their_own(required: bool) -> None:
    day = columns.date_column("day", required=required)
    assert day == Column("day", ColumnType.DATE, required=required)
    at = columns.instant_column("at", required=required)
    assert at == Column("at", ColumnType.INSTANT, required=required)
    assert columns.boolean_column("void") == Column("void", ColumnType.BOOLEAN)


def test_only_what_says_so_is_required() -> None:
    made = [
        columns.date_column("a"),
        columns.instant_column("a"),
        columns.enum_column("a", Colour),
        columns.period_column("a"),
        columns.count_column("a"),
        columns.rank_column("a", highest=3),
        columns.digits_column("a", 9),
        columns.reference_column("a", "staff"),
        columns.code_column("a"),
        columns.longitude_column(),
        columns.latitude_column(),
        columns.time_column("a"),
    ]
    assert not any(column.required for column in made)


def test_a_closed_list_names_its_members() -> None:
    wanted = Column("colour", required=True, enum=("red", "blue"))
    assert columns.enum_column("colour", Colour, required=True) == wanted


def test_keys_of_other_tables_name_the_table_and_villages_their_digits() -> None:
    assert columns.reference_column("staff_id", "staff", required=True) == Column(
        "staff_id", required=True, references="staff"
    )
    assert columns.reference_column("village_code", "villages") == Column(
        "village_code", pattern="[0-9]{12}", hint="12 位数字的区划代码", references="villages"
    )


Wanted = tuple[str, ColumnType, bool, str]
WRITTEN: dict[str, tuple[Callable[[], Column], Wanted, tuple[str, ...], tuple[str, ...]]] = {
    "a code of nine digits": (
        lambda: columns.digits_column("code", 9, required=True),
        ("code", ColumnType.TEXT, True, "9 位数字的区划代码"),
        ("532323100",),
        ("53232310", "5323231000", "53232310x"),
    ),
    "a village anywhere": (
        lambda: columns.code_column("code"),
        ("code", ColumnType.TEXT, False, "12 位数字的区划代码"),
        ("532323100200",),
        ("53232310020", "532323100200 "),
    ),
    "a period": (
        lambda: columns.period_column("period", required=True),
        ("period", ColumnType.TEXT, True, "2026-09、2026-Q3、2026-H1 或 2026"),
        ("2026", "2026-09", "2026-12", "2026-Q4", "2026-H2"),
        ("2026-13", "2026-Q5", "2026-H3", "0926", "2026-9"),
    ),
    "a count": (
        lambda: columns.count_column("n", required=True),
        ("n", ColumnType.INTEGER, True, "0 至 999999999 的整数"),
        ("0", "7", "999999999"),
        ("07", "-1", "1000000000", "1.5"),
    ),
    "a rank": (
        lambda: columns.rank_column("rank", highest=3, required=True),
        ("rank", ColumnType.INTEGER, True, "1 至 3 的整数"),
        ("1", "3"),
        ("0", "4", "11"),
    ),
    "a longitude": (
        columns.longitude_column,
        ("longitude", ColumnType.DECIMAL, False, "经度，73 至 136 之间的度数"),
        ("73", "101.5", "135.99"),
        ("72.9", "136", "25"),
    ),
    "a latitude": (
        columns.latitude_column,
        ("latitude", ColumnType.DECIMAL, False, "纬度，3 至 55 之间的度数"),
        ("3", "25.3", "54.99"),
        ("2.9", "55", "101.5"),
    ),
    "a time of day": (
        lambda: columns.time_column("from"),
        ("from", ColumnType.TEXT, False, "09:30 样式的时间"),
        ("00:00", "09:30", "23:59"),
        ("24:00", "9:30", "09:60"),
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_has_a_pattern_and_a_hint(name: str) -> None:
    make, (column_name, kind, required, hint), sound, unsound = WRITTEN[name]
    column = make()
    assert (column.name, column.type, column.required) == (column_name, kind, required)
    assert column.hint == hint
    assert column.pattern is not None
    assert all(re.fullmatch(column.pattern, text) for text in sound)
    assert not any(re.fullmatch(column.pattern, text) for text in unsound)


def test_a_table_finds_its_columns_by_name() -> None:
    table = Table("notes", (columns.text_column("id"), columns.date_column("day")), key=("id",))
    assert table.names == ("id", "day")
    assert table.column("day").type is ColumnType.DATE
    with pytest.raises(KeyError, match="colour"):
        table.column("colour")
