"""The Spark engine answers every spec as it is written, as the other engines do.

Spark starts once; each spec is an evaluation of its own, as on the command line. What explains its
rows is asked in one question: Spark takes a second for each.
"""

from typing import Any

import pytest
from tests.spec.answers import all_specs, given_answer, wanted_answer
from tests.spec.reader import Spec
from tests.support.facts_tables import facts_of

from cunjing.policy.spark import engine
from cunjing.policy.verdict import Explanation, Verdict

pytestmark = pytest.mark.spark
SPECS = [pytest.param(spec, id=name) for name, spec in all_specs()]


class Together:
    """Spark, which explains all rows of a spec when it is asked about the first."""

    name = engine.name

    def __init__(self, spec: Spec) -> None:
        self._subjects = sorted(wanted_answer(spec))
        self._told: dict[str, Explanation] | None = None

    def evaluate(self, **asked: Any) -> list[Verdict]:
        """As Spark tells them."""
        return engine.evaluate(**asked)

    def explain(self, *, subject: str, **asked: Any) -> Explanation | None:
        """What was told of the subject among all others."""
        if self._told is None:
            self._told = engine.explain_all(subjects=self._subjects, **asked)
        return self._told.get(subject)


@pytest.mark.parametrize("spec", SPECS)
def test_spark_answers_as_written(spec: Spec) -> None:
    with facts_of(spec.tables) as facts:
        assert given_answer(Together(spec), spec, facts) == wanted_answer(spec)
