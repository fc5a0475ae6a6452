"""Playing many schedules, and the fewest steps of one that fails."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tests.schedules.progress import Failure, Progress, code_digest
from tests.schedules.steps import Step, schedule_by_seed

if TYPE_CHECKING:
    from tests.schedules.play import Game

SAVED_EVERY = 15.0
MESSAGE = 400
Say = Callable[[str], None]


def failure_of(game: "Game", schedule: list[Step]) -> str:
    """What a schedule shows to be wrong; empty where nothing is."""
    try:
        game.play(schedule)
    except Exception as error:  # whatever fails here is what is looked for
        return f"{type(error).__name__}: {error}"[:MESSAGE]
    return ""


def fewest(game: "Game", schedule: list[Step]) -> list[Step]:
    """A part of a failing schedule that fails too, and none of whose steps can be left out."""
    size = max(len(schedule) // 2, 1)
    while size:
        at = 0
        while at < len(schedule):
            shorter = schedule[:at] + schedule[at + size :]
            if shorter and failure_of(game, shorter):
                schedule = shorter
            else:
                at += size
        size //= 2
    return schedule


def play_on(game: "Game", progress: Progress, *, count: int, say: Say) -> None:
    """Play until `count` schedules were played in all runs; progress is kept all the while."""
    run = progress.run_on(code_digest())
    begun = told = time.monotonic()
    before, played = run.seconds, run.played
    try:
        for seed in range(progress.played, count):
            if message := failure_of(game, schedule_by_seed(seed)):
                steps = fewest(game, schedule_by_seed(seed))
                run.failures.append(Failure(seed, message, list(steps)))
                say(f"seed {seed}: {message}\n  {steps}")
            run.played += 1
            run.seconds = before + time.monotonic() - begun
            if time.monotonic() - told > SAVED_EVERY:
                told = time.monotonic()
                _keep(game, progress)
                say(_told(progress, count, (run.played - played) / (told - begun)))
    finally:
        _keep(game, progress)
        say(_told(progress, count, (run.played - played) / (time.monotonic() - begun)))


def _told(progress: Progress, count: int, rate: float) -> str:
    found = len(progress.failures)
    return f"{progress.played} of {count} schedules, {rate:.1f} a second, {found} failed"


def _keep(game: "Game", progress: Progress) -> None:
    for name, times in _drained(game):
        progress.happened[name] = progress.happened.get(name, 0) + times
    progress.save()


def _drained(game: "Game") -> Iterable[tuple[str, int]]:
    happened = list(game.happened.items())
    game.happened.clear()
    return happened
