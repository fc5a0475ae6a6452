"""In whatever way the DuckDB engine tells its verdicts, they are those of the spec."""

from collections.abc import Iterator

import pytest
from tests.spec.answers import all_specs, given_answer, wanted_answer
from tests.spec.reader import Spec
from tests.spec.ways import WAYS
from tests.support.facts_tables import Memory

SPECS = [pytest.param(spec, id=name) for name, spec in all_specs()]


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    database = Memory()
    yield database
    database.close()


@pytest.mark.parametrize("way", [name for name in WAYS if name != "alone"])
@pytest.mark.parametrize("spec", SPECS)
def test_the_spec_is_answered_alike(memory: Memory, spec: Spec, way: str) -> None:
    assert given_answer(WAYS[way], spec, memory.load(spec.tables)) == wanted_answer(spec)
