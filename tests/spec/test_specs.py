"""Both engines answer every spec as it is written. The specs are the tables in this folder."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.spec.reader import Spec, read_specs
from tests.support.facts_tables import facts_of
from tests.support.rulebook import MILITIA, WORK, YEARLY

from cunjing.policy import duck, reference
from cunjing.policy.model import Policy
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Engine, Explanation, ThresholdShown, Verdict, evidence_digest

SPECS = [
    pytest.param(spec, id=f"{path.stem}: {spec.title}")
    for path in sorted(Path(__file__).parent.glob("*.txt"))
    for spec in read_specs(path)
]
ENGINES = [pytest.param(engine, id=engine.name) for engine in (reference, duck)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("spec", SPECS)
def test_engine_answers_as_written(engine: Engine, spec: Spec) -> None:
    asked: dict[str, Any] = {"policy": _policy_with(spec.rule), "as_of": spec.as_of}
    asked |= {"period": parse_period(spec.period)}
    wanted = {row["subject"]: row for row in spec.expected}
    with facts_of(spec.tables) as facts:
        found = engine.evaluate(**asked, facts=facts, rules=[spec.rule])
        told = {
            subject: engine.explain(**asked, facts=facts, rule=spec.rule, subject=subject)
            for subject, row in wanted.items()
            if not row.keys().isdisjoint({"counted", "rejected"})
        }
    shown = {
        verdict.subject: _written(verdict, told.get(verdict.subject), wanted) for verdict in found
    }
    assert shown == wanted
    assert {verdict.rule for verdict in found} == {spec.rule}
    assert {datetime.fromisoformat(verdict.watermark) for verdict in found} == {spec.as_of}


def _policy_with(rule_id: str) -> Policy:
    return next(
        policy
        for policy in (WORK, MILITIA, YEARLY)
        if any(rule.id == rule_id for rule in policy.rules)
    )


def _written(
    verdict: Verdict, told: Explanation | None, wanted: dict[str, dict[str, str]]
) -> dict[str, str]:
    """The columns a spec asks for, as it writes them."""
    texts = {
        "subject": verdict.subject,
        "village_code": verdict.village_code or "",
        "staff_id": verdict.staff_id or "",
        "value": _number(verdict.value),
        "threshold": _number(verdict.threshold),
        "full": _number(verdict.threshold_full),
        "verdict": verdict.verdict.value,
    }
    if told is not None:
        assert told.verdict == verdict
        assert verdict.evidence_count == len(told.counted)
        assert verdict.evidence_digest == evidence_digest(told.counted)
        texts["counted"] = " ".join(told.counted)
        texts["rejected"] = ", ".join(f"{item.id} {item.reason.value}" for item in told.rejected)
    return {name: texts[name] for name in wanted.get(verdict.subject, texts)}


def _number(number: ThresholdShown) -> str:
    match number:
        case None:
            return "null"
        case (low, high):
            return f"{low}..{high}"
        case _:
            return str(number)
