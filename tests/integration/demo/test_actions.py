"""The demo county, loaded once for all tests here: what it shows, and that twice is once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
from django.db import models, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from cunjing.accounts.models import Grant, User
from cunjing.accounts.queries import actor_for
from cunjing.assessment import queries
from cunjing.assessment.actions import run_assessment
from cunjing.assessment.models import Result, Run, RunState
from cunjing.assessment.outlook import unsynced
from cunjing.console.record_names import RECORD_NAMES
from cunjing.coverage.models import Posting
from cunjing.demo import actions, judging
from cunjing.demo.actions import Loaded, load_demo
from cunjing.demo.months import moment
from cunjing.demo.places import COUNTY, NEIGHBOUR
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.kernel.models import AuditEntry
from cunjing.matters.models import Matter
from cunjing.places.models import Household, Unit, UnitKind, Village
from cunjing.questions.queries import waiting
from cunjing.staffing.models import Absence, Staff
from cunjing.sync.conflicts import conflicts
from cunjing.sync.queries import devices
from cunjing.sync.waiting import waiting_lines

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
FROZEN, OPEN, RUNNING = "2026-09", "2026-10", "2026-11"


@pytest.fixture(scope="module", autouse=True)
def loaded(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Loaded]:
    """The demo, loaded on one day; each test undoes its own writes, the end undoes the demo."""
    patch = pytest.MonkeyPatch()
    patch.setattr(actions, "today", lambda: TODAY)
    patch.setattr(actions, "local_date", lambda _made: TODAY)
    # Judged on the day of loading too, or the running month would be over one day.
    seen = partial(run_assessment, as_of=moment(TODAY, 12))
    patch.setattr(judging, "run_assessment", seen)
    with (
        override_settings(VAR=tmp_path_factory.mktemp("demo")),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield _load()
        transaction.set_rollback(True)
    patch.undo()


def _load() -> Loaded:
    return load_demo(say=lambda _words: None)


def _runs() -> dict[tuple[str, int], Run]:
    return {(run.period, run.revision): run for run in Run.objects.all()}


def test_mouding_has_89_villages_in_7_stations_and_a_neighbour_a_few() -> None:
    villages = Counter(code[:6] for code in Village.objects.values_list("code", flat=True))
    assert villages == {COUNTY: 89, NEIGHBOUR: 7}
    stations = Unit.objects.filter(kind=UnitKind.STATION, division_code__startswith=COUNTY)
    assert stations.count() == 7


def test_people_and_phones_are_plainly_invented() -> None:
    for person in Staff.objects.all():
        assert person.name.startswith("演示")
        assert person.badge_number.startswith("YS")
        assert person.phone.startswith("1990000")
    assert not Household.objects.exclude(address__startswith="演示").exists()


def test_the_first_month_is_frozen_the_others_are_not() -> None:
    states = {key: run.state for key, run in _runs().items()}
    assert states == {
        (FROZEN, 0): RunState.FROZEN,
        (FROZEN, 1): RunState.FROZEN,
        (OPEN, 0): RunState.PROVISIONAL,
        (RUNNING, 0): RunState.PROVISIONAL,
    }


def test_every_verdict_can_be_seen() -> None:
    runs = _runs()
    assert set(runs[FROZEN, 0].counts) >= {"pass", "fail"}
    assert set(runs[OPEN, 0].counts) >= {"pass", "fail", "exempt", "unknown"}
    assert set(runs[RUNNING, 0].counts) >= {"pass", "fail", "not_due"}
    for run in runs.values():
        assert run.counts["pass"] > run.counts["fail"]


def test_a_late_warning_and_a_withdrawn_call_made_the_revision() -> None:
    changed = {
        diff.rule: (diff.before_verdict, diff.after_verdict, len(diff.added), len(diff.removed))
        for diff in _runs()[FROZEN, 1].diffs.all()
    }
    assert changed == {
        "safety-warning": ("fail", "pass", 1, 0),
        "household-visits": ("pass", "fail", 0, 1),
    }


def test_two_villages_are_uncovered_and_two_changed_hands() -> None:
    uncovered = Result.objects.filter(run=_runs()[RUNNING, 0], rule="coverage", verdict="fail")
    assert uncovered.count() == 2
    assert Posting.objects.filter(end_reason__contains="调整包村").count() == 2


def test_some_fell_silent_and_some_were_away() -> None:
    bureau = actor_for(user=User.objects.get(username="demo-bureau"))
    silent = unsynced(actor=bureau, run_id=_runs()[OPEN, 0].pk)
    assert len(silent) == 4
    assert {one.last_sync_at.day for one in silent if one.last_sync_at} == {18}
    assert Absence.objects.count() == 3


def test_there_is_work_of_every_kind_and_late_corrected_and_void_records() -> None:
    kinds = Counter(WorkRecord.objects.values_list("kind", flat=True))
    assert set(kinds) == set(RecordKind.values)
    assert WorkRecord.objects.exclude(supersedes=None).count() > 5
    assert WorkRecord.objects.filter(superseded=False).exclude(voided_at=None).exists()
    september = WorkRecord.objects.filter(local_date__lt=date(2026, 10, 1))
    assert september.filter(received_at__gt="2026-10-10T00:00+08:00").exists()
    assert Matter.objects.count() > 20
    assert not WorkRecord.objects.filter(local_date__gte=TODAY).exists()


def test_loading_again_writes_nothing(loaded: Loaded) -> None:
    before = _counts()
    again = _load()
    assert _counts() == before
    assert (loaded.fresh, again.fresh) == (True, False)
    assert (again.log_ins, again.password) == (loaded.log_ins, loaded.password)


def test_an_interrupted_loading_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _counts(but={AuditEntry})
    monkeypatch.setattr(actions, "is_judged", lambda: False)
    assert _load().fresh
    assert _counts(but={AuditEntry}) == before


def test_every_account_signs_in_with_the_printed_password(loaded: Loaded) -> None:
    for log_in in loaded.log_ins:
        user = User.objects.get(username=log_in.username)
        assert user.check_password(loaded.password)
        assert not user.must_change_password
        assert actor_for(user=user).grants


def test_the_neighbour_sees_nothing_of_the_county() -> None:
    neighbour = actor_for(user=User.objects.get(username="demo-neighbour"))
    assert not queries.runs(actor=neighbour).exists()
    assert queries.programmes(actor=neighbour) == []


def _counts(*, but: set[type[models.Model]] | None = None) -> dict[str, int]:
    kinds: set[type[models.Model]] = {
        AuditEntry, Absence, Grant, Household, Matter, Posting, Result, Run, Staff, Unit, User,
        Village, WorkRecord,
    }  # fmt: skip
    return {kind.__name__: kind._default_manager.count() for kind in kinds - (but or set())}


def test_phones_left_a_clash_a_line_to_look_at_and_a_question() -> None:
    bureau = actor_for(user=User.objects.get(username="demo-bureau"))
    assert [one.progress.unsent for one in devices(actor=bureau).order_by("enrolled_at")] == [0, 7]
    (clash,) = conflicts(actor=bureau)
    assert (clash.field, clash.base == clash.station) == ("address", False)
    assert [line.result for line in waiting_lines(actor=bureau)] == ["quarantined"]
    (question,) = waiting(actor=bureau)
    assert question.facts["percent"] > 0


def test_the_audit_page_has_a_word_for_every_kind_of_record() -> None:
    types = AuditEntry.objects.order_by("record_type").values_list("record_type", flat=True)
    assert set(types.distinct()) <= set(RECORD_NAMES)
