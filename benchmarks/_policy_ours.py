"""The engine of the product, as its commands call it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from benchmarks._policy_task import Answer, Counts, Task, counted, run
from cunjing.policy.duck.engine import evaluate
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Verdict


def measure(task: Task, folder: Path) -> Answer:
    """Open the facts with all checks, evaluate the month, count what came out."""
    policy = load_policy(task.policy)
    with open_facts(folder) as facts:
        verdicts = evaluate(
            policy=policy,
            facts=facts,
            period=parse_period(task.period),
            as_of=datetime.fromisoformat(task.as_of),
        )
    return Answer(counts=tallied(verdicts))


def tallied(verdicts: Iterable[Verdict]) -> Counts:
    """The counts and sums of verdicts."""
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


if __name__ == "__main__":
    run(measure)
