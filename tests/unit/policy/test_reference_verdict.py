"""Thresholds, and the first verdict that holds."""

from datetime import date, timedelta

import pytest
from tests.support.reference_worlds import world_of
from tests.support.rulebook import events, posting, rule

from cunjing.policy.enums import EventKind, Operator, Role, SubjectKind, VerdictKind
from cunjing.policy.errors import InputError
from cunjing.policy.measures import MoneyValue, Tally
from cunjing.policy.model import Between, ByGrade, DaysOfPeriod, Rule, Subject, ThresholdValue
from cunjing.policy.periods import PeriodKind
from cunjing.policy.reference_subjects import Row
from cunjing.policy.reference_verdict import judge, prorated, threshold_of
from cunjing.policy.reference_world import Measured
from cunjing.policy.verdict import ThresholdShown

VISITS = events(Tally.COUNT, EventKind.VILLAGE_VISIT)


def _rule(threshold: ThresholdValue = 2, **more: object) -> Rule:
    subject = posting(Role.LIAISON_OFFICER)
    return rule("r", subject, VISITS, threshold, period=PeriodKind.MONTH, **more)


def _row(value: int | None, available: int | None = None) -> Row:
    return Row(subject="P1", measured=Measured(value), available=available, concerned=("S1",))


@pytest.mark.parametrize(
    ("available", "threshold"),
    [(0, 0), (1, 1), (3, 1), (4, 2), (15, 5), (16, 6), (29, 10), (30, 10), (None, 10)],
)
def test_prorating_rounds_up_in_integers(available: int | None, threshold: int) -> None:
    assert prorated(world_of(), _rule(10), _row(0, available), 10) == threshold


@pytest.mark.parametrize(
    ("operator", "full"), [(Operator.AT_MOST, 24), (Operator.BETWEEN, (1, 3)), (Operator.EQUAL, 7)]
)
def test_only_at_least_is_prorated(operator: Operator, full: ThresholdShown) -> None:
    assert prorated(world_of(), _rule(1, operator=operator), _row(0, 15), full) == full


@pytest.mark.parametrize(
    ("written", "shown"), [(2, 2), (Between(1, 3), (1, 3)), (DaysOfPeriod(), 30)]
)
def test_a_threshold_as_shown(written: ThresholdValue, shown: ThresholdShown) -> None:
    assert threshold_of(world_of(), _rule(written), _row(0)) == shown


@pytest.mark.parametrize(("grade", "threshold"), [("good", 5), ("bad", 0), (None, None)])
def test_a_threshold_by_grade(grade: str | None, threshold: int | None) -> None:
    marks = [{"subject_id": "P1", "period": "2026", "item": "grade", "value": grade}]
    world = world_of(period="2026", marks=marks if grade else [])
    assert threshold_of(world, _paid(), _row(0)) == threshold


def test_a_grade_the_table_does_not_know_is_refused() -> None:
    marks = [{"subject_id": "P1", "period": "2026", "item": "grade", "value": "so-so"}]
    with pytest.raises(InputError) as caught:
        threshold_of(world_of(period="2026", marks=marks), _paid(), _row(0))
    assert str(caught.value) == "marks：“value”列：P1 的“grade”是“so-so”，应为 good、bad 之一"


def _paid() -> Rule:
    measure = MoneyValue(item="paid", grade_item="grade")
    table = ByGrade({"good": 5, "bad": 0})
    return rule("r", Subject(SubjectKind.STAFF), measure, table, period=PeriodKind.YEAR)


@pytest.mark.parametrize(
    ("operator", "threshold", "passing", "failing"),
    [
        (Operator.AT_LEAST, 2, [2, 3], [1, 0]),
        (Operator.AT_MOST, 2, [0, 2], [3]),
        (Operator.EQUAL, 2, [2], [1, 3]),
        (Operator.BETWEEN, (2, 4), [2, 3, 4], [1, 5]),
    ],
)
def test_operators(
    operator: Operator, threshold: ThresholdShown, passing: list[int], failing: list[int]
) -> None:
    asked = _rule(operator=operator)
    found = {
        value: judge(world_of(), asked, _row(value), threshold=threshold, exempt=False)
        for value in passing + failing
    }
    assert found == dict.fromkeys(passing, VerdictKind.PASS) | dict.fromkeys(
        failing, VerdictKind.FAIL
    )


def test_exempt_goes_before_pass() -> None:
    found = judge(world_of(), _rule(), _row(9), threshold=2, exempt=True)
    assert found is VerdictKind.EXEMPT


@pytest.mark.parametrize(("grace", "days", "over"), [(0, -1, False), (0, 0, True), (5, 4, False)])
def test_not_due_ends_with_the_period_and_its_grace(grace: int, days: int, over: bool) -> None:
    world = world_of(as_of=date(2026, 10, 1) + timedelta(days=days))
    found = judge(world, _rule(grace_days=grace), _row(0), threshold=2, exempt=False)
    assert found is (VerdictKind.FAIL if over else VerdictKind.NOT_DUE)


def test_not_due_goes_before_unknown() -> None:
    world = world_of(as_of=date(2026, 9, 15), sync=[])
    found = judge(world, _rule(), _row(0), threshold=2, exempt=False)
    assert found is VerdictKind.NOT_DUE


def test_unknown_goes_before_advice() -> None:
    advice = _rule(as_a_rule=True)
    found = [
        judge(world, advice, _row(0), threshold=2, exempt=False)
        for world in (world_of(sync=[]), world_of())
    ]
    assert found == [VerdictKind.UNKNOWN, VerdictKind.ADVICE]


@pytest.mark.parametrize(("value", "threshold"), [(None, 2), (2, None)])
def test_a_missing_datum_is_unknown(value: int | None, threshold: int | None) -> None:
    found = judge(world_of(), _rule(), _row(value), threshold=threshold, exempt=False)
    assert found is VerdictKind.UNKNOWN


@pytest.mark.parametrize(("value", "verdict"), [(0, VerdictKind.FAIL), (3, VerdictKind.ADVICE)])
def test_coverage_above_the_range_is_advice(value: int, verdict: VerdictKind) -> None:
    covered = _rule(Between(1, 2), advice_above=True)
    assert judge(world_of(), covered, _row(value), threshold=(1, 2), exempt=False) is verdict
