"""The engine of the product: facts to verdicts, every subject's, counted."""

from datetime import datetime
from pathlib import Path

from benchmarks._policy_task import Answer, Task, run
from cunjing.policy.duck.session import Session
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period


def measure(task: Task, folder: Path) -> Answer:
    """Open facts known to be sound, evaluate the month, count the verdicts."""
    with (
        open_facts(folder) as facts,
        Session(
            policy=load_policy(task.policy),
            facts=facts,
            period=parse_period(task.period),
            as_of=datetime.fromisoformat(task.as_of),
        ) as session,
    ):
        counts: dict[str, dict[str, int]] = {}
        for count in session.counts():
            counts.setdefault(count.rule, {})[count.verdict.value] = count.number
    return Answer(counts=counts)


if __name__ == "__main__":
    run(measure)
