"""A threshold tried over past months: who may, what flips, and that nothing comes of it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q
from tests.support.assessment_factories import (
    AN,
    AN_V1,
    BEGAN,
    BUREAU,
    COUNTY,
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
    work,
)
from tests.support.console_visitors import stored

from cunjing.accounts.roles import Role
from cunjing.assessment.access import holds_whole, own_results, readable_verdicts
from cunjing.assessment.actions import revise_run, run_assessment
from cunjing.assessment.evaluation import evaluate
from cunjing.assessment.models import Programme, Result, Run
from cunjing.assessment.revisions import question_of
from cunjing.assessment.whatif import Trial, programmes_to_try, try_threshold
from cunjing.base.clock import now
from cunjing.base.errors import Problem
from cunjing.kernel.access import Actor, Jurisdiction
from cunjing.policy.enums import VerdictKind
from cunjing.policy.model import Between
from cunjing.policy.whatif import NewThreshold, Tally

NOVEMBER = date(2026, 11, 5)
PASS, FAIL = VerdictKind.PASS, VerdictKind.FAIL
CHIEF = acting(Role.STATION_CHIEF, unit_code=STATION_NORTH)
OFFICER = acting(Role.OFFICER, village_code=V1)
AUDITOR = acting(Role.AUDITOR, unit_code=BUREAU)


def october() -> Run:
    """October judged on 2 November; nobody worked in it."""
    return run_assessment(actor=bureau(), scope=COUNTY, period="2026-10", as_of=at(2, month=11))


def programme_id() -> UUID:
    """The programme of the county."""
    return Programme.objects.get(prefix=COUNTY).pk


def tried(rule: str, threshold: NewThreshold, **more: Any) -> Trial:
    """A trial of the bureau over the last three months."""
    asked: dict[str, Any] = {"actor": bureau(), "months": 3, "on": NOVEMBER, **more}
    return try_threshold(programme_id=programme_id(), rule=rule, threshold=threshold, **asked)


def test_a_stricter_threshold_flips_who_just_met_it_in_that_month() -> None:
    september, autumn = frozen_september(), october()
    found = tried("visit-days", 3)
    assert [period.run for period in found.periods] == [september, autumn]
    assert [period.threshold for period in found.periods] == [2, 2]
    assert [period.flips for period in found.periods] == [1, 0]
    assert [period.text for period in found.left_out] == ["2026-08"]
    before, after = found.periods[0].before, found.periods[0].after
    assert (before[PASS], before.get(FAIL, 0)) == (1, after[FAIL] - 1)
    assert PASS not in after
    assert found.tallies == [Tally("visit-days", PASS, FAIL, 1)]
    assert (found.villages, found.flips) == (1, 1)
    (one,) = found.subjects
    assert (one.village_code, one.village_name, one.staff_id) == (V1, f"村{V1[-4:]}", str(AN))
    assert one.name == f"演示{AN.int}"
    ((run, flip),) = one.flips
    assert (run, flip.subject, flip.before, flip.after) == (september, str(AN_V1), PASS, FAIL)
    assert (flip.value_after, flip.threshold_before, flip.threshold_after) == (2, 2, 3)


def test_before_is_what_the_run_stored() -> None:
    run = frozen_september()
    found = tried("household-visits", 5)
    counted = Result.objects.filter(run=run, rule="household-visits").values_list(
        "verdict", flat=True
    )
    (period,) = found.periods
    assert dict(period.before) == {kind: list(counted).count(kind) for kind in set(counted)}


def test_nothing_is_kept() -> None:
    frozen_september()
    before = stored()
    tried("visit-days", 3)
    assert stored() == before


def test_what_arrived_after_the_run_does_not_count() -> None:
    frozen_september()
    work(900, "village_visit", V1, AN, 29)
    assert tried("visit-days", 3).flips == 1


def test_the_last_revision_is_what_is_tried() -> None:
    frozen = frozen_september()
    work(900, "village_visit", V1, AN, 29, received_at=now())
    revision = revise_run(actor=bureau(), run_id=frozen.pk, reason="补录")
    (period,) = tried("visit-days", 3).periods
    assert (period.run, period.flips) == (revision, 0)


def test_a_range_is_tried_on_a_state_rule() -> None:
    frozen_september()
    found = tried("coverage", Between(0, 1))
    assert [(one.village_code, one.name) for one in found.subjects] == [(V4, "")]
    assert found.tallies == [Tally("coverage", FAIL, PASS, 1)]


def test_a_rule_of_quarters_looks_at_quarters_that_ended() -> None:
    judged_september()
    quarter = run_assessment(actor=bureau(), scope=COUNTY, period="2026-Q3", as_of=at(2, month=10))
    found = tried("legal-education", 2, months=6)
    assert [period.run for period in found.periods] == [quarter]
    assert [period.text for period in found.left_out] == ["2026-Q2"]


def test_as_many_months_as_asked_end_before_today() -> None:
    judged_september()
    for months, on, wanted in (
        (1, NOVEMBER, ["2026-10"]),
        (2, date(2026, 10, 31), ["2026-08"]),
        (3, date(2027, 2, 1), ["2026-11", "2026-12", "2027-01"]),
    ):
        found = tried("visit-days", 3, months=months, on=on)
        assert [period.text for period in found.left_out] == wanted


def test_the_same_threshold_flips_nothing() -> None:
    frozen_september()
    found = tried("visit-days", 2)
    assert (found.flips, found.subjects) == (0, [])
    assert found.periods[0].before == found.periods[0].after != {}


@pytest.mark.parametrize(
    ("rule", "threshold", "months", "field"),
    [
        ("nothing", 3, 3, "rule"),
        ("visit-days", 32, 3, "low"),
        ("visit-days", Between(1, 2), 3, "low"),
        ("coverage", 1, 3, "low"),
        ("visit-days", 3, 0, "months"),
        ("visit-days", 3, 13, "months"),
    ],
)
def test_what_cannot_be_tried_is_refused_at_its_field(
    rule: str, threshold: NewThreshold, months: int, field: str
) -> None:
    judged_september()
    with pytest.raises(Problem) as refused:
        tried(rule, threshold, months=months)
    assert refused.value.status == 422
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_chief_tries_on_the_stations_villages_only() -> None:
    frozen_september()
    assert tried("visit-days", 3, actor=CHIEF).flips == 1
    assert tried("coverage", Between(0, 1), actor=CHIEF).flips == 0
    south = acting(Role.STATION_CHIEF, unit_code=STATION_SOUTH)
    found = tried("visit-days", 3, actor=south)
    assert (found.flips, dict(found.periods[0].before)) == (0, {})


@pytest.mark.parametrize(("actor", "status"), [(OFFICER, 403), (AUDITOR, 403), (stranger(), 404)])
def test_readers_are_refused_and_strangers_find_nothing(actor: Actor, status: int) -> None:
    judged_september()
    with pytest.raises(Problem) as refused:
        tried("visit-days", 3, actor=actor)
    assert refused.value.status == status
    assert programmes_to_try(actor=actor) == []


def test_the_programmes_of_ones_villages_can_be_tried() -> None:
    judged_september()
    for actor in (bureau(), CHIEF):
        assert [one.pk for one in programmes_to_try(actor=actor)] == [programme_id()]
    with pytest.raises(Problem, match="没有这个考评方案"):
        try_threshold(
            actor=bureau(),
            programme_id=UUID(int=0),
            rule="visit-days",
            threshold=3,
            months=3,
            on=NOVEMBER,
        )
    assert programmes_to_try(actor=bureau())[0].valid_from == BEGAN


@pytest.mark.parametrize(
    "held",
    [
        Jurisdiction(prefixes=frozenset({COUNTY}), units=frozenset({BUREAU})),
        Jurisdiction(villages=frozenset({V1})),
        Jurisdiction(villages=frozenset({V4}), units=frozenset({STATION_NORTH})),
        Jurisdiction(units=frozenset({STATION_SOUTH})),
        Jurisdiction(),
    ],
)
def test_fresh_verdicts_are_filtered_as_stored_results_are(held: Jurisdiction) -> None:
    Programme.objects.create(prefix=COUNTY, policy_id="jilin-2019", valid_from=BEGAN)
    for period in ("2026-09", "2026"):
        run = run_assessment(actor=bureau(), scope=COUNTY, period=period, as_of=at(2, month=10))
        fresh = evaluate(question_of(run))
        own = Q() if holds_whole(held, scope=COUNTY) else own_results(held)
        kept = Result.objects.filter(own, run=run).values_list("rule", "subject")
        is_own = readable_verdicts(held, scope=COUNTY)
        assert {(one.rule, one.subject) for one in fresh if is_own(one)} == set(kept)
