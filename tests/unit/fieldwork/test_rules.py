"""Rules of a piece of work, on facts given by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from cunjing.base.clock import SHANGHAI
from cunjing.fieldwork.items import ReadItem, WorkItem, part_names, read_items
from cunjing.fieldwork.models import RecordKind
from cunjing.fieldwork.rules import (
    HouseholdFact,
    Known,
    Term,
    VisitFact,
    is_late,
    item_faults,
    station_of,
)

STAFF, VISIT = UUID(int=1), UUID(int=2)
VILLAGE = "990201101201"
DAY = date(2026, 9, 10)
RECEIVED = datetime(2026, 9, 30, 12, tzinfo=SHANGHAI)
KNOWN = Known(staff={STAFF: None}, postings={(STAFF, VILLAGE): [Term(date(2026, 1, 1), None)]})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)


def stay(began: datetime, ended: datetime, reason: str = "") -> ReadItem:
    item = WorkItem(
        id=UUID(int=9),
        kind=RecordKind.VILLAGE_VISIT,
        village_code=VILLAGE,
        staff_id=STAFF,
        occurred_at=began,
        details={"left_at": ended, "overnight_reason": reason},
    )
    return read_items([item], names=[""]).read[0]


def fields(read: ReadItem, *, known: Known = KNOWN, received_at: datetime = RECEIVED) -> list[str]:
    faults = item_faults(read, known=known, received_at=received_at)
    return [fault.field for fault in faults]


@pytest.mark.parametrize(
    ("began", "ended", "reason", "expected"),
    [
        (at(10, 8), at(10, 12), "", []),
        (at(10, 8), at(10, 8, 1), "", []),
        (at(10, 8), at(10, 8), "", ["left_at"]),
        (at(10, 8), at(10, 7), "", ["left_at"]),
        (at(10, 20), at(11, 6), "", ["overnight_reason"]),
        (at(10, 20), at(11, 6), "防汛值守", []),
        (at(10, 20), at(12, 6), "防汛值守", ["left_at"]),
    ],
)
def test_stays(began: datetime, ended: datetime, reason: str, expected: list[str]) -> None:
    assert fields(stay(began, ended, reason)) == expected


def test_the_day_is_that_of_shanghai() -> None:
    read = stay(datetime(2026, 9, 9, 16, tzinfo=UTC), datetime(2026, 9, 10, 15, tzinfo=UTC))
    assert read.day == DAY
    assert fields(read) == []


@pytest.mark.parametrize(("minutes", "expected"), [(5, []), (6, ["occurred_at", "left_at"])])
def test_clocks_may_differ_by_five_minutes(minutes: int, expected: list[str]) -> None:
    began = RECEIVED + timedelta(minutes=minutes)
    found = fields(stay(began, began + timedelta(hours=1)))
    assert found == (expected or ["left_at"])


@pytest.mark.parametrize(
    ("start", "end", "posted"),
    [
        (DAY, None, True),
        (DAY, DAY + timedelta(days=1), True),
        (DAY - timedelta(days=9), DAY, False),
        (DAY + timedelta(days=1), None, False),
    ],
)
def test_postings_are_half_open(start: date, end: date | None, posted: bool) -> None:
    known = replace(KNOWN, postings={(STAFF, VILLAGE): [Term(start, end)]})
    assert fields(stay(at(10, 8), at(10, 9)), known=known) == ([] if posted else ["staff_id"])


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (VisitFact(VILLAGE, STAFF, DAY, DAY), []),
        (VisitFact(VILLAGE, STAFF, DAY - timedelta(days=1), DAY), []),
        (VisitFact(VILLAGE, STAFF, DAY, DAY, voided=True), ["visit_id"]),
        (VisitFact("990201101202", STAFF, DAY, DAY), ["visit_id"]),
        (VisitFact(VILLAGE, UUID(int=7), DAY, DAY), ["visit_id"]),
        (VisitFact(VILLAGE, STAFF, DAY + timedelta(days=1), date(2026, 9, 12)), ["occurred_at"]),
        (None, ["visit_id"]),
    ],
)
def test_a_part_agrees_with_its_visit(fact: VisitFact | None, expected: list[str]) -> None:
    item = WorkItem(
        id=UUID(int=9),
        kind=RecordKind.INFORMATION,
        subkind="fire",
        village_code=VILLAGE,
        staff_id=STAFF,
        occurred_at=at(10, 9),
        visit_id=VISIT,
        details={"place": "打谷场", "text": "草垛靠近电线"},
    )
    known = replace(KNOWN, visits={VISIT: fact} if fact else {})
    assert fields(read_items([item], names=[""]).read[0], known=known) == expected


@pytest.mark.parametrize(
    ("day", "received_at", "late"),
    [
        (date(2026, 9, 1), at(30, 23, 59), False),
        (date(2026, 9, 30), datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI), True),
        (date(2026, 9, 30), datetime(2026, 9, 30, 15, 59, tzinfo=UTC), False),
        (date(2026, 12, 31), datetime(2027, 1, 1, 9, tzinfo=SHANGHAI), True),
    ],
)
def test_late_is_after_the_month(day: date, received_at: datetime, late: bool) -> None:
    assert is_late(day=day, received_at=received_at) is late


def test_the_station_is_the_one_of_that_day() -> None:
    change = date(2026, 9, 1)
    stations = {VILLAGE: [("NEW", Term(change, None)), ("OLD", Term(date(2026, 1, 1), change))]}
    known = Known(stations=stations)
    assert station_of(village_code=VILLAGE, on=DAY, known=known) == "NEW"
    assert station_of(village_code=VILLAGE, on=date(2026, 8, 31), known=known) == "OLD"
    assert station_of(village_code="990201101202", on=DAY, known=known) == ""


def test_moments_without_zone_are_refused_before_anything_else() -> None:
    item = stay(at(10, 8), at(10, 9)).item
    naive = replace(item, occurred_at=datetime(2026, 9, 10, 8))  # noqa: DTZ001
    reading = read_items([naive], names=["visit"])
    assert [fault.field for fault in reading.faults] == ["visit.occurred_at"]
    assert reading.read == []


def test_items_are_named_by_their_place() -> None:
    assert part_names(1) == [""]
    assert part_names(2) == ["0", "1"]


@pytest.mark.parametrize(
    ("village", "day", "expected"),
    [
        ("990201101202", DAY, True),
        (VILLAGE, DAY - timedelta(1), True),
        (VILLAGE, DAY, True),
        (VILLAGE, DAY + timedelta(1), False),
        ("990201101203", DAY, False),
    ],
)
def test_a_household_counts_where_it_is_and_up_to_the_day_it_left(
    village: str, day: date, *, expected: bool
) -> None:
    household = HouseholdFact("990201101202", None, left={VILLAGE: DAY})
    assert household.was_in(village, on=day) is expected
