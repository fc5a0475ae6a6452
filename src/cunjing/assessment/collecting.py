"""Which rules the product has the records for. The others are not judged.

A policy may ask for what no form here takes yet (a meeting, a company's members, a grade, pay). Of
that the database holds nothing, and absence of data is not absence of work.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from cunjing.fieldwork.details import SUBKINDS
from cunjing.fieldwork.models import RecordKind
from cunjing.policy.measures import (
    EventFilter,
    EventMeasure,
    HomeViolation,
    PostingCount,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import Period

COLLECTED = (EventMeasure, PostingCount, HomeViolation, TenureMonths, UntrainedViolation)
"""Measures of which the product keeps all that they read. Not matters in time: a matter is opened
here, but nothing closes one yet, so that whoever reports one honestly would miss its deadline."""


def is_collected(rule: Rule) -> bool:
    """Whether everything the rule measures can be entered here."""
    measure = rule.measure
    if isinstance(measure, EventMeasure):
        return _is_entered(measure.event)
    return isinstance(measure, COLLECTED)


def not_collected(policy: Policy, *, period: Period) -> Sequence[str]:
    """The ids of the rules of a period that cannot be judged here, sorted."""
    return [rule.id for rule in policy.rules_for(period) if not is_collected(rule)]


def without(policy: Policy, rules: Collection[str]) -> Policy:
    """The policy, under its own digest, less these rules."""
    if not rules:
        return policy
    return replace(policy, rules=tuple(rule for rule in policy.rules if rule.id not in rules))


def _is_entered(event: EventFilter) -> bool:
    if event.kind not in RecordKind.values:
        return False
    offered = SUBKINDS[RecordKind(event.kind)]
    if not event.subkinds:
        return True
    return offered is not None and not set(event.subkinds).isdisjoint(offered.values)
