"""What a verdict is made of is found for every subject, and makes up its number."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest
from tests.spec.answers import all_specs, policy_with
from tests.support.facts_tables import facts_of

from cunjing.policy import reference
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    HamletViolations,
    MattersOverdue,
    PairViolations,
    PostViolations,
)
from cunjing.policy.particulars import breaches, days_counted, there_throughout
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Breach

PLACES = (
    PostViolations
    | AgeViolations
    | HamletViolations
    | PairViolations
    | CommitteeViolations
    | MattersOverdue
)
ABOUT_PLACES = {
    name: spec
    for name, spec in all_specs()
    if isinstance(policy_with(spec.rule).rule(spec.rule).measure, PLACES)
}
AT = datetime(2026, 10, 8, tzinfo=UTC)
SEPTEMBER = parse_period("2026-09")


def _sum(found: list[Breach], measure: object) -> int:
    """What the places add up to: of a seat how far it is from one holder, else each is one."""
    if not isinstance(measure, PostViolations):
        return len(found)
    return sum(one.number if one.place is None else abs(one.number - 1) for one in found)


@pytest.mark.parametrize("name", ABOUT_PLACES)
def test_the_places_make_up_the_number(name: str) -> None:
    spec = ABOUT_PLACES[name]
    policy, period = policy_with(spec.rule), parse_period(spec.period)
    rule = policy.rule(spec.rule)
    with facts_of(spec.tables) as facts:
        verdicts = reference.evaluate(
            policy=policy, facts=facts, period=period, as_of=spec.as_of, rules=[rule.id]
        )
        assert verdicts
        for verdict in verdicts:
            found = breaches(
                facts, rule=rule, subject=verdict.subject, period=period, as_of=spec.as_of
            )
            assert _sum(found, rule.measure) == verdict.value


def test_every_measure_of_places_has_a_spec() -> None:
    rules = {spec.rule for spec in ABOUT_PLACES.values()}
    asked = {type(policy_with(rule).rule(rule).measure) for rule in rules}
    assert asked == set(get_args(PLACES))


@pytest.mark.parametrize(
    ("rule", "counted", "days"),
    [
        ("visit-days", ("E1", "E3"), [date(2026, 9, 3), date(2026, 9, 5)]),
        ("visit-days", (), []),
        ("rotation", ("P1",), None),
    ],
)
def test_the_days_are_those_of_what_was_counted(
    rule: str, counted: tuple[str, ...], days: list[date] | None
) -> None:
    visit = {
        "kind": "village_visit",
        "village_code": "532323100200",
        "staff_id": "S1",
    }
    tables = {
        "villages": [{"village_code": "532323100200", "name": "A"}],
        "staff": [{"staff_id": "S1", "role": "liaison_officer"}],
        "postings": [
            {
                "posting_id": "P1",
                "village_code": "532323100200",
                "staff_id": "S1",
                "role": "liaison_officer",
                "valid_from": date(2026, 1, 1),
            }
        ],
        "events": [
            {"event_id": f"E{number}", "local_date": date(2026, 9, day), **visit}
            for number, day in ((3, 3), (2, 4), (1, 5))
        ],
    }
    with facts_of(tables) as facts:
        asked = policy_with(rule).rule(rule)
        found = days_counted(facts, rule=asked, subject="P1", period=SEPTEMBER, counted=counted)
        assert found == days
        assert breaches(facts, rule=asked, subject="P1", period=SEPTEMBER, as_of=AT) == []


@pytest.mark.parametrize(
    ("since", "gone", "known"),
    [
        (date(2026, 9, 1), [], True),
        (date(2026, 9, 11), [], False),
        (date(2026, 1, 1), [(date(2026, 9, 8), date(2026, 9, 10))], False),
        (date(2026, 1, 1), [(date(2026, 8, 8), date(2026, 9, 1))], True),
    ],
)
def test_whoever_was_not_there_all_the_time_is_named_no_days(
    since: date, gone: list[tuple[date, date]], known: bool
) -> None:
    person = {"staff_id": "S1", "role": "liaison_officer"}
    code = "532323100200"
    held = {"posting_id": "P1", "village_code": code, "valid_from": since, **person}
    tables = {
        "villages": [{"village_code": code, "name": "A"}],
        "staff": [person],
        "postings": [held, {**held, "posting_id": "P2", "valid_from": date(2026, 9, 5)}],
        "absences": [
            {"staff_id": "S1", "kind": "leave", "date_from": start, "date_to": end}
            for start, end in gone
        ],
    }
    with facts_of(tables) as facts:
        for name, days in (("visit-spread", [] if known else None), ("rotation", None)):
            asked = policy_with(name).rule(name)
            whole = {"rule": asked, "subject": "P1", "period": SEPTEMBER}
            assert days_counted(facts, **whole, counted=()) == days
            assert there_throughout(facts, **whole) is (known or not asked.prorated)
