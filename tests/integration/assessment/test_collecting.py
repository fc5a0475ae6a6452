"""What the product keeps no records of is left out of a run, and stays left out."""

import pytest
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
    AN,
    BEGAN,
    COUNTY,
    V4,
    bureau,
    work,
)

from cunjing.assessment import collecting
from cunjing.assessment.actions import freeze_run, revise_run, run_assessment, set_programme
from cunjing.assessment.matrix import left_out, rule_heads
from cunjing.assessment.models import Result, Run
from cunjing.assessment.replay import replay_run
from cunjing.base.clock import now


@pytest.fixture
def mouding() -> Run:
    """September judged by a policy that asks for bulletins and for groups, too."""
    set_programme(actor=bureau(), prefix=COUNTY, policy_id="mouding-2020", valid_from=BEGAN)
    return run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER)


def test_what_no_form_takes_is_not_judged(mouding: Run) -> None:
    judged = set(Result.objects.filter(run=mouding).values_list("rule", flat=True))
    assert judged == {"coverage-assistant", "coverage-officer", "sweep"}  # nobody was to be trained
    assert mouding.left_out == ["fraud-bulletin", "mutual-aid-size"]
    assert [head.clause for head in left_out(mouding)] == ["三（二）-3", "三（四）-1"]
    assert "fraud-bulletin" not in {head.id for head in rule_heads(mouding)}
    assert replay_run(actor=bureau(), run_id=mouding.pk).identical


def test_a_revision_judges_by_the_rules_of_the_run_it_revises(
    mouding: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = freeze_run(actor=bureau(), run_id=mouding.pk)
    monkeypatch.setattr(collecting, "is_collected", lambda _rule: True)
    work(620, "session", V4, AN, 12, subkind="dispute_sweep", received_at=now())
    revised = revise_run(actor=bureau(), run_id=frozen.pk, reason="迟到")
    assert revised.left_out == frozen.left_out
    assert not Result.objects.filter(run=revised, rule="fraud-bulletin").exists()


def test_a_run_without_any_rule_left_says_so_and_judges_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collecting, "is_collected", lambda _rule: False)
    set_programme(actor=bureau(), prefix=COUNTY, policy_id="mouding-2020", valid_from=BEGAN)
    run = run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER)
    assert (run.counts, len(run.left_out), run.results.count()) == ({}, 6, 0)
    assert rule_heads(run) == []
    assert replay_run(actor=bureau(), run_id=run.pk).identical
    assert freeze_run(actor=bureau(), run_id=run.pk).counts == {}
