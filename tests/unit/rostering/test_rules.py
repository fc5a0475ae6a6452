"""Checks of what is entered for matching and planning."""

from datetime import date, timedelta

import pytest

from cunjing.rostering.models import NeedWeights
from cunjing.rostering.needs import prize_of
from cunjing.rostering.rules import (
    AHEAD,
    agreed_faults,
    capacity_faults,
    label_faults,
    reason_faults,
    wish_faults,
)

KNOWN = frozenset({"990101101201", "990101101202", "990101101203", "990101101204"})
FIRST, SECOND, THIRD, FOURTH = sorted(KNOWN)


def test_wishes_are_known_villages_each_once_and_three_at_most() -> None:
    assert wish_faults([FIRST, SECOND], known=KNOWN) == []
    assert [one.field for one in wish_faults([FIRST, "1"], known=KNOWN)] == ["wish_2"]
    assert [one.field for one in wish_faults([FIRST, FIRST], known=KNOWN)] == ["wish_2"]
    many = wish_faults([FIRST, SECOND, THIRD, FOURTH], known=KNOWN)
    assert [one.field for one in many] == ["wish_3"]


def test_nobody_serves_minus_one_village_nor_a_hundred() -> None:
    assert capacity_faults(0) == capacity_faults(20) == []
    assert [one.field for one in capacity_faults(-1) + capacity_faults(21)] == ["capacity"] * 2


def test_a_reason_is_said_and_short() -> None:
    assert reason_faults("亲属同村") == []
    assert reason_faults("  ")[0].message == "请写明理由。"
    assert "太长" in reason_faults("长" * 201)[0].message


def test_a_car_has_a_name() -> None:
    assert label_faults("警车1") == []
    assert label_faults("") != []
    assert label_faults("长" * 21) != []


ON = date(2026, 10, 8)


@pytest.mark.parametrize(
    ("day", "window_from", "window_to", "minutes", "field"),
    [
        (ON, None, None, None, ""),
        (ON, 540, 660, 60, ""),
        (ON, 540, None, 480, ""),
        (ON, 540, 541, None, ""),
        (ON + AHEAD, None, None, 5, ""),
        (ON - timedelta(days=1), None, None, None, "day"),
        (ON + AHEAD + timedelta(days=1), None, None, None, "day"),
        (ON, 540, 540, None, "window_to"),
        (ON, 660, 540, None, "window_to"),
        (ON, 540, 570, 31, "window_to"),
        (ON, None, None, 4, "minutes"),
        (ON, None, None, 481, "minutes"),
    ],
)
def test_an_agreed_day_lies_ahead_and_its_hours_have_room(
    day: date, window_from: int | None, window_to: int | None, minutes: int | None, field: str
) -> None:
    faults = agreed_faults(
        day=day, on=ON, window_from=window_from, window_to=window_to, minutes=minutes
    )
    assert [fault.field for fault in faults] == ([field] if field else [])


def test_need_grows_with_priority_time_and_matters_up_to_a_cap() -> None:
    weights = NeedWeights(
        base=10, per_priority=100, per_day_unvisited=2, longest_days=30, per_open_matter=5,
        most_matters=3,
    )  # fmt: skip
    assert prize_of(weights=weights, priority=0, days=0, open_matters=0) == 10
    assert prize_of(weights=weights, priority=2, days=7, open_matters=1) == 10 + 200 + 14 + 5
    assert prize_of(weights=weights, priority=0, days=400, open_matters=9) == 10 + 60 + 15


def test_a_household_never_visited_counts_as_long_unvisited() -> None:
    weights = NeedWeights(base=0, per_day_unvisited=1, longest_days=99)
    assert prize_of(weights=weights, priority=0, days=None, open_matters=0) == 99
