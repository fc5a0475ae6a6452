"""Drafts of a policy, and which verdicts flip under them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.rulebook import events, group, policy_of, posting, rule

from cunjing.policy import reference
from cunjing.policy.canonical import with_digest
from cunjing.policy.enums import EventKind, GroupKind, Operator, Role, SubjectKind, VerdictKind
from cunjing.policy.errors import RequestError
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import MemberCount
from cunjing.policy.measures import Tally as EventTally
from cunjing.policy.model import Between, DatedThreshold, Policy, Rule, ThresholdValue
from cunjing.policy.periods import SHANGHAI, Period, PeriodKind, parse_period
from cunjing.policy.requests import read_periods
from cunjing.policy.verdict import Verdict
from cunjing.policy.whatif import (
    Comparison,
    Flip,
    Tally,
    check_rules,
    compare,
    counts,
    differing_rules,
    flips,
    read_changes,
    tallies,
    with_thresholds,
)

from .folders import sound_folder

SEPTEMBER = parse_period("2026-09")
AUTUMN = read_periods(["2026-08..2026-10"])
LATER = datetime(2026, 12, 1, tzinfo=SHANGHAI)
TURN = date(2026, 9, 1)
BOOK = load_policy("bozhou-2014")
HUANGCHUAN = load_policy("huangchuan-2021")
JILIN = load_policy("jilin-2019")


def verdict(subject: str, kind: str, *, name: str = "visit-days", **more: Any) -> Verdict:
    """One verdict on a posting."""
    plain: dict[str, Any] = {
        "policy": "book",
        "policy_digest": "d",
        "rule": name,
        "clause": "1",
        "subject_kind": SubjectKind.POSTING,
        "subject": subject,
        "village_code": "532323100200",
        "staff_id": "S1",
        "period": "2026-09",
        "value": 2,
        "operator": Operator.AT_LEAST,
        "threshold": 2,
        "threshold_full": 2,
        "verdict": VerdictKind(kind),
        "evidence_count": 2,
        "evidence_digest": "e",
        "watermark": "2026-12-01T00:00:00+08:00",
        "engine": "reference",
    }
    return Verdict(**{**plain, **more})


def dated(*thresholds: DatedThreshold) -> Policy:
    """A policy whose only rule has these thresholds, one after another."""
    days = events(EventTally.DISTINCT_DAYS, EventKind.VILLAGE_VISIT)
    one = rule("visit-days", posting(Role.LIAISON_OFFICER), days, 2, period=PeriodKind.MONTH)
    return policy_of(replace(one, thresholds=thresholds))


def values(policy: Policy, name: str = "visit-days") -> list[ThresholdValue]:
    """The thresholds of a rule, in order of time."""
    return [one.value for one in policy.rule(name).thresholds]


# What a person writes.


def test_a_number_and_a_range_are_read() -> None:
    assert read_changes(["visit-days=3", "company-size=40..100"]) == {
        "visit-days": 3,
        "company-size": Between(40, 100),
    }


@pytest.mark.parametrize(
    "text",
    [
        "visit-days",
        "visit-days=",
        "=3",
        "visit-days=-1",
        "visit-days=3天",
        "visit-days=1..",
        "visit-days=1..2..3",
        "visit-days=1.5",
        "visit-days= 3",
        "visit-days=٣",
        "visit-days=1234567890123",
    ],
)
def test_what_is_no_change_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(RequestError, match=r"应写作 规则=数 或 规则=低\.\.高"):
        read_changes([text])


def test_a_rule_is_changed_once() -> None:
    with pytest.raises(RequestError, match="“visit-days”写了两次"):
        read_changes(["visit-days=3", "visit-days=4"])


# Drafts.


def test_a_draft_differs_in_that_threshold_and_in_its_digest() -> None:
    draft = with_thresholds(BOOK, changes={"visit-days": 3}, periods=[SEPTEMBER])
    assert values(draft) == [3]
    assert differing_rules(BOOK, draft) == {"visit-days"}
    assert draft.digest == with_digest(draft).digest != BOOK.digest
    assert replace(draft, rules=BOOK.rules, digest=BOOK.digest) == BOOK


def test_the_same_number_is_the_same_policy() -> None:
    assert with_thresholds(BOOK, changes={"visit-days": 2}, periods=[SEPTEMBER]) == BOOK


def test_only_thresholds_that_hold_in_a_period_change() -> None:
    policy = dated(DatedThreshold(2, None, TURN), DatedThreshold(3, TURN, None))
    for periods, wanted in (
        (["2026-08"], [5, 3]),
        (["2026-09"], [2, 5]),
        (["2026-08..2026-09"], [5, 5]),
    ):
        draft = with_thresholds(
            policy, changes={"visit-days": 5}, periods=read_periods([*periods, "2025-Q1"])
        )
        assert values(draft) == wanted


def test_a_state_rule_changes_whatever_the_kind_of_period() -> None:
    draft = with_thresholds(
        HUANGCHUAN, changes={"company-size": Between(40, 100)}, periods=read_periods(["2026-Q3"])
    )
    assert values(draft, "company-size") == [Between(40, 100)]


@pytest.mark.parametrize(
    ("policy", "change", "message"),
    [
        (BOOK, {"visits": 3}, "没有规则“visits”，有：coverage"),
        (BOOK, {"legal-education": 2}, "按季计算，不能用于周期 2026-08"),
        (dated(DatedThreshold(2, date(2027, 1, 1))), {"visit-days": 3}, "没有生效的门槛"),
        (BOOK, {"visit-days": Between(1, 2)}, "门槛是一个数，应写作 visit-days=数"),
        (BOOK, {"coverage": 1}, "门槛是一个范围，应写作 coverage=低..高"),
        (BOOK, {"coverage": Between(2, 1)}, "新门槛不行：low 不能大于 high"),
        (BOOK, {"visit-days": 32}, "新门槛不行：门槛 32 永远达不到"),
        (BOOK, {"visit-days": 0}, "新门槛不行：门槛为 0"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    policy: Policy, change: dict[str, int | Between], message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        with_thresholds(policy, changes=change, periods=AUTUMN)


def test_a_table_of_grades_is_not_replaced_by_a_number() -> None:
    with pytest.raises(RequestError, match="按等次的表定数"):
        with_thresholds(JILIN, changes={"performance-pay": 3}, periods=read_periods(["2026"]))


def test_a_named_rule_runs_in_some_period_under_some_policy() -> None:
    check_rules([JILIN, BOOK], periods=AUTUMN, names=["visit-days", "monthly-meeting"])
    with pytest.raises(RequestError, match="政策 jilin-2019 没有规则“visits”"):
        check_rules([JILIN, BOOK], periods=AUTUMN, names=["visits"])
    with pytest.raises(RequestError, match="“legal-education”按季计算"):
        check_rules([JILIN, BOOK], periods=AUTUMN, names=["visit-days", "legal-education"])


def test_other_minimum_days_concern_what_is_prorated() -> None:
    other = replace(BOOK, minimum_days={**BOOK.minimum_days, PeriodKind.MONTH: 10})
    assert differing_rules(BOOK, other) == {one.id for one in BOOK.rules} - {"coverage"}


def test_a_rule_of_one_policy_only_differs() -> None:
    less = replace(BOOK, rules=BOOK.rules[1:])
    assert differing_rules(BOOK, less) == differing_rules(less, BOOK) == {BOOK.rules[0].id}


# Verdicts side by side.


def test_a_flip_says_what_was_and_what_would_be() -> None:
    before = verdict("P1", "pass")
    after = verdict("P1", "fail", threshold=3, threshold_full=4, value=1)
    assert flips([before], [after]) == (
        Flip(
            rule="visit-days",
            subject_kind=SubjectKind.POSTING,
            subject="P1",
            village_code="532323100200",
            staff_id="S1",
            period="2026-09",
            before=VerdictKind.PASS,
            after=VerdictKind.FAIL,
            value_before=2,
            value_after=1,
            threshold_before=2,
            threshold_after=3,
        ),
    )


def test_a_verdict_that_stays_is_not_listed_whatever_its_threshold() -> None:
    assert flips([verdict("P1", "pass")], [verdict("P1", "pass", threshold=1)]) == ()


def test_a_row_of_one_side_only_is_a_flip_from_or_to_nothing() -> None:
    gone, new = verdict("P1", "fail"), verdict("P2", "advice", threshold=(1, 1))
    first, second = flips([gone], [new])
    assert (first.subject, first.before, first.after) == ("P1", VerdictKind.FAIL, None)
    assert (first.value_after, first.threshold_before, first.threshold_after) == (None, 2, None)
    assert (second.subject, second.before, second.after) == ("P2", None, VerdictKind.ADVICE)
    assert (second.value_before, second.threshold_before) == (None, None)
    assert (second.value_after, second.threshold_after) == (2, (1, 1))


def test_flips_are_sorted_by_rule_then_subject() -> None:
    rows = [("b", "P1"), ("a", "P2"), ("a", "P1")]
    before = [verdict(subject, "pass", name=name) for name, subject in rows]
    after = [verdict(subject, "fail", name=name) for name, subject in reversed(rows)]
    found = [(flip.rule, flip.subject) for flip in flips(before, after)]
    assert found == [("a", "P1"), ("a", "P2"), ("b", "P1")]


def test_verdicts_are_counted_by_rule() -> None:
    rows = [verdict("P1", "pass"), verdict("P2", "pass"), verdict("P3", "fail", name="other")]
    assert counts(rows) == {
        "visit-days": {VerdictKind.PASS: 2},
        "other": {VerdictKind.FAIL: 1},
    }


def test_flips_are_summed_over_periods_the_most_first() -> None:
    old = [verdict(f"P{number}", "pass") for number in range(4)]
    new = [verdict("P0", "advice"), verdict("P3", "unknown")]
    new += [verdict("P1", "fail"), verdict("P2", "fail")]
    other = [verdict("P9", "fail", name="a")]
    one, two = (
        Comparison(SEPTEMBER, {}, {}, found) for found in (flips(old, new), flips([], other))
    )
    assert tallies([one, two, two]) == [
        Tally("a", None, VerdictKind.FAIL, 2),
        Tally("visit-days", VerdictKind.PASS, VerdictKind.FAIL, 2),
        Tally("visit-days", VerdictKind.PASS, VerdictKind.ADVICE, 1),
        Tally("visit-days", VerdictKind.PASS, VerdictKind.UNKNOWN, 1),
    ]


# A period judged twice.


class Recorder:
    """The reference engine, noting what it was asked."""

    name = "reference"

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def evaluate(
        self,
        *,
        policy: Policy,
        facts: Facts,
        period: Period,
        as_of: datetime,
        rules: Sequence[str] | None = None,
    ) -> list[Verdict]:
        self.asked.append((policy.digest, tuple(rules or ())))
        return reference.evaluate(
            policy=policy, facts=facts, period=period, as_of=as_of, rules=rules
        )

    explain = staticmethod(reference.explain)


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Facts]:
    """Two visiting days of one officer in September 2026."""
    with open_facts(sound_folder(tmp_path)) as opened:
        yield opened


def judged(
    facts: Facts, after: Policy, *, before: Policy = BOOK, **more: Any
) -> tuple[Comparison, Recorder]:
    """The comparison, and the engine that was asked."""
    engine = Recorder()
    asked: dict[str, Any] = {"facts": facts, "period": SEPTEMBER, "as_of": LATER, **more}
    return compare(engine=engine, before=before, after=after, **asked), engine


def test_only_rules_that_differ_are_judged(facts: Facts) -> None:
    draft = with_thresholds(BOOK, changes={"visit-days": 3}, periods=[SEPTEMBER])
    found, engine = judged(facts, draft)
    assert engine.asked == [(BOOK.digest, ("visit-days",)), (draft.digest, ("visit-days",))]
    (flip,) = found.flips
    assert (flip.subject, flip.before, flip.after) == ("P1", VerdictKind.PASS, VerdictKind.FAIL)
    assert (flip.threshold_before, flip.threshold_after) == (2, 3)
    assert found.period == SEPTEMBER
    assert found.before == {"visit-days": {VerdictKind.PASS: 1}}
    assert found.after == {"visit-days": {VerdictKind.FAIL: 1}}


def test_a_rule_that_is_named_is_judged_though_it_does_not_differ(facts: Facts) -> None:
    found, engine = judged(facts, BOOK, rules=["visit-days"])
    assert engine.asked == [(BOOK.digest, ("visit-days",))]
    assert found.flips == ()
    assert found.before == found.after == {"visit-days": {VerdictKind.PASS: 1}}


def test_nothing_differs_nothing_is_judged(facts: Facts) -> None:
    found, engine = judged(facts, BOOK)
    assert engine.asked == []
    assert (found.before, found.after, found.flips) == ({}, {}, ())


def test_rules_of_other_periods_are_left_out(facts: Facts) -> None:
    draft = with_thresholds(
        BOOK, changes={"visit-days": 3, "coverage": Between(2, 2)}, periods=[SEPTEMBER]
    )
    found, engine = judged(facts, draft, period=parse_period("2026-Q3"))
    assert [names for _digest, names in engine.asked] == [("coverage",), ("coverage",)]
    assert {flip.rule for flip in found.flips} == {"coverage"}


def test_a_rule_of_the_draft_only_is_new(facts: Facts) -> None:
    less = replace(BOOK, rules=tuple(one for one in BOOK.rules if one.id != "visit-days"))
    found, engine = judged(facts, BOOK, before=less)
    assert engine.asked == [(BOOK.digest, ("visit-days",))]
    assert [(flip.before, flip.after) for flip in found.flips] == [(None, VerdictKind.PASS)]


def test_only_the_verdicts_asked_for_are_counted_and_listed(facts: Facts) -> None:
    draft = with_thresholds(BOOK, changes={"visit-days": 3}, periods=[SEPTEMBER])
    found, _engine = judged(facts, draft, only=lambda row: row.subject != "P1")
    assert (found.before, found.after, found.flips) == ({}, {}, ())


def test_a_group_of_people_has_a_range() -> None:
    size: Rule = rule("size", group(GroupKind.SQUAD), MemberCount(), Between(7, 11))
    draft = with_thresholds(policy_of(size), changes={"size": Between(5, 11)}, periods=[SEPTEMBER])
    assert values(draft, "size") == [Between(5, 11)]
