"""A kept run judged again."""

import pytest
from tests.support.assessment_factories import (
    AN,
    STATION_NORTH,
    V1,
    V4,
    acting,
    bureau,
    frozen_september,
    stranger,
    work,
)

from cunjing.accounts.roles import Role
from cunjing.assessment.replay import replay_run
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


def test_replaying_asks_for_the_whole_scope() -> None:
    run = frozen_september()
    chief = acting(Role.STATION_CHIEF, unit_code=STATION_NORTH)
    for actor, status in ((chief, 403), (stranger(), 404)):
        with pytest.raises(Problem) as refused:
            replay_run(actor=actor, run_id=run.pk)
        assert refused.value.status == status
