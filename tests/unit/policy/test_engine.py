"""What the usual engine explains is what it judges."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support.facts_tables import facts_of
from tests.support.rulebook import policy_of

from cunjing.policy import engine, reference
from cunjing.policy.enums import VerdictKind
from cunjing.policy.periods import parse_period, start_of_day

from .test_duck_subject import BULLETINS, DAYS, HOMES, OTHER, PAY, VILLAGE, WORLD

ASKED: dict[str, Any] = {
    "policy": policy_of(DAYS, HOMES, BULLETINS, PAY),
    "as_of": start_of_day(date(2027, 2, 1)),
}


@pytest.mark.parametrize("period", ["2026-09", "2026"])
def test_every_verdict_is_explained_as_it_was_given(period: str) -> None:
    given = [{"village_code": OTHER, "unit_code": "county"}]
    asked = {**ASKED, "period": parse_period(period)}
    with facts_of({**WORLD, "village_units": given}) as facts:
        verdicts = engine.evaluate(**asked, facts=facts)
        for verdict in verdicts:
            where = {**asked, "rule": verdict.rule, "subject": verdict.subject}
            told = engine.explain(**where, facts=facts)
            plain = reference.explain(**where, facts=facts)
            assert told is not None
            assert plain is not None
            assert told.verdict == verdict
            assert told == replace(plain, verdict=replace(plain.verdict, engine="duckdb"))
    assert {verdict.rule for verdict in verdicts} == (
        {"pay"} if period == "2026" else {"days", "homes", "bulletins"}
    )


def test_what_may_not_have_arrived_yet_is_explained_as_unknown_too() -> None:
    heard = [
        {"staff_id": name, "last_sync_at": start_of_day(date(2026, 9, 20))} for name in ("S1", "S2")
    ]
    asked = {**ASKED, "period": parse_period("2026-09")}
    with facts_of({**WORLD, "sync": heard}) as facts:
        verdicts = engine.evaluate(**asked, facts=facts)
        unknown = [one for one in verdicts if one.verdict is VerdictKind.UNKNOWN]
        assert unknown
        for verdict in unknown:
            told = engine.explain(**asked, facts=facts, rule=verdict.rule, subject=verdict.subject)
            assert told is not None
            assert told.verdict == verdict


def test_who_has_no_row_is_not_explained() -> None:
    asked = {**ASKED, "period": parse_period("2026-09"), "rule": "days"}
    with facts_of(WORLD) as facts:
        assert engine.explain(**asked, facts=facts, subject=VILLAGE) is None
