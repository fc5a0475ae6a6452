"""The tables are those of the contract: names, order, required cells, types, lists, references."""

import re
import runpy
from typing import Any

import pytest

from cunjing.policy import tables
from cunjing.policy.enums import MemberPost, Role, Trade

CONTRACT = {
    "villages*": (
        "village_code* name* township_code county_code layer valid_from valid_to",
        "village_code valid_from",
    ),
    "township_adjacency": ("township_code* adjacent_code*", "township_code adjacent_code"),
    "hamlets": ("hamlet_id* village_code* name", "hamlet_id"),
    "units": ("unit_code* kind* name division_code", "unit_code"),
    "village_units": (
        "village_code* unit_code* valid_from valid_to",
        "village_code unit_code valid_from",
    ),
    "staff*": (
        "staff_id* role* unit_code home_village_code party_member on_duty_from on_duty_to "
        "trained_on",
        "staff_id",
    ),
    "postings*": (
        "posting_id* village_code* staff_id* role* valid_from* valid_to",
        "posting_id",
    ),
    "absences": ("staff_id* kind* date_from* date_to*", "staff_id kind date_from"),
    "events*": (
        "event_id* kind* subkind village_code unit_code staff_id local_date* occurred_at "
        "received_at for_period object_id log_id void voided_at object_no",
        "event_id",
    ),
    "matters": (
        "matter_id* kind* subkind village_code* opened_at* due_at closed_at outcome level",
        "matter_id",
    ),
    "groups": ("group_id* kind* parent_id village_code name", "group_id"),
    "members": (
        "member_id* group_id* person_id* post birth_month sex hamlet_id party_member",
        "member_id",
    ),
    "sync": ("staff_id* last_sync_at*", "staff_id"),
    "marks": ("subject_id* period* item* value*", "subject_id period item"),
    "money": ("subject_id* period* item* fen*", "subject_id period item"),
    "candidates": (
        "staff_id* unit_kind native_village_code former_township_code former_village_code "
        "capacity* rank longitude latitude",
        "staff_id",
    ),
    "wishes": ("staff_id* village_code* rank*", "staff_id village_code"),
    "village_features": (
        "village_code* on_main_road complex cases disputes hazards population longitude latitude",
        "village_code",
    ),
    "pins": ("staff_id* village_code*", "staff_id village_code"),
    "bans": ("staff_id* village_code*", "staff_id village_code"),
    "needs": (
        "household_id* village_code* hamlet_id prize* fixed_date window_from window_to minutes "
        "longitude latitude",
        "household_id",
    ),
    "calendar": ("date* working festival market", "date"),
    "cars": ("car_id* unit_code", "car_id"),
}
DATES = {"valid_from", "valid_to", "on_duty_from", "on_duty_to", "trained_on", "local_date"}
DATES |= {"date_from", "date_to", "fixed_date", "date"}
TIMES = {"occurred_at", "received_at", "voided_at", "opened_at", "due_at", "closed_at"}
TIMES |= {"last_sync_at"}
CODES = {"village_code": 12, "home_village_code": 12, "township_code": 9, "adjacent_code": 9}
CODES |= {"county_code": 6, "native_village_code": 12, "former_village_code": 12}
CODES |= {"former_township_code": 9}
COUNTS = {"capacity", "cases", "disputes", "hazards", "population", "prize", "rank", "minutes"}
BOOLEANS = {"party_member", "void", "on_main_road", "complex", "working", "festival", "market"}
DEGREES = {"longitude", "latitude"}
PATTERNED = {"division_code", "birth_month", "period", "for_period", "window_from", "window_to"}
PATTERNED |= COUNTS | DEGREES
REFERENCES = {"village_code": "villages", "home_village_code": "villages", "staff_id": "staff"}
REFERENCES |= {"group_id": "groups", "parent_id": "groups"}


@pytest.fixture
def made() -> dict[str, Any]:
    """The tables as the module makes them when it is run, not as it was once imported."""
    found: dict[str, Any] = runpy.run_path(tables.__file__, run_name=tables.__name__)["TABLES"]
    return found


def test_names_order_keys_and_required_cells(made: dict[str, Any]) -> None:
    found = {
        name + "*" * table.required: (
            " ".join(column.name + "*" * column.required for column in table.columns),
            " ".join(table.key),
        )
        for name, table in made.items()
    }
    assert found == CONTRACT


def test_each_table_lists_its_names(made: dict[str, Any]) -> None:
    for name, table in made.items():
        assert table.name == name
        assert table.names == tuple(column.name for column in table.columns)


def test_types(made: dict[str, Any]) -> None:
    for table in made.values():
        for column in table.columns:
            kind = {"fen": "integer", "object_no": "integer"} | dict.fromkeys(COUNTS, "integer")
            kind |= dict.fromkeys(BOOLEANS, "boolean") | dict.fromkeys(DEGREES, "decimal")
            kind |= dict.fromkeys(DATES, "date") | dict.fromkeys(TIMES, "instant")
            assert str(column.type) == kind.get(column.name, "text"), column.name


def test_codes_are_digits_and_say_how_many(made: dict[str, Any]) -> None:
    for table in made.values():
        for column in table.columns:
            if column.name in CODES:
                count = CODES[column.name]
                assert re.fullmatch(column.pattern, "5" * count)
                assert not re.fullmatch(column.pattern, "5" * (count + 1))
                assert not re.fullmatch(column.pattern, "甲" * count)
                assert column.hint == f"{count} 位数字的区划代码"
            else:
                assert (column.pattern is not None) == (column.name in PATTERNED)
                assert (column.hint != "") == (column.name in PATTERNED)


@pytest.mark.parametrize(
    ("table", "column", "good", "bad"),
    [
        ("units", "division_code", ["53", "532323100201"], ["5", "5323231002011"]),
        ("members", "birth_month", ["1990-01", "2008-12"], ["1990-13", "1990", "90-01"]),
        ("marks", "period", ["2026", "2026-09", "2026-Q3"], ["2026-9", "2026-H3", "0026"]),
        ("money", "period", ["2026-H1"], ["2026-Q5"]),
        ("events", "for_period", ["2026-12"], ["2026-00", "2026-09-01"]),
        ("candidates", "capacity", ["0", "1", "12"], ["-1", "01", "1.5", "1000000000"]),
        ("candidates", "rank", ["1", "3"], ["0", "4", "11"]),
        ("candidates", "longitude", ["73", "115.05", "135.9"], ["72.9", "136", "31.5", "nan"]),
        ("village_features", "latitude", ["3.5", "31.5", "54"], ["2", "55", "115.05", ".5"]),
        ("wishes", "rank", ["1", "9"], ["0", "10"]),
        ("needs", "window_from", ["00:00", "23:59"], ["24:00", "9:30", "09:60"]),
        ("needs", "minutes", ["1", "999"], ["0", "1000", "-5"]),
    ],
)
def test_other_patterns(
    made: dict[str, Any], table: str, column: str, good: list[str], bad: list[str]
) -> None:
    pattern, hint = made[table].column(column).pattern, made[table].column(column).hint
    assert [text for text in good + bad if re.fullmatch(pattern, text)] == good
    assert hint


def test_what_points_where(made: dict[str, Any]) -> None:
    found = {
        (name, column.name): column.references
        for name, table in made.items()
        for column in table.columns
        if column.references
    }
    wanted = {
        (name, column.name): REFERENCES[column.name]
        for name, table in made.items()
        for column in table.columns
        if column.name in REFERENCES and (name, column.name) not in _OWN_KEYS
    }
    assert found == wanted
    assert {name: table.tree for name, table in made.items() if table.tree} == {
        "groups": "parent_id"
    }


_OWN_KEYS = {("villages", "village_code"), ("staff", "staff_id"), ("groups", "group_id")}


def test_closed_lists(made: dict[str, Any]) -> None:
    found = {
        (name, column.name): column.enum
        for name, table in made.items()
        for column in table.columns
        if column.enum
    }
    assert set(found) == {
        ("villages", "layer"),
        ("units", "kind"),
        ("staff", "role"),
        ("postings", "role"),
        ("events", "kind"),
        ("matters", "kind"),
        ("matters", "level"),
        ("groups", "kind"),
        ("members", "post"),
        ("members", "sex"),
        ("candidates", "unit_kind"),
    }
    assert found["villages", "layer"] == ("key", "ordinary")
    assert found["members", "sex"] == ("1", "2")
    assert found["staff", "role"] == found["postings", "role"] == tuple(Role)
    assert found["members", "post"] == tuple(MemberPost)
    assert found["candidates", "unit_kind"] == tuple(Trade)


def test_half_open_pairs(made: dict[str, Any]) -> None:
    pairs = {name: table.interval for name, table in made.items() if table.interval}
    assert pairs == {
        "villages": ("valid_from", "valid_to"),
        "village_units": ("valid_from", "valid_to"),
        "staff": ("on_duty_from", "on_duty_to"),
        "postings": ("valid_from", "valid_to"),
        "absences": ("date_from", "date_to"),
    }


def test_a_column_is_found_by_name() -> None:
    assert tables.TABLES["events"].column("kind").name == "kind"
    with pytest.raises(KeyError, match="nothing"):
        tables.TABLES["events"].column("nothing")
