"""The DuckDB engine from facts to verdicts and explanations."""

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.support.facts_tables import Tables, facts_of, write_folder
from tests.support.rulebook import events, group, policy_of, posting, rule, unit, village

from cunjing.policy import duck, engine
from cunjing.policy.enums import (
    EventKind,
    GroupKind,
    Operator,
    Reason,
    Role,
    SubjectKind,
    UnitKind,
    VerdictKind,
)
from cunjing.policy.errors import InputError
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import MarkValue, MemberCount, Tally
from cunjing.policy.model import Between, Rule, Subject
from cunjing.policy.periods import SHANGHAI, PeriodKind, parse_period
from cunjing.policy.verdict import Explanation, Verdict, evidence_digest

VILLAGE, OTHER = "532323100200", "532323100201"
MONTH = PeriodKind.MONTH
LATER = datetime(2027, 1, 1, tzinfo=SHANGHAI)
LIAISON = posting(Role.LIAISON_OFFICER)
VISIT = EventKind.VILLAGE_VISIT
DAYS = rule("days", LIAISON, events(Tally.DISTINCT_DAYS, VISIT), 2, period=MONTH)
BULLETINS = rule("bulletins", village(), events(Tally.COUNT, EventKind.BULLETIN), 1, period=MONTH)


def visit(event_id: str, day: date, **more: Any) -> dict[str, Any]:
    """A visit of S1 to the village."""
    usual = {"kind": VISIT.value, "village_code": VILLAGE, "staff_id": "S1"}
    return {"event_id": event_id, "local_date": day, **usual, **more}


def held(posting_id: str, start: date, end: date | None = None, **more: Any) -> dict[str, Any]:
    """A posting of S1 as liaison officer in the village."""
    usual = {"village_code": VILLAGE, "staff_id": "S1", "role": "liaison_officer"}
    return {"posting_id": posting_id, "valid_from": start, "valid_to": end, **usual, **more}


def world(*happened: Mapping[str, Any], **tables: list[dict[str, Any]]) -> Tables:
    """Two villages, S1 posted to the first since 2020 unless `postings` says otherwise."""
    return {
        "villages": [
            {"village_code": VILLAGE, "name": "甲村"},
            {"village_code": OTHER, "name": "乙村"},
        ],
        "staff": [{"staff_id": "S1", "role": "liaison_officer"}],
        "postings": [held("P1", date(2020, 1, 1))],
        "events": list(happened),
        **tables,
    }


def assessed(
    tables: Tables, *rules: Rule, period: str = "2026-09", as_of: datetime = LATER
) -> dict[tuple[str, str], Verdict]:
    """Verdicts by rule and subject."""
    with facts_of(tables) as facts:
        found = duck.evaluate(
            policy=policy_of(*rules), facts=facts, period=parse_period(period), as_of=as_of
        )
    return {(verdict.rule, verdict.subject): verdict for verdict in found}


def explained(
    tables: Tables, asked: Rule, subject: str, *, as_of: datetime = LATER
) -> Explanation | None:
    """One explanation in September 2026."""
    with facts_of(tables) as facts:
        return engine.explain(
            policy=policy_of(asked),
            facts=facts,
            period=parse_period("2026-09"),
            as_of=as_of,
            rule=asked.id,
            subject=subject,
        )


def test_days_count_once_and_evidence_counts_all() -> None:
    happened = [visit(name, date(2026, 9, 3)) for name in ("b", "a", "事", "𠀀", "Z", "é")]
    found = assessed(world(*happened), DAYS)["days", "P1"]
    assert (found.value, found.verdict) == (1, VerdictKind.FAIL)
    assert found.evidence_count == 6
    assert found.evidence_digest == evidence_digest(["Z", "a", "b", "é", "事", "𠀀"])
    assert (found.village_code, found.staff_id) == (VILLAGE, "S1")


def test_nothing_counted_has_the_digest_of_nothing() -> None:
    found = assessed(world(), DAYS)["days", "P1"]
    assert (found.value, found.evidence_count) == (0, 0)
    assert found.evidence_digest == evidence_digest([])


def test_verdicts_are_sorted_by_bytes() -> None:
    names = ["a", "B", "é", "乙", "甲", "𠀀", "Z-1", "Z1"]
    tables = world(postings=[held(name, date(2020, 1, 1)) for name in names])
    assert [subject for _, subject in assessed(tables, DAYS)] == sorted(names)


@pytest.mark.parametrize("odd", ["'; DROP TABLE rule; --", 'a"b', "$1", "甲\n乙", "%", "\\"])
def test_odd_ids_are_only_data(odd: str) -> None:
    tables = world(
        visit(odd, date(2026, 9, 3), staff_id=odd),
        staff=[{"staff_id": odd, "role": "liaison_officer"}],
        postings=[held(odd, date(2020, 1, 1), staff_id=odd)],
    )
    assert assessed(tables, DAYS)["days", odd].evidence_digest == evidence_digest([odd])
    found = explained(tables, DAYS, odd)
    assert found is not None
    assert found.counted == (odd,)


@pytest.mark.parametrize(
    ("start", "away", "verdict", "threshold"),
    [
        (date(2026, 9, 24), 0, VerdictKind.FAIL, 1),
        (date(2026, 9, 25), 0, VerdictKind.EXEMPT, 2),
        (date(2026, 9, 15), 0, VerdictKind.FAIL, 2),
        (date(2026, 9, 16), 0, VerdictKind.FAIL, 1),
        (date(2026, 9, 1), 15, VerdictKind.FAIL, 1),
        (date(2026, 9, 1), 24, VerdictKind.EXEMPT, 2),
    ],
)
def test_thresholds_shrink_to_the_days_available(
    start: date, away: int, verdict: VerdictKind, threshold: int
) -> None:
    # The same days away are told twice: overlapping absences are one.
    gone = {"staff_id": "S1", "date_from": start, "date_to": start + timedelta(days=away)}
    absences = [{**gone, "kind": "年休"}, {**gone, "kind": "培训"}]
    tables = world(postings=[held("P1", start)], absences=absences if away else [])
    found = assessed(tables, DAYS)["days", "P1"]
    assert (found.verdict, found.threshold, found.threshold_full) == (verdict, threshold, 2)


def test_a_posting_without_a_day_in_the_period_has_no_row() -> None:
    tables = world(
        postings=[
            held("ended", date(2020, 1, 1), date(2026, 9, 1)),
            held("coming", date(2026, 10, 1)),
        ]
    )
    assert assessed(tables, DAYS) == {}


@pytest.mark.parametrize(
    ("synced", "verdict"),
    [
        (None, VerdictKind.FAIL),
        ([], VerdictKind.UNKNOWN),
        ([datetime(2026, 9, 30, 23, 59, 59, tzinfo=SHANGHAI)], VerdictKind.UNKNOWN),
        ([datetime(2026, 10, 1, tzinfo=SHANGHAI)], VerdictKind.FAIL),
    ],
)
def test_who_has_not_synced_is_unknown(synced: list[datetime] | None, verdict: VerdictKind) -> None:
    kept = (
        {}
        if synced is None
        else {"sync": [{"staff_id": "S1", "last_sync_at": moment} for moment in synced]}
    )
    found = assessed(world(**kept), DAYS, BULLETINS)
    assert found["days", "P1"].verdict == verdict
    assert found["bulletins", VILLAGE].verdict == verdict
    assert found["bulletins", OTHER].verdict == VerdictKind.FAIL


def test_not_due_comes_before_unknown_and_after_pass() -> None:
    as_of = datetime(2026, 9, 20, tzinfo=SHANGHAI)
    two = (visit("a", date(2026, 9, 1)), visit("b", date(2026, 9, 2)))
    assert assessed(world(sync=[]), DAYS, as_of=as_of)["days", "P1"].verdict == "not_due"
    assert assessed(world(*two, sync=[]), DAYS, as_of=as_of)["days", "P1"].verdict == "pass"


@pytest.mark.parametrize(
    ("unit_code", "village_units", "credited"),
    [
        ("county", [], {VILLAGE, OTHER}),
        ("station", [], {VILLAGE, OTHER}),
        ("station", [{"village_code": OTHER, "unit_code": "far"}], {VILLAGE}),
        ("far", [{"village_code": OTHER, "unit_code": "far"}], {OTHER}),
        ("county", [{"village_code": OTHER, "unit_code": "far"}], {VILLAGE, OTHER}),
        (
            "far",
            [{"village_code": OTHER, "unit_code": "far", "valid_to": date(2026, 9, 2)}],
            set(),
        ),
    ],
)
def test_a_unit_answers_for_villages(
    unit_code: str, village_units: list[dict[str, Any]], credited: set[str]
) -> None:
    told = {"event_id": "e", "kind": "bulletin", "local_date": date(2026, 9, 2)}
    tables = world(
        {**told, "unit_code": unit_code},
        units=[
            {"unit_code": "county", "kind": "county", "division_code": "532323"},
            {"unit_code": "station", "kind": "station", "division_code": "532323100"},
            {"unit_code": "far", "kind": "station", "division_code": "532324"},
        ],
        village_units=village_units,
    )
    found = assessed(tables, BULLETINS)
    assert {village for (_, village), row in found.items() if row.value} == credited


def test_a_report_counts_for_the_period_it_names() -> None:
    station = unit(UnitKind.STATION)
    measure = events(Tally.COUNT, EventKind.SUMMARY, "quarter")
    asked = rule("summary", station, measure, 1, period=PeriodKind.QUARTER)
    told = {"kind": "summary", "subkind": "quarter", "unit_code": "U1"}
    named = {
        "own": ("2026-Q3", date(2026, 10, 9)),
        "within": ("2026-08", date(2026, 12, 9)),
        "wider": ("2026", date(2026, 9, 9)),
        "other": ("2026-Q2", date(2026, 7, 9)),
    }
    rows = [
        {**told, "event_id": name, "for_period": about, "local_date": day}
        for name, (about, day) in named.items()
    ]
    tables = world(*rows, units=[{"unit_code": "U1", "kind": "station"}])
    found = assessed(tables, asked, period="2026-Q3")["summary", "U1"]
    assert found.value == 2
    assert found.evidence_digest == evidence_digest(["own", "within"])


def test_rejected_events_carry_the_first_reason_that_holds() -> None:
    noon = datetime(2026, 9, 3, 12, tzinfo=SHANGHAI)
    after = LATER + timedelta(seconds=1)
    tables = world(
        visit("void", date(2026, 8, 3), void=True, received_at=after),
        visit("void-later", date(2026, 9, 3), void=True, voided_at=after),
        visit("late", date(2026, 8, 3), received_at=after),
        visit("august", date(2026, 8, 1), village_code=OTHER),
        visit("july", date(2026, 7, 31)),
        visit("october", date(2026, 10, 31)),
        visit("november", date(2026, 11, 1)),
        visit("wrong", date(2026, 9, 2), village_code=OTHER),
        visit("nowhere", date(2026, 9, 2), village_code=None),
        visit("early", date(2026, 9, 4)),
        visit("fine", date(2026, 9, 5), received_at=noon),
        visit("other-posting", date(2026, 9, 25)),
        postings=[
            held("P1", date(2026, 9, 5), date(2026, 9, 20)),
            held("P2", date(2026, 9, 20)),
            held("P3", date(2026, 9, 3), date(2026, 9, 4)),
        ],
    )
    found = explained(tables, DAYS, "P1")
    assert found is not None
    assert found.counted == ("fine",)
    assert {row.id: row.reason for row in found.rejected} == {
        "void": Reason.VOID,
        "late": Reason.LATE,
        "august": Reason.OUT_OF_PERIOD,
        "october": Reason.OUT_OF_PERIOD,
        "wrong": Reason.WRONG_VILLAGE,
        "nowhere": Reason.WRONG_VILLAGE,
        "early": Reason.NOT_POSTED,
    }
    assert [row.id for row in found.rejected] == sorted(row.id for row in found.rejected)


def test_a_village_and_a_unit_are_told_what_was_rejected() -> None:
    told = {"kind": "bulletin", "unit_code": "U1", "void": True, "local_date": date(2026, 9, 1)}
    tables = world(
        {**told, "event_id": "by-unit"},
        {**told, "event_id": "by-name", "village_code": VILLAGE},
        {**told, "event_id": "elsewhere", "village_code": OTHER},
        units=[{"unit_code": "U1", "kind": "station", "division_code": VILLAGE}],
    )
    found = explained(tables, BULLETINS, VILLAGE)
    assert found is not None
    assert [row.id for row in found.rejected] == ["by-name", "by-unit"]
    measure = events(Tally.COUNT, EventKind.BULLETIN)
    by_unit = rule("by-unit", unit(UnitKind.STATION), measure, 1, period=MONTH)
    found = explained(tables, by_unit, "U1")
    assert found is not None
    assert [row.id for row in found.rejected] == ["by-name", "by-unit", "elsewhere"]


def test_no_rule_in_the_period_is_no_verdict() -> None:
    assert assessed(world(), DAYS, period="2026") == {}


def test_no_row_is_no_explanation() -> None:
    assert explained(world(), DAYS, "nobody") is None


def test_a_state_rule_has_evidence_and_rejects_nothing() -> None:
    asked = rule("size", group(GroupKind.COMPANY), MemberCount(), Between(2, 3))
    tables = world(
        groups=[
            {"group_id": "G", "kind": "company", "village_code": VILLAGE},
            {"group_id": "G1", "kind": "platoon", "parent_id": "G"},
        ],
        members=[
            {"member_id": "m2", "group_id": "G1", "person_id": "甲"},
            {"member_id": "m1", "group_id": "G", "person_id": "甲"},
            {"member_id": "m3", "group_id": "G", "person_id": "乙"},
        ],
    )
    found = explained(tables, asked, "G")
    assert found is not None
    assert (found.verdict.value, found.verdict.threshold) == (2, (2, 3))
    assert found.counted == ("m1", "m2", "m3")
    assert found.rejected == ()


def test_a_mark_the_scale_does_not_know_is_refused() -> None:
    staff = Subject(SubjectKind.STAFF, roles=(Role.LIAISON_OFFICER,))
    asked = rule("grade", staff, MarkValue("grade", {"good": 1}), 1, period=PeriodKind.YEAR)
    mark = {"subject_id": "S1", "period": "2026", "item": "grade", "value": "超优"}
    with pytest.raises(InputError, match=r"超优.*good"):
        assessed(world(marks=[mark]), asked, period="2026")


def test_missing_optional_tables_are_empty_for_every_rule_shipped(tmp_path: Path) -> None:
    write_folder(tmp_path, world())
    for name, period in (("bozhou-2014", "2026-Q3"), ("suzhou-2021", "2026-09")):
        with open_facts(tmp_path) as facts:
            found = duck.evaluate(
                policy=load_policy(name),
                facts=facts,
                period=parse_period(period),
                as_of=LATER,
            )
        assert {verdict.verdict for verdict in found} >= {VerdictKind.PASS, VerdictKind.FAIL}


def test_csv_and_parquet_give_the_same_verdicts(tmp_path: Path) -> None:
    tables = world(
        visit("甲", date(2026, 9, 3), received_at=datetime(2026, 9, 3, 8, tzinfo=SHANGHAI)),
        visit("乙", date(2026, 9, 4), void=True),
        visit("丙", date(2026, 9, 5), log_id="L"),
        sync=[{"staff_id": "S1", "last_sync_at": datetime(2026, 10, 2, tzinfo=SHANGHAI)}],
    )
    folders = [tmp_path / name for name in ("csv", "parquet")]
    for folder in folders:
        folder.mkdir()
    write_folder(folders[0], tables)
    _to_parquet(*folders)
    found = []
    for folder in folders:
        with open_facts(folder) as facts:
            found.append(
                duck.evaluate(
                    policy=load_policy("suzhou-2021"),
                    facts=facts,
                    period=parse_period("2026-09"),
                    as_of=LATER,
                )
            )
    assert found[0] == found[1]
    assert {row.value for row in found[0] if row.rule == "visit-days"} == {2}


def _to_parquet(source: Path, target: Path) -> None:
    """Copy a folder of CSV files to Parquet with dates, booleans and zoned times."""
    types = {"DATE": ("date", "from", "valid_to"), "TIMESTAMPTZ": ("_at",), "BOOLEAN": ("void",)}
    for path in source.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        columns = {
            name: next((to for to, ends in types.items() if name.endswith(ends)), "VARCHAR")
            for name in header
        }
        with duckdb.connect() as connection:
            connection.read_csv(
                str(path), header=True, columns=columns, auto_detect=False
            ).write_parquet(str(target / f"{path.stem}.parquet"))


def test_rules_are_held_at_their_operators() -> None:
    visits = events(Tally.COUNT, VISIT)
    most = rule("most", LIAISON, visits, 1, period=MONTH, operator=Operator.AT_MOST)
    equal = rule("equal", LIAISON, visits, 2, period=MONTH, operator=Operator.EQUAL)
    advice = rule("advice", LIAISON, visits, 3, period=MONTH, as_a_rule=True)
    two = (visit("a", date(2026, 9, 1)), visit("b", date(2026, 9, 2)))
    found = assessed(world(*two), most, equal, advice)
    assert {name: row.verdict.value for (name, _), row in found.items()} == {
        "most": "fail",
        "equal": "pass",
        "advice": "advice",
    }
