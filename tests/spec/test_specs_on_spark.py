"""The Spark engine answers every spec as it is written, as the other engines do.

Spark starts once; each spec is an evaluation of its own, as on the command line.
"""

import pytest
from tests.spec.answers import all_specs, given_answer, wanted_answer
from tests.spec.reader import Spec
from tests.support.facts_tables import facts_of

from cunjing.policy.engines import load_engine

pytestmark = pytest.mark.spark
SPECS = [pytest.param(spec, id=name) for name, spec in all_specs()]


@pytest.mark.parametrize("spec", SPECS)
def test_spark_answers_as_written(spec: Spec) -> None:
    with facts_of(spec.tables) as facts:
        assert given_answer(load_engine("spark"), spec, facts) == wanted_answer(spec)
