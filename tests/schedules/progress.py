"""How far a long run is, kept in a file so that the next one goes on where it ended."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tools.runner import paths

if TYPE_CHECKING:
    from tests.schedules.cuts import Cuts

FOLDER = paths.VAR / "schedules"
CODE = (
    "src/cunjing/**/*.py", "field/src/core/**/*.ts", "field/src/driver/*.ts",
    "tests/schedules/*.py",
)  # fmt: skip
DIGITS = 12


@dataclass(slots=True)
class Failure:
    """A seed whose schedule does not hold, what was seen, and the fewest steps that show it."""

    seed: int
    message: str
    steps: list[object]


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


def read(database: str, folder: Path = FOLDER) -> Progress:
    """What was kept; nothing at first."""
    file = folder / f"{database}.json"
    if not file.exists():
        return Progress(database)
    said = json.loads(file.read_text("utf-8"))
    runs = [
        Run(**{**run, "failures": [Failure(**one) for one in run["failures"]]})
        for run in said["runs"]
    ]
    return Progress(said["database"], runs, said["happened"])


def keep_cuts(cuts: Sequence["Cuts"], folder: Path = FOLDER) -> None:
    """Keep what was cut at every byte."""
    folder.mkdir(parents=True, exist_ok=True)
    said = [asdict(one) for one in cuts]
    (folder / "cuts.json").write_text(json.dumps(said, indent=1), "utf-8")


def code_digest(root: Path = paths.ROOT) -> str:
    """The state of what is tested, and of the model that tests it, in a few digits."""
    whole = hashlib.sha256()
    for pattern in CODE:
        for path in sorted(root.glob(pattern)):
            whole.update(path.read_bytes())
    return whole.hexdigest()[:DIGITS]
