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
from cunjing.policy.verdict import Engine, Explanation, evidence_digest

SPECS = [
    pytest.param(spec, id=f"{path.stem}: {spec.title}")
    for path in sorted(Path(__file__).parent.glob("*.txt"))
    for spec in read_specs(path)
]
ENGINES = [pytest.param(engine, id=engine.name) for engine in (reference, duck)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("spec", SPECS)
def test_engine_answers_as_written(engine: Engine, spec: Spec) -> None:
    policy = _policy_with(spec.rule)
    asked: dict[str, Any] = {"policy": policy, "period": parse_period(spec.period)}
    asked |= {"as_of": spec.as_of}
    with facts_of(spec.tables) as facts:
        found = engine.evaluate(**asked, facts=facts, rules=[spec.rule])
        told = [
            engine.explain(**asked, facts=facts, rule=spec.rule, subject=verdict.subject)
            for verdict in found
        ]
    answers = {row.verdict.subject: row for row in told if row is not None}
    assert [row.verdict for row in answers.values()] == found
    wanted = {row["subject"]: row for row in spec.expected}
    shown = {subject: _written(row, wanted.get(subject, {})) for subject, row in answers.items()}
    assert shown == wanted


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("spec", SPECS)
def test_evidence_is_what_was_counted(engine: Engine, spec: Spec) -> None:
    policy, period = _policy_with(spec.rule), parse_period(spec.period)
    with facts_of(spec.tables) as facts:
        for row in spec.expected:
            told = engine.explain(
                policy=policy,
                facts=facts,
                period=period,
                as_of=spec.as_of,
                rule=spec.rule,
                subject=row["subject"],
            )
            assert told is not None
            assert told.verdict.evidence_count == len(told.counted)
            assert told.verdict.evidence_digest == evidence_digest(told.counted)
            assert datetime.fromisoformat(told.verdict.watermark) == spec.as_of


def _policy_with(rule_id: str) -> Policy:
    return next(
        policy
        for policy in (WORK, MILITIA, YEARLY)
        if any(rule.id == rule_id for rule in policy.rules)
    )


def _written(row: Explanation, columns: dict[str, str]) -> dict[str, str]:
    """The columns a spec asks for, as it writes them."""
    verdict = row.verdict
    texts = {
        "subject": verdict.subject,
        "village_code": verdict.village_code or "",
        "staff_id": verdict.staff_id or "",
        "value": _number(verdict.value),
        "threshold": _number(verdict.threshold),
        "full": _number(verdict.threshold_full),
        "verdict": verdict.verdict.value,
        "counted": " ".join(row.counted),
        "rejected": ", ".join(f"{item.id} {item.reason.value}" for item in row.rejected),
    }
    return {name: texts[name] for name in columns}


def _number(number: int | tuple[int, int] | None) -> str:
    match number:
        case None:
            return "null"
        case (low, high):
            return f"{low}..{high}"
        case _:
            return str(number)
