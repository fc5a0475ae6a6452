"""Periods and their parts, as a calendar has them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from tests.support.machine import elsewhere

from cunjing.policy.periods import (
    PeriodKind,
    SubPeriodKind,
    add_months,
    as_utc_naive,
    following,
    local_date,
    parse_period,
    period_at,
    start_of_day,
)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "days"),
    [
        ("2026-09", PeriodKind.MONTH, date(2026, 9, 1), date(2026, 10, 1), 30),
        ("2028-02", PeriodKind.MONTH, date(2028, 2, 1), date(2028, 3, 1), 29),
        ("2026-12", PeriodKind.MONTH, date(2026, 12, 1), date(2027, 1, 1), 31),
        ("2026-Q1", PeriodKind.QUARTER, date(2026, 1, 1), date(2026, 4, 1), 90),
        ("2026-Q4", PeriodKind.QUARTER, date(2026, 10, 1), date(2027, 1, 1), 92),
        ("2026-H1", PeriodKind.HALF_YEAR, date(2026, 1, 1), date(2026, 7, 1), 181),
        ("2026-H2", PeriodKind.HALF_YEAR, date(2026, 7, 1), date(2027, 1, 1), 184),
        ("2028", PeriodKind.YEAR, date(2028, 1, 1), date(2029, 1, 1), 366),
    ],
)
def test_a_period_has_its_days(
    text: str, kind: PeriodKind, start: date, end: date, days: int
) -> None:
    period = parse_period(text)
    assert (period.kind, period.start, period.end, period.days) == (kind, start, end, days)


@pytest.mark.parametrize(
    "text", ["26", "2026-0", "2026-00", "2026-Q0", "2026-h1", "2026-09-01", "2０２６-10"]
)
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_period(text)


def test_half_months_break_after_the_fifteenth() -> None:
    parts = list(parse_period("2026-02").sub_periods(SubPeriodKind.HALF_MONTH))
    assert parts == [
        (date(2026, 2, 1), date(2026, 2, 16)),
        (date(2026, 2, 16), date(2026, 3, 1)),
    ]


@pytest.mark.parametrize("kind", list(SubPeriodKind))
@pytest.mark.parametrize("text", ["2026-02", "2026-Q4", "2028-H1", "2028"])
def test_sub_periods_tile_their_period(text: str, kind: SubPeriodKind) -> None:
    period = parse_period(text)
    parts = list(period.sub_periods(kind))
    assert parts[0][0] == period.start
    assert parts[-1][1] == period.end
    assert all(left[1] == right[0] for left, right in pairwise(parts))


def test_a_period_contains_those_within_it() -> None:
    assert parse_period("2026-H2").contains(parse_period("2026-Q3"))
    assert parse_period("2026-H2").contains(parse_period("2026-12"))
    assert not parse_period("2026-H2").contains(parse_period("2026"))


def test_months_are_added_within_short_months() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


def test_days_begin_in_shanghai() -> None:
    moment = datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert local_date(moment) == date(2026, 10, 1)
    assert start_of_day(date(2026, 10, 1)) == moment
    assert as_utc_naive(start_of_day(date(2026, 10, 1))).isoformat() == "2026-09-30T16:00:00"


@pytest.mark.parametrize(
    ("text", "next_one"),
    [
        ("2026-09", "2026-10"),
        ("2026-12", "2027-01"),
        ("2026-Q1", "2026-Q2"),
        ("2026-Q3", "2026-Q4"),
        ("2026-Q4", "2027-Q1"),
        ("2026-H1", "2026-H2"),
        ("2026-H2", "2027-H1"),
        ("2026", "2027"),
    ],
)
def test_the_period_after_is_of_the_same_kind_and_leaves_no_gap(text: str, next_one: str) -> None:
    period = parse_period(text)
    after = following(period)
    assert (after.text, after.kind, after.start) == (next_one, period.kind, period.end)


def test_a_date_is_shanghais_wherever_the_machine_stands() -> None:
    with elsewhere():
        assert local_date(datetime(2026, 9, 30, 16, tzinfo=UTC)) == date(2026, 10, 1)
        assert local_date(datetime(2026, 9, 30, 15, 59, tzinfo=UTC)) == date(2026, 9, 30)


@pytest.mark.parametrize("kind", list(PeriodKind))
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_belongs_to_one_period_of_each_kind(kind: PeriodKind, month: int) -> None:
    first = date(2026, month, 1)
    for day in (first, add_months(first, 1) - timedelta(days=1)):
        period = period_at(kind, day)
        assert period.kind is kind
        assert period.start <= day < period.end
