"""How far a long run is, kept in a file so that the next one goes on where it ended.

`var/` stays on one machine. What was shown stands beside the page too (`RECORD`), written with it
and committed, so that a fresh checkout goes on from there.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.runner import paths

if TYPE_CHECKING:
    from tests.schedules.cuts import Cuts

FOLDER = paths.VAR / "schedules"
RECORD = paths.ROOT / "docs/reference/sync-tests.json"
CODE = (
    "src/cunjing/**/*.py", "field/src/core/**/*.ts", "field/src/driver/*.ts",
    "tests/schedules/*.py",
)  # fmt: skip
APART = {
    "__main__.py",
    "crew.py",
    "cuts.py",
    "faults.py",
    "needs.py",
    "progress.py",
    "report.py",
    "seeding.py",
}
"""Files of the model that have no part in playing a schedule."""
DIGITS = 12
CUTS = "cuts.json"


@dataclass(slots=True)
class Failure:
    """A seed whose schedule does not hold, what was seen, and the fewest steps that show it.

    `cause`: what it came from, written into the record by whoever has found out.
    """

    seed: int
    message: str
    steps: list[object]
    cause: str = ""


@dataclass(slots=True)
class Run:
    """Schedules played on one state of the code: the seeds from `first` on, `played` of them."""

    code: str
    first: int
    played: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)


@dataclass(slots=True)
class Progress:
    """All runs on one kind of database."""

    database: str
    runs: list[Run] = field(default_factory=list)
    happened: dict[str, int] = field(default_factory=dict)

    @property
    def played(self) -> int:
        """Schedules played in all runs: also the next seed."""
        return sum(run.played for run in self.runs)

    @property
    def failures(self) -> list[Failure]:
        """What was found in all runs."""
        return [failure for run in self.runs for failure in run.failures]

    def run_on(self, code: str) -> Run:
        """The run to go on with: the last, or a new one where the code has changed."""
        if not self.runs or self.runs[-1].code != code:
            self.runs.append(Run(code, first=self.played))
        return self.runs[-1]

    def save(self, folder: Path = FOLDER) -> None:
        """Keep it, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.database}.json"
        new = file.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")
        new.replace(file)


def read(database: str, folder: Path = FOLDER, record: Path = RECORD) -> Progress:
    """What was kept here or recorded, whichever is further; nothing at first."""
    said = [read_kept(folder / f"{database}.json"), read_kept(record).get(database)]
    known = [_progress(one) for one in said if one]
    return max(known, key=lambda one: one.played, default=Progress(database))


def _progress(said: Mapping[str, Any]) -> Progress:
    runs = [
        Run(**{**run, "failures": [Failure(**one) for one in run["failures"]]})
        for run in said["runs"]
    ]
    return Progress(said["database"], runs, said["happened"])


def keep_cuts(cuts: Sequence["Cuts"], folder: Path = FOLDER) -> None:
    """Keep what was cut at every byte, and of which state of the code."""
    folder.mkdir(parents=True, exist_ok=True)
    said = [{**asdict(one), "code": code_digest()} for one in cuts]
    (folder / CUTS).write_text(json.dumps({"cuts": said}, indent=1), "utf-8")


def read_cuts(folder: Path = FOLDER, record: Path = RECORD) -> list[dict[str, Any]]:
    """What was cut, as kept here or recorded."""
    kept = read_kept(folder / CUTS) or read_kept(record)
    return list(kept.get("cuts", ()))


def read_kept(file: Path) -> dict[str, Any]:
    """What a file of results says; nothing where there is none."""
    said: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return said


def write_record(said: Mapping[str, Any], record: Path = RECORD) -> None:
    """Put down what was shown where it is committed: a line for each thing, so that it merges."""
    record.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")


def code_digest(root: Path = paths.ROOT) -> str:
    """The state of what is tested, and of the model that tests it, in a few digits."""
    whole = hashlib.sha256()
    for pattern in CODE:
        for path in sorted(root.glob(pattern)):
            if path.parent.name == "schedules" and path.name in APART:
                continue
            whole.update(path.read_bytes())
    return whole.hexdigest()[:DIGITS]
