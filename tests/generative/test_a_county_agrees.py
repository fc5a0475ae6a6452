"""Both engines on a whole county from a fixed seed, large enough to be planned otherwise."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support.county import county
from tests.support.facts_tables import facts_of

from cunjing.policy import duck, reference
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.periods import parse_period, start_of_day

VILLAGES = 300


@pytest.mark.parametrize("name", shipped_policies())
@pytest.mark.parametrize(
    ("text", "watermark"), [("2026-09", date(2026, 10, 3)), ("2026-Q3", date(2026, 11, 20))]
)
def test_engines_agree_on_a_county(name: str, text: str, watermark: date) -> None:
    period = parse_period(text)
    asked: dict[str, Any] = {
        "policy": load_policy(name),
        "period": period,
        "as_of": start_of_day(watermark),
    }
    with facts_of(county(villages=VILLAGES, period=period, seed=7)) as facts:
        slow = reference.evaluate(facts=facts, **asked)
        fast = duck.evaluate(facts=facts, **asked)
    assert len(slow) > VILLAGES
    assert fast == [replace(verdict, engine="duckdb") for verdict in slow]
