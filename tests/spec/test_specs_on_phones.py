"""The phone's verdict stage answers the same tables: every spec of a rule about a posting.

The server's code derives the state rows, the TypeScript of the app judges them under Node. Once
all is known to the server; once nothing of the person's work and every other piece of it, which
the phone adds by itself; once nothing of what was taken back.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.spec.answers import Answer, all_specs, number_text, policy_with, wanted_answer
from tests.spec.reader import Spec
from tests.support.driven_phones import Phones, driven
from tests.support.facts_tables import Memory
from tests.support.judging_phones import PARTS, judged, with_clauses

from cunjing.policy import reference
from cunjing.policy.facts import Facts
from cunjing.policy.periods import parse_period
from cunjing.policy.records import EventRow
from cunjing.policy.rule_table import posting_rules
from cunjing.policy.verdict import ThresholdShown
from cunjing.policy.wording import message, told

SPECS = [
    pytest.param(spec, id=name)
    for name, spec in all_specs()
    if spec.rule in {rule.id for rule in posting_rules(policy_with(spec.rule))}
]


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    """One process that judges."""
    with driven(tmp_path_factory.mktemp("phones")) as made:
        yield made


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    """A database the specs take turns in."""
    database = Memory()
    yield database
    database.close()


@pytest.mark.parametrize("spec", SPECS)
def test_phone_answers_as_written(phones: Phones, memory: Memory, spec: Spec) -> None:
    facts = memory.load(spec.tables)
    assert {part: given(phones, spec, facts, part=part) for part in PARTS} == dict.fromkeys(
        PARTS, wanted(spec)
    )


@pytest.mark.parametrize("spec", SPECS)
def test_phone_says_it_in_the_same_words(phones: Phones, memory: Memory, spec: Spec) -> None:
    policy, period = with_clauses(policy_with(spec.rule)), parse_period(spec.period)
    rule, facts = policy.rule(spec.rule), memory.load(spec.tables)
    asked: dict[str, Any] = {"policy": policy, "facts": facts}
    asked |= {"period": period, "as_of": spec.as_of}
    days = {row.event_id: row.local_date for row in facts.rows(EventRow)}
    for one in judged(phones, **asked):
        if one["rule"] != rule.id:
            continue
        explained = reference.explain(**asked, rule=rule.id, subject=one["subject"])
        assert explained is not None
        verdict = explained.verdict
        dates = [days[name] for name in explained.counted if name in days]
        parts = told(rule, verdict, period=period, days=dates)
        said = message(policy=policy, rule=rule, verdict=verdict, period=period)
        assert one["message"] == said
        assert one["told"] == {
            name: getattr(parts, name) for name in ("wanted", "found", "short", "until")
        }
        assert one["evidence_count"] == verdict.evidence_count


def given(phones: Phones, spec: Spec, facts: Facts, *, part: str) -> Answer:
    """What the phones answer, in the columns the spec asks for."""
    found = judged(
        phones,
        policy=policy_with(spec.rule),
        facts=facts,
        period=parse_period(spec.period),
        as_of=spec.as_of,
        part=PARTS[part],
    )
    rows = {}
    for one in found:
        if one["rule"] != spec.rule:
            continue
        texts = {name: one[name] or "" for name in ("subject", "village_code", "staff_id")}
        texts |= {name: number_text(_shown(one[name])) for name in ("value", "threshold", "full")}
        texts["verdict"] = one["verdict"]
        columns = wanted(spec).get(one["subject"], texts)
        rows[one["subject"]] = {name: texts[name] for name in columns}
    return rows


def wanted(spec: Spec) -> Answer:
    """What the spec expects, without the events' ids: the phone has those only of its records."""
    return {
        subject: {name: cell for name, cell in row.items() if name not in {"counted", "rejected"}}
        for subject, row in wanted_answer(spec).items()
    }


def _shown(said: int | list[int] | None) -> ThresholdShown:
    return (said[0], said[1]) if isinstance(said, list) else said
