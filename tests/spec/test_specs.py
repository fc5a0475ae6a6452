"""Both engines answer every spec as it is written. The specs are the tables in this folder."""

import pytest
from tests.spec.answers import all_specs, given_answer, wanted_answer
from tests.spec.reader import Spec
from tests.support.facts_tables import facts_of

from cunjing.policy import engine as usual
from cunjing.policy import reference
from cunjing.policy.verdict import Engine

SPECS = [pytest.param(spec, id=name) for name, spec in all_specs()]
ENGINES = [pytest.param(engine, id=engine.name) for engine in (reference, usual)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("spec", SPECS)
def test_engine_answers_as_written(engine: Engine, spec: Spec) -> None:
    with facts_of(spec.tables) as facts:
        assert given_answer(engine, spec, facts) == wanted_answer(spec)
