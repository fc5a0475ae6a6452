"""Where things happen: the dates and times near which a verdict can turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from cunjing.policy.periods import Period, start_of_day

Rows = list[dict[str, Any]]
yes_no_null = st.sampled_from([None, False, True])


@dataclass(frozen=True, slots=True)
class Edges:
    """Where things happen: the dates and times near which a verdict can turn."""

    days: st.SearchStrategy[date]
    long_ago: st.SearchStrategy[date]
    maybe_day: st.SearchStrategy[date | None]
    moments: st.SearchStrategy[datetime]
    maybe_moment: st.SearchStrategy[datetime | None]


def edges_of(period: Period, as_of: datetime) -> Edges:
    """The edges of a period looked at from a watermark."""
    first, after = period.start, period.end
    offsets = (-40, -32, -31, -30, -1, 0, 1, 6, 7, 9, 10, 14, 15, 19, 20, 27)
    near = [first + timedelta(days=days) for days in offsets]
    near += [after + timedelta(days=days) for days in (-8, -7, -2, -1, 0, 1, 29, 30, 31, 32)]
    within = st.integers(0, period.days - 1).map(lambda days: first + timedelta(days=days))
    days = st.sampled_from(near) | within
    hinges = [start_of_day(first), start_of_day(after), start_of_day(as_of.date()), as_of]
    shifts = [timedelta(), timedelta(microseconds=1), timedelta(hours=5), timedelta(days=2)]
    moments = st.sampled_from(
        [hinge + sign * shift for hinge in hinges for shift in shifts for sign in (1, -1)]
    )
    past = (32, 200, 337, 364, 365, 366, 396)
    long_ago = st.sampled_from([first - timedelta(days=days) for days in past])
    return Edges(days, long_ago, st.none() | days, moments, st.none() | moments)


def listed(maker: Callable[[st.DrawFn, int], dict[str, Any]], most: int) -> st.SearchStrategy[Rows]:
    """Up to `most` rows; the maker is given the number of the row for its id."""

    @st.composite
    def rows(draw: st.DrawFn) -> Rows:
        return [maker(draw, number) for number in range(draw(st.integers(0, most)))]

    return rows()


def unique(rows: Rows, *key: str) -> Rows:
    """The rows with distinct keys."""
    return list({tuple(row[name] for name in key): row for row in rows}.values())


def interval(draw: st.DrawFn, start: st.SearchStrategy[Any], end: st.SearchStrategy[Any]) -> Any:
    """A half-open interval, possibly open, possibly empty, never backwards."""
    first, last = draw(start), draw(end)
    if first is not None and last is not None and last < first:
        return last, first
    return first, last


def watermark(draw: st.DrawFn, period: Period) -> datetime:
    """From before the period to after every grace, at and beside midnight."""
    after = (0, 0, 1, 5, 31, 31, 400)
    days = (-3, 1, 14, period.days - 1, *(period.days + days for days in after))
    day = period.start + timedelta(days=draw(st.sampled_from(days)))
    shift = draw(st.sampled_from([0, 0, -1, 1, 36_000_000_000]))
    return start_of_day(day) + timedelta(microseconds=shift)
