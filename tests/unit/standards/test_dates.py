"""Days and months as people and sheets write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunjing.base.clock import SHANGHAI
from cunjing.standards.dates import read_date, read_month
from cunjing.standards.errors import UnreadableValueError

DAY = date(2026, 9, 1)
READABLE_DAYS = st.dates(date(1900, 3, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2026, 9, 1, 23, 59, tzinfo=SHANGHAI),
        46266,
        46266.75,
        "46266",
        "2026-09-01",
        "2026/9/1",
        "2026.9.1",
        "2026年9月1日",
        "2026年9月1号",
        "20260901",
        " 2026-09-01 00:00:00 ",
        "２０２６－０９－０１",
    ],
)
def test_every_writing_of_a_day_is_read(value: object) -> None:
    assert read_date(value) == DAY


@pytest.mark.parametrize(
    "value",
    [
        "9/1/2026",
        "26-9-1",
        "2026-9/1",
        "2026年9月",
        "明天",
        "",
        None,
        True,
        -1,
        60,
        10**9,
        float("nan"),
    ],
)
def test_what_can_be_read_two_ways_or_not_at_all_is_refused(value: object) -> None:
    with pytest.raises(UnreadableValueError, match="2026-09-01"):
        read_date(value)


@pytest.mark.parametrize("value", ["2026-02-30", "2026年13月1日", "20260229"])
def test_a_day_that_does_not_exist_is_refused(value: str) -> None:
    with pytest.raises(UnreadableValueError, match="不存在"):
        read_date(value)


@given(READABLE_DAYS)
def test_serials_count_days(day: date) -> None:
    assert read_date((day - date(1899, 12, 30)).days) == day


@given(READABLE_DAYS)
def test_the_month_of_a_day_is_read_from_any_writing(day: date) -> None:
    written = f"{day.year}年{day.month}月"
    assert read_month(written) == read_month(day) == read_month(f"{day:%Y-%m}") == f"{day:%Y-%m}"


@pytest.mark.parametrize(
    "value", ["1985-03", "1985/3", "1985.3", "1985年3月", "198503", "1985-03-12"]
)
def test_every_writing_of_a_month_is_read(value: str) -> None:
    assert read_month(value) == "1985-03"


@pytest.mark.parametrize("value", ["1985-13", "85-3", "1885-03", "三月", ""])
def test_other_months_are_refused_with_advice(value: str) -> None:
    with pytest.raises(UnreadableValueError, match="1985年3月"):
        read_month(value)
