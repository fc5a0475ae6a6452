"""A policy as frozen data: what the loader hands to the engines.

A `Policy` has clauses and rules. A `Rule` says whom it is about (`subject`), what it measures
(`measure`, one of the `Measure` classes below), in which `period` (None for state rules, which run
in every period), and how the value is held against a threshold. Engines dispatch on the measure's
class; nothing else about a rule decides how a value is computed. Terms: contract section 2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cunjing.policy.enums import (
    Disposition,
    EventKind,
    Exemption,
    GroupKind,
    MemberPost,
    Missing,
    Operator,
    Role,
    RuleKind,
    SubjectKind,
    UnitKind,
)
from cunjing.policy.matching import Matching
from cunjing.policy.measures import EventMeasure, MattersOverdue, Measure
from cunjing.policy.periods import Period, PeriodKind

__all__ = [
    "Between",
    "ByGrade",
    "Clause",
    "DatedThreshold",
    "DaysOfPeriod",
    "EventKind",
    "GroupKind",
    "Item",
    "Listing",
    "MemberPost",
    "Parameter",
    "Policy",
    "Rule",
    "Subject",
    "ThresholdValue",
]


@dataclass(frozen=True, slots=True)
class Between:
    """An inclusive range, for the operator `between`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class DaysOfPeriod:
    """As many as the period has days (a bulletin every day)."""


@dataclass(frozen=True, slots=True)
class ByGrade:
    """One threshold per grade: the text of a mark -> the number it calls for."""

    table: Mapping[str, int]


ThresholdValue = int | Between | DaysOfPeriod | ByGrade


@dataclass(frozen=True, slots=True)
class DatedThreshold:
    """A threshold and the half-open dates it holds between; None = open.

    A period takes the threshold that holds on its first day.
    """

    value: ThresholdValue
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the threshold is in force on a day."""
        return _holds(self.valid_from, self.valid_to, day)


def _holds(start: date | None, end: date | None, day: date) -> bool:
    """Whether a day lies between half-open dates; None = open."""
    return (start is None or start <= day) and (end is None or day < end)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number the document leaves open and the county sets.

    `default` is what holds first; `dated` says since when and until when each number holds, where
    the county has changed it, so that a period is judged by what was set in it.
    """

    id: str
    title: str
    default: ThresholdValue
    note: str
    unit: str
    dated: tuple[DatedThreshold, ...] = ()

    @property
    def thresholds(self) -> tuple[DatedThreshold, ...]:
        """What a rule that uses the parameter asks, with dates."""
        return self.dated or (DatedThreshold(self.default),)

    def value_on(self, day: date) -> ThresholdValue | None:
        """The number on a day; None outside all dates."""
        return next((one.value for one in self.thresholds if one.holds_on(day)), None)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the document in our own words, and what became of it.

    `figure` is the number, frequency or range its duty states, in the shortest form (`每月2天`);
    empty where it states none. `same_as` names the clauses whose duty it repeats: their rules are
    its rules. `origin` is the title of the policy whose document has it, where that is another.
    """

    number: str
    paraphrase: str
    disposition: Disposition
    note: str
    figure: str = ""
    same_as: tuple[str, ...] = ()
    origin: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a rule is about.

    posting: postings whose role is in `roles`. village: every village; `roles` then names whose
    postings are counted (coverage), or is empty. staff: staff whose role is in `roles`.
    group: groups of `group_kind`. unit: units of `unit_kind`.
    """

    kind: SubjectKind
    roles: tuple[Role, ...] = ()
    group_kind: GroupKind | None = None
    unit_kind: UnitKind | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One executable duty.

    `clause` is the clause's number; `as_a_rule` is True where the document says 一般 or 可, here
    or in the sentences this one belongs to, so that a miss is advice. `advice_above` is True where
    more than the range allows is only advice (coverage). `exemptions` holds SHORT_POSTING where the
    rule is prorated. `parameter` is set where the threshold is the county's own. `unit` is the
    Chinese measure word ("天"), `message` the shortfall with `{period}`, `{gap}`, `{value}`,
    `{threshold}`. `changed` names the fields in which it is not the rule of the policy inherited.
    """

    id: str
    clause: str
    title: str
    kind: RuleKind
    subject: Subject
    measure: Measure
    operator: Operator
    thresholds: tuple[DatedThreshold, ...]
    unit: str
    message: str
    period: PeriodKind | None = None
    as_a_rule: bool = False
    advice_above: bool = False
    grace_days: int = 0
    exemptions: tuple[Exemption, ...] = ()
    missing: Missing = Missing.IGNORE
    parameter: Parameter | None = None
    changed: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_state(self) -> bool:
        """Whether the rule looks at one day instead of counting over the period."""
        return self.period is None

    @property
    def counts_events(self) -> bool:
        """Whether the value comes from the events table."""
        return isinstance(self.measure, EventMeasure)

    @property
    def waits_for_records(self) -> bool:
        """Whether what changes the value may still be on the way: a record of work, or that a
        matter was closed. A miss is then `unknown` until whoever is concerned has synced."""
        recorded = isinstance(self.measure, (EventMeasure, MattersOverdue))
        return recorded and self.subject.kind in (SubjectKind.POSTING, SubjectKind.VILLAGE)

    @property
    def prorated(self) -> bool:
        """Whether available days shrink the threshold and short postings are exempt."""
        return Exemption.SHORT_POSTING in self.exemptions

    def threshold_on(self, day: date) -> ThresholdValue | None:
        """The threshold that holds on a day; None when the rule is not in force then."""
        for dated in self.thresholds:
            if dated.holds_on(day):
                return dated.value
        return None


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a listing, such as one of the six questions."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list the document gives: roles, tasks, questions, prohibitions, duties, a board's text.

    `roles` and `posts` say whom it is for; both empty: everyone.
    """

    id: str
    clause: str
    title: str
    roles: tuple[Role, ...]
    items: tuple[Item, ...]
    posts: tuple[MemberPost, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole programme. `digest` is the SHA-256 of its canonical form, overrides included."""

    id: str
    title: str
    issuer: str
    document_number: str
    issued_on: date
    source_digest: str
    scope: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    supersedes: str | None
    inherits: str | None
    time_zone: str
    calendar: str
    minimum_days: Mapping[PeriodKind, int]
    parameters: tuple[Parameter, ...]
    clauses: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    role_sets: tuple[Listing, ...]
    tasks: tuple[Listing, ...]
    questions: tuple[Listing, ...]
    prohibitions: tuple[Listing, ...]
    grades: tuple[str, ...]
    pay: Mapping[str, Mapping[str, int]]
    matching_weights: Mapping[str, int]
    digest: str
    duties: tuple[Listing, ...] = ()
    boards: tuple[Listing, ...] = ()
    matching: tuple[Matching, ...] = ()

    def clause(self, number: str) -> Clause:
        """The clause with this number; KeyError if the document has none."""
        for clause in self.clauses:
            if clause.number == number:
                return clause
        raise KeyError(number)

    def rules_of(self, number: str) -> tuple[Rule, ...]:
        """The rules that carry out a clause, those of the clauses it repeats included."""
        numbers = {number, *self.clause(number).same_as}
        return tuple(rule for rule in self.rules if rule.clause in numbers)

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Every list of the policy."""
        said = (*self.role_sets, *self.duties, *self.tasks, *self.questions)
        return (*said, *self.prohibitions, *self.boards)

    def matching_for(self, role: Role) -> Matching | None:
        """How candidates for a role are weighed; None where the policy does not say."""
        return next((entry for entry in self.matching if role in entry.roles), None)

    def parameter(self, name: str) -> Parameter:
        """The parameter with this id; KeyError if the policy has none."""
        for parameter in self.parameters:
            if parameter.id == name:
                return parameter
        raise KeyError(name)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id; KeyError if the policy has none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def holds_on(self, day: date) -> bool:
        """Whether the policy is in force on a day."""
        return _holds(self.valid_from, self.valid_to, day)

    def rules_for(self, period: Period, only: Sequence[str] | None = None) -> tuple[Rule, ...]:
        """The state rules and those of the period's kind, sorted by id, in force on its first day.

        `only` narrows them; KeyError(rule id) for a rule that does not run in such a period.
        """
        running = {
            rule.id: rule
            for rule in sorted(self.rules, key=lambda rule: rule.id)
            if rule.period in (None, period.kind) and rule.threshold_on(period.start) is not None
        }
        if only is None:
            return tuple(running.values())
        return tuple(running[rule_id] for rule_id in sorted(set(only)))


class Running(NamedTuple):
    """A policy and those of its rules that run in a period."""

    policy: Policy
    rules: tuple[Rule, ...]
