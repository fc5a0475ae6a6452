"""Programmes, provisional runs, freezing, revising."""

from datetime import date, timedelta

import pytest
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
    AN_V1,
    BEGAN,
    COUNTY,
    NORTH,
    STATION_NORTH,
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
from tests.support.assessment_factories import AN as OFFICER
from tests.support.places_factories import system

from cunjing.accounts.roles import Role
from cunjing.assessment import actions
from cunjing.assessment.actions import (
    end_programme,
    freeze_run,
    revise_run,
    run_assessment,
    set_programme,
)
from cunjing.assessment.models import Programme, Result, Run, RunState
from cunjing.assessment.queries import latest_run, latest_runs, waiting_for
from cunjing.assessment.replay import replay_run
from cunjing.assessment.standing import judged_periods
from cunjing.assessment.storage import facts_folder
from cunjing.assessment.whatif import try_threshold
from cunjing.base.clock import local_date, now
from cunjing.base.errors import Problem
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import AuditEntry


def _verdict(run: Run, rule: str, subject: object) -> str:
    return Result.objects.get(run=run, rule=rule, subject=str(subject)).verdict


def _rows(run: Run) -> list[tuple[object, ...]]:
    return list(Result.objects.filter(run=run).order_by("rule", "subject").values_list())


def test_a_run_stores_every_verdict_with_counts_and_digests() -> None:
    run = judged_september()
    assert run.state == RunState.PROVISIONAL
    assert run.counts == {"pass": 6, "fail": 2, "unknown": 8, "exempt": 4}
    assert sum(run.counts.values()) == run.results.count()
    assert _verdict(run, "visit-days", AN_V1) == "pass"
    assert _verdict(run, "safety-warning", AN_V1) == "fail"
    assert _verdict(run, "coverage", V4) == "fail"
    assert facts_folder(run.facts_digest).is_dir()


def test_a_second_run_takes_the_place_of_the_first_under_the_same_id() -> None:
    first = judged_september()
    second = judged_september(as_of=at(4, month=10))
    assert (second.pk, Run.objects.count()) == (first.pk, 1)
    assert _verdict(second, "safety-warning", AN_V1) == "pass"
    assert Result.objects.count() == sum(second.counts.values())


def test_a_run_is_audited() -> None:
    run = judged_september()
    assert AuditEntry.objects.filter(record_id=str(run.pk), verb="created").count() == 1


def test_a_running_month_is_not_due_rather_than_failed() -> None:
    run = judged_september(as_of=at(10))
    assert _verdict(run, "safety-warning", AN_V1) == "not_due"


def test_without_a_programme_nothing_is_judged() -> None:
    with pytest.raises(Problem, match="没有设定考评方案"):
        run_assessment(actor=bureau(), scope=COUNTY, period="2026-09")


@pytest.mark.parametrize("period", ["2026-13", "九月", "2026-09-01", ""])
def test_a_period_nobody_can_read_is_refused(period: str) -> None:
    with pytest.raises(Problem, match="看不懂考评期"):
        run_assessment(actor=bureau(), scope=COUNTY, period=period)


def test_a_watermark_in_the_future_is_refused() -> None:
    with pytest.raises(Problem, match="不能晚于现在"):
        judged_september(as_of=now() + timedelta(minutes=5))


def test_only_the_bureau_runs_and_freezes() -> None:
    run = judged_september()
    chief = acting(Role.STATION_CHIEF, unit_code=STATION_NORTH)
    for actor, status in ((chief, 403), (stranger(), 404)):
        with pytest.raises(Problem) as refused:
            run_assessment(actor=actor, scope=COUNTY, period="2026-09")
        assert refused.value.status == status
        with pytest.raises(Problem) as refused:
            freeze_run(actor=actor, run_id=run.pk)
        assert refused.value.status == status


def test_freezing_keeps_results_and_facts_for_good() -> None:
    before = judged_september()
    rows = _rows(before)
    frozen = freeze_run(actor=bureau(), run_id=before.pk)
    assert (frozen.state, frozen.frozen_by_name) == (RunState.FROZEN, "县局")
    modes = {path.stat().st_mode & 0o222 for path in facts_folder(frozen.facts_digest).iterdir()}
    assert modes == {0}
    with pytest.raises(Problem, match="已经定稿"):
        judged_september(as_of=at(4, month=10))
    with pytest.raises(Problem, match="已经定稿"):
        freeze_run(actor=bureau(), run_id=frozen.pk)
    assert _rows(frozen) == rows


def test_a_month_that_was_still_running_cannot_be_frozen() -> None:
    run = judged_september(as_of=at(30, 23))
    with pytest.raises(Problem, match="还没有结束"):
        freeze_run(actor=bureau(), run_id=run.pk)


def test_facts_that_changed_on_disk_cannot_be_frozen() -> None:
    run = judged_september()
    (facts_folder(run.facts_digest) / "staff.parquet").write_bytes(b"other")
    with pytest.raises(Problem, match="已被改动"):
        freeze_run(actor=bureau(), run_id=run.pk)


@pytest.mark.parametrize("missed", ["a record", "a withdrawal"])
def test_facts_that_missed_what_was_just_being_stored_cannot_be_frozen(missed: str) -> None:
    run = judged_september()
    if missed == "a record":
        work(900, "village_visit", V1, OFFICER, 28)
    else:
        WorkRecord.objects.filter(pk=uid(101)).update(voided_at=at(29), void_reason="误录")
    with pytest.raises(Problem, match="事实数据不全"):
        freeze_run(actor=bureau(), run_id=run.pk)
    assert freeze_run(actor=bureau(), run_id=judged_september().pk).state == RunState.FROZEN


def test_a_late_record_makes_a_revision_with_its_diff() -> None:
    frozen = frozen_september()
    rows = _rows(frozen)
    revision = revise_run(actor=bureau(), run_id=frozen.pk, reason="迟到的预警")
    assert (revision.revision, revision.revises, revision.state) == (1, frozen, RunState.FROZEN)
    (diff,) = revision.diffs.all()
    assert (diff.rule, diff.subject) == ("safety-warning", str(AN_V1))
    assert (diff.before_verdict, diff.after_verdict) == ("fail", "pass")
    assert (diff.before_value, diff.after_value) == (0, 1)
    assert (diff.added, diff.removed) == ([str(uid(401))], [])
    assert _rows(frozen) == rows


def test_a_correction_after_freezing_is_subtracted_in_the_revision() -> None:
    frozen = frozen_september()
    work(500, "village_visit", V1, OFFICER, 27, received_at=now())
    WorkRecord.objects.filter(pk=uid(104)).update(voided_at=now(), void_reason="误录")
    revision = revise_run(actor=bureau(), run_id=frozen.pk, reason="更正")
    diff = revision.diffs.get(rule="visit-days")
    assert (diff.before_verdict, diff.after_verdict) == ("pass", "pass")
    assert (diff.added, diff.removed) == ([str(uid(500))], [str(uid(104))])


def test_a_record_voided_after_the_freeze_changes_the_revision_and_not_the_frozen_run() -> None:
    frozen = frozen_september()
    rows, digest = _rows(frozen), frozen.results_digest
    WorkRecord.objects.filter(pk=uid(104)).update(voided_at=now(), void_reason="误录")
    waiting = waiting_for(actor=bureau(), run_id=frozen.pk).records
    assert uid(104) in {record.pk for record in waiting}
    revision = revise_run(actor=bureau(), run_id=frozen.pk, reason="误录作废")
    frozen.refresh_from_db()
    assert (_rows(frozen), frozen.results_digest) == (rows, digest)
    assert replay_run(actor=bureau(), run_id=frozen.pk).identical
    diff = revision.diffs.get(rule="visit-days", subject=str(AN_V1))
    assert (diff.before_verdict, diff.after_verdict) == ("pass", "fail")
    assert (diff.before_value, diff.after_value) == (2, 1)
    assert (diff.added, diff.removed) == ([], [str(uid(104))])
    assert replay_run(actor=bureau(), run_id=revision.pk).identical


def test_only_the_newest_version_is_revised_and_only_where_something_changed() -> None:
    frozen = frozen_september()
    revision = revise_run(actor=bureau(), run_id=frozen.pk, reason="迟到的预警")
    with pytest.raises(Problem, match="已有更新的修订"):
        revise_run(actor=bureau(), run_id=frozen.pk, reason="再来一次")
    assert revise_run(actor=bureau(), run_id=revision.pk, reason="再来一次") == revision
    assert not Run.objects.filter(revises=revision).exists()


def test_a_revision_needs_a_frozen_run_and_a_reason() -> None:
    run = judged_september()
    with pytest.raises(Problem, match="尚未定稿"):
        revise_run(actor=bureau(), run_id=run.pk, reason="理由")
    freeze_run(actor=bureau(), run_id=run.pk)
    with pytest.raises(Problem, match="写明修订理由"):
        revise_run(actor=bureau(), run_id=run.pk, reason=" ")


def test_a_new_programme_ends_the_one_before() -> None:
    set_programme(actor=bureau(), prefix=COUNTY, policy_id="bozhou-2014", valid_from=BEGAN)
    day = date(2026, 10, 1)
    set_programme(
        actor=bureau(), prefix=COUNTY, policy_id="suzhou-2021", valid_from=day, note="县局决定"
    )
    first, second = Programme.objects.order_by("valid_from")
    assert (first.valid_to, second.valid_from, second.valid_to) == (day, day, None)
    october = run_assessment(actor=bureau(), scope=COUNTY, period="2026-10")
    assert october.policy_id == "suzhou-2021"


def _other_programme(valid_from: date, note: str = "县局决定") -> Programme:
    return set_programme(
        actor=bureau(), prefix=COUNTY, policy_id="suzhou-2021", valid_from=valid_from, note=note
    )


def test_a_programme_changed_in_the_past_says_why() -> None:
    judged_september()
    with pytest.raises(Problem, match="写明理由"):
        _other_programme(date(2026, 9, 1), note=" ")
    second = _other_programme(date(2026, 9, 1))
    reasons = AuditEntry.objects.filter(record_type="assessment.programme").order_by("-id")
    assert [entry.reason for entry in reasons[:2]] == ["县局决定", "县局决定"]
    assert second.note == "县局决定"


def test_a_programme_from_today_on_needs_no_reason() -> None:
    judged_september()
    assert _other_programme(local_date(now()), note="").valid_to is None


@pytest.mark.parametrize("prefix", [COUNTY, COUNTY[:4], NORTH])
def test_a_programme_does_not_take_the_place_of_the_one_a_frozen_month_was_judged_by(
    prefix: str,
) -> None:
    frozen_september()
    for day in (date(2026, 9, 1), date(2026, 8, 1)):
        with pytest.raises(Problem, match="2026-09 考评已经定稿"):
            set_programme(
                actor=system(), prefix=prefix, policy_id="suzhou-2021", valid_from=day, note="决定"
            )
    assert _other_programme(date(2026, 9, 2)).policy_id == "suzhou-2021"


def test_a_programme_set_by_mistake_is_put_right_from_the_same_day() -> None:
    stale = judged_september()
    with pytest.raises(Problem, match="请写明理由"):
        _other_programme(BEGAN, note=" ")
    right = _other_programme(BEGAN)
    assert (right.pk, right.policy_id) == (stale.programme_id, "suzhou-2021")
    entry = AuditEntry.objects.filter(record_id=str(right.pk)).latest("id")
    assert (entry.verb, entry.reason) == ("changed", "县局决定")
    assert latest_run(actor=bureau(), period="2026-09") is None
    with pytest.raises(Problem, match="已改用别的考评方案"):
        freeze_run(actor=bureau(), run_id=stale.pk)
    again = run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER)
    assert latest_run(actor=bureau(), period="2026-09") == again


def test_a_programme_ends_so_that_another_division_can_have_its_own() -> None:
    frozen_september()
    for on, reason, message in (
        (date(2026, 9, 1), "归市局", "2026-09 考评已经定稿"),
        (date(2026, 10, 1), " ", "请写明理由"),
        (BEGAN, "归市局", "没有可以到期的|已经定稿"),
    ):
        with pytest.raises(Problem, match=message):
            end_programme(actor=bureau(), prefix=COUNTY, on=on, reason=reason)
    ended = end_programme(actor=bureau(), prefix=COUNTY, on=date(2026, 10, 1), reason="归市局")
    assert ended.valid_to == date(2026, 10, 1)
    own = set_programme(
        actor=bureau(), prefix=NORTH, policy_id="suzhou-2021", valid_from=date(2026, 10, 1)
    )
    assert own.valid_to is None
    with pytest.raises(Problem, match="没有可以到期的"):
        end_programme(actor=bureau(), prefix=COUNTY, on=date(2026, 11, 1), reason="归市局")


def test_what_an_ended_programme_judged_provisionally_holds_no_more() -> None:
    stale = judged_september()
    _other_programme(date(2026, 9, 1))
    for village in ("", V1):
        assert latest_run(actor=bureau(), period="2026-09", village_code=village) is None
    assert latest_runs(actor=bureau(), on=date(2026, 9, 9)) == []
    assert judged_periods(actor=bureau(), policy_id=stale.policy_id) == []
    tried = try_threshold(
        actor=bureau(),
        programme_id=stale.programme_id,
        rule="visit-days",
        threshold=3,
        months=1,
        on=date(2026, 10, 5),
    )
    assert (tried.periods, [period.text for period in tried.left_out]) == ([], ["2026-09"])
    with pytest.raises(Problem, match="已改用别的考评方案"):
        freeze_run(actor=bureau(), run_id=stale.pk)
    valid = run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER)
    assert latest_run(actor=bureau(), period="2026-09") == valid


@pytest.mark.parametrize(
    ("prefix", "policy_id", "message"),
    [
        (NORTH, "suzhou-2021", "同一天只能有一个方案"),
        ("99010", "suzhou-2021", "区划代码"),
        (COUNTY, "nowhere-1900", "没有考评方案"),
    ],
)
def test_programmes_that_cannot_hold_are_refused(prefix: str, policy_id: str, message: str) -> None:
    set_programme(actor=bureau(), prefix=COUNTY, policy_id="bozhou-2014", valid_from=BEGAN)
    with pytest.raises(Problem, match=message):
        set_programme(actor=bureau(), prefix=prefix, policy_id=policy_id, valid_from=BEGAN)


def test_the_watermark_is_that_of_the_run() -> None:
    assert judged_september().watermark == AFTER_SEPTEMBER


def test_two_first_runs_at_once_leave_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first = judged_september()
    monkeypatch.setattr(actions, "_first_run", lambda *_args, **_more: Run.objects.none())
    with pytest.raises(Problem, match="同时运行"):
        judged_september()
    assert list(Run.objects.all()) == [first]
