"""What a person asks for on the command line or in a form, read strictly: period, time, rules."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from cunjing.policy.errors import RequestError
from cunjing.policy.facts import Facts
from cunjing.policy.measures import MarkValue, MoneyValue
from cunjing.policy.model import ByGrade, Policy, Rule, Running
from cunjing.policy.periods import (
    SHANGHAI,
    Period,
    as_utc_naive,
    following,
    parse_period,
    start_of_day,
)

PERIOD_NAMES = {"month": "月", "quarter": "季", "half_year": "半年", "year": "年"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_period(text: str) -> Period:
    """`2026-09`, `2026-Q3`, `2026-H1` or `2026`; RequestError otherwise."""
    try:
        return parse_period(text)
    except ValueError:
        raise RequestError(f"周期“{text}”不对，应写作 2026-09、2026-Q3、2026-H1 或 2026") from None


def read_periods(texts: Sequence[str]) -> tuple[Period, ...]:
    """Periods one by one or from one to another (`2026-06..2026-09`), each once, in order of time.

    RequestError for what is no period, ends before it begins, or joins two kinds.
    """
    found: dict[str, Period] = {}
    for text in texts:
        first, dots, last = text.partition("..")
        one, end = read_period(first), read_period(last if dots else first)
        if one.kind is not end.kind:
            raise RequestError(f"周期“{text}”的两头不是同一种周期，例如应写作 2026-06..2026-09")
        if end.start < one.start:
            raise RequestError(f"周期“{text}”的两头写反了，应从早到晚，例如 2026-06..2026-09")
        found[one.text] = one
        while one != end:
            one = following(one)
            found[one.text] = one
    return tuple(sorted(found.values(), key=lambda period: (period.start, period.end)))


def read_as_of(text: str | None) -> datetime:
    """An aware time; a bare date is its 00:00 in Shanghai; None is now."""
    if text is None:
        return datetime.now(tz=SHANGHAI)
    try:
        if _DATE.fullmatch(text):
            moment = start_of_day(date.fromisoformat(text))
        else:
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            as_utc_naive(moment)  # the first and last hours of the calendar have no other date
            return moment.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        pass
    raise RequestError(
        f"时间“{text}”不对，应写作 2026-10-01 或 2026-10-01T08:00:00+08:00（要有时区）"
    )


def read_rules(policy: Policy, period: Period, names: Sequence[str] | None) -> tuple[Rule, ...]:
    """The rules to run. RequestError for one the policy lacks or that has another period."""
    if not names:
        return policy.rules_for(period)
    known = {rule.id: rule for rule in policy.rules}
    for name in names:
        if name not in known:
            raise RequestError(f"政策 {policy.id} 没有规则“{name}”，有：{'、'.join(sorted(known))}")
        own = known[name].period
        if own not in {None, period.kind}:
            wanted = PERIOD_NAMES[own] if own else ""
            raise RequestError(f"规则“{name}”按{wanted}计算，不能用于周期 {period.text}")
        if known[name].threshold_on(period.start) is None:
            raise RequestError(f"规则“{name}”在 {period.start} 没有生效的门槛")
    return policy.rules_for(period, names)


def read_running(
    policies: Sequence[Policy], period: Period, names: Sequence[str] | None
) -> list[Running]:
    """What runs of each policy. Of several, one that is not in force on the first day of the period
    runs nothing: its successor may stand beside it. A policy alone is asked whatever its dates say.

    RequestError for a policy given twice, for several of which none is in force, for a rule that
    none of them has, and as from `read_rules`.
    """
    if len(policies) == 1:
        return [Running(policy, read_rules(policy, period, names)) for policy in policies]
    ids = [policy.id for policy in policies]
    for policy_id in ids:
        if ids.count(policy_id) > 1:
            raise RequestError(f"政策 {policy_id} 给了两次，请去掉一个")
    if not any(policy.holds_on(period.start) for policy in policies):
        raise RequestError(f"政策 {'、'.join(ids)} 在 {period.start} 都没有施行")
    for name in names or ():
        if not any(name == rule.id for policy in policies for rule in policy.rules):
            raise RequestError(f"政策 {'、'.join(ids)} 都没有规则“{name}”")
    return [Running(policy, _rules_beside(policy, period, names)) for policy in policies]


def _rules_beside(policy: Policy, period: Period, names: Sequence[str] | None) -> tuple[Rule, ...]:
    """The rules of one of several policies: all, or those of the names that it has."""
    if not policy.holds_on(period.start):
        return ()
    own = {rule.id for rule in policy.rules}
    wanted = [name for name in names or () if name in own]
    return () if names and not wanted else read_rules(policy, period, wanted)


def check_marks_of_several(facts: Facts, running: Sequence[Running]) -> None:
    """InputError when a mark is on no grade of any of the policies: which of them judges a subject
    is not known before, and what is not on its own policy's scale is refused then."""
    known: dict[str, set[str]] = {}
    for _, rules in running:
        for item, grades in _graded(rules):
            known.setdefault(item, set()).update(grades)
    for item, every in known.items():
        facts.check_marks(item=item, allowed=every)


def check_marks(facts: Facts, rules: Sequence[Rule]) -> None:
    """InputError when a mark a rule reads is on none of its grades."""
    for item, grades in _graded(rules):
        facts.check_marks(item=item, allowed=grades)


def _graded(rules: Sequence[Rule]) -> Iterator[tuple[str, Collection[str]]]:
    """The items of marks that rules read, each with the grades its rule knows."""
    for rule in rules:
        measure = rule.measure
        if isinstance(measure, MarkValue):
            yield measure.item, measure.scale
        elif isinstance(measure, MoneyValue) and measure.grade_item:
            values = (dated.value for dated in rule.thresholds)
            tables = (value.table for value in values if isinstance(value, ByGrade))
            yield measure.grade_item, {grade for table in tables for grade in table}
