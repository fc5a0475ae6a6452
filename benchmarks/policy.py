"""A month of a county, a province and a nation: our engine beside a bare scan and its peers.

`./run bench policy [county|province|nation]…`: makes the facts once (kept in var/bench/policy),
lets every contender evaluate the same rules in a process of its own, and writes
docs/reference/policy-performance.md when all three sizes were measured.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.runner import paths, python_env

from benchmarks._policy_process import Limits, Taken, TooMuchError, run
from benchmarks._policy_report import (
    COMMAND,
    ENGINE,
    ENGINE_SHUFFLED,
    OPENFISCA,
    SCAN,
    SCAN_SHUFFLED,
    START,
    Result,
    Size,
    render,
    targets,
)
from benchmarks._policy_task import Answer, Counts, Task

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "var" / "bench"
REPORT = ROOT / "docs" / "reference" / "policy-performance.md"
SIZES = ("county", "province", "nation")
REHEARSAL = "rehearsal"
ROUNDS = 3
LONG_SECONDS = 180
LIMITS = Limits(memory_bytes=10 * 2**30, seconds=20 * 60)


@dataclass(frozen=True, slots=True)
class Contender:
    """One row of the report: a module that answers the task on one of the two folders."""

    key: str
    label: str
    module: str
    folder: str = "clustered"
    is_peer: bool = False
    counts: bool = True


CONTENDERS = (
    Contender(SCAN, "scan, clustered", "scan", counts=False),
    Contender(SCAN_SHUFFLED, "scan, shuffled", "scan", "shuffled", counts=False),
    Contender(ENGINE, "engine, clustered", "ours"),
    Contender(ENGINE_SHUFFLED, "engine, shuffled", "ours", "shuffled"),
    Contender("file", "engine, a file with digests", "file"),
    Contender("check", "check of the folder", "check", counts=False),
    Contender("naive", "naive DuckDB", "naive"),
    Contender("pandas", "pandas", "pandas", is_peer=True),
    Contender("polars", "Polars", "polars", is_peer=True),
    Contender(OPENFISCA, "OpenFisca", "openfisca", is_peer=True),
)


def main(argv: Sequence[str]) -> int:
    """Measure the sizes asked for, all by default; 1 where a target is missed, 2 for a bad size."""
    wanted = list(argv) or list(SIZES)
    if not set(wanted) <= set(SIZES):
        sys.stderr.write(f"bench policy: sizes are {', '.join(SIZES)}\n")
        return 2
    peers = python_env.ensure_beside(venv=HOME / "peers-venv", lock="bench")
    rehearse(peers)
    sizes = [_measured(name, peers) for name in wanted]
    text = render(sizes, limits=LIMITS, rounds=ROUNDS, locks=paths.REQUIREMENTS)
    print(text)
    if tuple(wanted) == SIZES:
        REPORT.write_text(text)
        print(f"written to {REPORT.relative_to(ROOT)}")
    return 1 if any(target.missed for target in targets(sizes)) else 0


def rehearse(peers: Path) -> None:
    """Everyone evaluates a few villages full of traps. Raises SystemExit where counts differ."""
    _say("all contenders on the traps …")
    _prepared(REHEARSAL)
    answers: dict[str, Counts] = {}
    for contender in CONTENDERS:
        if contender.counts and contender.folder == "clustered":
            taken = _run(contender, REHEARSAL, peers)
            answers[contender.label] = _answer(taken).counts
    check_equal(answers)


def check_equal(answers: Mapping[str, Counts]) -> None:
    """Raises SystemExit naming the contenders whose counts are not those of the first."""
    first, *others = answers
    wrong = [
        f"{name}, {rule}: {answers[name].get(rule)} but {first}: {answers[first].get(rule)}"
        for name in others
        for rule in sorted({*answers[first], *answers[name]})
        if not _alike(answers[name].get(rule, {}), answers[first].get(rule, {}))
    ]
    if wrong:
        raise SystemExit("contenders do not agree:\n" + "\n".join(wrong))


def _alike(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """The same number of every verdict, and the same sums where both have added up."""
    sums = {"value", "threshold"}
    compared = ({*one, *other} - sums) | (sums & {*one} & {*other})
    return all(one.get(name) == other.get(name) for name in compared)


def _measured(name: str, peers: Path) -> Size:
    _say(f"{name}: making the facts (minutes, the first time) …")
    made = json.loads(_prepared(name).output)
    size = Size(name=name, villages=made["villages"], events=made["events"])
    size.results = {one.key: Result(one.label) for one in CONTENDERS}
    if name == "county":
        size.results[START] = Result("the interpreter's start")
        size.results[COMMAND] = Result("the command")
    for turn in range(ROUNDS):
        for contender in CONTENDERS:
            _take_turn(size, contender, peers, turn)
        if name == "county":
            size.results[START].runs.append(_own([str(paths.PYTHON), "-c", "pass"]))
            size.results[COMMAND].runs.append(_own(_command(name)))
        _check(size)
    questions = _own(_module("questions", name, "clustered", python=paths.PYTHON))
    size.milliseconds = _answer(questions).milliseconds
    return size


def _take_turn(size: Size, contender: Contender, peers: Path, turn: int) -> None:
    result = size.results[contender.key]
    if result.stopped or (turn and result.runs[0].wall > LONG_SECONDS):
        return
    try:
        taken = _run(contender, size.name, peers)
    except TooMuchError as error:
        result.stopped = str(error)
        _say(f"{size.name}, turn {turn + 1}, {contender.label}: {error}")
        return
    result.runs.append(taken)
    result.answers.append(_answer(taken))
    _say(
        f"{size.name}, turn {turn + 1}, {contender.label}: {taken.wall:.2f} s, "
        f"CPU {taken.cpu:.2f} s, {taken.peak_mb:.0f} MB"
    )


def _check(size: Size) -> None:
    check_equal(
        {
            contender.label: size.results[contender.key].answers[-1].counts
            for contender in sorted(CONTENDERS, key=lambda one: one.key != "file")
            if contender.counts and size.results[contender.key].answers
        }
    )


def _prepared(name: str) -> Taken:
    folder = str(HOME / "policy" / name)
    return _own([str(paths.PYTHON), "-m", "benchmarks._policy_prepare", name, folder])


def _run(contender: Contender, size: str, peers: Path) -> Taken:
    python = peers if contender.is_peer else paths.PYTHON
    return _own(_module(contender.module, size, contender.folder, python=python))


def _module(module: str, size: str, folder: str, *, python: Path) -> list[str]:
    home = HOME / "policy" / size
    given = [str(home / "task.json"), str(home / folder)]
    return [str(python), "-m", f"benchmarks._policy_{module}", *given]


def _command(size: str) -> list[str]:
    home = HOME / "policy" / size
    task = Task.read(home / "task.json")
    facts = str(home / "clustered")
    argv = [str(paths.CUNJING), "assess", "--policy", task.policy, "--facts", facts]
    return [*argv, "--period", task.period, "--as-of", task.as_of, "--format", "json"]


def _own(argv: Sequence[str]) -> Taken:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return run(argv, cwd=ROOT, env=env, limits=LIMITS)


def _answer(taken: Taken) -> Answer:
    return Answer(**json.loads(taken.output))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
