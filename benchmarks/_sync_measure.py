"""What one exchange takes: seconds, the server's processor time, requests, bytes each way."""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.support.slow_link import Link

_TICKS = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM, _PARENT = 11, 12, 1


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock and of the server's processors, requests, bytes sent and received."""

    seconds: float
    cpu: float
    requests: int
    sent: int
    received: int


def measured(work: Callable[[], None], *, server: int, link: Link) -> Taken:
    """Do it once; `server` is the process that serves, with all it has started."""
    link.forget()
    before, begun = cpu_of(server), time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    return Taken(seconds, cpu_of(server) - before, link.requests, link.sent, link.received)


def cpu_of(process: int) -> float:
    """Seconds of processor time of a process and of those it started that still run."""
    stats = dict(_stats())
    family = {process}
    while more := {pid for pid, said in stats.items() if int(said[_PARENT]) in family} - family:
        family |= more
    ticks = sum(int(stats[pid][_USER]) + int(stats[pid][_SYSTEM]) for pid in family if pid in stats)
    return ticks / _TICKS


def _stats() -> Iterable[tuple[int, list[str]]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:  # it has just ended
            continue
        # The name stands in brackets and may hold anything.
        yield int(path.parent.name), text.rpartition(")")[2].split()
