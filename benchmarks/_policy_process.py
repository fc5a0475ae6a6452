"""Run one program to its end: wall and CPU seconds, peak memory; stopped where it takes too much.

The process that measures has to stay small: a child's peak memory is never below what its parent
held when it started it.
"""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_WATCH_SECONDS = 0.05
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LAST_WORDS = 2000


class TooMuchError(Exception):
    """The program was stopped; the message says at which limit."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took: `cpu` is user and system seconds, `peak_mb` the largest resident size."""

    wall: float
    cpu: float
    peak_mb: float
    output: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may take of a machine that others use too."""

    memory_bytes: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.memory_bytes / 2**30:g} GiB, {self.seconds / 60:g} minutes"


def run(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], limits: Limits) -> Taken:
    """Run argv. Raises TooMuchError past a limit, RuntimeError when it ends with an error."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(argv, cwd=cwd, env=env, stdout=out, stderr=err)
        watch = _Watch(process.pid, limits)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        watch.ended.set()
        watch.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if watch.passed:
            raise TooMuchError(watch.passed)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            words = err.read().decode("utf-8", "replace")[-_LAST_WORDS:]
            raise RuntimeError(f"{' '.join(argv)} ended badly:\n{words}")
        return Taken(
            wall=wall,
            cpu=used.ru_utime + used.ru_stime,
            peak_mb=used.ru_maxrss / 1024,
            output=out.read().decode(),
        )


class _Watch(threading.Thread):
    """Looks at a process every now and then, and stops it past a limit.

    A limit on the address space would not do: DuckDB and Arrow reserve far more than they use.
    """

    def __init__(self, pid: int, limits: Limits) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._limits = limits
        self.ended = threading.Event()
        self.passed = ""

    def run(self) -> None:
        deadline = time.monotonic() + self._limits.seconds
        while not self.ended.wait(_WATCH_SECONDS):
            if _resident(self._pid) > self._limits.memory_bytes:
                self._kill("out of memory")
            elif time.monotonic() > deadline:
                self._kill("out of time")

    def _kill(self, why: str) -> None:
        self.passed = self.passed or f"{why} (limits: {self._limits})"
        os.kill(self._pid, signal.SIGKILL)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (FileNotFoundError, ProcessLookupError):
        return 0
