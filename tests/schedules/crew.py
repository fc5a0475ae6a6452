"""Schedules played in several processes at once, each with a game of its own."""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from queue import SimpleQueue
from typing import TYPE_CHECKING, TextIO

from tests.schedules.playing import Block, Say, play_block
from tests.schedules.progress import Failure
from tools.runner import paths

if TYPE_CHECKING:
    from tests.schedules.play import Game

AHEAD = 2
"""Blocks of each process that may be ahead of the first that is not done."""
SERVE = "--serve"
ARGV = (sys.executable, "-m", "tests.schedules", SERVE)

Player = subprocess.Popen[str]
Idle = SimpleQueue[Player]


def play_together(blocks: Iterable[tuple[int, int]], *, workers: int) -> Iterator[Block]:
    """What blocks (first seed, size) show, in their order, played by so many processes. Raises
    RuntimeError where one of them ends before its time."""
    with ExitStack() as stack:
        idle: Idle = SimpleQueue()
        for _ in range(workers):
            idle.put(stack.enter_context(_player()))
        pool = ThreadPoolExecutor(workers)
        stack.callback(pool.shutdown, cancel_futures=True)
        waiting: deque[Future[Block]] = deque()
        for block in blocks:
            waiting.append(pool.submit(_played, idle, block))
            if len(waiting) > AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def serve(game: "Game", *, asked: TextIO, answers: TextIO, say: Say) -> None:
    """Play the blocks that are asked for, a line each, until no more are; answer each in a line."""
    for line in asked:
        first, size = json.loads(line)
        block = play_block(game, first=first, size=size, say=say)
        answers.write(json.dumps(asdict(block), ensure_ascii=False) + "\n")
        answers.flush()


@contextmanager
def _player() -> Iterator[Player]:
    """A process that plays; leaving it closes its input, at which it ends."""
    pipe = subprocess.PIPE
    player = subprocess.Popen(  # noqa: S603 - our own program
        ARGV, cwd=paths.ROOT, stdin=pipe, stdout=pipe, text=True
    )
    try:
        yield player
    finally:
        for end in (player.stdin, player.stdout):
            # One that has ended by itself no longer takes what it was last asked.
            with suppress(BrokenPipeError):
                if end is not None:
                    end.close()
        player.wait()


def _played(idle: Idle, block: tuple[int, int]) -> Block:
    player = idle.get()
    try:
        line = _asked(player, block)
    finally:
        idle.put(player)
    if not line:
        raise RuntimeError(f"a process that played seeds from {block[0]} on has ended")
    said = json.loads(line)
    return Block(**{**said, "failures": [Failure(**one) for one in said["failures"]]})


def _asked(player: Player, block: tuple[int, int]) -> str:
    """The line in which a player answers; empty where it has ended."""
    asked, answers = player.stdin, player.stdout
    if asked is None or answers is None:
        return ""
    try:
        asked.write(json.dumps(block) + "\n")
        asked.flush()
        return answers.readline()
    except BrokenPipeError:
        return ""
