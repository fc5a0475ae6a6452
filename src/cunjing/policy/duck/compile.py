"""Rules as rows: what the policy says, in the tables the SQL joins.

Nothing of a policy reaches the SQL text; every id, role, post and number is a cell of these rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from cunjing.policy.duck.settings import NAME_A_PERIOD
from cunjing.policy.enums import EventKind, SubjectKind
from cunjing.policy.measures import (
    CommitteeViolations,
    EventMeasure,
    GroupCount,
    HamletViolations,
    MarkValue,
    MattersOverdue,
    MoneyRatio,
    PairViolations,
    PostViolations,
    Tally,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import Between, ByGrade, DaysOfPeriod, Rule, Running
from cunjing.policy.periods import Period, start_of_day

Cell = str | int | bool | None
Row = dict[str, Cell]

SHAPES: dict[str, dict[str, str]] = {
    "rule": {
        "rule_no": "USMALLINT",
        "policy_id": "VARCHAR",
        "policy_digest": "VARCHAR",
        "rule_id": "VARCHAR",
        "clause": "VARCHAR",
        "subject_kind": "VARCHAR",
        "group_kind": "VARCHAR",
        "unit_kind": "VARCHAR",
        "is_state": "BOOLEAN",
        "measure": "VARCHAR",
        "source_id": "INTEGER",
        "tally": "VARCHAR",
        "measured_kind": "VARCHAR",
        "measured_low": "INTEGER",
        "measured_high": "INTEGER",
        "relation": "VARCHAR",
        "item": "VARCHAR",
        "other_item": "VARCHAR",
        "mark_item": "VARCHAR",
        "operator": "VARCHAR",
        "low": "BIGINT",
        "high": "BIGINT",
        "prorated": "BOOLEAN",
        "minimum_days": "INTEGER",
        "may_wait": "BOOLEAN",
        "asks_sync": "BOOLEAN",
        "as_a_rule": "BOOLEAN",
        "advice_above": "BOOLEAN",
    },
    "rule_role": {"rule_no": "USMALLINT", "role": "VARCHAR"},
    "rule_scope": {"rule_no": "USMALLINT", "prefix": "VARCHAR"},
    "rule_post": {
        "rule_no": "USMALLINT",
        "post": "VARCHAR",
        "group_kind": "VARCHAR",
        "same_as": "VARCHAR",
    },
    "rule_matter": {
        "rule_no": "USMALLINT",
        "kind": "VARCHAR",
        "subkind": "VARCHAR",
        "within_days": "INTEGER",
    },
    "rule_mark": {"rule_no": "USMALLINT", "mark": "VARCHAR", "number": "BIGINT"},
    "event_source": {
        "source_id": "INTEGER",
        "subject_kind": "VARCHAR",
        "kind": "VARCHAR",
        "subkind": "VARCHAR",
        "lacking": "VARCHAR",
        "keeps_objects": "BOOLEAN",
    },
}
"""The rule tables: name -> column -> SQL type. `low` is null where the threshold hangs on a mark;
`rule_mark.number` is what a mark is worth: a value (grade rule) or a threshold (pay rule).
`rule_scope` has rows where there are several policies only."""

ON_DEMAND = frozenset({"rule_matter"})
"""Tables read for one class of measure only, whose rules always have rows there: else not made."""

_MEASURE_COLUMNS = {
    "tally": "tally",
    "group_kind": "measured_kind",
    "low": "measured_low",
    "high": "measured_high",
    "relation": "relation",
    "item": "item",
    "staff_item": "item",
    "village_item": "other_item",
    "grade_item": "mark_item",
}
"""Fields of the measure classes that are one cell of `rule` -> its column."""

_JUDGING = frozenset(
    {
        "policy_id",
        "policy_digest",
        "operator",
        "low",
        "high",
        "prorated",
        "minimum_days",
        "may_wait",
        "asks_sync",
        "as_a_rule",
        "advice_above",
    }
)
"""Columns of `rule` that are read only from the last step on."""

_OF_VILLAGES = {SubjectKind.VILLAGE, SubjectKind.GROUP}
_OF_TENURES = {TenureMonths.__name__, UntrainedViolation.__name__}
_OF_GROUPS = {GroupCount.__name__, HamletViolations.__name__}


SourceKey = tuple[object, ...]
"""What an event source is: subject kind, events meant, column looked for, objects kept."""


@dataclass(slots=True)
class RuleTables:
    """Rows for every table of `SHAPES`, and what the SQL has to do for them."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in SHAPES})
    sources: dict[SourceKey, int] = field(default_factory=dict)
    measures: set[str] = field(default_factory=set)
    subjects: set[SubjectKind] = field(default_factory=set)
    event_subjects: set[SubjectKind] = field(default_factory=set)
    event_kinds: set[EventKind] = field(default_factory=set)
    is_scoped: bool = False
    """Whether each rule looks at the divisions of its policy only."""

    def measures_as(self, other: "RuleTables") -> bool:
        """Whether both say the same but for what `judge` alone reads of a rule."""

        def measuring(tables: RuleTables) -> dict[str, list[Row]]:
            plain = [
                {column: row[column] for column in row if column not in _JUDGING}
                for row in tables.rows["rule"]
            ]
            return tables.rows | {"rule": plain}

        return measuring(self) == measuring(other)

    @property
    def plain_sources(self) -> dict[str, int]:
        """Kind of event -> the source that credits it to postings, where one source reads all of
        each kind and nothing but how many, on which days, about which objects; else empty. What is
        so tallied is read off for every posting, whatever its village."""
        if self.is_scoped:
            return {}
        rows = [row for row in self.rows["event_source"] if row["subject_kind"] == "posting"]
        found = {str(row["kind"]): int(row["source_id"] or 0) for row in rows}
        one_each = len(found) == len(rows)
        whole = not any(row["subkind"] or row["lacking"] for row in rows)
        return found if one_each and whole and NAME_A_PERIOD.isdisjoint(found) else {}

    @property
    def asks_lacking(self) -> bool:
        """Whether a rule looks for a column its events lack."""
        return any(row["lacking"] for row in self.rows["event_source"])

    @property
    def asks_tenures(self) -> bool:
        """Whether a rule is about how long someone has been posted."""
        return not self.measures.isdisjoint(_OF_TENURES)

    @property
    def asks_villages(self) -> bool:
        """Whether a rule is about villages, or about what is there as long as its village is."""
        return not self.subjects.isdisjoint(_OF_VILLAGES) or MoneyRatio.__name__ in self.measures

    @property
    def asks_groups(self) -> bool:
        """Whether a rule is about groups or their members."""
        return SubjectKind.GROUP in self.subjects or not self.measures.isdisjoint(_OF_GROUPS)


def compile_rules(running: Sequence[Running], *, period: Period, as_of: datetime) -> RuleTables:
    """The rule tables for the rules that run in a period, as seen at `as_of`.

    One policy judges whatever there is; several judge each what lies in its scope.
    """
    tables = RuleTables(is_scoped=len(running) > 1)
    pairs = [(policy, rule) for policy, rules in running for rule in rules]
    for number, (policy, rule) in enumerate(pairs):
        row: Row = dict.fromkeys(SHAPES["rule"])
        row |= _plain(rule)
        row |= {"rule_no": number, "policy_id": policy.id, "policy_digest": policy.digest}
        row |= _threshold(tables, rule, period, number)
        row |= _measure(rule)
        row["minimum_days"] = policy.minimum_days[period.kind]
        row["may_wait"] = as_of < start_of_day(period.end + timedelta(days=rule.grace_days))
        if isinstance(rule.measure, EventMeasure):
            row["source_id"] = _source(tables, rule.subject.kind, rule.measure)
        tables.rows["rule"].append(row)
        if tables.is_scoped:
            tables.rows["rule_scope"] += [
                {"rule_no": number, "prefix": prefix} for prefix in policy.scope
            ]
        for name, extra in _extras(rule):
            tables.rows[name].append({**dict.fromkeys(SHAPES[name]), "rule_no": number, **extra})
        tables.measures.add(type(rule.measure).__name__)
        tables.subjects.add(rule.subject.kind)
    return tables


def _plain(rule: Rule) -> Row:
    return {
        "rule_id": rule.id,
        "clause": rule.clause,
        "subject_kind": rule.subject.kind.value,
        "group_kind": rule.subject.group_kind,
        "unit_kind": rule.subject.unit_kind,
        "is_state": rule.is_state,
        "measure": type(rule.measure).__name__,
        "operator": rule.operator.value,
        "prorated": rule.prorated
        and rule.subject.kind is SubjectKind.POSTING
        and not rule.is_state,
        "asks_sync": rule.waits_for_records,
        "as_a_rule": rule.as_a_rule,
        "advice_above": rule.advice_above,
    }


def _threshold(tables: RuleTables, rule: Rule, period: Period, number: int) -> Row:
    match rule.threshold_on(period.start):
        case Between(low=low, high=high):
            return {"low": low, "high": high}
        case DaysOfPeriod():
            return {"low": period.days}
        case ByGrade(table=table):
            tables.rows["rule_mark"] += [
                {"rule_no": number, "mark": grade, "number": fen} for grade, fen in table.items()
            ]
            return {}
        case low:
            return {"low": low}


def _measure(rule: Rule) -> Row:
    measure = rule.measure
    row: Row = {
        _MEASURE_COLUMNS[entry.name]: getattr(measure, entry.name)
        for entry in fields(measure)
        if entry.name in _MEASURE_COLUMNS
    }
    if isinstance(measure, EventMeasure) and measure.tally is Tally.SUBPERIODS:
        row["tally"] = measure.sub_period
    if isinstance(measure, MarkValue):
        row["mark_item"] = measure.item
    return row


def _extras(rule: Rule) -> Iterator[tuple[str, Row]]:
    for role in sorted(set(rule.subject.roles)):
        yield "rule_role", {"role": role.value}
    match rule.measure:
        case MattersOverdue() as measure:
            for row in _matters(measure):
                yield "rule_matter", row
        case MarkValue(scale=scale):
            for mark, number in scale.items():
                yield "rule_mark", {"mark": mark, "number": number}
        case _:
            for row in _posts(rule):
                yield "rule_post", row


def _matters(measure: MattersOverdue) -> Iterator[Row]:
    """A row for each subkind, or one for all."""
    subkinds: list[str | None] = [*sorted(set(measure.matter.subkinds))] or [None]
    for subkind in subkinds:
        yield {
            "kind": measure.matter.kind.value,
            "subkind": subkind,
            "within_days": measure.within_days,
        }


def _posts(rule: Rule) -> Iterator[Row]:
    """The posts a rule asks for; none where it asks for something else."""
    match rule.measure:
        case PostViolations(posts=requirements):
            for asked in requirements:
                yield {"post": asked.post.value, "group_kind": asked.group_kind.value}
        case PairViolations(pairs=pairs):
            for pair in pairs:
                yield {"post": pair.post.value, "same_as": pair.same_as.value}
        case CommitteeViolations(posts=posts):
            for post in posts:
                yield {"post": post.value}


def _source(
    tables: RuleTables,
    subject: SubjectKind,
    measure: EventMeasure,
) -> int:
    """The number of the event source; rules that read the same events share one."""
    keeps_objects = measure.tally is Tally.DISTINCT_OBJECTS
    key = (subject, measure.event, measure.lacking, keeps_objects)
    if key not in tables.sources:
        tables.sources[key] = len(tables.sources)
        subkinds: list[str | None] = [*sorted(set(measure.event.subkinds))] or [None]
        tables.event_subjects.add(subject)
        tables.event_kinds.add(measure.event.kind)
        tables.rows["event_source"] += [
            {
                "source_id": tables.sources[key],
                "subject_kind": subject.value,
                "kind": measure.event.kind.value,
                "subkind": subkind,
                "lacking": measure.lacking,
                "keeps_objects": keeps_objects,
            }
            for subkind in subkinds
        ]
    return tables.sources[key]
