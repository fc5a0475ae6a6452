"""Playing many schedules, and the fewest steps of one that fails."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.schedules.progress import Failure, Progress, code_digest
from tests.schedules.steps import Step, schedule_by_seed

if TYPE_CHECKING:
    from tests.schedules.play import Game

TOLD_EVERY = 15.0
BLOCK = 25
"""Schedules that are played before it is kept what they have shown."""
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


@dataclass(frozen=True, slots=True)
class Block:
    """What so many schedules from one seed on have shown, and how often what happened in them."""

    first: int
    played: int
    failures: list[Failure]
    happened: dict[str, int]


def play_block(game: "Game", *, first: int, size: int, say: Say) -> Block:
    """Play the schedules of so many seeds."""
    failures = []
    for seed in range(first, first + size):
        if message := failure_of(game, schedule_by_seed(seed)):
            steps = fewest(game, schedule_by_seed(seed))
            failures.append(Failure(seed, message, list(steps)))
            say(f"seed {seed}: {message}\n  {steps}")
    happened = dict(game.happened)
    game.happened.clear()
    return Block(first, size, failures, happened)


def blocks_to(count: int, *, played: int) -> list[tuple[int, int]]:
    """First seed and size of each block of those that are still to be played."""
    return [(first, min(BLOCK, count - first)) for first in range(played, count, BLOCK)]


def keep_all(blocks: Iterable[Block], progress: Progress, *, count: int, say: Say) -> None:
    """Keep what blocks show, each when it comes; they come in the order of their seeds."""
    run = progress.run_on(code_digest())
    begun = told = time.monotonic()
    before, played = run.seconds, run.played
    for block in blocks:
        if block.first != progress.played:
            raise ValueError(f"seed {progress.played} is next, not {block.first}")
        run.failures += block.failures
        run.played += block.played
        run.seconds = before + time.monotonic() - begun
        for name, times in block.happened.items():
            progress.happened[name] = progress.happened.get(name, 0) + times
        progress.save()
        if time.monotonic() - told > TOLD_EVERY or progress.played == count:
            told = time.monotonic()
            say(_told(progress, count, (run.played - played) / (told - begun)))


def _told(progress: Progress, count: int, rate: float) -> str:
    found = len(progress.failures)
    return f"{progress.played} of {count} schedules, {rate:.1f} a second, {found} failed"
