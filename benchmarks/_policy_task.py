"""What every contender is told, and what every contender answers. No library is loaded here.

A contender is a module with `measure(task, folder)`, run as a process of its own:
`python -m benchmarks._policy_NAME TASK.json FOLDER`. It prints its answer as JSON.
"""

import json
import resource
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

Counts = dict[str, dict[str, int]]
"""Rule -> verdict -> how many subjects; and the sums of `value` and `threshold` over them all."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A rule that wants at least `threshold` of something from a posting in the month."""

    rule: str
    tally: str
    kind: str
    threshold: int


@dataclass(frozen=True, slots=True)
class Task:
    """A policy's rules of one month, as values; days are ISO dates, times ISO 8601 with offset.

    `end` is exclusive. `synced_by` is the first moment after the month: who has not been heard of
    since then is not known about. The month is over at `as_of`, so no verdict is `not_due`.
    """

    policy: str
    period: str
    start: str
    end: str
    days: int
    look_day: str
    as_of: str
    synced_by: str
    minimum_days: int
    quotas: tuple[Quota, ...]
    roles: tuple[str, ...]
    coverage: str
    coverage_roles: tuple[str, ...]
    coverage_low: int
    coverage_high: int

    @classmethod
    def read(cls, path: Path) -> Self:
        """The task written by `write`."""
        cells: dict[str, Any] = {
            name: tuple(cell) if isinstance(cell, list) else cell
            for name, cell in json.loads(path.read_text()).items()
        }
        quotas = tuple(Quota(**quota) for quota in cells["quotas"])
        return cls(**{**cells, "quotas": quotas})

    def write(self, path: Path) -> None:
        """Keep the task for the processes of the contenders."""
        path.write_text(json.dumps(asdict(self), indent=1))

    @property
    def kinds(self) -> list[str]:
        """The kinds of events the quotas ask for."""
        return sorted({quota.kind for quota in self.quotas})


@dataclass(frozen=True, slots=True)
class Answer:
    """The counts a contender came to; CPU seconds of parts, milliseconds of single questions."""

    counts: Counts
    cpu_parts: dict[str, float] = field(default_factory=dict)
    milliseconds: dict[str, list[float]] = field(default_factory=dict)


def counted(rows: Iterable[tuple[str, str, int, int, int]]) -> Counts:
    """Counts from rows of rule, verdict, number of subjects, sum of values, sum of thresholds."""
    counts: Counts = {}
    for rule, verdict, number, value, threshold in rows:
        entry = counts.setdefault(rule, {"value": 0, "threshold": 0})
        entry[verdict] = entry.get(verdict, 0) + int(number)
        entry["value"] += int(value)
        entry["threshold"] += int(threshold)
    return counts


def cpu_seconds() -> float:
    """User and system seconds this process has taken so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run(measure: Callable[[Task, Path], Answer]) -> None:
    """Be the process of a contender: read the task, print the answer."""
    task, folder = Task.read(Path(sys.argv[1])), Path(sys.argv[2])
    json.dump(asdict(measure(task, folder)), sys.stdout)
