"""A kept run judged again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.assessment_factories import (
    AN,
    AN_V1,
    STATION_NORTH,
    V1,
    V4,
    acting,
    bureau,
    frozen_september,
    judged_september,
    stranger,
    work,
)

from cunjing.accounts.roles import Role
from cunjing.assessment.actions import freeze_run
from cunjing.assessment.evaluation import evaluate
from cunjing.assessment.evidence import explain_cell
from cunjing.assessment.replay import replay_run
from cunjing.assessment.revisions import differences, question_of
from cunjing.assessment.storage import facts_folder
from cunjing.base.errors import Problem


def test_a_frozen_run_replays_byte_for_byte_whatever_came_later() -> None:
    run = frozen_september()
    work(800, "village_visit", V1, AN, 29)
    replay = replay_run(actor=bureau(), run_id=run.pk)
    assert (replay.identical, replay.verdicts) == (True, run.results.count())


def test_a_changed_row_is_found() -> None:
    run = frozen_september()
    run.results.filter(rule="coverage", subject=V4).update(verdict="pass")
    replay = replay_run(actor=bureau(), run_id=run.pk)
    assert (replay.identical, list(replay.differing)) == (False, [("coverage", V4)])


def test_a_changed_digest_is_found() -> None:
    run = frozen_september()
    type(run).objects.filter(pk=run.pk).update(results_digest="0" * 64)
    replay = replay_run(actor=bureau(), run_id=run.pk)
    assert (replay.identical, replay.digest_holds) == (False, False)


def test_changed_facts_are_refused() -> None:
    run = frozen_september()
    path = facts_folder(run.facts_digest) / "events.parquet"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(Problem, match="已被改动"):
        replay_run(actor=bureau(), run_id=run.pk)


def _stray(folder: Path, name: str) -> None:
    if name.endswith("/"):
        (folder / name).mkdir()
    else:
        (folder / name).write_text("subject_id,period,item,value\n", encoding="utf-8")


@pytest.mark.parametrize("stray", ["groups.csv", "marks.csv", "events.csv", ".hidden", "events/"])
def test_a_file_put_among_kept_facts_is_refused_wherever_they_are_read(stray: str) -> None:
    run = frozen_september()
    _stray(facts_folder(run.facts_digest), stray)
    reads: list[Callable[[], object]] = [
        lambda: replay_run(actor=bureau(), run_id=run.pk),
        lambda: evaluate(question_of(run)),
        lambda: explain_cell(actor=bureau(), run_id=run.pk, rule="visit-days", subject=str(AN_V1)),
        lambda: differences(before=run, question=question_of(run), after=[]),
    ]
    for read in reads:
        with pytest.raises(Problem, match="已被改动，不能继续。请从备份恢复"):
            read()


def test_the_same_facts_put_right_a_folder_that_was_changed() -> None:
    run = judged_september()
    folder = facts_folder(run.facts_digest)
    _stray(folder, "marks.csv")
    again = judged_september()
    assert again.facts_digest == run.facts_digest
    assert not (folder / "marks.csv").exists()
    (aside,) = folder.parent.glob(".changed-*")
    assert (aside / "marks.csv").is_file()
    assert freeze_run(actor=bureau(), run_id=again.pk).frozen_at is not None


def test_the_note_that_a_folder_was_checked_changes_nothing() -> None:
    run = frozen_september()
    _stray(facts_folder(run.facts_digest), "checked.json")
    assert replay_run(actor=bureau(), run_id=run.pk).identical


def test_replaying_asks_for_the_whole_scope() -> None:
    run = frozen_september()
    chief = acting(Role.STATION_CHIEF, unit_code=STATION_NORTH)
    for actor, status in ((chief, 403), (stranger(), 404)):
        with pytest.raises(Problem) as refused:
            replay_run(actor=actor, run_id=run.pk)
        assert refused.value.status == status
