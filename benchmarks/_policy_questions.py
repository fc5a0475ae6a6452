"""Two questions a running service is asked: what a changed threshold does; one village's evidence.

Both are timed inside one process whose facts are open and checked; the edit also has the verdicts
before it.
"""

import dataclasses
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from benchmarks._policy_task import Answer, Task, run
from cunjing.policy.duck.session import Session
from cunjing.policy.engine import explain
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Policy
from cunjing.policy.periods import parse_period

_VILLAGES = 5


def measure(task: Task, folder: Path) -> Answer:
    """Milliseconds of each asking."""
    policy, period = load_policy(task.policy), parse_period(task.period)
    as_of = datetime.fromisoformat(task.as_of)
    rule = task.quotas[0].rule
    with open_facts(folder) as facts:

        def explained(subject: str) -> None:
            explain(
                policy=policy, facts=facts, period=period, as_of=as_of, rule=rule, subject=subject
            )

        evidence = [_timed(explained, subject) for subject in _some_postings(facts)]
        with Session(policy=policy, facts=facts, period=period, as_of=as_of) as session:

            def edited() -> None:
                session.revise(_edited(policy, rule))
                session.counts()

            edit = [_timed(edited)]
    return Answer(counts={}, milliseconds={"evidence": evidence, "edit": edit})


def _some_postings(facts: Facts) -> list[str]:
    """A few postings, far apart."""
    with facts.connect() as connection:
        rows = connection.execute(
            "SELECT min(posting_id) FROM postings GROUP BY hash(village_code) % $few",
            {"few": _VILLAGES},
        ).fetchall()
    return [str(row[0]) for row in rows]


def _edited(policy: Policy, rule_id: str) -> Policy:
    """The policy with one threshold raised by one from its first day on."""
    rule = policy.rule(rule_id)
    raised = tuple(
        dataclasses.replace(dated, value=dated.value + 1) if isinstance(dated.value, int) else dated
        for dated in rule.thresholds
    )
    rules = tuple(
        dataclasses.replace(one, thresholds=raised) if one.id == rule_id else one
        for one in policy.rules
    )
    return dataclasses.replace(policy, rules=rules)


def _timed(ask: Callable[..., None], *what: str) -> float:
    started = time.perf_counter()
    ask(*what)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    run(measure)
