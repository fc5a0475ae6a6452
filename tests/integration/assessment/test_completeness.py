"""A run is frozen only as the work and the villages stood when it was computed."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
    AN,
    BO,
    CAI,
    COUNTY,
    STATION_SOUTH,
    V1,
    V2,
    V4,
    acting,
    at,
    bureau,
    frozen_september,
    judged_september,
    uid,
    work,
)
from tests.support.places_factories import system

from cunjing.accounts.roles import Role
from cunjing.assessment import collecting, completeness
from cunjing.assessment.actions import freeze_run, revise_run, run_assessment
from cunjing.assessment.changes import changes_since, present_tables
from cunjing.assessment.matrix import unknown_of
from cunjing.assessment.models import Run, RunState
from cunjing.assessment.outlook import unsynced
from cunjing.assessment.queries import (
    diffs,
    ended_provisional,
    frozen_and_waiting,
    waiting_for,
)
from cunjing.assessment.revised import changed_verdicts
from cunjing.assessment.storage import facts_folder
from cunjing.assessment.tasks import assess_current_month
from cunjing.base.clock import now
from cunjing.base.errors import Problem, ProblemKind
from cunjing.coverage.actions import end_posting
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import SyncState, WorkRecord
from cunjing.kernel.models import AuditEntry
from cunjing.places.models import Village
from cunjing.policy.loader import load_policy
from cunjing.staffing.models import Absence


def _changed(run: Run) -> list[str]:
    return [one.name for one in changes_since(run, present=present_tables(run.scope))]


def _end_posting(on: date) -> None:
    posting = Posting.objects.get(village=V1, staff=AN)
    end_posting(actor=system(), posting_id=posting.pk, on=on, reason="示例调动")


def _leave(first: date, last: date) -> None:
    Absence.objects.create(staff_id=BO, kind="leave", date_from=first, date_to=last)


def _synced(day: int, month: int) -> None:
    SyncState.objects.filter(staff_id=BO).update(last_sync_at=at(day, month=month))


CHANGES: dict[str, Callable[[], object]] = {
    "包村安排": lambda: _end_posting(date(2026, 9, 20)),
    "请假": lambda: _leave(date(2026, 9, 30), date(2026, 10, 7)),
    "数据收齐的确认": lambda: _synced(1, month=10),
    "村的起止": lambda: Village.objects.filter(pk=V1).update(valid_from=date(2026, 9, 5)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_since_asks_for_another_run(name: str) -> None:
    run = judged_september()
    assert _changed(run) == []
    CHANGES[name]()
    with pytest.raises(Problem, match=f"又改过{name}。请先重新计算") as refused:
        freeze_run(actor=bureau(), run_id=run.pk)
    assert refused.value.kind is ProblemKind.CONFLICT
    again = run_assessment(
        actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER + timedelta(days=1)
    )
    assert freeze_run(actor=bureau(), run_id=again.pk).state == RunState.FROZEN


def test_what_changed_outside_the_period_changes_nothing_in_it() -> None:
    run = judged_september()
    _end_posting(date(2026, 10, 5))
    _leave(date(2026, 10, 1), date(2026, 10, 7))
    _leave(date(2026, 8, 1), date(2026, 9, 1))
    _synced(30, month=9)
    SyncState.objects.filter(staff_id=AN).update(last_sync_at=at(20, month=10))
    Posting.objects.create(
        village_id=V4, staff_id=CAI, role="liaison_officer", valid_from=date(2026, 10, 1)
    )
    assert _changed(run) == []
    assert freeze_run(actor=bureau(), run_id=run.pk).state == RunState.FROZEN


def _came(number: int) -> None:
    work(number, "session", V1, AN, 9, subkind="fire", received_at=now())


def _visited(number: int) -> None:
    work(number, "village_visit", V1, AN, 9, received_at=now())


def _withdrawn() -> None:
    WorkRecord.objects.filter(pk=uid(104)).update(voided_at=now(), void_reason="误录")


@pytest.mark.parametrize("write", [lambda: _visited(800), _withdrawn])
def test_records_that_came_or_went_since_ask_for_another_run(write: Callable[[], None]) -> None:
    run = judged_september()
    write()
    waiting = waiting_for(actor=bureau(), run_id=run.pk)
    assert (len(waiting.records), waiting.names, waiting.is_last) == (1, [], True)
    with pytest.raises(Problem, match="这次计算之后又收到或作废1条属于本期的记录。请先重新计算"):
        freeze_run(actor=bureau(), run_id=run.pk)
    freeze_run(actor=bureau(), run_id=judged_september(as_of=now()).pk)


def test_what_came_since_but_says_nothing_of_the_period_asks_for_nothing() -> None:
    run = judged_september()
    _came(801)  # sessions are judged by the quarter
    _visited(802)
    WorkRecord.objects.filter(pk=uid(802)).update(voided_at=now(), void_reason="误录")
    assert not waiting_for(actor=bureau(), run_id=run.pk)
    assert freeze_run(actor=bureau(), run_id=run.pk).state == RunState.FROZEN


def test_leave_that_came_after_freezing_waits_and_is_told_to_who_decides() -> None:
    run = frozen_september()
    _leave(date(2026, 9, 30), date(2026, 10, 7))
    assert waiting_for(actor=bureau(), run_id=run.pk).names == ["请假"]
    chief = acting(Role.STATION_CHIEF, unit_code=STATION_SOUTH)
    assert not waiting_for(actor=chief, run_id=run.pk).changed
    revised = revise_run(actor=bureau(), run_id=run.pk, reason="补登请假")
    assert not waiting_for(actor=bureau(), run_id=revised.pk)
    assert waiting_for(actor=bureau(), run_id=run.pk).is_last is False


def test_what_was_looked_at_and_changes_nothing_waits_no_more() -> None:
    revised = revise_run(actor=bureau(), run_id=frozen_september().pk, reason="迟到的预警")
    work(803, "village_visit", V4, AN, 9, received_at=now())  # where An is not posted
    waiting = waiting_for(actor=bureau(), run_id=revised.pk)
    assert (len(waiting.records), waiting.names) == (1, [])
    same = revise_run(actor=bureau(), run_id=revised.pk, reason="补登培训")
    assert (same, same.state, same.looked_at is None) == (revised, RunState.FROZEN, False)
    assert not waiting_for(actor=bureau(), run_id=revised.pk)
    entry = AuditEntry.objects.filter(record_id=str(revised.pk)).latest("id")
    assert entry.reason == "重算无变化：补登培训"
    _leave(date(2026, 9, 30), date(2026, 10, 7))
    assert waiting_for(actor=bureau(), run_id=revised.pk).names == ["请假"]


def test_the_facts_of_such_a_look_are_kept() -> None:
    revised = revise_run(actor=bureau(), run_id=frozen_september().pk, reason="迟到的预警")
    work(803, "village_visit", V4, AN, 9, received_at=now())
    looked = facts_folder(
        revise_run(actor=bureau(), run_id=revised.pk, reason="补登培训").looked_facts
    )
    past = (now() - timedelta(days=2)).timestamp()
    os.utime(looked, (past, past))
    assess_current_month.func()
    assert looked.is_dir()


def test_what_was_computed_anew_since_somebody_looked_is_not_frozen_unseen() -> None:
    seen = judged_september().results_digest
    work(804, "village_visit", V2, BO, 9)
    run = judged_september()
    with pytest.raises(Problem, match="您看过之后，这一期又重新计算过"):
        freeze_run(actor=bureau(), run_id=run.pk, seen=seen)
    assert freeze_run(actor=bureau(), run_id=run.pk, seen=run.results_digest).frozen_at


def test_a_run_by_rules_that_are_judged_no_more_is_not_frozen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = judged_september()
    monkeypatch.setattr(collecting, "is_collected", lambda rule: rule.id != "visit-days")
    with pytest.raises(Problem, match="有的规则不再由系统判断"):
        freeze_run(actor=bureau(), run_id=run.pk)
    assert judged_september().left_out == ["visit-days"]


def test_a_run_by_another_version_of_the_policy_is_not_frozen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = judged_september()
    newer = replace(load_policy(run.policy_id), digest="0" * 64)
    monkeypatch.setattr(completeness, "load_policy", lambda _policy_id: newer)
    with pytest.raises(Problem, match="这次计算之后又换过方案的版本"):
        freeze_run(actor=bureau(), run_id=run.pk)


def test_a_revision_leaves_out_what_is_judged_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = frozen_september()
    monkeypatch.setattr(collecting, "is_collected", lambda rule: rule.id != "visit-days")
    revised = revise_run(actor=bureau(), run_id=frozen.pk, reason="系统更新")
    assert revised.left_out == ["visit-days"]
    rows = diffs(actor=bureau(), run_id=revised.pk)
    gone = [row for row in rows if row.rule == "visit-days"]
    assert {row.after_verdict for row in gone} == {""}
    found = changed_verdicts(actor=bureau(), run_id=revised.pk, diffs=gone)
    assert {reason for one in found for reason in one.reasons} == {
        "这条规则要的记录本系统还不登记，修订后不再由系统判断"
    }


def test_results_stay_readable_where_what_was_kept_is_gone() -> None:
    run = frozen_september()
    folder = facts_folder(run.facts_digest)
    folder.rename(folder.with_name("elsewhere"))
    waiting = waiting_for(actor=bureau(), run_id=run.pk)
    assert (waiting.lost, waiting.names, bool(waiting)) == (True, [], True)
    assert unsynced(actor=bureau(), run_id=run.pk) == []
    (listed,) = frozen_and_waiting(actor=bureau(), since=date(2026, 9, 1), limit=9)
    assert listed.lost
    work(805, "village_visit", V1, AN, 9, received_at=now())
    with pytest.raises(Problem, match="从备份恢复"):
        revise_run(actor=bureau(), run_id=run.pk, reason="迟到")


def test_what_is_over_and_not_frozen_is_listed() -> None:
    run = judged_september()
    asked = {"actor": bureau(), "since": date(2026, 9, 30)}
    assert ended_provisional(on=date(2026, 10, 1), **asked) == [run]  # type: ignore[arg-type]
    assert ended_provisional(on=date(2026, 9, 30), **asked) == []  # type: ignore[arg-type]
    assert unknown_of(actor=bureau(), runs=[run], staff_id=BO) == {run.pk: 8}
    assert unknown_of(actor=bureau(), runs=[run], staff_id=AN) == {}
    freeze_run(actor=bureau(), run_id=run.pk)
    assert ended_provisional(on=date(2026, 10, 1), **asked) == []  # type: ignore[arg-type]


def test_what_is_not_due_cannot_be_frozen() -> None:
    run = judged_september()
    run.counts = {**run.counts, "not_due": 2}
    run.save()
    with pytest.raises(Problem, match="还有2项在宽限期内"):
        freeze_run(actor=bureau(), run_id=run.pk)


def test_the_marks_shown_are_those_the_run_was_computed_by() -> None:
    run = frozen_september()
    _synced(3, month=10)
    (silent,) = unsynced(actor=bureau(), run_id=run.pk)
    assert (silent.staff.pk, silent.last_sync_at) == (BO, at(20))
    assert silent.arrived_at == at(3, month=10)
    revised = revise_run(actor=bureau(), run_id=run.pk, reason="已经收齐")
    assert unsynced(actor=bureau(), run_id=revised.pk) == []


def test_a_period_that_has_not_begun_is_not_judged() -> None:
    judged_september()
    with pytest.raises(Problem, match="还没有开始"):
        run_assessment(actor=bureau(), scope=COUNTY, period="2099-01")
