"""Thresholds that nobody can miss, or nobody can meet: a slip of the pen that no verdict shows."""

from collections.abc import Iterator, Sequence
from math import inf

from cunjing.policy.enums import EventKind, Operator
from cunjing.policy.measures import (
    EventMeasure,
    HomeViolation,
    MarkValue,
    PairViolations,
    Tally,
    UntrainedViolation,
)
from cunjing.policy.model import Between, DaysOfPeriod, Rule
from cunjing.policy.periods import LONGEST, MONTHS, PeriodKind, SubPeriodKind

_HELD_LATER = (EventKind.REPORT, EventKind.SUMMARY, EventKind.MEETING)
"""Events that may name the period they are about: their days may lie outside it, without end."""
_PARTS = {SubPeriodKind.HALF_MONTH: 2, SubPeriodKind.TEN_DAYS: 3}


def reach_faults(rule: Rule, value: int | Between | DaysOfPeriod) -> Iterator[str]:
    """What is wrong with a threshold that can never be met, or always is.

    The longest period of the kind decides: what cannot be met in it can be met in none, and what is
    always met in it always is. Prorating only takes from it.
    """
    low, high = _wanted(rule, value)
    least, most, grades = _possible(rule)
    named = "days_of_period" if isinstance(value, DaysOfPeriod) else ""
    if low > most:
        yield f"门槛 {named or low} 永远达不到，一个周期最多 {most}"
    elif high < least:
        yield f"门槛 {named or high} 永远达不到，数出来的最少是 {least}"
    elif low <= least and most <= high:
        yield _always(rule, named or _said(value), least=least, most=most)
    elif grades and not any(low <= one <= high for one in grades):
        listed = "、".join(map(str, grades))
        yield f"门槛 {_said(value)} 永远达不到，scale 里的数是 {listed}"


def _wanted(rule: Rule, value: int | Between | DaysOfPeriod) -> tuple[float, float]:
    """The least and the greatest value that meets the threshold."""
    if isinstance(value, Between):
        return value.low, value.high
    number = value if isinstance(value, int) else LONGEST[rule.period or PeriodKind.MONTH]
    return (
        -inf if rule.operator is Operator.AT_MOST else number,
        inf if rule.operator is Operator.AT_LEAST else number,
    )


def _possible(rule: Rule) -> tuple[float, float, Sequence[int]]:
    """The least and the greatest value there can be, and of grades, which leave out numbers, all.

    Nothing counted is less than nothing.
    """
    if isinstance(rule.measure, MarkValue):
        grades = sorted(set(rule.measure.scale.values())) or [0]
        return grades[0], grades[-1], grades
    return 0, _most(rule), ()


def _most(rule: Rule) -> float:
    match rule.measure:
        case HomeViolation() | UntrainedViolation():
            return 1
        case PairViolations(pairs=pairs) if pairs:
            return len(pairs)
        case EventMeasure(sub_period=SubPeriodKind() as part) if rule.period:
            return MONTHS[rule.period] * _PARTS[part]
        case EventMeasure(tally=Tally.DISTINCT_DAYS, event=event) if rule.period:
            return inf if event.kind in _HELD_LATER else LONGEST[rule.period]
        case _:
            return inf


def _said(value: int | Between | DaysOfPeriod) -> str:
    return f"{value.low} 至 {value.high}" if isinstance(value, Between) else str(value)


def _always(rule: Rule, said: str, *, least: float, most: float) -> str:
    if rule.operator is Operator.AT_MOST:
        return f"门槛 {said} 怎样都达标，最多也只有 {most}"
    if rule.operator is not Operator.AT_LEAST:
        return f"门槛 {said} 怎样都达标，数出来的总在 {least} 至 {most} 之间"
    if least == 0:
        return "门槛为 0 或负数，怎样都达标"
    return f"门槛 {said} 怎样都达标，最少也有 {least}"
