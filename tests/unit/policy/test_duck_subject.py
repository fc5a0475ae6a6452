"""What is found of one subject: all it rests on, and little else."""

from datetime import date
from typing import Any

import pytest
from tests.support.facts_tables import Tables, facts_of
from tests.support.rulebook import events, posting, rule, unit, village

from cunjing.policy.duck.subject import Found, find
from cunjing.policy.enums import EventKind, MatterKind, Operator, Role, UnitKind
from cunjing.policy.facts import Facts
from cunjing.policy.measures import (
    HomeRelation,
    HomeViolation,
    MatterFilter,
    MattersOverdue,
    MoneyRatio,
    Tally,
)
from cunjing.policy.model import Rule
from cunjing.policy.periods import PeriodKind, parse_period, start_of_day
from cunjing.policy.records import (
    AdjacencyRow,
    EventRow,
    MatterRow,
    MoneyRow,
    PostingRow,
    StaffRow,
    SyncRow,
    UnitRow,
    VillageRow,
)

VILLAGE, OTHER = "532323100200", "532324101201"
LIAISON = posting(Role.LIAISON_OFFICER)
VISIT, HOME, BULLETIN = EventKind.VILLAGE_VISIT, EventKind.HOUSEHOLD_VISIT, EventKind.BULLETIN
MONTH = PeriodKind.MONTH
DAYS = rule("days", LIAISON, events(Tally.DISTINCT_DAYS, VISIT), 2, period=MONTH)
HOMES = rule("homes", LIAISON, events(Tally.DISTINCT_OBJECTS, HOME), 2, period=MONTH)
LOGLESS = rule("logless", LIAISON, events(Tally.LACKING, HOME, lacking="log_id"), 0, period=MONTH)
BULLETINS = rule("bulletins", village(), events(Tally.COUNT, BULLETIN), 1, period=MONTH)
HAZARDS = rule(
    "hazards",
    village(),
    MattersOverdue(MatterFilter(MatterKind.HAZARD), within_days=10),
    0,
    period=MONTH,
    operator=Operator.AT_MOST,
)
PAY = rule(
    "pay",
    unit(UnitKind.COUNTY, Role.VILLAGE_AUXILIARY),
    MoneyRatio("staff", "village"),
    80,
    period=PeriodKind.YEAR,
)


def event(event_id: str, kind: EventKind, day: date, **more: Any) -> dict[str, Any]:
    """An event of S1 in the village."""
    return {
        "event_id": event_id,
        "kind": kind.value,
        "village_code": VILLAGE,
        "staff_id": "S1",
        "local_date": day,
        "object_id": "户一",
        "log_id": "L1",
        "object_no": 0,
        **more,
    }


def held(posting_id: str, staff_id: str, code: str, **more: Any) -> dict[str, Any]:
    """A posting as liaison officer since 2020."""
    usual = {"role": "liaison_officer", "valid_from": date(2020, 1, 1)}
    return {"posting_id": posting_id, "staff_id": staff_id, "village_code": code, **usual, **more}


WORLD: Tables = {
    "villages": [
        {"village_code": VILLAGE, "name": "甲"},
        {"village_code": OTHER, "name": "乙", "township_code": "532323100"},
    ],
    "township_adjacency": [{"township_code": "532323100", "adjacent_code": "532323101"}],
    "units": [
        {"unit_code": "county", "kind": "county", "division_code": "532323"},
        {"unit_code": "station", "kind": "station", "division_code": "532323100"},
        {"unit_code": "far", "kind": "station", "division_code": "532324"},
    ],
    "staff": [
        {"staff_id": "S1", "role": "liaison_officer", "home_village_code": OTHER},
        {"staff_id": "S2", "role": "liaison_officer"},
        {"staff_id": "A1", "role": "village_auxiliary", "unit_code": "station"},
        {"staff_id": "A2", "role": "village_auxiliary", "unit_code": "far"},
    ],
    "postings": [held("P1", "S1", VILLAGE), held("P2", "S1", OTHER), held("P3", "S2", VILLAGE)],
    "sync": [
        {"staff_id": name, "last_sync_at": start_of_day(date(2026, 10, 2))} for name in ("S1", "S2")
    ],
    "events": [
        event("early", VISIT, date(2026, 7, 31)),
        event("before", VISIT, date(2026, 8, 1)),
        event("in", VISIT, date(2026, 9, 1)),
        event("elsewhere", VISIT, date(2026, 9, 2), village_code=OTHER),
        event("after", VISIT, date(2026, 10, 31)),
        event("late", VISIT, date(2026, 11, 1)),
        event("other", VISIT, date(2026, 9, 1), staff_id="S2"),
        event("home", HOME, date(2026, 9, 1)),
        event("told", BULLETIN, date(2026, 9, 1), village_code=None, unit_code="station"),
        event("far", BULLETIN, date(2026, 9, 1), village_code=None, unit_code="far"),
    ],
    "money": [
        {"subject_id": name, "period": "2026", "item": item, "fen": 100}
        for name, item in (
            ("A1", "staff"),
            ("A2", "staff"),
            (VILLAGE, "village"),
            (OTHER, "village"),
        )
    ],
}


def looked_up(facts: Facts, asked: Rule, subject: str, period: str = "2026-09") -> Found:
    """What is found of a subject in a month."""
    return find(facts, rule=asked, subject=subject, period=parse_period(period))


def ids(found: Found) -> set[str]:
    """The events found."""
    return {row.event_id for row in found(EventRow)}


def test_of_a_posting_all_its_person_did_around_the_period_is_found() -> None:
    with facts_of(WORLD) as facts:
        found = looked_up(facts, DAYS, "P1")
    assert ids(found) == {"before", "in", "elsewhere", "after"}
    assert {row.posting_id for row in found(PostingRow)} == {"P1", "P2"}
    assert [row.staff_id for row in found(SyncRow)] == ["S1"]
    assert not list(found(VillageRow))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [(BULLETINS, (None, None)), (HOMES, ("户一", None)), (LOGLESS, (None, "L1"))],
)
def test_ids_no_rule_asks_for_are_not_read(asked: Rule, kept: tuple[str | None, ...]) -> None:
    subject = VILLAGE if asked is BULLETINS else "P1"
    with facts_of(WORLD) as facts:
        (row,) = looked_up(facts, asked, subject)(EventRow)
    assert (row.object_id, row.log_id) == kept
    assert row.object_no is None


def test_of_a_village_what_its_units_did_is_found_and_who_is_posted_there() -> None:
    with facts_of(WORLD) as facts:
        found = looked_up(facts, BULLETINS, VILLAGE)
    assert ids(found) == {"told"}
    assert {row.unit_code for row in found(UnitRow)} == {"county", "station"}
    assert {row.staff_id for row in found(SyncRow)} == {"S1", "S2"}


def test_a_report_is_found_whenever_it_was_made() -> None:
    asked = rule("report", LIAISON, events(Tally.COUNT, EventKind.REPORT), 1, period=MONTH)
    told = [event("old", EventKind.REPORT, date(2020, 1, 1), for_period="2026-09")]
    with facts_of({**WORLD, "events": told}) as facts:
        assert ids(looked_up(facts, asked, "P1")) == {"old"}


def test_where_a_person_comes_from_is_found() -> None:
    near = rule("near", LIAISON, HomeViolation(HomeRelation.NEAR), 0)
    with facts_of(WORLD) as facts:
        found = looked_up(facts, near, "P1")
    assert {row.village_code for row in found(VillageRow)} == {VILLAGE, OTHER}
    assert [row.staff_id for row in found(StaffRow)] == ["S1"]
    assert len(list(found(AdjacencyRow))) == 1


def test_pay_rests_on_all_a_unit_answers_for_and_on_nothing_else() -> None:
    with facts_of(WORLD) as facts:
        found = looked_up(facts, PAY, "county", "2026")
    assert {row.subject_id for row in found(MoneyRow)} == {"A1", VILLAGE}


def test_what_is_given_to_a_unit_is_its_own() -> None:
    given = [{"village_code": OTHER, "unit_code": "county"}]
    with facts_of({**WORLD, "village_units": given}) as facts:
        found = looked_up(facts, PAY, "county", "2026")
    assert {row.subject_id for row in found(MoneyRow)} == {"A1", VILLAGE, OTHER}


@pytest.mark.parametrize("asked", [DAYS, BULLETINS, PAY])
def test_of_nobody_nothing_is_found(asked: Rule) -> None:
    with facts_of({**WORLD, "events": []}) as facts:
        found = looked_up(facts, asked, "nobody")
    for record in (EventRow, PostingRow, VillageRow, MoneyRow):
        assert not list(found(record))


def test_a_village_rests_on_its_matters_of_the_kind_and_on_who_is_posted_there() -> None:
    matters = [
        {"matter_id": name, "kind": kind, "village_code": code, "opened_at": start_of_day(day)}
        for name, kind, code, day in (
            ("own", "hazard", VILLAGE, date(2026, 9, 1)),
            ("long ago", "hazard", VILLAGE, date(2020, 9, 1)),
            ("dispute", "dispute", VILLAGE, date(2026, 9, 1)),
            ("elsewhere", "hazard", OTHER, date(2026, 9, 1)),
        )
    ]
    with facts_of({**WORLD, "matters": matters}) as facts:
        found = looked_up(facts, HAZARDS, VILLAGE)
        others = looked_up(facts, BULLETINS, VILLAGE)
    assert {row.matter_id for row in found(MatterRow)} == {"own", "long ago"}
    assert {row.posting_id for row in found(PostingRow)} == {"P1", "P3"}
    assert {row.staff_id for row in found(SyncRow)} == {"S1", "S2"}
    assert not list(found(EventRow))
    assert not list(others(MatterRow))
