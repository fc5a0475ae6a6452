"""Reasons, in their order, and tallies."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.support.reference_worlds import OTHER_VILLAGE, VILLAGE, posting_row, world_of
from tests.support.rulebook import events, posting, rule

from cunjing.policy.enums import EventKind, Reason, Role
from cunjing.policy.measures import EventMeasure, Tally
from cunjing.policy.periods import SHANGHAI, PeriodKind, SubPeriodKind
from cunjing.policy.records import EventRow
from cunjing.policy.reference_events import (
    credit_posting,
    fits,
    in_period,
    is_void,
    posting_reason,
    received,
    tally,
)

D = date
VISITS = events(Tally.COUNT, EventKind.VILLAGE_VISIT)


def _event(**more: Any) -> EventRow:
    """A visit of S1 to the village on 10 September."""
    row = dict.fromkeys(field for field in EventRow.__slots__)
    row |= {"event_id": "e1", "kind": "village_visit", "village_code": VILLAGE, "staff_id": "S1"}
    return EventRow(**{**row, "local_date": D(2026, 9, 10), **more})


@pytest.mark.parametrize(
    ("subkinds", "subkind", "fitting"),
    [((), None, True), ((), "night", True), (("night",), "night", True), (("night",), None, False)],
)
def test_kind_and_subkind(subkinds: tuple[str, ...], subkind: str | None, fitting: bool) -> None:
    measure = events(Tally.COUNT, EventKind.VILLAGE_VISIT, *subkinds)
    assert fits(measure, _event(subkind=subkind)) is fitting
    assert not fits(measure, _event(subkind=subkind, kind="patrol"))


def test_received_falls_back_to_occurred_then_to_midnight_in_shanghai() -> None:
    first, second = datetime(2026, 9, 11, tzinfo=UTC), datetime(2026, 9, 12, tzinfo=UTC)
    assert received(_event(occurred_at=first, received_at=second)) == second
    assert received(_event(occurred_at=first)) == first
    assert received(_event()) == datetime(2026, 9, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("void", "seconds", "is_so"),
    [(True, None, True), (True, 0, True), (True, 1, False), (False, 0, False), (None, None, False)],
)
def test_void_counts_from_voided_at(void: bool | None, seconds: int | None, is_so: bool) -> None:
    as_of = datetime(2026, 12, 1, tzinfo=SHANGHAI)
    voided_at = None if seconds is None else as_of + timedelta(seconds=seconds)
    assert is_void(_event(void=void, voided_at=voided_at), as_of) is is_so


@pytest.mark.parametrize(
    ("kind", "day", "about", "inside"),
    [
        ("village_visit", D(2026, 9, 30), None, True),
        ("village_visit", D(2026, 10, 1), None, False),
        ("village_visit", D(2026, 10, 1), "2026-09", False),
        ("meeting", D(2026, 10, 1), "2026-09", True),
        ("summary", D(2026, 9, 1), "2026-08", False),
        ("report", D(2026, 9, 1), "2026-Q3", False),
    ],
)
def test_the_period_is_that_of_the_date_or_the_one_named(
    kind: str, day: date, about: str | None, inside: bool
) -> None:
    assert in_period(world_of(), _event(kind=kind, local_date=day, for_period=about)) is inside


LATE = {"received_at": datetime(2026, 12, 2, tzinfo=SHANGHAI)}
OUTSIDE = {"local_date": D(2026, 10, 2)}
ASTRAY = {"village_code": OTHER_VILLAGE}
EARLY = {"local_date": D(2026, 9, 4)}


@pytest.mark.parametrize(
    ("wrongs", "reason"),
    [
        ({}, None),
        ({"void": True, **LATE, **OUTSIDE, **ASTRAY}, Reason.VOID),
        ({**LATE, **OUTSIDE, **ASTRAY}, Reason.LATE),
        ({**OUTSIDE, **ASTRAY}, Reason.OUT_OF_PERIOD),
        ({**EARLY, **ASTRAY}, Reason.WRONG_VILLAGE),
        ({"village_code": None}, Reason.WRONG_VILLAGE),
        (EARLY, Reason.NOT_POSTED),
    ],
)
def test_the_first_reason_that_holds(wrongs: dict[str, Any], reason: Reason | None) -> None:
    world = world_of(postings=[posting_row("P1", D(2026, 9, 5))])
    assert posting_reason(world, world.postings[0], _event(**wrongs)) is reason


def test_another_postings_events_are_left_out_only_if_it_has_the_rule() -> None:
    visits = [
        {"event_id": "e1", "kind": "village_visit", "village_code": OTHER_VILLAGE},
        {"event_id": "e2", "kind": "village_visit", "village_code": OTHER_VILLAGE},
    ]
    days = (D(2026, 9, 9), D(2026, 9, 10))
    world = world_of(
        postings=[
            posting_row("P1", D(2026, 1, 1)),
            posting_row("P2", D(2026, 9, 10), village_code=OTHER_VILLAGE),
            posting_row("P3", D(2026, 1, 1), village_code=OTHER_VILLAGE, role="beat_officer"),
        ],
        events=[
            {**row, "staff_id": "S1", "local_date": day}
            for row, day in zip(visits, days, strict=True)
        ],
    )
    asked = rule("r", posting(Role.LIAISON_OFFICER), VISITS, 1, period=PeriodKind.MONTH)
    first = next(row for row in world.postings if row.posting_id == "P1")
    found = credit_posting(world, asked, VISITS, first)
    assert found.counted == ()
    assert [(item.id, item.reason) for item in found.rejected] == [("e1", Reason.WRONG_VILLAGE)]


def test_a_posting_without_a_day_in_the_period_is_credited_with_nothing_of_it() -> None:
    meetings = events(Tally.COUNT, EventKind.MEETING)
    held = {"kind": "meeting", "village_code": OTHER_VILLAGE, "staff_id": "S1"}
    world = world_of(
        postings=[
            posting_row("P1", D(2026, 1, 1)),
            posting_row("P2", D(2026, 10, 1), village_code=OTHER_VILLAGE),
        ],
        events=[{"event_id": "e1", "local_date": D(2026, 10, 2), "for_period": "2026-09", **held}],
    )
    asked = rule("r", posting(Role.LIAISON_OFFICER), meetings, 1, period=PeriodKind.MONTH)
    found = credit_posting(world, asked, meetings, world.postings[0])
    assert [(item.id, item.reason) for item in found.rejected] == [("e1", Reason.WRONG_VILLAGE)]


def test_a_posting_that_had_ended_before_the_period_is_credited_with_nothing_of_it() -> None:
    meetings = events(Tally.COUNT, EventKind.MEETING)
    held = {"kind": "meeting", "village_code": OTHER_VILLAGE, "staff_id": "S1"}
    world = world_of(
        postings=[
            posting_row("P1", D(2026, 1, 1)),
            posting_row("P2", D(2026, 1, 1), D(2026, 9, 1), village_code=OTHER_VILLAGE),
        ],
        events=[{"event_id": "e1", "local_date": D(2026, 8, 30), "for_period": "2026-09", **held}],
    )
    asked = rule("r", posting(Role.LIAISON_OFFICER), meetings, 1, period=PeriodKind.MONTH)
    found = credit_posting(world, asked, meetings, world.postings[0])
    assert [(item.id, item.reason) for item in found.rejected] == [("e1", Reason.WRONG_VILLAGE)]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (VISITS, 5),
        (events(Tally.DISTINCT_DAYS, EventKind.VILLAGE_VISIT), 4),
        (events(Tally.DISTINCT_OBJECTS, EventKind.VILLAGE_VISIT), 2),
        (events(Tally.LACKING, EventKind.VILLAGE_VISIT, lacking="log_id"), 4),
        (
            events(Tally.SUBPERIODS, EventKind.VILLAGE_VISIT, sub_period=SubPeriodKind.HALF_MONTH),
            1,
        ),
        (
            events(Tally.SUBPERIODS, EventKind.VILLAGE_VISIT, sub_period=SubPeriodKind.TEN_DAYS),
            2,
        ),
    ],
)
def test_tallies(measure: EventMeasure, value: int) -> None:
    found = [
        _event(local_date=D(2026, 9, 10), object_id="h1", log_id="l1"),
        _event(local_date=D(2026, 9, 10), object_id="h2"),
        _event(local_date=D(2026, 9, 11), object_id="h2"),
        _event(local_date=D(2026, 9, 15)),
        _event(local_date=D(2026, 10, 16)),
    ]
    assert tally(world_of(), measure, found) == value


@pytest.mark.parametrize(
    ("part", "days", "value"),
    [
        (SubPeriodKind.TEN_DAYS, (1, 10), 1),
        (SubPeriodKind.TEN_DAYS, (10, 11), 2),
        (SubPeriodKind.TEN_DAYS, (11, 20), 1),
        (SubPeriodKind.TEN_DAYS, (20, 21), 2),
        (SubPeriodKind.TEN_DAYS, (21, 30), 1),
        (SubPeriodKind.TEN_DAYS, (1, 15, 30), 3),
        (SubPeriodKind.HALF_MONTH, (1, 15), 1),
        (SubPeriodKind.HALF_MONTH, (15, 16), 2),
        (SubPeriodKind.HALF_MONTH, (16, 30), 1),
    ],
)
def test_parts_break_where_the_calendar_says(
    part: SubPeriodKind, days: tuple[int, ...], value: int
) -> None:
    measure = events(Tally.SUBPERIODS, EventKind.VILLAGE_VISIT, sub_period=part)
    found = [_event(local_date=D(2026, 9, day)) for day in days]
    assert tally(world_of(), measure, found) == value
