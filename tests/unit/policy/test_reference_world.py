"""Days, tenures and who answers for whom."""

from datetime import date
from typing import Any

import pytest
from tests.support.reference_worlds import OTHER_VILLAGE, VILLAGE, posting_row, world_of

from cunjing.policy.reference_world import (
    answers_for,
    available_days,
    days_in_period,
    tenure_start,
    valid_on,
)

D = date


@pytest.mark.parametrize(
    ("start", "end", "valid"),
    [
        (None, None, True),
        (D(2026, 9, 10), None, True),
        (D(2026, 9, 11), None, False),
        (None, D(2026, 9, 11), True),
        (None, D(2026, 9, 10), False),
        (D(2026, 9, 10), D(2026, 9, 10), False),
    ],
)
def test_an_interval_holds_from_its_start_to_before_its_end(
    start: date | None, end: date | None, valid: bool
) -> None:
    assert valid_on(start=start, end=end, day=D(2026, 9, 10)) is valid


def test_days_in_period_are_cut_at_both_ends() -> None:
    period = world_of(period="2026-02").period
    assert len(days_in_period(start=None, end=None, period=period)) == 28
    assert days_in_period(start=D(2026, 2, 27), end=None, period=period) == [
        D(2026, 2, 27),
        D(2026, 2, 28),
    ]
    assert days_in_period(start=None, end=D(2026, 2, 1), period=period) == []


def test_the_day_looked_at_is_the_last_or_the_watermarks() -> None:
    assert world_of(as_of=D(2026, 12, 1)).day == D(2026, 9, 30)
    assert world_of(as_of=D(2026, 9, 30)).day == D(2026, 9, 30)
    assert world_of(as_of=D(2026, 9, 12)).day == D(2026, 9, 12)
    assert world_of(as_of=D(2026, 8, 12)).day == D(2026, 8, 12)


def test_absences_come_off_once_and_only_where_the_posting_is() -> None:
    world = world_of(
        postings=[posting_row("P1", D(2026, 9, 11))],
        absences=[
            {"staff_id": "S1", "kind": kind, "date_from": start, "date_to": end}
            for kind, start, end in (
                ("leave", D(2026, 9, 1), D(2026, 9, 13)),
                ("course", D(2026, 9, 12), D(2026, 9, 16)),
                ("sickness", D(2026, 9, 30), D(2026, 11, 1)),
                ("nothing", D(2026, 9, 20), D(2026, 9, 20)),
            )
        ],
    )
    assert available_days(world, world.postings[0]) == 20 - 5 - 1


def test_another_persons_absence_does_not_count() -> None:
    world = world_of(
        postings=[posting_row("P1", D(2026, 1, 1))],
        absences=[
            {
                "staff_id": "S2",
                "kind": "leave",
                "date_from": D(2026, 9, 1),
                "date_to": D(2026, 9, 9),
            }
        ],
    )
    assert available_days(world, world.postings[0]) == 30


def test_a_chain_of_postings_is_one_tenure() -> None:
    world = world_of(
        postings=[
            posting_row("P1", D(2024, 1, 1), D(2024, 6, 1)),
            posting_row("P2", D(2024, 6, 1), D(2025, 1, 1)),
            posting_row("P3", D(2024, 12, 1), None),
            posting_row("P4", D(2023, 1, 1), D(2023, 12, 31)),
            posting_row("P5", D(2023, 1, 1), D(2024, 1, 1), village_code=OTHER_VILLAGE),
            posting_row("P6", D(2023, 1, 1), D(2024, 1, 1), role="resident_officer"),
            posting_row("P7", D(2023, 1, 1), D(2024, 1, 1), staff_id="S2"),
        ]
    )
    starts = {row.posting_id: tenure_start(world, row) for row in world.postings}
    assert starts["P3"] == starts["P2"] == starts["P1"] == D(2024, 1, 1)


def test_an_open_posting_touches_every_later_one() -> None:
    world = world_of(postings=[posting_row("P1", D(2024, 1, 1)), posting_row("P2", D(2026, 1, 1))])
    later = next(row for row in world.postings if row.posting_id == "P2")
    assert tenure_start(world, later) == D(2024, 1, 1)


UNITS = [
    {"unit_code": "county", "kind": "county", "division_code": "532323"},
    {"unit_code": "west", "kind": "station", "division_code": "532323100"},
    {"unit_code": "east", "kind": "station", "division_code": "532323101"},
    {"unit_code": "none", "kind": "bureau_unit"},
]


@pytest.mark.parametrize(
    ("unit_code", "answers"),
    [("county", True), ("west", True), ("east", False), ("none", False), ("nowhere", False)],
)
def test_a_unit_answers_for_the_villages_of_its_division(unit_code: str, answers: bool) -> None:
    world = world_of(units=UNITS)
    found = answers_for(world, unit_code=unit_code, village_code=VILLAGE, day=D(2026, 9, 1))
    assert found is answers


@pytest.mark.parametrize(
    ("unit_code", "day", "answers"),
    [
        ("east", D(2026, 9, 9), False),
        ("east", D(2026, 9, 10), True),
        ("east", D(2026, 9, 20), False),
        ("west", D(2026, 9, 9), True),
        ("west", D(2026, 9, 10), False),
        ("west", D(2026, 9, 20), True),
        ("county", D(2026, 9, 10), True),
    ],
)
def test_village_units_override_units_of_their_kind(
    unit_code: str, day: date, answers: bool
) -> None:
    row: dict[str, Any] = {"village_code": VILLAGE, "unit_code": "east"}
    row |= {"valid_from": D(2026, 9, 10), "valid_to": D(2026, 9, 20)}
    world = world_of(units=UNITS, village_units=[row])
    assert answers_for(world, unit_code=unit_code, village_code=VILLAGE, day=day) is answers


def test_a_unit_that_only_village_units_know_answers_and_overrides_nobody() -> None:
    world = world_of(
        units=UNITS, village_units=[{"village_code": VILLAGE, "unit_code": "unlisted"}]
    )
    for unit_code in ("unlisted", "west"):
        assert answers_for(world, unit_code=unit_code, village_code=VILLAGE, day=D(2026, 9, 1))


def test_marks_and_money_are_of_the_subject_period_and_item() -> None:
    world = world_of(
        period="2026",
        marks=[{"subject_id": "S1", "period": "2026", "item": "grade", "value": "good"}],
        money=[{"subject_id": "S1", "period": "2025", "item": "paid", "fen": 5}],
    )
    assert world.mark(subject_id="S1", item="grade") == "good"
    assert world.mark(subject_id="S1", item="other") is None
    assert world.mark(subject_id="S2", item="grade") is None
    assert world.fen(subject_id="S1", item="paid") is None
