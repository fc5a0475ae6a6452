"""How rules stand: summed over scopes and newest revisions, of the reader's villages only."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test.utils import CaptureQueriesContext
from tests.support.assessment_factories import (
    AN_V1,
    AWAY,
    BEGAN,
    BO_V2,
    COUNTY,
    OTHER_COUNTY,
    STATION_NORTH,
    STATION_SOUTH,
    V1,
    V4,
    acting,
    at,
    bureau,
    frozen_september,
    judged_september,
    stranger,
    uid,
    work,
)

from cunjing.accounts.roles import Role
from cunjing.assessment import standing as standing_module
from cunjing.assessment.actions import revise_run, run_assessment, set_programme
from cunjing.assessment.matrix import rule_counts
from cunjing.assessment.models import Programme, Run
from cunjing.assessment.standing import (
    RuleStanding,
    Standing,
    judged_periods,
    periods_of,
    policy_as_of,
    policy_standing,
    rule_as_of,
    rule_history,
    threshold_uses,
    verdicts,
    villages_short,
)
from cunjing.kernel.access import Actor
from cunjing.places.models import Unit
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Rule
from cunjing.policy.periods import Period, parse_period

POLICY = load_policy("bozhou-2014")
VISITS, COVERAGE, EDUCATION = (
    POLICY.rule(name) for name in ("visit-days", "coverage", "legal-education")
)
SEPTEMBER = parse_period("2026-09")
Queries = Callable[[int], AbstractContextManager[CaptureQueriesContext]]


def periods(actor: Actor) -> list[Period]:
    return judged_periods(actor=actor, policy_id=POLICY.id)


def history(
    actor: Actor, rule: Rule = VISITS, *, of: Sequence[Period] | None = None
) -> list[Standing]:
    return rule_history(
        actor=actor,
        policy_id=POLICY.id,
        rule=rule,
        periods=periods_of(rule, periods=periods(actor) if of is None else of),
    )


def judged(period: str, *, scope: str = COUNTY, actor: Actor | None = None) -> Run:
    if not Programme.objects.filter(prefix=scope).exists():
        set_programme(actor=actor or bureau(), prefix=scope, policy_id=POLICY.id, valid_from=BEGAN)
    return run_assessment(actor=actor or bureau(), scope=scope, period=period)


def test_a_rule_stands_as_the_matrix_counts_it() -> None:
    run = judged_september()
    (standing,) = history(bureau())
    assert standing.period == SEPTEMBER
    assert [one.pk for one in standing.runs] == [run.pk]
    (expected,) = [
        one.counts for one in rule_counts(actor=bureau(), run_id=run.pk) if one.rule.id == VISITS.id
    ]
    assert standing.counts == expected
    assert standing.total == sum(expected.values())
    assert (standing.judged, standing.passed) == (
        standing.total - expected["exempt"],
        expected["pass"],
    )


def test_months_come_newest_first_and_each_has_its_own_counts() -> None:
    judged_september()
    judged("2026-06")
    found = history(bureau())
    assert [one.period.text for one in found] == ["2026-09", "2026-06"]
    assert found[0].counts != found[1].counts


def test_only_the_newest_revision_counts() -> None:
    frozen = frozen_september()
    work(501, "village_visit", V1, uid(1), 27, received_at=at(20, month=10))
    (before,) = history(bureau())
    revised = revise_run(actor=bureau(), run_id=frozen.pk, reason="补录")
    (after,) = history(bureau())
    assert [run.pk for run in after.runs] == [revised.pk]
    assert before.total == after.total


def test_a_stranger_has_no_standing_and_a_station_its_own() -> None:
    judged_september()
    assert periods(stranger()) == []
    assert history(stranger(), of=[SEPTEMBER])[0].counts == {}
    whole = history(bureau())[0].total
    north = history(acting(Role.STATION_CHIEF, unit_code=STATION_NORTH))[0]
    south = history(acting(Role.STATION_CHIEF, unit_code=STATION_SOUTH))[0]
    officer = history(acting(Role.OFFICER, village_code=V1))[0]
    assert (whole, north.total, south.total, officer.total) == (4, 4, 0, 1)
    page = verdicts(actor=acting(Role.OFFICER, village_code=V1), standings=[officer])
    assert [cell.result.subject for cell in page.cells] == [str(AN_V1)]
    south_coverage = history(acting(Role.STATION_CHIEF, unit_code=STATION_SOUTH), COVERAGE)
    found = verdicts(
        actor=acting(Role.STATION_CHIEF, unit_code=STATION_SOUTH), standings=south_coverage
    )
    assert [cell.result.village_code for cell in found.cells] == [V4]


def test_counties_that_run_the_same_policy_are_summed_for_who_reads_both() -> None:
    judged_september()
    judged("2026-09", scope=OTHER_COUNTY, actor=stranger())
    Unit.objects.create(code="9901", name="市局", kind="county", division_code="9901")
    city = acting(Role.COUNTY_BUREAU, unit_code="9901")
    (both,) = history(city, COVERAGE)
    assert both.total == 5
    assert {run.scope for run in both.runs} == {COUNTY, OTHER_COUNTY}
    found = verdicts(actor=city, standings=[both])
    assert AWAY in {cell.result.village_code for cell in found.cells}
    assert history(bureau(), COVERAGE)[0].total == 4


def test_state_rules_stand_in_every_kind_of_period_and_others_in_theirs() -> None:
    judged("2026-Q3")
    judged_september()
    listed = periods(bureau())
    assert {period.text for period in periods_of(COVERAGE, periods=listed)} == {
        "2026-Q3",
        "2026-09",
    }
    assert [period.text for period in periods_of(EDUCATION, periods=listed)] == ["2026-Q3"]
    assert periods_of(COVERAGE, periods=[]) == []


def as_of(rule: Rule, asked: str = "", *, on: date = date(2026, 11, 1)) -> RuleStanding:
    return rule_as_of(actor=bureau(), policy_id=POLICY.id, rule=rule, on=on, asked=asked)


def test_a_quarter_asked_for_is_shown_where_it_was_judged() -> None:
    judged("2026-Q3")
    judged("2026-08")
    judged_september()
    usual = as_of(COVERAGE)
    assert [one.period.text for one in usual.history] == ["2026-09", "2026-08"]
    assert usual.missed == ""
    quarter = as_of(COVERAGE, "2026-Q3")
    assert [one.period.text for one in quarter.history] == ["2026-Q3"]
    assert quarter.options == usual.options
    policy = policy_as_of(actor=bureau(), policy=POLICY, on=date(2026, 11, 1), asked="2026-Q3")
    assert policy.chosen == parse_period("2026-Q3")
    assert policy.missed == ""
    assert policy.by_rule["coverage"].period.text == "2026-Q3"
    assert policy.by_rule["visit-days"].period == SEPTEMBER


@pytest.mark.parametrize("asked", ["2026-Q3", "2026-H1", "2026-08", "八月", "2026-09\0"])
def test_what_was_not_judged_is_not_passed_over_in_silence(asked: str) -> None:
    judged_september()
    found = as_of(VISITS, asked)
    assert (found.chosen, found.missed) == (SEPTEMBER, asked)
    policy = policy_as_of(actor=bureau(), policy=POLICY, on=date(2026, 11, 1), asked=asked)
    assert (policy.chosen, policy.missed) == (SEPTEMBER, asked)


def test_a_period_long_ago_is_found_though_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    judged("2026-06")
    judged_september()
    monkeypatch.setattr(standing_module, "_MOST_PERIODS", 1)
    assert as_of(VISITS, "2026-06").chosen == parse_period("2026-06")
    assert as_of(VISITS).chosen == SEPTEMBER


def test_a_policy_stands_rule_by_rule_as_of_a_month() -> None:
    judged_september()
    judged("2026-Q2")
    judged("2026-06")
    listed = periods(bureau())
    standing = policy_standing(actor=bureau(), policy=POLICY, periods=listed, chosen=SEPTEMBER)
    assert set(standing) == {rule.id for rule in POLICY.rules}
    assert standing["visit-days"].counts == history(bureau())[0].counts
    assert standing["coverage"].period == SEPTEMBER
    assert standing["legal-education"].period.text == "2026-Q2"
    june = policy_standing(
        actor=bureau(), policy=POLICY, periods=listed, chosen=parse_period("2026-06")
    )
    assert june["legal-education"].period.text == "2026-Q2"


def test_a_quarter_that_began_after_the_month_is_not_its_quarter() -> None:
    judged("2026-06")
    judged("2026-Q3")
    standing = policy_standing(
        actor=bureau(),
        policy=POLICY,
        periods=periods(bureau()),
        chosen=parse_period("2026-06"),
    )
    assert "legal-education" not in standing


def test_the_most_pressing_verdicts_come_first_and_one_kind_can_be_asked_for() -> None:
    judged_september()
    found = history(bureau())
    whole = verdicts(actor=bureau(), standings=found)
    kinds = [cell.result.verdict for cell in whole.cells]
    assert kinds == sorted(
        kinds, key=["fail", "unknown", "not_due", "advice", "exempt", "pass"].index
    )
    assert whole.total == len(kinds) == found[0].total
    assert whole.pages == 1
    unknown = verdicts(actor=bureau(), standings=found, verdict="unknown")
    assert {cell.result.subject for cell in unknown.cells} >= {str(BO_V2)}
    assert unknown.total == found[0].counts["unknown"]
    assert all(cell.staff_name and cell.village_name for cell in unknown.cells)
    past = verdicts(actor=bureau(), standings=found, page=9)
    assert (past.page, past.cells) == (1, whole.cells)


def test_villages_that_fall_short_are_counted_once() -> None:
    judged("2026-06")
    june = parse_period("2026-06")
    standing = policy_standing(actor=bureau(), policy=POLICY, periods=[june], chosen=june)
    every = list(standing.values())
    failed = verdicts(actor=bureau(), standings=every, verdict="fail")
    villages = {cell.result.village_code for cell in failed.cells}
    assert len(failed.cells) > len(villages) > 0
    assert villages_short(actor=bureau(), standings=every) == len(villages)
    assert villages_short(actor=bureau(), standings=[]) == 0


def test_the_thresholds_of_the_past_are_those_of_the_kept_policies() -> None:
    run = judged_september()
    judged("2026-06")
    (use,) = threshold_uses(history(bureau()))
    assert (use.text, list(use.periods)) == ("不少于2天", ["2026-09", "2026-06"])
    assert list(use.digests) == [run.policy_digest]


def test_the_number_of_queries_does_not_grow(
    django_assert_num_queries: Queries,
) -> None:
    judged_september()
    listed = periods(bureau())
    actor = bureau()
    assert history(actor, of=listed)
    with django_assert_num_queries(2):
        found = rule_history(actor=actor, policy_id=POLICY.id, rule=VISITS, periods=listed)
    with django_assert_num_queries(3):
        assert len(verdicts(actor=actor, standings=found).cells) == 4
    with django_assert_num_queries(2):
        policy_standing(actor=actor, policy=POLICY, periods=listed, chosen=SEPTEMBER)


def test_a_run_that_was_judged_again_stands_once() -> None:
    judged_september()
    judged_september()
    (standing,) = history(bureau())
    assert len(standing.runs) == 1
