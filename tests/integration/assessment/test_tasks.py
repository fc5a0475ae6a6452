"""Assessment by the clock."""

import os
from datetime import date, timedelta

import pytest
from tests.support.assessment_factories import COUNTY, bureau, frozen_september, judged_september

from cunjing.assessment import tasks
from cunjing.assessment.actions import set_programme
from cunjing.assessment.models import Run
from cunjing.assessment.storage import facts_folder
from cunjing.base.clock import now


def _at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(tasks, "today", lambda: day)


@pytest.fixture
def _programme() -> None:
    set_programme(
        actor=bureau(), prefix=COUNTY, policy_id="bozhou-2014", valid_from=date(2025, 1, 1)
    )


@pytest.mark.usefixtures("_programme")
@pytest.mark.parametrize(
    ("day", "ended"),
    [
        (date(2026, 9, 1), ["2026-08"]),
        (date(2026, 10, 1), ["2026-09", "2026-Q3"]),
        (date(2026, 7, 1), ["2026-06", "2026-H1", "2026-Q2"]),
        (date(2026, 1, 1), ["2025", "2025-12", "2025-H2", "2025-Q4"]),
    ],
)
def test_on_the_first_whatever_ended_is_judged(
    day: date, ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _at(monkeypatch, day)
    tasks.assess_ended_periods.func()
    assert sorted(Run.objects.values_list("scope", "period")) == [(COUNTY, text) for text in ended]


@pytest.mark.usefixtures("_programme")
def test_every_night_the_running_month_is_judged_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, date(2026, 9, 20))
    tasks.assess_current_month.func()
    tasks.assess_current_month.func()
    assert Run.objects.get().period == "2026-09"


def test_a_frozen_month_is_left_alone() -> None:
    frozen = frozen_september()
    assert tasks.assess_everywhere(period="2026-09") == []
    assert Run.objects.get() == frozen


def test_facts_no_run_names_are_cleared_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    _at(monkeypatch, date(2026, 10, 20))
    kept = facts_folder(judged_september().facts_digest)
    old, new = facts_folder("0" * 64), facts_folder("1" * 64)
    past = (now() - timedelta(days=2)).timestamp()
    for folder in (old, new):
        folder.mkdir()
    for folder in (old, kept):
        os.utime(folder, (past, past))
    tasks.assess_current_month.func()
    assert (old.exists(), new.exists(), kept.exists()) == (False, True, True)
