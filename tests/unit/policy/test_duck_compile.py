"""Rules become rows."""

from datetime import datetime

import pytest
from tests.support.rulebook import events, group, policy_of, posting, rule, unit, village

from cunjing.policy.duck.compile import SHAPES, RuleTables, compile_rules
from cunjing.policy.enums import (
    EventKind,
    GroupKind,
    MatterKind,
    Operator,
    Role,
    SubjectKind,
    UnitKind,
)
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import (
    EventMeasure,
    GroupCount,
    HamletViolations,
    MarkValue,
    MatterFilter,
    MattersOverdue,
    MemberCount,
    MoneyRatio,
    MoneyValue,
    PostingCount,
    Tally,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import ByGrade, DaysOfPeriod, Rule, Running, Subject
from cunjing.policy.periods import SHANGHAI, PeriodKind, SubPeriodKind, parse_period

VISITS = events(Tally.DISTINCT_DAYS, EventKind.VILLAGE_VISIT)
LIAISON = posting(Role.LIAISON_OFFICER)


def compiled(*rules: Rule, as_of: datetime | None = None) -> RuleTables:
    """The rule tables of rules in September 2026, long afterwards unless said otherwise."""
    return compile_rules(
        [Running(policy_of(*rules), rules)],
        period=parse_period("2026-09"),
        as_of=as_of or datetime(2027, 1, 1, tzinfo=SHANGHAI),
    )


def test_every_row_has_every_column_of_its_table() -> None:
    tables = compiled(*load_policy("suzhou-2021").rules)
    assert tables.rows["rule_role"]
    for name, rows in tables.rows.items():
        assert all(row.keys() == SHAPES[name].keys() for row in rows)


def test_rules_that_read_the_same_events_share_a_source() -> None:
    days = rule("days", LIAISON, VISITS, 2)
    spread = events(Tally.SUBPERIODS, EventKind.VILLAGE_VISIT, sub_period=SubPeriodKind.HALF_MONTH)
    tables = compiled(days, rule("spread", LIAISON, spread, 2), rule("place", village(), VISITS, 1))
    assert [row["source_id"] for row in tables.rows["rule"]] == [0, 0, 1]
    assert [row["tally"] for row in tables.rows["rule"]][1] == "half_month"


def test_a_source_has_a_row_for_each_subkind() -> None:
    measure = events(Tally.COUNT, EventKind.SESSION, "fraud", "drugs")
    tables = compiled(rule("sessions", LIAISON, measure, 1))
    assert [row["subkind"] for row in tables.rows["event_source"]] == ["drugs", "fraud"]


def test_a_threshold_of_one_a_day_is_the_days_of_the_period() -> None:
    (row,) = compiled(rule("bulletins", village(), VISITS, DaysOfPeriod())).rows["rule"]
    assert row["low"] == 30


def test_a_pay_table_is_rows_and_leaves_the_threshold_open() -> None:
    staff = Subject(SubjectKind.STAFF, roles=(Role.VILLAGE_AUXILIARY,))
    pay = rule(
        "pay",
        staff,
        MoneyValue(item="paid", grade_item="grade"),
        ByGrade({"good": 300, "bad": 0}),
        operator=Operator.EQUAL,
    )
    grade = rule("grade", staff, MarkValue("grade", {"good": 1, "bad": 0}), 1)
    tables = compiled(pay, grade)
    assert tables.rows["rule"][0]["low"] is None
    assert [row["mark_item"] for row in tables.rows["rule"]] == ["grade", "grade"]
    assert [row["rule_id"] for row in tables.rows["rule"]] == ["pay", "grade"]
    assert {(row["rule_no"], row["mark"], row["number"]) for row in tables.rows["rule_mark"]} == {
        (0, "good", 300),
        (0, "bad", 0),
        (1, "good", 1),
        (1, "bad", 0),
    }


def test_matters_are_asked_for_by_subkind_with_their_limit() -> None:
    quarrels = MattersOverdue(MatterFilter(MatterKind.DISPUTE, ("land", "family", "land")), 0)
    hazards = MattersOverdue(MatterFilter(MatterKind.HAZARD))
    tables = compiled(
        *(rule(str(at), village(), one, 0) for at, one in enumerate((quarrels, hazards)))
    )
    cells = [tuple(row.values()) for row in tables.rows["rule_matter"]]
    assert cells == [
        (0, "dispute", "family", 0),
        (0, "dispute", "land", 0),
        (1, "hazard", None, None),
    ]
    assert [row["asks_sync"] for row in tables.rows["rule"]] == [True, True]
    longer = compiled(rule("0", village(), MattersOverdue(quarrels.matter, 1), 0))
    assert not longer.measures_as(compiled(rule("0", village(), quarrels, 0)))


def test_a_rule_may_wait_until_its_grace_is_over() -> None:
    plain = rule("plain", LIAISON, VISITS, 2, period=PeriodKind.MONTH)
    patient = rule("patient", LIAISON, VISITS, 2, period=PeriodKind.MONTH, grace_days=5)

    def waiting(day: datetime) -> list[object]:
        return [row["may_wait"] for row in compiled(plain, patient, as_of=day).rows["rule"]]

    assert waiting(datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI)) == [True, True]
    assert waiting(datetime(2026, 10, 1, tzinfo=SHANGHAI)) == [False, True]
    assert waiting(datetime(2026, 10, 6, tzinfo=SHANGHAI)) == [False, False]


OTHER_CELL = {"BOOLEAN": True, "VARCHAR": "?", "BIGINT": 9, "INTEGER": 9, "USMALLINT": 9}
ONLY_JUDGED = {
    *("operator", "low", "high", "prorated", "minimum_days", "may_wait", "asks_sync"),
    *("as_a_rule", "advice_above", "policy_id", "policy_digest"),
}


@pytest.mark.parametrize("column", SHAPES["rule"])
def test_what_is_measured_hangs_on_all_but_the_judging_columns(column: str) -> None:
    before, after = (compiled(rule("days", LIAISON, VISITS, 2)) for _ in range(2))
    assert after.measures_as(before)
    row = after.rows["rule"][0]
    cell = OTHER_CELL[SHAPES["rule"][column]]
    row[column] = cell if row[column] != cell else not cell
    assert after.measures_as(before) is (column in ONLY_JUDGED)


def test_other_roles_marks_or_events_are_measured_otherwise() -> None:
    staff = Subject(SubjectKind.STAFF, roles=(Role.VILLAGE_AUXILIARY,))
    plain = compiled(rule("days", LIAISON, VISITS, 2))
    others = (
        rule("days", posting(Role.BEAT_OFFICER), VISITS, 2),
        rule("days", LIAISON, events(Tally.DISTINCT_DAYS, EventKind.VILLAGE_VISIT, "night"), 2),
    )
    assert not any(compiled(other).measures_as(plain) for other in others)
    scales = [{"good": 1, "bad": 0}, {"good": 2, "bad": 0}]
    first, second = (compiled(rule("g", staff, MarkValue("grade", scale), 1)) for scale in scales)
    assert not second.measures_as(first)


def test_only_what_a_rule_asks_for_is_made() -> None:
    visits = compiled(rule("days", LIAISON, VISITS, 2))
    assert not visits.asks_lacking
    assert not visits.asks_tenures
    assert not visits.asks_villages
    assert not visits.asks_groups
    logless = events(Tally.LACKING, EventKind.VILLAGE_VISIT, lacking="log_id")
    assert compiled(rule("log", LIAISON, logless, 0)).asks_lacking
    for measure in (TenureMonths(), UntrainedViolation()):
        assert compiled(rule("tenure", LIAISON, measure, 0)).asks_tenures


def test_villages_are_asked_for_by_all_that_lies_in_one() -> None:
    for subject in (village(), group(GroupKind.COMPANY)):
        assert compiled(rule("r", subject, MemberCount(), 1)).asks_villages
    ratio = rule("ratio", unit(UnitKind.COUNTY), MoneyRatio("a", "b"), 80)
    assert compiled(ratio).asks_villages
    assert not compiled(rule("meetings", unit(UnitKind.STATION), VISITS, 1)).asks_villages


def test_groups_are_asked_for_by_those_who_have_them_and_by_their_villages() -> None:
    assert compiled(rule("size", group(GroupKind.COMPANY), MemberCount(), 1)).asks_groups
    for measure in (GroupCount(GroupKind.COMPANY), HamletViolations(GroupKind.COMPANY, 1, 2)):
        assert compiled(rule("r", village(), measure, 1)).asks_groups
    assert not compiled(rule("cover", village(), PostingCount(), 1)).asks_groups


def test_kinds_read_whole_by_one_source_of_postings_are_counted_in_short() -> None:
    homes = events(Tally.DISTINCT_OBJECTS, EventKind.HOUSEHOLD_VISIT)
    swept = events(Tally.COUNT, EventKind.SESSION, "dispute_sweep")
    days = rule("days", LIAISON, VISITS, 2)
    tables = compiled(days, rule("homes", LIAISON, homes, 2), rule("swept", village(), swept, 1))
    assert tables.plain_sources == {"village_visit": 0, "household_visit": 1}


@pytest.mark.parametrize(
    "measure",
    [
        events(Tally.DISTINCT_OBJECTS, EventKind.VILLAGE_VISIT),
        events(Tally.COUNT, EventKind.SESSION, "fraud"),
        events(Tally.LACKING, EventKind.PATROL, lacking="log_id"),
        events(Tally.COUNT, EventKind.MEETING),
    ],
    ids=["two sources of a kind", "a subkind", "what is missing", "a kind that names a period"],
)
def test_else_nothing_is_counted_in_short(measure: EventMeasure) -> None:
    days = rule("days", LIAISON, VISITS, 2)
    assert compiled(days, rule("other", LIAISON, measure, 1)).plain_sources == {}
