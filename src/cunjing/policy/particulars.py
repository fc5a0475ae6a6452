"""What a verdict is made of, looked up when one is explained, whatever engine gave it.

The number is the verdict's; on which days there was work, which seat is empty, which hamlet sends
too few, only a reader asks.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import assert_never

from cunjing.policy import reference_groups as groups
from cunjing.policy.attendance import attendance
from cunjing.policy.duck.subject import find
from cunjing.policy.facts import Facts
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    HamletViolations,
    MattersOverdue,
    PairViolations,
    PostViolations,
)
from cunjing.policy.model import Rule
from cunjing.policy.periods import Period
from cunjing.policy.records import EventRow
from cunjing.policy.reference_matters import overdue_breaches
from cunjing.policy.reference_world import World, world_of
from cunjing.policy.verdict import Breach

_Told = (
    PostViolations
    | AgeViolations
    | HamletViolations
    | PairViolations
    | CommitteeViolations
    | MattersOverdue
)


def days_counted(
    facts: Facts, *, rule: Rule, subject: str, period: Period, counted: Collection[str]
) -> list[date] | None:
    """The local dates of the events counted; None where the rule counts none, or where the other
    days say nothing: somebody was not there on all of them."""
    whole = there_throughout(facts, rule=rule, subject=subject, period=period)
    if not (rule.counts_events and whole):
        return None
    found = find(facts, rule=rule, subject=subject, period=period)
    ids = set(counted)
    return sorted(row.local_date for row in found(EventRow) if row.event_id in ids)


def there_throughout(facts: Facts, *, rule: Rule, subject: str, period: Period) -> bool:
    """Whether there was a posting, and its holder not absent, on every day of the period; true
    where a rule does not ask for less from whoever was not."""
    there = attendance(facts, rule=rule, subject=subject, period=period)
    return there is None or there.available == there.whole


def breaches(
    facts: Facts, *, rule: Rule, subject: str, period: Period, as_of: datetime
) -> list[Breach]:
    """Every place that makes up the value of a subject that has a verdict; none for other rules."""
    measure = rule.measure
    if not isinstance(measure, _Told):
        return []

    found = find(facts, rule=rule, subject=subject, period=period)
    world = world_of(found, has_sync=facts.has("sync"), period=period, as_of=as_of)
    return _found(world, measure, rule=rule, subject=subject)


def _found(world: World, measure: _Told, *, rule: Rule, subject: str) -> list[Breach]:
    if isinstance(measure, HamletViolations):
        return groups.hamlet_breaches(world, measure, subject)
    if isinstance(measure, MattersOverdue):
        return overdue_breaches(world, measure, subject)
    group = world.groups[subject]
    match measure:
        case PostViolations():
            return groups.post_breaches(world, measure, group)
        case AgeViolations():
            return groups.age_breaches(world, measure, group)
        case PairViolations():
            return groups.pair_breaches(world, measure, group)
        case CommitteeViolations():
            return groups.committee_breaches(world, measure, group=group, roles=rule.subject.roles)
    assert_never(measure)
