"""What a revision changed is told by name, and why where no record of work changed it."""

from datetime import date

import pytest
from tests.support.assessment_factories import (
    AN,
    AN_V1,
    BO,
    BO_V2,
    CAI_V3,
    STATION_SOUTH,
    V4,
    acting,
    at,
    bureau,
    frozen_september,
    uid,
    work,
)

from cunjing.accounts.roles import Role
from cunjing.assessment.actions import revise_run
from cunjing.assessment.models import Run
from cunjing.assessment.revised import ChangedVerdict, changed_verdicts
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import SyncState
from cunjing.kernel.access import Actor
from cunjing.staffing.models import Absence


@pytest.fixture
def frozen() -> Run:
    return frozen_september()


def revised(run: Run, actor: Actor | None = None) -> dict[tuple[str, str], ChangedVerdict]:
    revision = revise_run(actor=bureau(), run_id=run.pk, reason="有变化")
    found = changed_verdicts(actor=actor or bureau(), run_id=revision.pk)
    return {(one.diff.rule, one.diff.subject): one for one in found}


def test_leave_that_came_later_is_the_reason_and_the_person_is_named(frozen: Run) -> None:
    Absence.objects.create(
        staff_id=AN, kind="leave", date_from=date(2026, 9, 1), date_to=date(2026, 9, 19)
    )
    changed = revised(frozen)["visit-days", str(AN_V1)]
    assert changed.reasons == ["请假变化：任职期内请假由0天变为18天"]
    assert (changed.names.staff, changed.names.village) == ("演示1", "村1201")
    assert (changed.diff.before_threshold, changed.diff.after_threshold) == (2, 1)


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
    assert changed_verdicts(actor=bureau(), run_id=frozen.pk) == []
