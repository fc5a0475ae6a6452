"""A sample of what can happen to phones, station, network and server, in any order.

More of it: `./run schedules --count 100000`.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.schedules.play import Game
from tests.schedules.steps import Step, schedule_of
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
