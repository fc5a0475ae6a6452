"""The phone's verdict stage gives the engines' verdicts on postings, wherever the work stands.

`CUNJING_EXAMPLES` says how many worlds are looked at, as for the engines; a few by default.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from tests.generative.worlds import Case, work
from tests.support.driven_phones import Phones, driven
from tests.support.facts_tables import Memory
from tests.support.judging_phones import PARTS, judged
from tests.support.rulebook import WORK

from cunjing.policy import reference
from cunjing.policy.enums import SubjectKind
from cunjing.policy.periods import parse_period

EXAMPLES = int(os.environ.get("CUNJING_EXAMPLES", "15"))


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    """One process that judges."""
    with driven(tmp_path_factory.mktemp("phones")) as made:
        yield made


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    """A database the examples take turns in."""
    database = Memory()
    yield database
    database.close()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=work())
def test_on_postings(memory: Memory, phones: Phones, case: Case) -> None:
    asked: dict[str, Any] = {"policy": WORK, "facts": memory.load(case.tables)}
    asked |= {"period": parse_period(case.period), "as_of": case.as_of}
    known = [
        {
            "rule": verdict.rule,
            "subject": verdict.subject,
            "value": verdict.value,
            "threshold": verdict.threshold,
            "full": verdict.threshold_full,
            "verdict": verdict.verdict.value,
            "evidence_count": verdict.evidence_count,
        }
        for verdict in reference.evaluate(**asked)
        if verdict.subject_kind is SubjectKind.POSTING
    ]
    for name, part in PARTS.items():
        note(f"{name}: {case!r}")
        found = judged(phones, **asked, part=part)
        assert (
            [{key: one[key] for key in known[0]} for one in found] == known if known else not found
        )
