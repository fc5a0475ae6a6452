"""Every fault sown in the engine's SQL makes it answer the spec named beside it wrongly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.spec.answers import all_specs, given_answer, wanted_answer
from tests.spec.fault import Fault
from tests.spec.faults import FAULTS
from tests.spec.ways import WAYS
from tests.support.facts_tables import Memory

from cunjing.policy import duck
from cunjing.policy.duck.statements import parts

SPECS = dict(all_specs())


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    database = Memory()
    yield database
    database.close()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}: {fault.why}")
def test_the_spec_catches_the_fault(
    fault: Fault, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = parts(fault.file)
    sound = statements[fault.part]
    assert sound.count(fault.old) == 1
    monkeypatch.setitem(statements, fault.part, sound.replace(fault.old, fault.new))
    assert not _answers_rightly(memory, fault)


def test_no_fault_stands_twice() -> None:
    changes = {(fault.file, fault.part, fault.old, fault.new) for fault in FAULTS}
    assert len(changes) == len({fault.why for fault in FAULTS}) == len(FAULTS)


def test_every_file_of_statements_has_faults() -> None:
    files = {path.stem for path in (Path(duck.__file__).parent / "sql").glob("*.sql")}
    assert {fault.file for fault in FAULTS} == files


def _answers_rightly(memory: Memory, fault: Fault) -> bool:
    spec = SPECS[fault.spec]
    facts = memory.load(spec.tables)
    try:
        return given_answer(WAYS[fault.way], spec, facts) == wanted_answer(spec)
    except AssertionError:
        return False
