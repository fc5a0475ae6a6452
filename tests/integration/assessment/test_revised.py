"""What a revision changed is told by name, and why where no record of work changed it."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
    AN,
    AN_V1,
    BEGAN,
    BO,
    BO_V2,
    CAI_V3,
    COUNTY,
    DAI,
    DAI_V1,
    STATION_SOUTH,
    V1,
    V2,
    V4,
    acting,
    at,
    bureau,
    frozen_september,
    uid,
    work,
)

from cunjing.accounts.roles import Role
from cunjing.assessment.actions import freeze_run, revise_run, run_assessment, set_programme
from cunjing.assessment.evaluation import Question, attendances_behind
from cunjing.assessment.models import Run
from cunjing.assessment.queries import diffs
from cunjing.assessment.revised import ChangedVerdict, changed_verdicts
from cunjing.base.clock import now
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import SyncState
from cunjing.kernel.access import Actor
from cunjing.policy.attendance import Attendance
from cunjing.staffing.models import Absence, Staff


@pytest.fixture
def frozen() -> Run:
    return frozen_september()


def revised(run: Run, actor: Actor | None = None) -> dict[tuple[str, str], ChangedVerdict]:
    revision = revise_run(actor=bureau(), run_id=run.pk, reason="有变化")
    reader = actor or bureau()
    rows = diffs(actor=reader, run_id=revision.pk)
    found = changed_verdicts(actor=reader, run_id=revision.pk, diffs=rows)
    return {(one.diff.rule, one.diff.subject): one for one in found}


def test_leave_that_came_later_is_the_reason_and_the_person_is_named(frozen: Run) -> None:
    Absence.objects.create(
        staff_id=AN, kind="leave", date_from=date(2026, 9, 1), date_to=date(2026, 9, 19)
    )
    changed = revised(frozen)["visit-days", str(AN_V1)]
    assert changed.reasons == ["请假变化：任职期内请假由0天变为18天"]
    assert (changed.names.staff, changed.names.village) == ("演示1", "村1201")
    assert (changed.diff.before_threshold, changed.diff.after_threshold) == (2, 1)


def test_leave_of_many_is_looked_up_once_before_and_once_after(
    frozen: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for staff in (AN, BO, DAI):
        Absence.objects.create(
            staff_id=staff, kind="leave", date_from=date(2026, 9, 1), date_to=date(2026, 9, 19)
        )
    looked: list[int] = []

    def counted(question: Question, *, postings: Sequence[str]) -> Mapping[str, Attendance]:
        looked.append(len(postings))
        return attendances_behind(question, postings=postings)

    monkeypatch.setattr("cunjing.assessment.revised.attendances_behind", counted)
    reasons = [one.reasons for one in revised(frozen).values()]
    assert sum(any("请假由0天变为18天" in reason for reason in told) for told in reasons) > 2
    assert len(looked) == 2
    assert looked[0] == looked[1] > 2


def test_a_posting_that_was_changed_opened_or_taken_away_is_the_reason(frozen: Run) -> None:
    Posting.objects.filter(pk=AN_V1).update(valid_from=date(2026, 9, 11))
    Posting.objects.filter(pk=CAI_V3).delete()
    Posting.objects.create(
        id=uid(99), village_id=V4, staff_id=AN, role="liaison_officer", valid_from=date(2026, 9, 1)
    )
    changed = revised(frozen)
    assert changed["household-visits", str(AN_V1)].reasons == ["安排变化：本期任职由30天变为20天"]
    assert changed["visit-days", str(CAI_V3)].reasons == ["安排变化：修订后没有这项安排"]
    assert changed["visit-days", str(uid(99))].reasons == ["安排变化：修订前没有这项安排"]
    assert changed["coverage", V4].reasons == ["安排变化：多了1项，少了0项"]


def test_a_confirmation_that_came_later_is_the_reason(frozen: Run) -> None:
    SyncState.objects.filter(staff_id=BO).update(last_sync_at=at(2, month=10))
    changed = revised(frozen)["visit-days", str(BO_V2)]
    assert (changed.diff.before_verdict, changed.diff.after_verdict) == ("unknown", "fail")
    assert changed.reasons == ["确认变化：记录是否收齐的确认与修订前不同"]


def test_where_a_record_made_the_difference_it_stands_alone(frozen: Run) -> None:
    work(500, "village_visit", "990101101202", BO, 27)
    changed = revised(frozen)["visit-days", str(BO_V2)]
    assert changed.diff.added == [str(uid(500))]
    assert changed.reasons == []


def test_others_read_of_it_what_is_theirs_and_a_first_run_changed_nothing(frozen: Run) -> None:
    Posting.objects.filter(pk=CAI_V3).delete()
    south = acting(Role.STATION_CHIEF, unit_code=STATION_SOUTH)
    assert revised(frozen, south) == {}
    assert changed_verdicts(actor=bureau(), run_id=frozen.pk, diffs=[]) == []


def test_no_confirmation_is_named_where_the_verdict_stayed_open(frozen: Run) -> None:
    work(901, "information", V2, BO, 12, subkind="fire", received_at=now())
    one = revised(frozen)["information-items", str(BO_V2)]
    assert (one.diff.before_verdict, one.diff.after_verdict) == ("unknown", "unknown")
    assert list(one.reasons) == []


def test_another_home_village_is_the_reason() -> None:
    set_programme(actor=bureau(), prefix=COUNTY, policy_id="suzhou-2021", valid_from=BEGAN)
    run = run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER)
    frozen = freeze_run(actor=bureau(), run_id=run.pk)
    Staff.objects.filter(pk=DAI).update(home_village=V1)
    one = revised(frozen)["auxiliary-not-own-village", str(DAI_V1)]
    assert (one.diff.before_verdict, one.diff.after_verdict) == ("pass", "fail")
    assert list(one.reasons) == ["资料变化：家庭所在村、村所在的乡镇或乡镇的相邻关系与修订前不同"]
