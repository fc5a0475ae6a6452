"""Rules become rows."""

from datetime import datetime

from tests.support.rulebook import events, policy_of, posting, rule, village

from cunjing.policy.duck.compile import SHAPES, RuleTables, compile_rules
from cunjing.policy.enums import EventKind, Operator, Role, SubjectKind
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import MarkValue, MoneyValue, Tally
from cunjing.policy.model import ByGrade, DaysOfPeriod, Rule, Subject
from cunjing.policy.periods import SHANGHAI, PeriodKind, SubPeriodKind, parse_period

VISITS = events(Tally.DISTINCT_DAYS, EventKind.VILLAGE_VISIT)
LIAISON = posting(Role.LIAISON_OFFICER)


def compiled(*rules: Rule, as_of: datetime | None = None) -> RuleTables:
    """The rule tables of rules in September 2026, long afterwards unless said otherwise."""
    return compile_rules(
        policy=policy_of(*rules),
        rules=rules,
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
    assert {(row["rule_id"], row["mark"], row["number"]) for row in tables.rows["rule_mark"]} == {
        ("pay", "good", 300),
        ("pay", "bad", 0),
        ("grade", "good", 1),
        ("grade", "bad", 0),
    }


def test_a_rule_may_wait_until_its_grace_is_over() -> None:
    plain = rule("plain", LIAISON, VISITS, 2, period=PeriodKind.MONTH)
    patient = rule("patient", LIAISON, VISITS, 2, period=PeriodKind.MONTH, grace_days=5)

    def waiting(day: datetime) -> list[object]:
        return [row["may_wait"] for row in compiled(plain, patient, as_of=day).rows["rule"]]

    assert waiting(datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI)) == [True, True]
    assert waiting(datetime(2026, 10, 1, tzinfo=SHANGHAI)) == [False, True]
    assert waiting(datetime(2026, 10, 6, tzinfo=SHANGHAI)) == [False, False]
