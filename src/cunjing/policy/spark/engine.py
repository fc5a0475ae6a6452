"""The Spark engine: `evaluate` and `explain` of `policy.verdict.Engine`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cunjing.policy.enums import Operator, Reason, VerdictKind
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import Period
from cunjing.policy.spark.ground import Ground
from cunjing.policy.spark.look import Look
from cunjing.policy.spark.rejected import rejected
from cunjing.policy.spark.verdicts import Judgement
from cunjing.policy.spark.views import Views
from cunjing.policy.verdict import (
    Explanation,
    Rejected,
    ThresholdShown,
    Verdict,
    watermark_text,
)

name = "spark"
"""What verdicts of this engine carry in `engine`."""


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
    if not running:
        return []
    look = Look(period=period, as_of=as_of)
    with _ground(facts, look) as ground:
        judgement = Judgement(ground=ground, policy=policy, rules=running)
        _refuse_strange_marks(judgement, ground)
        by_id = {rule.id: rule for rule in running}
        found = [
            _verdict(row, policy=policy, rule=by_id[row["rule_id"]], look=look)
            for row in ground.views.collect(judgement.verdicts().drop("ids"))
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
    """One verdict with its evidence and what was rejected; None without a row for the subject."""
    asked: dict[str, Any] = {"policy": policy, "facts": facts, "period": period, "as_of": as_of}
    return explain_all(**asked, rule=rule, subjects=[subject]).get(subject)


def explain_all(
    *,
    policy: Policy,
    facts: Facts,
    period: Period,
    as_of: datetime,
    rule: str,
    subjects: Sequence[str],
) -> dict[str, Explanation]:
    """As `explain`, of several subjects in one reading; none of a subject without a row."""
    (asked,) = policy.rules_for(period, [rule])
    look = Look(period=period, as_of=as_of)
    with _ground(facts, look) as ground:
        judgement = Judgement(ground=ground, policy=policy, rules=[asked], around=True)
        _refuse_strange_marks(judgement, ground)
        verdicts = judgement.verdicts()
        rows = list(ground.views.collect(verdicts.filter(verdicts.subject.isin(subjects))))
        refused = _refused(judgement, ground, rule=asked, subjects=subjects) if rows else {}
    return {
        row["subject"]: Explanation(
            verdict=_verdict(row, policy=policy, rule=asked, look=look),
            counted=tuple(sorted(row["ids"] or ())),
            rejected=tuple(refused.get(row["subject"], ())),
        )
        for row in rows
    }


@contextmanager
def _ground(facts: Facts, look: Look) -> Iterator[Ground]:
    with Views(facts) as views:
        yield Ground(views=views, look=look)


def _refuse_strange_marks(judgement: Judgement, ground: Ground) -> None:
    strange = judgement.strange_marks()
    if strange is None:
        return
    path = ground.views.facts.path("marks")
    findings = [
        Finding(
            path.name if path else "",
            None,
            "value",
            f"{row['subject']} 的“{row['item']}”是“{row['mark']}”，应为 {row['known']} 之一",
        )
        for row in sorted(ground.views.collect(strange), key=lambda row: tuple(row.values()))
    ]
    if findings:
        raise InputError(findings)


def _refused(
    judgement: Judgement, ground: Ground, *, rule: Rule, subjects: Sequence[str]
) -> dict[str, list[Rejected]]:
    """Subject -> its events that were not credited, by id."""
    found: dict[str, list[Rejected]] = {}
    if rule.counts_events:
        refused = rejected(judgement, ground=ground, kind=rule.subject.kind, subjects=subjects)
        for row in sorted(ground.views.collect(refused), key=lambda row: str(row["event_id"])):
            told = Rejected(id=row["event_id"], reason=Reason(row["reason"]))
            found.setdefault(row["subject"], []).append(told)
    return found


def _verdict(row: dict[str, Any], *, policy: Policy, rule: Rule, look: Look) -> Verdict:
    return Verdict(
        policy=policy.id,
        policy_digest=policy.digest,
        rule=rule.id,
        clause=rule.clause,
        subject_kind=rule.subject.kind,
        subject=row["subject"],
        village_code=row["village_code"],
        staff_id=row["staff_id"],
        period=look.period.text,
        value=row["value"],
        operator=rule.operator,
        threshold=_shown(rule, row["used_low"], row["high"]),
        threshold_full=_shown(rule, row["full_low"], row["high"]),
        verdict=VerdictKind(row["verdict"]),
        evidence_count=row["evidence_count"],
        evidence_digest=row["evidence_digest"],
        watermark=watermark_text(look.as_of),
        engine=name,
    )


def _shown(rule: Rule, low: int | None, high: int | None) -> ThresholdShown:
    if rule.operator is Operator.BETWEEN and low is not None and high is not None:
        return (low, high)
    return low
