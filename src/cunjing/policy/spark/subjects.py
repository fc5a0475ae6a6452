"""Who has a row under which rule. Every rule's row of facts about itself is joined here."""

from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir

from cunjing.policy.enums import SubjectKind
from cunjing.policy.model import Rule
from cunjing.policy.spark.ground import Ground
from cunjing.policy.spark.groups import Trees

_RULE = {"rule_id": "string", "is_state": "boolean", "narrowed": "string"}
"""`narrowed`: the role, kind of group or kind of unit a subject must have; a row for each."""


def subjects_of(*, ground: Ground, trees: Trees, name: str, rules: Sequence[Rule]) -> ir.Table:
    """rule_id, subject, village_code, staff_id, available (days; null but for postings).

    All `rules` are about one kind of subject; `name` is that of their table.
    """
    (kind,) = {rule.subject.kind for rule in rules}
    rows = [
        {"rule_id": rule.id, "is_state": rule.is_state, "narrowed": narrowed}
        for rule in rules
        for narrowed in _narrowed(rule)
    ]
    asked = ground.views.rows(f"{name}_subject", _RULE, rows)
    found = _OF_KIND[kind](ground, trees)
    if kind is SubjectKind.VILLAGE:
        met = asked.cross_join(found)
    else:
        met = asked.inner_join(found, asked.narrowed == found.has)
    return met.filter(ibis.ifelse(met.is_state, met.on_day, met.in_period)).select(
        "rule_id", "subject", "village_code", "staff_id", "available"
    )


def _narrowed(rule: Rule) -> Sequence[str | None]:
    match rule.subject.kind:
        case SubjectKind.POSTING | SubjectKind.STAFF:
            return sorted(set(rule.subject.roles))
        case SubjectKind.GROUP:
            return [rule.subject.group_kind]
        case SubjectKind.UNIT:
            return [rule.subject.unit_kind]
        case SubjectKind.VILLAGE:
            return [None]


def _postings(ground: Ground, _trees: Trees) -> ir.Table:
    spans = ground.postings
    return spans.select(
        "village_code",
        "staff_id",
        "available",
        "on_day",
        subject="posting_id",
        has="role",
        in_period=spans.available.notnull(),
    )


def _villages(ground: Ground, _trees: Trees) -> ir.Table:
    villages = ground.villages
    return villages.select(
        "village_code",
        "on_day",
        "in_period",
        subject="village_code",
        staff_id=ibis.null("string"),
        available=ibis.null("int64"),
    )


def _staff(ground: Ground, _trees: Trees) -> ir.Table:
    """Staff on duty on a day of the period."""
    staff, period = ground.views.fact("staff"), ground.look.period
    first = ibis.greatest(staff.on_duty_from, ibis.literal(period.start))
    last = ibis.least(staff.on_duty_to, ibis.literal(period.end))
    return _undated(staff.filter(first < last), subject="staff_id", has="role", staff_id="staff_id")


def _groups(ground: Ground, trees: Trees) -> ir.Table:
    """Groups without a village, or whose village is valid on the day looked at."""
    seated, villages = trees.seated, ground.villages
    there = villages.filter(villages.on_day).select(there_code="village_code")
    met = seated.left_join(there, seated.village_code == there.there_code)
    met = met.filter(met.village_code.isnull() | met.there_code.notnull())
    return _undated(met, subject="group_id", has="kind", village_code="village_code")


def _units(ground: Ground, _trees: Trees) -> ir.Table:
    return _undated(ground.views.fact("units"), subject="unit_code", has="kind")


def _undated(table: ir.Table, **names: str) -> ir.Table:
    nothing = {"village_code": ibis.null("string"), "staff_id": ibis.null("string")}
    return table.select(
        **{**nothing, **names},
        available=ibis.null("int64"),
        on_day=ibis.literal(True),
        in_period=ibis.literal(True),
    )


_OF_KIND: dict[SubjectKind, Callable[[Ground, Trees], ir.Table]] = {
    SubjectKind.POSTING: _postings,
    SubjectKind.VILLAGE: _villages,
    SubjectKind.STAFF: _staff,
    SubjectKind.GROUP: _groups,
    SubjectKind.UNIT: _units,
}
