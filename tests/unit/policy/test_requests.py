"""What a person asks for, read strictly."""

import pytest

from cunjing.policy.errors import RequestError
from cunjing.policy.requests import read_periods


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["2026-09"], ["2026-09"]),
        (["2026-11..2027-02"], ["2026-11", "2026-12", "2027-01", "2027-02"]),
        (["2026-09..2026-09"], ["2026-09"]),
        (["2026-Q4..2027-Q1"], ["2026-Q4", "2027-Q1"]),
        (["2025-H2..2026-H1", "2026"], ["2025-H2", "2026-H1", "2026"]),
        (["2026-09", "2026-07..2026-09", "2026-Q3"], ["2026-07", "2026-Q3", "2026-08", "2026-09"]),
    ],
)
def test_periods_come_once_each_in_order_of_time(texts: list[str], found: list[str]) -> None:
    assert [period.text for period in read_periods(texts)] == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-09..", "周期“”不对"),
        ("..2026-09", "周期“”不对"),
        ("2026-9..2026-10", "周期“2026-9”不对"),
        ("2026-07..2026-Q3", "不是同一种周期"),
        ("2026-09..2026-08", "两头写反了"),
        ("2026-06..2026-07..2026-08", "不对"),
    ],
)
def test_what_is_no_range_of_periods_is_refused(text: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        read_periods([text])
