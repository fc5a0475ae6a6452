"""The reference interpreter and the DuckDB engine give the same verdicts and explanations.

`CUNJING_EXAMPLES=10000 pytest tests/generative` looks at that many worlds of work (and half as many
of the others) instead of the usual hundred; that takes two hours.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from tests.generative.worlds import Case, militia, work, year
from tests.support.facts_tables import Memory, write_folder
from tests.support.rulebook import MILITIA, WORK, YEARLY

from cunjing.policy import duck, engine, reference
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.model import Policy
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Verdict

EXAMPLES = int(os.environ.get("CUNJING_EXAMPLES", "100"))
COMMON: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "database": None,
}
MANY = settings(max_examples=EXAMPLES, **COMMON)
FEWER = settings(max_examples=EXAMPLES // 2, **COMMON)


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    """A database the examples take turns in."""
    database = Memory()
    yield database
    database.close()


@MANY
@given(case=work())
def test_on_work(memory: Memory, case: Case) -> None:
    _agree(WORK, memory.load(case.tables), case)


@FEWER
@given(case=militia())
def test_on_militia(memory: Memory, case: Case) -> None:
    _agree(MILITIA, memory.load(case.tables), case)


@FEWER
@given(case=year())
def test_on_grades_and_money(memory: Memory, case: Case) -> None:
    _agree(YEARLY, memory.load(case.tables), case)


@settings(max_examples=20, **COMMON)
@given(case=work() | militia() | year())
def test_worlds_are_sound_and_read_from_files_alike(
    memory: Memory, tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    folder = tmp_path_factory.mktemp("facts")
    write_folder(folder, case.tables)
    asked: dict[str, Any] = {
        "policy": WORK,
        "period": parse_period(case.period),
        "as_of": case.as_of,
    }
    held = reference.evaluate(**asked, facts=memory.load(case.tables))
    with open_facts(folder) as facts:
        assert reference.evaluate(**asked, facts=facts) == held
        assert _bare(duck.evaluate(**asked, facts=facts)) == _bare(held)


def _agree(policy: Policy, facts: Facts, case: Case) -> None:
    asked: dict[str, Any] = {"policy": policy, "facts": facts, "period": parse_period(case.period)}
    note(repr(case))
    slow = reference.evaluate(**asked, as_of=case.as_of)
    fast = duck.evaluate(**asked, as_of=case.as_of)
    assert _bare(fast) == _bare(slow)
    eventful = [row for row in slow if policy.rule(row.rule).counts_events] or slow
    for number in case.asked if slow else ():
        row = eventful[number % len(eventful)]
        where: dict[str, Any] = {
            **asked,
            "as_of": case.as_of,
            "rule": row.rule,
            "subject": row.subject,
        }
        read, found = reference.explain(**where), engine.explain(**where)
        assert read is not None
        assert found is not None
        assert (found.counted, found.rejected) == (read.counted, read.rejected)
        assert _bare([found.verdict]) == _bare([read.verdict])


def _bare(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts without the name of the engine that gave them."""
    return [replace(verdict, engine="") for verdict in verdicts]
