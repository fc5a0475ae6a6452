"""The contenders that need nothing but the product's libraries, on facts full of traps.

pandas, Polars and OpenFisca live in an environment of their own; the benchmark holds them to the
same counts on the same kind of facts before it measures.
"""

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from benchmarks import (
    _policy_check,
    _policy_file,
    _policy_naive,
    _policy_ours,
    _policy_questions,
    _policy_scan,
)
from benchmarks._policy_data import AS_OF, MONTH, make
from benchmarks._policy_prepare import POLICY, task_of
from benchmarks._policy_task import Counts, Task, counted
from benchmarks._policy_traps import lay

from cunjing.policy import reference
from cunjing.policy.enums import EventKind, VerdictKind
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import EventFilter, EventMeasure, Tally
from cunjing.policy.periods import parse_period
from cunjing.policy.soundness import FILE_NAME
from cunjing.policy.verdict import Verdict


class _Exam(NamedTuple):
    task: Task
    folder: Path


@pytest.fixture(scope="module")
def exam(tmp_path_factory: pytest.TempPathFactory) -> _Exam:
    """120 villages with all traps."""
    folder = make(tmp_path_factory.mktemp("facts"), villages=120).clustered
    lay(folder)
    return _Exam(task_of(load_policy(POLICY), month=MONTH, as_of=AS_OF), folder)


def test_naive_sql_and_the_engine_count_what_the_reference_counts(exam: _Exam) -> None:
    with open_facts(exam.folder) as facts:
        verdicts = reference.evaluate(
            policy=load_policy(POLICY),
            facts=facts,
            period=parse_period(exam.task.period),
            as_of=datetime.fromisoformat(exam.task.as_of),
        )
    counts = _tallied(verdicts)
    assert _policy_naive.measure(*exam).counts == counts
    assert _policy_file.measure(*exam).counts == counts
    numbers = {
        rule: {kind: count for kind, count in found.items() if kind not in {"value", "threshold"}}
        for rule, found in counts.items()
    }
    assert _policy_ours.measure(*exam).counts == numbers


def _tallied(verdicts: Iterable[Verdict]) -> Counts:
    return counted(
        (
            verdict.rule,
            verdict.verdict.value,
            1,
            verdict.value or 0,
            verdict.threshold if isinstance(verdict.threshold, int) else 0,
        )
        for verdict in verdicts
    )


def test_the_check_is_done_anew_and_remembered(exam: _Exam) -> None:
    known = exam.folder / FILE_NAME
    known.write_text("{}")
    _policy_check.measure(*exam)
    assert known.read_text() != "{}"
    known.unlink()


def test_the_traps_bring_about_every_verdict_a_past_month_can_have(exam: _Exam) -> None:
    found = {kind for counts in _policy_naive.measure(*exam).counts.values() for kind in counts}
    assert found - {"value", "threshold"} == {
        kind.value for kind in VerdictKind if kind is not VerdictKind.NOT_DUE
    }


def test_the_scan_reads_every_column_it_names(exam: _Exam) -> None:
    for table, columns in _policy_scan.TEXTS.items():
        named = {*columns, *_policy_scan.OTHERS[table]}
        with duckdb.connect() as database:
            sql = _policy_scan.scan_sql(table, exam.folder)
            ((_, plan),) = database.execute(f"EXPLAIN (FORMAT json) {sql}").fetchall()
        node = json.loads(plan)[0]
        while node["children"]:
            (node,) = node["children"]
        read = node["extra_info"]["Projections"]
        assert {*([read] if isinstance(read, str) else read)} == named
    assert _policy_scan.measure(*exam).counts == {}


def test_edits_and_evidence_are_asked_for(exam: _Exam) -> None:
    taken = _policy_questions.measure(*exam).milliseconds
    assert {name: len(times) for name, times in taken.items()} == {"edit": 1, "evidence": 5}
    assert all(time > 0 for times in taken.values() for time in times)


def test_a_month_that_is_not_over_is_not_measured() -> None:
    with pytest.raises(ValueError, match="is not over"):
        task_of(load_policy(POLICY), month=MONTH, as_of="2026-09-30")


def test_a_policy_the_peers_would_not_follow_is_not_measured() -> None:
    policy = load_policy(POLICY)
    rule = policy.rule("information-items")
    measure = EventMeasure(Tally.COUNT, EventFilter(EventKind.INFORMATION, subkinds=("urgent",)))
    narrower = tuple(
        dataclasses.replace(rule, measure=measure) if one is rule else one for one in policy.rules
    )
    with pytest.raises(ValueError, match="information-items asks for what the peers do not"):
        task_of(dataclasses.replace(policy, rules=narrower), month=MONTH, as_of=AS_OF)


def test_the_task_survives_being_written(exam: _Exam, tmp_path: Path) -> None:
    exam.task.write(tmp_path / "task.json")
    assert Task.read(tmp_path / "task.json") == exam.task
