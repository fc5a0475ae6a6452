"""The interpreter as a whole: rows, order, explanations, what it refuses."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support.facts_tables import facts_of
from tests.support.reference_worlds import VILLAGE, posting_row
from tests.support.rulebook import WORK, events, group, policy_of, posting, rule, unit, village

from cunjing.policy import reference
from cunjing.policy.enums import (
    EventKind,
    GroupKind,
    Operator,
    Role,
    SubjectKind,
    UnitKind,
    VerdictKind,
)
from cunjing.policy.errors import InputError
from cunjing.policy.measures import MarkValue, Measure, MemberCount, PostingCount, Tally
from cunjing.policy.model import Policy, Subject
from cunjing.policy.periods import PeriodKind, parse_period, start_of_day
from cunjing.policy.verdict import Verdict, evidence_digest

VISITS = events(Tally.COUNT, EventKind.VILLAGE_VISIT)
TABLES: dict[str, list[dict[str, Any]]] = {
    "villages": [{"village_code": VILLAGE, "name": "A"}],
    "staff": [{"staff_id": "S1", "role": "liaison_officer"}],
    "postings": [posting_row("P2", date(2026, 1, 1)), posting_row("P1", date(2026, 1, 1))],
    "units": [{"unit_code": "west", "kind": "station"}],
    "groups": [{"group_id": "G1", "kind": "company"}],
}


def _asked(policy: Policy, period: str = "2026-09") -> dict[str, Any]:
    watermark = start_of_day(date(2027, 6, 1))
    return {"policy": policy, "period": parse_period(period), "as_of": watermark}


def test_verdicts_are_sorted_by_rule_then_subject() -> None:
    with facts_of(TABLES) as facts:
        found = reference.evaluate(facts=facts, **_asked(WORK))
    keys = [(verdict.rule, verdict.subject) for verdict in found]
    assert keys == sorted(keys)
    assert ("visit-days", "P1") in keys
    assert {verdict.engine for verdict in found} == {"reference"}


def test_only_the_rules_asked_for_are_judged() -> None:
    with facts_of(TABLES) as facts:
        found = reference.evaluate(facts=facts, **_asked(WORK), rules=["households"])
    assert {verdict.rule for verdict in found} == {"households"}


def test_an_explanation_is_the_verdict_with_its_ids() -> None:
    visit = {"kind": "village_visit", "village_code": VILLAGE, "staff_id": "S1"}
    days = {"e2": date(2026, 9, 1), "e1": date(2026, 9, 2), "e3": date(2026, 8, 31)}
    rows = [{**visit, "event_id": name, "local_date": day} for name, day in days.items()]
    asked = _asked(WORK)
    with facts_of({**TABLES, "events": rows}) as facts:
        told = reference.explain(facts=facts, **asked, rule="visit-days", subject="P1")
        found = reference.evaluate(facts=facts, **asked, rules=["visit-days"])
    assert told is not None
    assert told.verdict == found[0]
    assert told.counted == ("e1", "e2")
    assert [item.id for item in told.rejected] == ["e3"]


def test_a_subject_without_a_row_has_no_explanation() -> None:
    with facts_of(TABLES) as facts:
        told = reference.explain(facts=facts, **_asked(WORK), rule="visit-days", subject="P9")
    assert told is None


def test_a_mark_the_scale_does_not_know_is_refused() -> None:
    staff = Subject(SubjectKind.STAFF, roles=(Role.LIAISON_OFFICER,))
    graded = rule("g", staff, MarkValue("grade", {"good": 1}), 1, period=PeriodKind.YEAR)
    marks = [{"subject_id": "S1", "period": "2026", "item": "grade", "value": "so-so"}]
    with (
        facts_of({**TABLES, "marks": marks}) as facts,
        pytest.raises(InputError, match=r"so-so.*good"),
    ):
        reference.evaluate(facts=facts, **_asked(policy_of(graded), "2026"))


@pytest.mark.parametrize(
    ("subject", "measure"),
    [
        (posting(Role.LIAISON_OFFICER), PostingCount()),
        (village(), MemberCount()),
        (group(GroupKind.COMPANY), VISITS),
        (Subject(SubjectKind.STAFF, roles=(Role.LIAISON_OFFICER,)), VISITS),
        (unit(UnitKind.STATION), PostingCount()),
    ],
)
def test_a_measure_that_does_not_fit_its_subject_is_an_error(
    subject: Subject, measure: Measure
) -> None:
    odd = policy_of(rule("odd", subject, measure, 1, period=PeriodKind.MONTH))
    with facts_of(TABLES) as facts, pytest.raises(TypeError, match="odd"):
        reference.evaluate(facts=facts, **_asked(odd))


def test_a_verdict_says_what_was_judged_by_whom_and_when() -> None:
    visit = {"kind": "village_visit", "village_code": VILLAGE, "staff_id": "S1"}
    rows = [{**visit, "event_id": "e1", "local_date": date(2026, 9, 1)}]
    staff = Subject(SubjectKind.POSTING, roles=(Role.LIAISON_OFFICER,))
    judged = replace(rule("r", staff, VISITS, 20, period=PeriodKind.MONTH), clause="一(二)")
    posted = [posting_row("P1", date(2026, 9, 16))]
    with facts_of({**TABLES, "postings": posted, "events": rows}) as facts:
        (found,) = reference.evaluate(facts=facts, **_asked(policy_of(judged)))
    assert found == Verdict(
        policy="book",
        policy_digest="0" * 64,
        rule="r",
        clause="一(二)",
        subject_kind=SubjectKind.POSTING,
        subject="P1",
        village_code=VILLAGE,
        staff_id="S1",
        period="2026-09",
        value=0,
        operator=Operator.AT_LEAST,
        threshold=10,
        threshold_full=20,
        verdict=VerdictKind.FAIL,
        evidence_count=0,
        evidence_digest=evidence_digest([]),
        watermark="2027-06-01T00:00:00+08:00",
        engine="reference",
    )
