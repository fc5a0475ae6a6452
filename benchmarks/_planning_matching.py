"""Real places matched beside a greedy way, SciPy's dense solver and CP-SAT, each in its process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROVINCE, COUNTY, SMALL = "Province 41", "Huangchuan", "Mouding"
TRIED = {
    "Mouding": ("ours", "greedy", "SciPy dense", "CP-SAT"),
    "Huangchuan": ("ours", "greedy", "SciPy dense", "CP-SAT"),
    "Bozhou": ("ours", "greedy", "SciPy dense", "CP-SAT"),
    "Jilin City": ("ours", "greedy", "SciPy dense", "CP-SAT"),
    "Province 41": ("ours", "greedy", "SciPy dense"),
}
"""CP-SAT takes no province: its model of 7.4 million pairs does not fit into memory."""

Measured = dict[str, Any]


def measure() -> list[Measured]:
    """Every way of every place, and the questions of a county."""
    rows = [_run(place, way) for place, ways in TRIED.items() for way in ways]
    rows += [_run(COUNTY, "questions"), _run(SMALL, "balance"), _run(COUNTY, "balance")]
    return rows


def report(rows: list[Measured]) -> list[str]:
    """Lines of Markdown: the table, then the targets, met or MISSED."""
    return [*_table(rows), "", "### Targets", "", *(line for line, _ in _targets(rows))]


def meets(rows: list[Measured]) -> bool:
    """Whether every target is met."""
    return all(met for _, met in _targets(rows))


def _run(place: str, way: str) -> Measured:
    print(f"{place}: {way} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks._planning_task", place, way]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: Measured = json.loads(done.stdout)
    return found


def _table(rows: list[Measured]) -> Iterator[str]:
    yield "| Place | Villages | Officers | Legal pairs | Way | Points | Vacant | s | CPU s | MB |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for row in rows:
        if "pairs" in row:
            unproven = " (not proven)" if row.get("proven") is False else ""
            cells = [row["place"], row["villages"], row["officers"], row["pairs"], row["way"]]
            cells += [f"{row['points']}{unproven}", row["vacant"], f"{row['seconds']:.2f}"]
            cells += [f"{row['processor']:.2f}", row["megabytes"]]
            yield f"| {' | '.join(map(str, cells))} |"


def _targets(rows: list[Measured]) -> Iterator[tuple[str, bool]]:
    """Seconds of the processor count; the clock's are said beside them."""
    province, asked = _row(rows, PROVINCE, "ours"), _row(rows, COUNTY, "questions")
    yield _in_time("a province", province, limit=15)
    yield _target("in at most 512 MB", province["megabytes"] <= 512, f"{province['megabytes']} MB")
    gaps = [row["gap"] for row in rows if "gap" in row]
    yield _target("gap exactly 0 everywhere", gaps == [0] * len(gaps), f"{gaps}")
    verify = {"seconds": province["verify"], "processor": province["verify_processor"]}
    yield _in_time("its certificate verified, start of the command included,", verify, limit=2)
    cells = f"{_ms(asked, 'why')}, for {asked['cells']} cells"
    yield _target(
        "every “why not” of a county in at most 150 ms", asked["why_processor"] <= 0.15, cells
    )
    left = asked["leave_processor"] <= 0.05
    yield _target("an officer leaves: at most 50 ms", left, _ms(asked, "leave"))
    for place in (SMALL, COUNTY):
        row = _row(rows, place, "balance")
        said = f"highest workload {row['before']} → {row['after']} for {row['points']} points"
        line, met = _in_time(f"balance of {place} proven", row, limit=5)
        yield f"{line}; {said}{'' if row['proven'] else '; **not proven**'}", met and row["proven"]


def _in_time(name: str, row: Measured, *, limit: int) -> tuple[str, bool]:
    said = f"{_s(row, 'processor')}, {_s(row, 'seconds')} by the clock"
    return _target(f"{name} in at most {limit} s", row["processor"] <= limit, said)


def _target(name: str, met: bool, said: str) -> tuple[str, bool]:
    return f"- {'met' if met else '**MISSED**'}: {name} — {said}", met


def _row(rows: list[Measured], place: str, way: str) -> Measured:
    return next(row for row in rows if (row["place"], row["way"]) == (place, way))


def _s(row: Measured, name: str) -> str:
    return f"{row[name]:.2f} s"


def _ms(row: Measured, name: str) -> str:
    return f"{1000 * row[f'{name}_processor']:.0f} ms, {1000 * row[name]:.0f} ms by the clock"
