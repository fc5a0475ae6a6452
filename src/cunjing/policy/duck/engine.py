"""The DuckDB engine: `evaluate` of `policy.verdict.Engine`; `policy.engine` explains."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cunjing.policy.duck.compile import compile_rules
from cunjing.policy.duck.run import Run
from cunjing.policy.duck.session import NAME
from cunjing.policy.duck.statements import part
from cunjing.policy.enums import Operator, VerdictKind
from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy, Rule, Running
from cunjing.policy.periods import Period
from cunjing.policy.verdict import ThresholdShown, Verdict, watermark_text

name = NAME
"""What verdicts of this engine carry in `engine`."""


class _Row(NamedTuple):
    """A row of `verdict_row`, its columns in their order but for the ids."""

    rule_no: int
    subject: str
    village_code: str | None
    staff_id: str | None
    value: int | None
    used_low: int | None
    full_low: int | None
    high: int | None
    verdict: str
    evidence_count: int
    evidence_digest: str


def evaluate(
    *,
    policy: Policy,
    facts: Facts,
    period: Period,
    as_of: datetime,
    rules: Sequence[str] | None = None,
) -> list[Verdict]:
    """All verdicts of the period, sorted by rule, then subject."""
    running = Running(policy, policy.rules_for(period, rules))
    return evaluate_all([running], facts=facts, period=period, as_of=as_of)


def evaluate_all(
    running: Sequence[Running], *, facts: Facts, period: Period, as_of: datetime
) -> list[Verdict]:
    """The verdicts of several policies, each on what lies in its scope; one policy judges whatever
    there is. Sorted by policy as given, rule, subject."""
    tables = compile_rules(running, period=period, as_of=as_of)
    with Run(facts=facts, tables=tables) as run:
        run.prepare(period=period, as_of=as_of)
        run.make_state()
        run.make_verdicts()
        rows = run.verdicts()
    numbered = [(policy, rule) for policy, rules in running for rule in rules]
    looked = (period.text, watermark_text(as_of))
    return [_verdict(_Row(*row), *numbered[row[0]], looked=looked) for row in rows]


def left_out(running: Sequence[Running], *, facts: Facts, period: Period) -> int:
    """How many villages of the period lie in the scope of none of the policies in force, whatever
    rules of theirs run."""
    in_force = (policy for policy, _ in running if policy.holds_on(period.start))
    prefixes = [prefix for policy in in_force for prefix in policy.scope]
    with facts.connect() as connection:
        asked = [period.start, period.end, prefixes]
        row = connection.execute(part("subjects", "left_out"), asked).fetchone()
    return int(row[0]) if row else 0


def _verdict(row: _Row, policy: Policy, rule: Rule, *, looked: tuple[str, str]) -> Verdict:
    period, watermark = looked
    return Verdict(
        policy=policy.id,
        policy_digest=policy.digest,
        rule=rule.id,
        clause=rule.clause,
        subject_kind=rule.subject.kind,
        subject=row.subject,
        village_code=row.village_code,
        staff_id=row.staff_id,
        period=period,
        value=row.value,
        operator=rule.operator,
        threshold=_shown(rule, row.used_low, row.high),
        threshold_full=_shown(rule, row.full_low, row.high),
        verdict=VerdictKind(row.verdict),
        evidence_count=row.evidence_count,
        evidence_digest=row.evidence_digest,
        watermark=watermark,
        engine=name,
    )


def _shown(rule: Rule, low: int | None, high: int | None) -> ThresholdShown:
    if rule.operator is Operator.BETWEEN and low is not None and high is not None:
        return (low, high)
    return low
