"""A county's September written and worked out by hand: every sentence on credit, once.

`golden/facts` holds prorating (P2, P4), absences that overlap (P4), a short posting (P3), a change
of officer in mid-month (P2, P3), a void record, a record of another village, late records, a
duplicate household (P1), an officer whose telephone was silent (P5), villages with none, one and
two officers, and a village merged away on the last day. `golden/expected.csv` is the answer.
"""

import csv
from datetime import date
from pathlib import Path

import pytest
from tests.support.engines import AT_ONCE

from cunjing.policy.engines import load_engine
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.verdict import evidence_digest

GOLDEN = Path(__file__).parent / "golden"
with (GOLDEN / "expected.csv").open(encoding="utf-8", newline="") as _file:
    EXPECTED = list(csv.DictReader(_file))
RUNS = sorted({(row["as_of"], row["period"]) for row in EXPECTED})
EXPLAINED = [row for row in EXPECTED if row["counted"] or row["rejected"]]


@pytest.mark.parametrize("engine_name", AT_ONCE)
@pytest.mark.parametrize(("as_of", "period"), RUNS)
def test_every_verdict_is_the_one_worked_out_by_hand(
    as_of: str, period: str, engine_name: str
) -> None:
    expected = [row for row in EXPECTED if (row["as_of"], row["period"]) == (as_of, period)]
    with open_facts(GOLDEN / "facts") as facts:
        verdicts = load_engine(engine_name).evaluate(
            policy=load_policy("bozhou-2014"),
            facts=facts,
            period=parse_period(period),
            as_of=start_of_day(date.fromisoformat(as_of)),
            rules=sorted({row["rule"] for row in expected}),
        )
    found = [verdict.as_dict() for verdict in verdicts]
    shown = ("rule", "subject", "value", "threshold", "threshold_full", "verdict")
    assert sorted(tuple(str(row[name]) for name in shown) for row in found) == sorted(
        tuple(row[name] for name in shown) for row in expected
    )


@pytest.mark.parametrize("engine_name", AT_ONCE)
@pytest.mark.parametrize(
    "row", EXPLAINED, ids=[f"{row['as_of']}-{row['rule']}-{row['subject']}" for row in EXPLAINED]
)
def test_every_explanation_names_the_records(row: dict[str, str], engine_name: str) -> None:
    with open_facts(GOLDEN / "facts") as facts:
        found = load_engine(engine_name).explain(
            policy=load_policy("bozhou-2014"),
            facts=facts,
            period=parse_period(row["period"]),
            as_of=start_of_day(date.fromisoformat(row["as_of"])),
            rule=row["rule"],
            subject=row["subject"],
        )
    assert found is not None
    assert " ".join(found.counted) == row["counted"]
    assert " ".join(f"{item.id}:{item.reason}" for item in found.rejected) == row["rejected"]
    assert found.verdict.evidence_count == len(found.counted)
    assert found.verdict.evidence_digest == evidence_digest(found.counted)
