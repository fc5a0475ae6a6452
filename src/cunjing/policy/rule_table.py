"""The compiled rule table: the rules about a posting as plain data, for who judges without us.

Everything the verdict stage needs of a rule, and the words it tells a verdict with, as JSON values
(`field/src/core/verdicts`). Measures are not compiled: the state that they give is sent beside it
(`work_states`), of events with what a later event changes.
"""

from collections.abc import Mapping, Sequence

from cunjing.policy.enums import SubjectKind
from cunjing.policy.measures import EventMeasure
from cunjing.policy.model import Between, ByGrade, DaysOfPeriod, Policy, Rule, ThresholdValue
from cunjing.policy.plain import counts, event_name
from cunjing.policy.wording import clause_note

Json = Mapping[str, object]

EVERY_DAY = "every_day"
"""How the threshold is written that is as many as the period has days."""


def posting_rules(policy: Policy) -> tuple[Rule, ...]:
    """The rules of a policy that are about a posting, sorted by id."""
    found = [rule for rule in policy.rules if rule.subject.kind is SubjectKind.POSTING]
    return tuple(sorted(found, key=lambda rule: rule.id))


def rule_table(policy: Policy) -> Json:
    """The policy's rules about postings with what they share."""
    return {
        "policy": policy.id,
        "title": policy.title,
        "document_number": policy.document_number,
        "digest": policy.digest,
        "minimum_days": {kind.value: days for kind, days in policy.minimum_days.items()},
        "rules": [_rule(policy, rule) for rule in posting_rules(policy)],
    }


def _rule(policy: Policy, rule: Rule) -> Json:
    return {
        "id": rule.id,
        "clause": rule.clause,
        "clause_note": clause_note(policy.clause(rule.clause), rule),
        "title": rule.title,
        "kind": rule.kind.value,
        "roles": [role.value for role in rule.subject.roles],
        "period": rule.period.value if rule.period else None,
        "event": _event(rule),
        "operator": rule.operator.value,
        "thresholds": _thresholds(rule),
        "prorated": rule.prorated,
        "as_a_rule": rule.as_a_rule,
        "advice_above": rule.advice_above,
        "grace_days": rule.grace_days,
        "of_the_county": rule.parameter is not None,
        "unit": rule.unit,
        "message": rule.message,
        "way": counts(rule),
    }


def _event(rule: Rule) -> Json | None:
    """What events are counted and how; None for a rule that looks at one day."""
    measure = rule.measure
    if not isinstance(measure, EventMeasure):
        return None
    return {
        "kind": measure.event.kind.value,
        "subkinds": list(measure.event.subkinds),
        "name": event_name(measure),
        "tally": measure.tally.value,
        "sub_period": measure.sub_period.value if measure.sub_period else None,
        "lacking": measure.lacking,
    }


def _thresholds(rule: Rule) -> Sequence[Json]:
    return [
        {
            "value": _value(dated.value),
            "valid_from": dated.valid_from and dated.valid_from.isoformat(),
            "valid_to": dated.valid_to and dated.valid_to.isoformat(),
        }
        for dated in rule.thresholds
    ]


def _value(value: ThresholdValue) -> object:
    match value:
        case Between(low=low, high=high):
            return [low, high]
        case DaysOfPeriod():
            return EVERY_DAY
        case ByGrade():
            raise TypeError("a grade is a person's, not a posting's")
        case number:
            return number
