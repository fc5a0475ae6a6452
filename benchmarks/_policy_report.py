"""The report: tables of one run, ratios against the scan and the engine, targets met or MISSED."""

import os
import platform
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._policy_process import Limits, Taken
from benchmarks._policy_task import Answer

ENGINE, ENGINE_SHUFFLED = "engine", "engine-shuffled"
SCAN, SCAN_SHUFFLED = "scan", "scan-shuffled"
OPENFISCA, COMMAND, START = "openfisca", "command", "start"


@dataclass(slots=True)
class Result:
    """The runs of one contender on one size; `stopped` says why there is none."""

    label: str
    runs: list[Taken] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    stopped: str = ""

    @property
    def cpu(self) -> float:
        """Median CPU seconds."""
        return statistics.median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        """Median wall seconds."""
        return statistics.median(run.wall for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """Median of the peaks of resident memory."""
        return statistics.median(run.peak_mb for run in self.runs)

    def part(self, name: str) -> float:
        """Median CPU seconds of a part the contender timed itself."""
        return statistics.median(answer.cpu_parts[name] for answer in self.answers)


@dataclass(slots=True)
class Size:
    """Everything measured on one size of facts."""

    name: str
    villages: int
    events: int
    results: dict[str, Result] = field(default_factory=dict)
    milliseconds: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A promise and what was measured; `measured` is None where it was not."""

    text: str
    measured: float | None
    limit: float
    unit: str
    at_least: bool = False

    @property
    def missed(self) -> bool:
        """Whether it was measured and not kept."""
        if self.measured is None:
            return False
        return self.measured < self.limit if self.at_least else self.measured > self.limit

    def row(self) -> str:
        """The target's line of the table."""
        sign = "≥" if self.at_least else "≤"
        limit = f"{sign} {self.limit:g} {self.unit}"
        if self.measured is None:
            return f"| {self.text} | {limit} | | not measured |"
        verdict = "**MISSED**" if self.missed else "met"
        return f"| {self.text} | {limit} | {self.measured:.3g} {self.unit} | {verdict} |"


def targets(sizes: Sequence[Size]) -> list[Target]:
    """What was promised, against what was measured."""
    by_name = {size.name: size for size in sizes}
    nation, county = by_name.get("nation"), by_name.get("county")
    start = _of(county, START)
    month = _of(county, COMMAND)
    beyond = (month.cpu - start.cpu) * 1000 if month and start else None
    engine = _of(nation, ENGINE)
    return [
        Target("nation, clustered: CPU ÷ scan", _ratio(nation, ENGINE, SCAN), 2.5, "×"),
        Target("nation, clustered: peak memory", engine.peak_mb if engine else None, 512, "MB"),
        Target(
            "nation, shuffled: CPU ÷ scan of the shuffled file",
            _ratio(nation, ENGINE_SHUFFLED, SCAN_SHUFFLED), 7, "×",
        ),
        *_openfisca(sizes),
        Target("nation: all verdicts again after an edit of the policy",
               _median(nation, "edit", 1000), 0.5, "s"),
        Target("nation: the evidence of one village", _median(nation, "evidence", 1), 50, "ms"),
        Target("county: the command's CPU beyond the interpreter's start", beyond, 100, "ms"),
    ]  # fmt: skip


def _openfisca(sizes: Sequence[Size]) -> Iterator[Target]:
    """Of the nation; where OpenFisca did not get through it, of the largest size it did."""
    nation = next((size for size in sizes if size.name == "nation"), None)
    done = [size for size in sizes if _of(size, OPENFISCA)] if nation else []
    size = max(done, key=lambda one: one.villages, default=nation)
    name = size.name if size else "nation"
    ratio = _ratio(size, OPENFISCA, ENGINE)
    yield Target(f"{name}: OpenFisca's CPU ÷ engine's", ratio, 15, "×", at_least=True)


def _of(size: Size | None, key: str) -> Result | None:
    result = size.results.get(key) if size else None
    return result if result and result.runs else None


def _ratio(size: Size | None, above: str, below: str) -> float | None:
    one, other = _of(size, above), _of(size, below)
    return one.cpu / other.cpu if one and other else None


def _median(size: Size | None, name: str, divisor: float) -> float | None:
    taken = size.milliseconds.get(name) if size else None
    return statistics.median(taken) / divisor if taken else None


def render(sizes: Sequence[Size], *, limits: Limits, rounds: int, locks: Path) -> str:
    """The page."""
    lines = [
        "# Performance of the policy engine",
        "",
        "Written by `./run bench policy`; do not edit. One made-up month of a county, a province "
        "and a nation; the month's rules of `bozhou-2014`: different days of visits, different "
        "households, counts of information and warnings per posting (prorated, exempt, unknown "
        "where a phone has not been heard of), coverage per village.",
        "",
        f"Measured {datetime.now(tz=UTC):%Y-%m-%d} on {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {_versions(locks)}. Each contender is a process of its "
        f"own, one at a time, turn by turn, {rounds} turns, medians; once only where the first "
        f"turn took minutes. CPU is user and system time of the whole process, interpreter and "
        f"imports included; memory is its peak resident size. Limits of one process: {limits}.",
        "",
        *_targets(sizes),
        *(line for size in sizes for line in _section(size)),
        "",
        *_NOTES,
    ]
    return "\n".join(lines) + "\n"


_NOTES = """\
## What is compared

- *Scan*: DuckDB reads the columns the engine reads, every value, and does nothing with them.
  `count(col)` would be answered from the file's footer; texts are summed by length and the rest
  asked for its maximum, the cheapest that has every page decoded. Of an object it reads the id, as
  the peers do; the engine reads the number an export gives it (`object_no`), and a scan of that
  would be about a third cheaper.
- *Engine*: opens facts found sound before, evaluates, and counts the verdicts, which stay open to
  be read, explained or judged again. *A file with digests*: every verdict written to Parquet, with
  the digest of its evidence: event ids are read, gathered, sorted and hashed as well; its scan
  would be a tenth more. *Check*: what finding the folder sound costs, once per delivery. No other
  contender checks the facts or keeps evidence.
- *Naive DuckDB*: a query a rule, postings joined to events, `COUNT(DISTINCT …)`.
- *pandas*: filtered reads into Arrow columns, merge, groupby. *Polars*: one lazy plan, streaming.
- *OpenFisca*: records are the persons of its model, grouped by posting and by village; formulas in
  numpy, thresholds as parameters. pandas brings the records in. The line below it is its
  calculation alone, without interpreter, imports and loading. Who counts in pandas and gives
  OpenFisca the totals pays the line of pandas.
- *Command*: `cunjing assess … --format json`, as a person runs it.
- Clustered facts lie in the order of villages and days, as the product exports them; shuffled facts
  in no order.

Before anything is measured all contenders evaluate 600 villages full of traps (postings of a few
days, on the edges of the month, beside each other, overlapping absences, records without a time, on
the watermark, of another village). There, and in every turn, the number of subjects with each
verdict, the sum of values and the sum of thresholds of every rule have to be equal, or the
benchmark fails.""".splitlines()


def _targets(sizes: Sequence[Size]) -> list[str]:
    rows = [target.row() for target in targets(sizes)]
    return ["| Target | Limit | Measured | |", "|---|---:|---:|---|", *rows]


def _section(size: Size) -> list[str]:
    lines = [
        "",
        f"## {size.name.capitalize()}",
        "",
        f"{size.villages:,} villages, {size.events:,} events.",
        "",
        "| | wall s | CPU s | CPU ÷ scan | CPU ÷ engine | peak MB | turns |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for key, result in size.results.items():
        lines += _rows(size, key, result)
    if size.milliseconds:
        edit, evidence = _median(size, "edit", 1000), _median(size, "evidence", 1)
        lines += [
            "",
            f"In one process with the facts open: all verdicts again after an edit of the policy "
            f"{edit:.2f} s; the evidence of one village {evidence:.0f} ms.",
        ]
    engine = _of(size, ENGINE)
    if engine:
        lines += ["", *_counts(engine.answers[0])]
    return lines


def _rows(size: Size, key: str, result: Result) -> Iterator[str]:
    if not result.runs:
        yield f"| {result.label} | {result.stopped} | | | | | |"
        return
    limit = _of(size, SCAN_SHUFFLED if key.endswith("-shuffled") else SCAN)
    engine = _of(size, ENGINE)
    label = f"**{result.label}**" if key in (ENGINE, ENGINE_SHUFFLED) else result.label
    cells = [
        label,
        _seconds(result.wall),
        _seconds(result.cpu),
        _times(result.cpu, limit),
        _times(result.cpu, engine),
        f"{result.peak_mb:.0f}",
        f"{len(result.runs)}",
    ]
    yield f"| {' | '.join(cells)} |"
    for name in result.answers[0].cpu_parts if result.answers else ():
        part = result.part(name)
        yield (
            f"| — of it the {name} alone | | {_seconds(part)} | {_times(part, limit)} "
            f"| {_times(part, engine)} | | |"
        )


def _seconds(taken: float) -> str:
    return f"{taken:.2f}" if taken >= 1 else f"{taken:.3f}"


def _times(seconds: float, other: Result | None) -> str:
    return f"{seconds / other.cpu:.1f} ×" if other else ""


def _counts(answer: Answer) -> list[str]:
    kinds = sorted(
        {kind for counts in answer.counts.values() for kind in counts} - {"value", "threshold"}
    )
    rows = [
        f"| {rule} | " + " | ".join(f"{counts.get(kind, 0):,}" for kind in kinds) + " |"
        for rule, counts in sorted(answer.counts.items())
    ]
    return [
        "Verdicts, the same from every contender:",
        "",
        f"| rule | {' | '.join(kinds)} |",
        f"|---|{'---:|' * len(kinds)}",
        *rows,
    ]


def _versions(locks: Path) -> str:
    named = {"core": ["duckdb", "pyarrow"], "bench": ["pandas", "polars", "openfisca-core"]}
    found = []
    for lock, names in named.items():
        text = (locks / f"{lock}.txt").read_text()
        found += re.findall(rf"^((?:{'|'.join(names)})==[\w.]+)", text, re.MULTILINE)
    return ", ".join(found).replace("==", " ")
