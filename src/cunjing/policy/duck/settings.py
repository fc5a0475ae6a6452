"""What one evaluation looks at, as SQL literals: days, times, names of periods, day masks."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from cunjing.policy.enums import EventKind
from cunjing.policy.measures import MOST_PERCENT
from cunjing.policy.periods import (
    Period,
    SubPeriodKind,
    as_utc_naive,
    local_date,
    parse_period,
    start_of_day,
)
from cunjing.policy.source import quoted

Setting = str | int | bool | date | datetime | list[str] | list[int]

NAME_A_PERIOD = frozenset({EventKind.REPORT, EventKind.SUMMARY, EventKind.MEETING})
"""Kinds of events that may name the period they are about, whenever they happened."""

_FULL_MONTH = parse_period("2000-01")
"""Any month of 31 days: its parts, as bits, cover the parts of every shorter month."""


def settings(*, period: Period, as_of: datetime, sync_kept: bool) -> dict[str, Setting]:
    """What stands in the SQL as `getvariable`, except what part of the events is read (`scan`).

    Days are local dates, `p_to` exclusive; times are naive UTC as in the facts views. `look_day`
    is the day state rules look at. Month numbers are year * 12 + month.
    """
    as_of_day = local_date(as_of)
    look_day = min(period.last_day, as_of_day)
    return {
        "period": period.text,
        "period_days": period.days,
        "p_from": period.start,
        "p_to": period.end,
        "last_day": period.last_day,
        "first_month": _month(period.start),
        "last_month": _month(period.last_day),
        "month_from": period.last_day.replace(day=1),
        "p_end_time": as_utc_naive(start_of_day(period.end)),
        "as_of": as_utc_naive(as_of),
        "as_of_day": as_of_day,
        "look_day": look_day,
        "day_after": look_day + timedelta(days=1),
        "look_month": _month(look_day),
        "period_names": list(_names_within(period)),
        "half_month_masks": _masks(SubPeriodKind.HALF_MONTH),
        "ten_day_masks": _masks(SubPeriodKind.TEN_DAYS),
        "sync_kept": sync_kept,
        "most_percent": MOST_PERCENT,
    }


def scan(*, period: Period, named: bool) -> dict[str, Setting]:
    """Local dates read: the period; every date where an event may name the period it is about."""
    if named:
        return {"scan_from": date.min, "scan_to": date.max}
    return {"scan_from": period.start, "scan_to": period.end}


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _names_within(period: Period) -> Iterator[str]:
    """The names of all periods lying wholly within this one."""
    year = period.start.year
    names = [str(year), *(f"{year}-H{half}" for half in (1, 2))]
    names += [f"{year}-Q{quarter}" for quarter in (1, 2, 3, 4)]
    names += [f"{year}-{month:02}" for month in range(1, 13)]
    return (name for name in names if period.contains(parse_period(name)))


def _masks(kind: SubPeriodKind) -> list[int]:
    """One bit mask per part of a month, bit 0 the first."""
    return [
        (1 << (end - _FULL_MONTH.start).days) - (1 << (start - _FULL_MONTH.start).days)
        for start, end in _FULL_MONTH.sub_periods(kind)
    ]


def literals(values: Mapping[str, Setting]) -> dict[str, str]:
    """Each value as an SQL literal. To set twenty variables took a tenth of a small evaluation."""
    return {name: _literal(value) for name, value in values.items()}


def _literal(value: Setting) -> str:
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return quoted(value)
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case _:
            return str(value)
