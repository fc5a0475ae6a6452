"""In whatever way the DuckDB engine tells its verdicts, they are those of the spec."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.spec.answers import all_specs, given_answer, wanted_answer
from tests.spec.reader import Spec
from tests.spec.ways import WAYS
from tests.support.facts_tables import Memory

from cunjing.policy import engine
from cunjing.policy.verdict import Engine, Explanation, Verdict

SPECS = [pytest.param(spec, id=name) for name, spec in all_specs()]
Heard = dict[tuple[int, str], Explanation | None]
"""Which spec and subject -> its explanation. Specs live as long as this module."""


@dataclass(frozen=True, slots=True)
class Once:
    """A way of telling verdicts. What explains them does not hang on the way, and is asked once for
    all ways; the verdict of each has to be the one explained."""

    way: Engine
    spec: Spec
    heard: Heard

    @property
    def name(self) -> str:
        """What the verdicts carry."""
        return self.way.name

    def evaluate(self, **asked: Any) -> list[Verdict]:
        """As the way tells them."""
        return self.way.evaluate(**asked)

    def explain(self, *, subject: str, **asked: Any) -> Explanation | None:
        """As it was heard the first time."""
        key = id(self.spec), subject
        if key not in self.heard:
            self.heard[key] = engine.explain(subject=subject, **asked)
        return self.heard[key]


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    database = Memory()
    yield database
    database.close()


@pytest.fixture(scope="module")
def heard() -> Heard:
    return {}


# The upper parameter changes first: all ways of one spec follow each other.
@pytest.mark.parametrize("way", [name for name in WAYS if name != "alone"])
@pytest.mark.parametrize("spec", SPECS)
def test_the_spec_is_answered_alike(memory: Memory, heard: Heard, spec: Spec, way: str) -> None:
    told = Once(WAYS[way], spec, heard)
    assert given_answer(told, spec, memory.load(spec.tables)) == wanted_answer(spec)
