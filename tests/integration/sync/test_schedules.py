"""A sample of what can happen to phones, station, network and server, in any order.

More of it: `./run schedules --count 100000`.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.schedules.cuts import cut_all
from tests.schedules.faults import ALL
from tests.schedules.play import Game
from tests.schedules.playing import failure_of
from tests.schedules.seeding import changed_text, faulty
from tests.schedules.steps import Step, schedule_by_seed, schedule_of
from tests.schedules.world import Rollback, make
from tests.support.driven_phones import Phones

pytestmark = pytest.mark.django_db

SAMPLE = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
QUICK = (
    "answered before anything is stored",
    "contacts are not counted",
    "the chain forgets the salt",
)
"""Faults that show at once: two at the server, one on the phone."""
SEEDS = 4


@st.composite
def schedules(draw: st.DrawFn) -> list[Step]:
    """Any schedule; it shrinks to the fewest and simplest steps that fail."""
    return schedule_of(lambda below: draw(st.integers(0, below - 1)))


@pytest.fixture
def game(tmp_path: Path) -> Iterator[Game]:
    """A county with three phones; the database is put back after the test."""
    logging.disable(logging.WARNING)
    store = Rollback()
    phones = Phones(tmp_path)
    try:
        yield Game(make(tmp_path), store, phones)
    finally:
        store.end()
        phones.close()
        logging.disable(logging.NOTSET)


@SAMPLE
@given(schedule=schedules())
def test_all_holds_whatever_happens(game: Game, schedule: list[Step]) -> None:
    game.play(schedule)


def test_nothing_of_a_cut_push_or_answer_is_kept(game: Game) -> None:
    found = cut_all(game, every=457)
    assert [one.places > 0 for one in found] == [True] * 4


@pytest.mark.parametrize("name", QUICK)
def test_a_fault_put_into_the_code_is_found(game: Game, name: str) -> None:
    (fault,) = [one for one in ALL if one.name == name]
    with faulty(fault):
        seen = [failure_of(game, schedule_by_seed(seed)) for seed in range(SEEDS)]
        game.phones.kill()
    assert any(seen)
    # And it was the fault: without it the same schedules hold.
    assert not any(failure_of(game, schedule_by_seed(seed)) for seed in range(SEEDS))


def test_every_fault_changes_the_code_as_it_is() -> None:
    assert len(ALL) >= 30
    assert all(changed_text(fault) for fault in ALL)
