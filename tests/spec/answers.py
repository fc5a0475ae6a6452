"""What an engine answers to a spec, written as the spec writes it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from tests.spec.reader import Spec, read_specs
from tests.support.rulebook import MILITIA, WORK, YEARLY

from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Engine, Explanation, ThresholdShown, Verdict, evidence_digest

Answer = dict[str, dict[str, str]]
"""Subject -> column -> cell."""


def all_specs() -> list[tuple[str, Spec]]:
    """Every spec of this folder with its name, `FILE: TITLE`."""
    return [
        (f"{path.stem}: {spec.title}", spec)
        for path in sorted(Path(__file__).parent.glob("*.txt"))
        for spec in read_specs(path)
    ]


def wanted_answer(spec: Spec) -> Answer:
    """The rows a spec expects."""
    return {row["subject"]: row for row in spec.expected}


def given_answer(engine: Engine, spec: Spec, facts: Facts) -> Answer:
    """The engine's rows: the columns the spec asks for, all of them for a row it does not have."""
    asked: dict[str, Any] = {"policy": policy_with(spec.rule), "as_of": spec.as_of}
    asked |= {"period": parse_period(spec.period)}
    wanted = wanted_answer(spec)
    found = engine.evaluate(**asked, facts=facts, rules=[spec.rule])
    assert {verdict.rule for verdict in found} <= {spec.rule}
    assert {datetime.fromisoformat(verdict.watermark) for verdict in found} <= {spec.as_of}
    told = {
        subject: engine.explain(**asked, facts=facts, rule=spec.rule, subject=subject)
        for subject, row in wanted.items()
        if not row.keys().isdisjoint({"counted", "rejected"})
    }
    return {
        verdict.subject: _written(verdict, told.get(verdict.subject), wanted) for verdict in found
    }


def policy_with(rule_id: str) -> Policy:
    """The made-up policy that has the rule."""
    return next(
        policy
        for policy in (WORK, MILITIA, YEARLY)
        if any(rule.id == rule_id for rule in policy.rules)
    )


def _written(verdict: Verdict, told: Explanation | None, wanted: Answer) -> dict[str, str]:
    texts = {
        "subject": verdict.subject,
        "village_code": verdict.village_code or "",
        "staff_id": verdict.staff_id or "",
        "value": number_text(verdict.value),
        "threshold": number_text(verdict.threshold),
        "full": number_text(verdict.threshold_full),
        "verdict": verdict.verdict.value,
    }
    if told is not None:
        assert told.verdict == verdict
        assert verdict.evidence_count == len(told.counted)
        assert verdict.evidence_digest == evidence_digest(told.counted)
        texts["counted"] = " ".join(told.counted)
        texts["rejected"] = ", ".join(f"{item.id} {item.reason.value}" for item in told.rejected)
    return {name: texts.get(name, "unexplained") for name in wanted.get(verdict.subject, texts)}


def number_text(number: ThresholdShown) -> str:
    """A value or threshold as a spec writes it."""
    match number:
        case None:
            return "null"
        case (low, high):
            return f"{low}..{high}"
        case _:
            return str(number)
