"""Which three months the demo shows."""

from datetime import date

import pytest

from cunjing.demo.months import FROZEN, OPEN, RUNNING, Months


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (date(2026, 11, 21), ["2026-09", "2026-10", "2026-11"]),
        (date(2027, 1, 1), ["2026-11", "2026-12", "2027-01"]),
        (date(2028, 2, 29), ["2027-12", "2028-01", "2028-02"]),
    ],
)
def test_two_whole_months_and_the_running_one(base: date, expected: list[str]) -> None:
    months = Months(base=base)
    assert [months.month(place).text for place in (FROZEN, OPEN, RUNNING)] == expected


def test_days_count_within_a_month_and_beyond() -> None:
    months = Months(base=date(2026, 11, 21))
    assert months.day(OPEN, 16) == date(2026, 10, 16)
    assert months.day(FROZEN, -20) == date(2026, 8, 11)
    assert months.long_before == date(2025, 9, 1)
