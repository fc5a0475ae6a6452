"""What follows from a period and a watermark."""

from datetime import date

import pytest

from cunjing.policy.periods import SubPeriodKind, parse_period, start_of_day
from cunjing.policy.spark.look import Look, day_masks, month_number


def look(period: str, as_of: date) -> Look:
    return Look(period=parse_period(period), as_of=start_of_day(as_of))


def test_state_rules_look_at_the_last_day_or_the_watermarks() -> None:
    assert look("2026-02", date(2026, 3, 5)).day == date(2026, 2, 28)
    assert look("2026-02", date(2026, 2, 10)).day == date(2026, 2, 10)


def test_rejected_events_are_listed_a_month_around_the_period() -> None:
    assert look("2026-09", date(2026, 10, 1)).window == (date(2026, 8, 1), date(2026, 11, 1))


def test_the_periods_within_a_half_year() -> None:
    assert look("2026-H1", date(2026, 7, 1)).names_within() == [
        "2026-H1",
        "2026-Q1",
        "2026-Q2",
        *(f"2026-{month:02}" for month in range(1, 7)),
    ]


def test_months_count_on_over_the_years() -> None:
    assert month_number(date(2027, 1, 1)) - month_number(date(2026, 12, 31)) == 1
    assert look("2026-Q3", date(2026, 10, 1)).months == (
        month_number(date(2026, 7, 1)),
        month_number(date(2026, 9, 1)),
    )


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (SubPeriodKind.HALF_MONTH, [range(1, 16), range(16, 32)]),
        (SubPeriodKind.TEN_DAYS, [range(1, 11), range(11, 21), range(21, 32)]),
    ],
)
def test_parts_of_a_month_as_bits(kind: SubPeriodKind, days: list[range]) -> None:
    found = [[day for day in range(1, 32) if mask >> (day - 1) & 1] for mask in day_masks(kind)]
    assert found == [list(part) for part in days]
