"""The Spark engine agrees with the reference on a sample of worlds, and on a whole county.

`CUNJING_SPARK_EXAMPLES=500 pytest tests/generative/test_spark_agrees.py` looks at that many worlds
of work instead of the usual few; each takes some seconds.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from tests.generative.worlds import Case, militia, work, year
from tests.support.county import county
from tests.support.facts_tables import Memory, facts_of
from tests.support.rulebook import MILITIA, WORK, YEARLY

from cunjing.policy import reference
from cunjing.policy.engines import load_engine
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.model import Policy
from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.verdict import Verdict

pytestmark = pytest.mark.spark
EXAMPLES = int(os.environ.get("CUNJING_SPARK_EXAMPLES", "8"))
COMMON: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "database": None,
    # The same sample every time; making a failing one smaller would take many evaluations.
    "derandomize": True,
    "phases": [Phase.generate],
}
SAMPLE = settings(max_examples=EXAMPLES, **COMMON)
SMALLER = settings(max_examples=EXAMPLES // 2, **COMMON)
VILLAGES = 60


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    """A database the examples take turns in."""
    database = Memory()
    yield database
    database.close()


@SAMPLE
@given(case=work())
def test_on_work(memory: Memory, case: Case) -> None:
    _agree(memory, WORK, case)


@SMALLER
@given(case=militia())
def test_on_militia(memory: Memory, case: Case) -> None:
    _agree(memory, MILITIA, case)


@SMALLER
@given(case=year())
def test_on_grades_and_money(memory: Memory, case: Case) -> None:
    _agree(memory, YEARLY, case)


@pytest.mark.parametrize("name", shipped_policies())
@pytest.mark.parametrize(
    ("text", "watermark"), [("2026-09", date(2026, 10, 3)), ("2026-Q3", date(2026, 11, 20))]
)
def test_on_a_county(name: str, text: str, watermark: date) -> None:
    period = parse_period(text)
    asked: dict[str, Any] = {
        "policy": load_policy(name),
        "period": period,
        "as_of": start_of_day(watermark),
    }
    with facts_of(county(villages=VILLAGES, period=period, seed=7)) as facts:
        slow = reference.evaluate(**asked, facts=facts)
        fast = load_engine("spark").evaluate(**asked, facts=facts)
    assert len(slow) >= VILLAGES
    assert fast == [replace(verdict, engine="spark") for verdict in slow]


def _agree(memory: Memory, policy: Policy, case: Case) -> None:
    """The same verdicts of every rule; the same explanation of one of them."""
    spark = load_engine("spark")
    period = parse_period(case.period)
    facts = memory.load(case.tables)
    asked: dict[str, Any] = {"policy": policy, "facts": facts, "period": period}
    asked["as_of"] = case.as_of
    note(repr(case))
    slow, fast = reference.evaluate(**asked), spark.evaluate(**asked)
    assert _bare(fast) == _bare(slow)
    eventful = [row for row in slow if policy.rule(row.rule).counts_events] or slow
    for number in case.asked[:1] if slow else ():
        row = eventful[number % len(eventful)]
        asked |= {"rule": row.rule, "subject": row.subject}
        read, found = reference.explain(**asked), spark.explain(**asked)
        assert read is not None
        assert found is not None
        assert (found.counted, found.rejected) == (read.counted, read.rejected)
        assert _bare([found.verdict]) == _bare([read.verdict])


def _bare(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts without the name of the engine that gave them."""
    return [replace(verdict, engine="") for verdict in verdicts]
