"""A policy's file changes between two months: both versions are kept, dated and compared."""

import importlib
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from pytest_django import Settings
from tests.support.assessment_factories import (
    COUNTY,
    STATION_NORTH,
    acting,
    at,
    bureau,
    frozen_september,
    judged_september,
    stranger,
)

from cunjing.accounts.roles import Role
from cunjing.assessment.actions import run_assessment
from cunjing.assessment.models import PolicyVersion, Programme, Run
from cunjing.assessment.replay import replay_run
from cunjing.assessment.storage import kept_policy
from cunjing.assessment.versions import compare_versions, policy_versions, version_before
from cunjing.base.errors import Problem
from cunjing.kernel.models import AuditEntry
from cunjing.policy import loader

POLICY = "bozhou-2014"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of shipped policies as a copy that a test may edit."""
    place = tmp_path / "policies"
    shutil.copytree(loader.SHIPPED, place)
    monkeypatch.setattr(loader, "SHIPPED", place)
    return place


def ask_for_three_days(shipped: Path) -> None:
    """A new edition of the file."""
    path = shipped / POLICY / loader.FILE_NAME
    text = path.read_text("utf-8")
    assert "threshold: 2\n" in text
    path.write_text(text.replace("threshold: 2\n", "threshold: 3\n"), "utf-8")


def october() -> Run:
    """October judged on 2 November."""
    return run_assessment(actor=bureau(), scope=COUNTY, period="2026-10", as_of=at(2, month=11))


def test_a_version_is_noted_once_with_its_first_use() -> None:
    run = judged_september()
    judged_september(as_of=at(4, month=10))
    october()
    (version,) = PolicyVersion.objects.all()
    assert (version.policy_id, version.digest) == (POLICY, run.policy_digest)
    assert version.first_used_at == run.started_at
    entries = AuditEntry.objects.filter(record_id=str(version.pk))
    assert [entry.verb for entry in entries] == ["created"]


def test_both_versions_are_listed_with_what_they_judged(shipped: Path) -> None:
    september = frozen_september()
    ask_for_three_days(shipped)
    run = october()
    new, old = policy_versions(actor=bureau(), policy_id=POLICY)
    assert (new.version.digest, list(new.runs)) == (run.policy_digest, [run])
    assert (old.version.digest, list(old.runs)) == (september.policy_digest, [september])
    assert old.version.first_used_at < new.version.first_used_at


def test_the_difference_is_told_rule_by_rule(shipped: Path) -> None:
    before = frozen_september().policy_digest
    ask_for_three_days(shipped)
    after = october().policy_digest
    found = compare_versions(actor=bureau(), policy_id=POLICY, before=before, after=after)
    assert (found.before.digest, found.after.digest) == (before, after)
    assert (found.old.digest, found.new.digest) == (before, after)
    (change,) = found.changes
    assert (change.section, change.key) == ("rules", "visit-days")
    assert [(field.before, field.after) for field in change.fields] == [(2, 3)]


def test_a_frozen_month_replays_under_the_version_that_judged_it(shipped: Path) -> None:
    run = frozen_september()
    ask_for_three_days(shipped)
    october()
    assert replay_run(actor=bureau(), run_id=run.pk).identical


def test_a_run_knows_whether_the_version_changed_since_the_period_before(shipped: Path) -> None:
    september = judged_september()
    assert version_before(september) == ""
    assert version_before(october()) == ""
    ask_for_three_days(shipped)
    assert version_before(october()) == september.policy_digest


def test_a_station_reads_versions_and_a_stranger_finds_none() -> None:
    run = frozen_september()
    chief = acting(Role.STATION_CHIEF, unit_code=STATION_NORTH)
    assert [list(use.runs) for use in policy_versions(actor=chief, policy_id=POLICY)] == [[run]]
    for actor, policy_id in ((stranger(), POLICY), (bureau(), "suzhou-2021")):
        with pytest.raises(Problem, match="您的辖区没有用过它") as refused:
            policy_versions(actor=actor, policy_id=policy_id)
        assert refused.value.status == 404


def test_versions_of_other_policies_are_not_compared() -> None:
    digest = frozen_september().policy_digest
    for before, after in ((digest, "0" * 64), ("0" * 64, digest)):
        with pytest.raises(Problem, match="没有这个版本"):
            compare_versions(actor=bureau(), policy_id=POLICY, before=before, after=after)


def test_a_version_whose_file_is_gone_is_refused(settings: Settings) -> None:
    digest = frozen_september().policy_digest
    shutil.rmtree(Path(settings.VAR) / "policies" / digest)
    kept_policy.cache_clear()
    with pytest.raises(Problem, match="方案文件缺失"):
        kept_policy(digest=digest, policy_id=POLICY)


def test_versions_of_older_runs_are_found_when_the_table_is_made() -> None:
    run = judged_september()
    PolicyVersion.objects.all().delete()
    migration = importlib.import_module("cunjing.assessment.migrations.0002_policyversion")
    migration.from_runs(apps, None)
    migration.from_runs(apps, None)
    (version,) = PolicyVersion.objects.all()
    assert (version.digest, version.policy_id) == (run.policy_digest, POLICY)
    assert version.first_used_at == run.started_at
    assert Programme.objects.count() == 1
