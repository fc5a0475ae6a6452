"""Make the facts of one size and read the task off the policy: `python -m … NAME FOLDER`.

A process of its own, so that the one which measures stays small: a child's peak memory is never
counted below its parent's.
"""

import json
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from benchmarks import _policy_traps
from benchmarks._policy_data import AS_OF, MONTH, VILLAGES, Made, make
from benchmarks._policy_task import Quota, Task
from cunjing.policy.enums import SubjectKind
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import EventMeasure
from cunjing.policy.model import Between, Policy, Rule
from cunjing.policy.periods import PeriodKind, parse_period, start_of_day
from cunjing.policy.requests import read_as_of

POLICY = "bozhou-2014"
TRAPPED = "rehearsal"
_TRAPPED_VILLAGES = 600


def task_of(policy: Policy, *, month: str, as_of: str) -> Task:
    """The rules of a month as plain values. Raises ValueError where the peers would not follow."""
    period, moment = parse_period(month), read_as_of(as_of)
    if moment < start_of_day(period.end):
        raise ValueError(f"{month} is not over at {as_of}")
    rules = policy.rules_for(period)
    quotas = [rule for rule in rules if isinstance(rule.measure, EventMeasure)]
    (coverage,) = [rule for rule in rules if rule not in quotas]
    bounds = coverage.threshold_on(period.start)
    if coverage.subject.kind is not SubjectKind.VILLAGE or not isinstance(bounds, Between):
        raise ValueError(f"{coverage.id} is not a rule of coverage")
    (roles,) = {rule.subject.roles for rule in quotas}
    return Task(
        policy=policy.id,
        period=period.text,
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        days=period.days,
        look_day=(period.end - timedelta(days=1)).isoformat(),
        as_of=moment.isoformat(),
        synced_by=start_of_day(period.end).isoformat(),
        minimum_days=policy.minimum_days[PeriodKind.MONTH],
        quotas=tuple(_quota(rule, month) for rule in quotas),
        roles=tuple(role.value for role in roles),
        coverage=coverage.id,
        coverage_roles=tuple(role.value for role in coverage.subject.roles),
        coverage_low=bounds.low,
        coverage_high=bounds.high,
    )


def _quota(rule: Rule, month: str) -> Quota:
    threshold = rule.threshold_on(parse_period(month).start)
    measure = rule.measure
    if not isinstance(threshold, int) or not isinstance(measure, EventMeasure):
        raise ValueError(f"{rule.id} is not a quota")
    if measure.event.subkinds or measure.lacking or rule.subject.kind is not SubjectKind.POSTING:
        raise ValueError(f"{rule.id} asks for what the peers do not look at")
    return Quota(rule.id, measure.tally.value, measure.event.kind.value, threshold)


def main() -> None:
    """Print how much there is; the task lies beside the facts."""
    name, home = sys.argv[1], Path(sys.argv[2])
    home.mkdir(parents=True, exist_ok=True)
    task_of(load_policy(POLICY), month=MONTH, as_of=AS_OF).write(home / "task.json")
    made = _with_traps(home) if name == TRAPPED else make(home, villages=VILLAGES[name])
    for folder in (made.clustered, made.shuffled):
        with open_facts(folder) as facts:
            facts.remember()
    json.dump(asdict(made), sys.stdout, default=str)


def _with_traps(home: Path) -> Made:
    """Made anew each time: traps are laid into what is there."""
    (home / "events.count").unlink(missing_ok=True)
    made = make(home, villages=_TRAPPED_VILLAGES)
    _policy_traps.lay(made.clustered)
    return made


if __name__ == "__main__":
    main()
