"""The DuckDB engine: `evaluate` of `policy.verdict.Engine`; `policy.engine` explains."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cunjing.policy.duck.compile import compile_rules
from cunjing.policy.duck.run import Run
from cunjing.policy.duck.session import NAME
from cunjing.policy.enums import Operator, VerdictKind
from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import Period
from cunjing.policy.verdict import ThresholdShown, Verdict, watermark_text

name = NAME
"""What verdicts of this engine carry in `engine`."""


class _Row(NamedTuple):
    """A row of `verdict_row`, its columns in their order but for the ids."""

    rule_id: str
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
    running = policy.rules_for(period, rules)
    tables = compile_rules(policy=policy, rules=running, period=period, as_of=as_of)
    with Run(facts=facts, tables=tables) as run:
        run.prepare(period=period, as_of=as_of)
        run.make_state()
        run.make_verdicts()
        rows = run.verdicts()
    by_id = {rule.id: rule for rule in running}
    return [
        _verdict(_Row(*row), policy=policy, rule=by_id[row[0]], period=period, as_of=as_of)
        for row in rows
    ]


def _verdict(row: _Row, *, policy: Policy, rule: Rule, period: Period, as_of: datetime) -> Verdict:
    return Verdict(
        policy=policy.id,
        policy_digest=policy.digest,
        rule=rule.id,
        clause=rule.clause,
        subject_kind=rule.subject.kind,
        subject=row.subject,
        village_code=row.village_code,
        staff_id=row.staff_id,
        period=period.text,
        value=row.value,
        operator=rule.operator,
        threshold=_shown(rule, row.used_low, row.high),
        threshold_full=_shown(rule, row.full_low, row.high),
        verdict=VerdictKind(row.verdict),
        evidence_count=row.evidence_count,
        evidence_digest=row.evidence_digest,
        watermark=watermark_text(as_of),
        engine=name,
    )


def _shown(rule: Rule, low: int | None, high: int | None) -> ThresholdShown:
    if rule.operator is Operator.BETWEEN and low is not None and high is not None:
        return (low, high)
    return low
