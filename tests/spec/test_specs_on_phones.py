"""The phone's verdict stage answers the same tables: every spec of a rule about a posting.

The server's code derives the state rows, the TypeScript of the app judges them under Node. Once
all is known to the server; once nothing of the person's work and every other piece of it, which
the phone adds by itself; once nothing of what was taken back.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.spec.answers import all_specs, policy_with
from tests.spec.faults_of_phones import PHONE_FAULTS, PhoneFault
from tests.spec.phone_answers import given, wanted
from tests.spec.reader import Spec
from tests.support.driven_phones import Phones, driven
from tests.support.facts_tables import Memory
from tests.support.judging_phones import PARTS, judged, nothing_sent, with_clauses
from tools.runner import paths

from cunjing.policy import reference
from cunjing.policy.cases import Case, CaseFile, load_cases, write_world
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import SHIPPED, load_policy, shipped_policies
from cunjing.policy.particulars import there_throughout
from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.records import EventRow
from cunjing.policy.rule_table import posting_rules
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
        subject = {"rule": rule, "subject": verdict.subject, "period": period}
        known = dates if there_throughout(facts, **subject) else None
        parts = told(rule, verdict, period=period, days=known)
        said = message(policy=policy, rule=rule, verdict=verdict, period=period)
        assert one["message"] == said
        assert one["told"] == {
            name: getattr(parts, name) for name in ("wanted", "found", "short", "until")
        }
        assert one["evidence_count"] == verdict.evidence_count


@pytest.mark.parametrize("fault", PHONE_FAULTS, ids=lambda fault: fault.why)
def test_the_spec_catches_the_fault(
    fault: PhoneFault, memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = paths.PHONES.read_text("utf-8")
    assert sound.count(fault.old) == 1
    faulty = tmp_path / paths.PHONES.name
    faulty.write_text(sound.replace(fault.old, fault.new), "utf-8")
    monkeypatch.setattr(paths, "PHONES", faulty)
    spec = dict(all_specs())[fault.spec]
    with driven(tmp_path) as phones:
        facts = memory.load(spec.tables)
        assert given(phones, spec, facts, part=fault.part) != wanted(spec)


def _cases() -> Iterator[object]:
    """The worked cases of the shipped policies' rules about postings."""
    for name in shipped_policies():
        for rule in posting_rules(load_policy(name)):
            loaded = load_cases(SHIPPED / name / "policy.yaml", rule.id)
            for case in loaded.cases if loaded else ():
                yield pytest.param(name, loaded, case, id=f"{name}-{rule.id}-{case.name}")


@pytest.mark.parametrize(("name", "case_file", "case"), list(_cases()))
def test_a_worked_case_gets_its_verdict_on_the_phone(
    phones: Phones, tmp_path: Path, name: str, case_file: CaseFile, case: Case
) -> None:
    write_world(tmp_path, world=case_file.world, rows=case.rows)
    with open_facts(tmp_path) as facts:
        found = judged(
            phones,
            policy=load_policy(name),
            facts=facts,
            period=parse_period(case_file.period),
            as_of=start_of_day(case_file.as_of),
            part=nothing_sent,
        )
    (one,) = [
        one for one in found if (one["rule"], one["subject"]) == (case_file.rule, case.subject)
    ]
    assert one["verdict"] == case.verdict
    assert case.value is None or one["value"] == case.value
    assert case.threshold is None or one["threshold"] == case.threshold
