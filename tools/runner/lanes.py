"""Run commands in lanes beside each other; what each says is told in one piece when it has ended.

A suite that waits for browsers leaves cores idle which another suite has work for.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import paths
from .steps import say

LOOK_SECONDS = 0.2
HEARTBEAT_SECONDS = 30
STOP_SECONDS = 20
LINE_LENGTH = 80


@dataclass(frozen=True, kw_only=True)
class Job:
    """A command; what it needs in its environment beside what is there."""

    label: str
    argv: Sequence[str | Path]
    extra: Mapping[str, str] = field(default_factory=dict)


Lane = Generator[Job, None, None]
"""Jobs one after another. What a lane keeps open for a job, it closes when asked for the next."""


def run(lanes: Sequence[Lane]) -> list[str]:
    """Run every job even when one fails; the labels of those that failed.

    Whatever ends this early, nothing of it goes on running.
    """
    failed: list[str] = []
    under_way: dict[int, _Running] = {}
    try:
        for number in range(len(lanes)):
            _go_on(number, lanes, under_way)
        while under_way:
            time.sleep(LOOK_SECONDS)
            for number, running in list(under_way.items()):
                status = running.look()
                if status is not None:
                    failed += [running.label] if status else []
                    _go_on(number, lanes, under_way)
    finally:
        for running in under_way.values():
            running.stop()
        for lane in lanes:
            lane.close()
    return failed


def _go_on(number: int, lanes: Sequence[Lane], under_way: "dict[int, _Running]") -> None:
    under_way.pop(number, None)
    job = next(lanes[number], None)
    if job is not None:
        under_way[number] = _Running(job)


class _Running:
    """A job under way."""

    def __init__(self, job: Job) -> None:
        say(f"→ {job.label} …")
        self.label = job.label
        self._started = self._spoke = time.monotonic()
        paths.LOGS.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._log = paths.LOGS / f"{job.label.lower().replace(' ', '-')}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                job.argv,
                cwd=paths.ROOT,
                env={**os.environ, **job.extra},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # So that Ctrl-C reaches us alone: told twice, a suite would not tidy up.
                start_new_session=True,
            )

    def look(self) -> int | None:
        """Its status once it has ended, with all it said; before, a sign of life now and then."""
        status = self._process.poll()
        now = time.monotonic()
        if status is not None:
            say(f"→ {self.label}: ended after {now - self._started:.0f} s")
            sys.stdout.write(self._log.read_text("utf-8", "replace"))
            sys.stdout.flush()
        elif now - self._spoke > HEARTBEAT_SECONDS:
            self._spoke = now
            say(f"  … {now - self._started:.0f} s {self.label} {self._last_line()}".rstrip())
        return status

    def stop(self) -> None:
        """End it as Ctrl-C would, so that it ends what it has started."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _last_line(self) -> str:
        lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1][:LINE_LENGTH] if lines else ""
