"""From a value to a verdict: the threshold that applies, and the first verdict that holds."""

from datetime import timedelta

from cunjing.policy.enums import Operator, VerdictKind
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.measures import MoneyValue
from cunjing.policy.model import Between, ByGrade, DaysOfPeriod, Rule
from cunjing.policy.periods import start_of_day
from cunjing.policy.reference_subjects import Row
from cunjing.policy.reference_world import World
from cunjing.policy.verdict import ThresholdShown


def threshold_of(world: World, rule: Rule, row: Row) -> ThresholdShown:
    """The whole threshold, before prorating; None where it hangs on a grade nobody gave."""
    match rule.threshold_on(world.period.start):
        case Between(low=low, high=high):
            return low, high
        case DaysOfPeriod():
            return (world.period.end - world.period.start).days
        case ByGrade(table=table):
            item = rule.measure.grade_item if isinstance(rule.measure, MoneyValue) else ""
            grade = world.mark(subject_id=row.subject, item=item)
            if grade is not None and grade not in table:
                expected = "、".join(table)
                message = f"{row.subject} 的“{item}”是“{grade}”，应为 {expected} 之一"
                raise InputError([Finding("marks", None, "value", message)])
            return None if grade is None else table[grade]
        case number:
            return number


def prorated(world: World, rule: Rule, row: Row, full: ThresholdShown) -> ThresholdShown:
    """⌈threshold × available ÷ days in period⌉ for a prorated posting, else the whole."""
    if row.available is None or not isinstance(full, int) or rule.operator is not Operator.AT_LEAST:
        return full
    days = (world.period.end - world.period.start).days
    whole, rest = divmod(full * row.available, days)
    return whole + 1 if rest else whole


def judge(
    world: World, rule: Rule, row: Row, *, threshold: ThresholdShown, exempt: bool
) -> VerdictKind:
    """The first verdict that holds."""
    if exempt:
        return VerdictKind.EXEMPT
    if _holds(rule.operator, row.measured.value, threshold):
        return VerdictKind.PASS
    if rule.operator is Operator.AT_LEAST and not _is_over(world, rule):
        return VerdictKind.NOT_DUE
    if row.measured.value is None or threshold is None or _unsynced(world, rule, row):
        return VerdictKind.UNKNOWN
    if rule.as_a_rule or (rule.advice_above and _above(row.measured.value, threshold)):
        return VerdictKind.ADVICE
    return VerdictKind.FAIL


def _holds(operator: Operator, value: int | None, threshold: ThresholdShown) -> bool:
    if value is None or threshold is None:
        return False
    if isinstance(threshold, tuple):
        low, high = threshold
        return low <= value <= high
    if operator is Operator.AT_LEAST:
        return value >= threshold
    if operator is Operator.AT_MOST:
        return value <= threshold
    return value == threshold


def _is_over(world: World, rule: Rule) -> bool:
    """Whether the period and its days of grace are over at the watermark."""
    return world.as_of >= start_of_day(world.period.end + timedelta(days=rule.grace_days))


def _unsynced(world: World, rule: Rule, row: Row) -> bool:
    """Whether a staff member concerned last synced before the period's end, or never."""
    if not world.has_sync or not rule.waits_for_records:
        return False
    end = start_of_day(world.period.end)
    return any(
        staff_id not in world.synced or world.synced[staff_id] < end for staff_id in row.concerned
    )


def _above(value: int, threshold: ThresholdShown) -> bool:
    return isinstance(threshold, tuple) and value > threshold[1]
