"""The reference interpreter: the contract's section 2 read aloud, in plain Python.

Slow and meant to be checked by eye. `evaluate` shares the loaded policy and facts with that of the
DuckDB engine and nothing else; tests hold the two against each other. To explain one subject, the
DuckDB engine finds its rows and has them judged here.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import Period
from cunjing.policy.reference_subjects import Row, rows
from cunjing.policy.reference_verdict import judge, prorated, threshold_of
from cunjing.policy.reference_world import World, load_world
from cunjing.policy.verdict import Explanation, Verdict, evidence_digest, watermark_text

name = "reference"


def evaluate(
    *,
    policy: Policy,
    facts: Facts,
    period: Period,
    as_of: datetime,
    rules: Sequence[str] | None = None,
) -> list[Verdict]:
    """All verdicts of the period, sorted by rule, then subject."""
    world = load_world(facts=facts, period=period, as_of=as_of)
    found = [
        explanation.verdict
        for rule in policy.rules_for(period, rules)
        for explanation in _explanations(world, policy, rule)
    ]
    return sorted(found, key=lambda verdict: (verdict.rule, verdict.subject))


def explain(
    *,
    policy: Policy,
    facts: Facts,
    period: Period,
    as_of: datetime,
    rule: str,
    subject: str,
) -> Explanation | None:
    """One verdict with its evidence and what was rejected; None when there is no such row."""
    world = load_world(facts=facts, period=period, as_of=as_of)
    (chosen,) = policy.rules_for(period, [rule])
    return explain_in(world, policy=policy, rule=chosen, subject=subject)


def explain_in(world: World, *, policy: Policy, rule: Rule, subject: str) -> Explanation | None:
    """The same of a world that may have been cut down to what the subject rests on."""
    for explanation in _explanations(world, policy, rule):
        if explanation.verdict.subject == subject:
            return explanation
    return None


def _explanations(world: World, policy: Policy, rule: Rule) -> Iterator[Explanation]:
    for row in rows(world, rule):
        yield Explanation(
            verdict=_verdict(world, policy, rule, row),
            counted=tuple(sorted(row.measured.counted)),
            rejected=row.measured.rejected,
        )


def _verdict(world: World, policy: Policy, rule: Rule, row: Row) -> Verdict:
    full = threshold_of(world, rule, row)
    exempt = row.available is not None and row.available < policy.minimum_days[world.period.kind]
    threshold = full if exempt else prorated(world, rule, row, full)
    return Verdict(
        policy=policy.id,
        policy_digest=policy.digest,
        rule=rule.id,
        clause=rule.clause,
        subject_kind=rule.subject.kind,
        subject=row.subject,
        village_code=row.village_code,
        staff_id=row.staff_id,
        period=world.period.text,
        value=row.measured.value,
        operator=rule.operator,
        threshold=threshold,
        threshold_full=full,
        verdict=judge(world, rule, row, threshold=threshold, exempt=exempt),
        evidence_count=len(row.measured.counted),
        evidence_digest=evidence_digest(row.measured.counted),
        watermark=watermark_text(world.as_of),
        engine=name,
    )
