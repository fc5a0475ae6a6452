"""Stage 2, second half: values against thresholds. The first case that holds is the verdict."""

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from cunjing.policy.enums import Operator, Role, SubjectKind, VerdictKind
from cunjing.policy.measures import MarkValue, MoneyValue
from cunjing.policy.model import Between, ByGrade, DaysOfPeriod, Policy, Rule
from cunjing.policy.periods import start_of_day
from cunjing.policy.spark.functions import whole_quotient
from cunjing.policy.spark.ground import Ground
from cunjing.policy.spark.part import EVIDENCE, SUBJECT
from cunjing.policy.spark.views import Row

_RULE = {
    "own_id": "string",
    "operator": "string",
    "low": "int64",
    "high": "int64",
    "prorated": "boolean",
    "minimum_days": "int64",
    "may_wait": "boolean",
    "asks_sync": "boolean",
    "as_a_rule": "boolean",
    "advice_above": "boolean",
}
_MARK = {"graded_id": "string", "item": "string", "mark": "string", "number": "int64"}
_CONCERNED = {"silent_rule": "string", "role": "string"}


def judged(
    measured: ir.Table, *, ground: Ground, policy: Policy, rules: Sequence[Rule]
) -> ir.Table:
    """The measured rows (SUBJECT, EVIDENCE) with used_low (the threshold, prorated), full_low,
    high and verdict."""
    rows = [_row(rule, ground=ground, policy=policy) for rule in rules]
    asked = ground.views.rows("rule", _RULE, rows)
    held = measured.inner_join(asked, measured.rule_id == asked.own_id)
    held = _graded(held, ground=ground, rules=rules)
    held = _prorated(held, days=ground.look.period.days)
    held = _heard(held, ground=ground, rules=rules)
    return held.select(*SUBJECT, *EVIDENCE, "used_low", "full_low", "high", verdict=_verdict(held))


def strange_marks(subjects: ir.Table, *, ground: Ground, rules: Sequence[Rule]) -> ir.Table | None:
    """subject, item, mark, known: marks that a rule asks for and whose text it does not know, with
    the texts it knows; None where no rule asks for one."""
    known = _known_marks(rules, ground.look.period.start)
    if not known:
        return None
    scales = ground.views.rows("scale", _MARK, known)
    items = scales.select("graded_id", "item").distinct()
    marks = _marks(ground)
    read = subjects.inner_join(items, subjects.rule_id == items.graded_id).inner_join(
        marks, [("subject", "marked_id"), ("item", "marked_item")]
    )
    texts = scales.group_by(scale_id="graded_id").agg(known=scales.mark.collect().sort().join("、"))
    strange = read.anti_join(scales, [("rule_id", "graded_id"), ("marked_as", "mark")])
    return strange.inner_join(texts, strange.rule_id == texts.scale_id).select(
        "subject", "item", "known", mark="marked_as"
    )


def _row(rule: Rule, *, ground: Ground, policy: Policy) -> Row:
    look = ground.look
    due = start_of_day(look.period.end + timedelta(days=rule.grace_days))
    is_posting = rule.subject.kind is SubjectKind.POSTING
    return {
        "own_id": rule.id,
        "operator": rule.operator.value,
        **_threshold(rule, ground=ground),
        "prorated": rule.prorated and is_posting and not rule.is_state,
        "minimum_days": policy.minimum_days[look.period.kind],
        "may_wait": rule.operator is Operator.AT_LEAST and look.as_of < due,
        "asks_sync": _asks_sync(rule, ground=ground),
        "as_a_rule": rule.as_a_rule,
        "advice_above": rule.advice_above,
    }


def _threshold(rule: Rule, *, ground: Ground) -> Row:
    period = ground.look.period
    match rule.threshold_on(period.start):
        case Between(low=low, high=high):
            return {"low": low, "high": high}
        case DaysOfPeriod():
            return {"low": period.days}
        case ByGrade():
            return {}
        case number:
            return {"low": number}


def _asks_sync(rule: Rule, *, ground: Ground) -> bool:
    return ground.views.facts.has("sync") and rule.waits_for_records


def _known_marks(rules: Sequence[Rule], day: date) -> list[Row]:
    """For every mark a rule reads, the texts it may have and what they are worth."""
    rows: list[Row] = []
    for rule in rules:
        threshold = rule.threshold_on(day)
        if isinstance(rule.measure, MarkValue):
            item, scale = rule.measure.item, rule.measure.scale
        elif isinstance(rule.measure, MoneyValue) and isinstance(threshold, ByGrade):
            item, scale = rule.measure.grade_item, threshold.table
        else:
            continue
        rows += [
            {"graded_id": rule.id, "item": item, "mark": mark, "number": number}
            for mark, number in scale.items()
        ]
    return rows


def _marks(ground: Ground) -> ir.Table:
    marks = ground.views.fact("marks")
    return marks.filter(marks.period == ground.look.period.text).select(
        marked_id="subject_id", marked_item="item", marked_as="value"
    )


def _graded(held: ir.Table, *, ground: Ground, rules: Sequence[Rule]) -> ir.Table:
    """With full_low: the rule's own, or what the subject's mark calls for."""
    graded = [
        rule for rule in rules if isinstance(rule.measure, MoneyValue) and rule.measure.grade_item
    ]
    if not graded:
        return held.mutate(full_low=held.low)
    tables = ground.views.rows("pay", _MARK, _known_marks(graded, ground.look.period.start))
    marks = _marks(ground)
    calls = tables.inner_join(
        marks, [tables.item == marks.marked_item, tables.mark == marks.marked_as]
    )
    joined = held.left_join(
        calls, [held.rule_id == calls.graded_id, held.subject == calls.marked_id]
    )
    return joined.select(*held.columns, full_low=ibis.coalesce(joined.low, joined.number))


def _prorated(held: ir.Table, *, days: int) -> ir.Table:
    """With is_exempt and used_low: ⌈threshold × available ÷ days in the period⌉ where the rule is
    prorated and not exempt, else the whole."""
    short = held.available < held.minimum_days
    shrinks = held.prorated & (held.operator == Operator.AT_LEAST) & ~short
    share = whole_quotient(held.low * held.available + (days - 1), ibis.literal(days))
    return held.mutate(
        is_exempt=(held.prorated & short).fill_null(False),
        used_low=ibis.ifelse(shrinks, share, held.full_low),
    )


def _heard(held: ir.Table, *, ground: Ground, rules: Sequence[Rule]) -> ir.Table:
    """With is_silent: a staff member concerned last synced before the period's end, or never."""
    asking = [rule for rule in rules if _asks_sync(rule, ground=ground)]
    if not asking:
        return held.mutate(is_silent=ibis.literal(False))
    staff, sync = ground.views.fact("staff"), ground.views.fact("sync")
    synced = sync.filter(sync.last_sync_at >= ground.look.period_end_time)
    unsynced = staff.anti_join(synced, "staff_id").select(silent_id="staff_id")
    found = held.left_join(unsynced, held.staff_id == unsynced.silent_id)
    is_silent = found.silent_id.notnull()
    villages = [rule for rule in asking if rule.subject.kind is SubjectKind.VILLAGE]
    if villages:
        unheard = _unheard(unsynced, ground=ground, rules=villages)
        found = found.left_join(
            unheard, [("rule_id", "silent_rule"), ("village_code", "silent_village")]
        )
        is_posting = found.staff_id.notnull()
        is_silent = ibis.ifelse(is_posting, found.silent_id, found.silent_village).notnull()
    return found.select(*held.columns, is_silent=found.asks_sync & is_silent)


def _unheard(unsynced: ir.Table, *, ground: Ground, rules: Sequence[Rule]) -> ir.Table:
    """silent_rule, silent_village: where someone posted in the period has not synced, in the
    rule's roles if it names any."""
    rows: list[Row] = [
        {"silent_rule": rule.id, "role": role.value}
        for rule in rules
        for role in (sorted(set(rule.subject.roles)) or Role)
    ]
    roles = ground.views.rows("concerned", _CONCERNED, rows)
    spans = ground.postings
    posted = spans.filter(spans.available.notnull())
    posted = posted.semi_join(unsynced, posted.staff_id == unsynced.silent_id)
    return (
        posted.inner_join(roles, "role")
        .select("silent_rule", silent_village="village_code")
        .distinct()
    )


def _verdict(held: ir.Table) -> ir.Value:
    value, low, high = held.value, held.used_low, held.high
    is_met = ibis.cases(
        (held.operator == Operator.AT_LEAST, value >= low),
        (held.operator == Operator.AT_MOST, value <= low),
        (held.operator == Operator.EQUAL, value == low),
        (held.operator == Operator.BETWEEN, (value >= low) & (value <= high)),
    ).fill_null(False)
    is_unknown = value.isnull() | low.isnull() | held.is_silent
    is_advice = held.as_a_rule | (held.advice_above & (value > high))
    return ibis.cases(
        (held.is_exempt, VerdictKind.EXEMPT.value),
        (is_met, VerdictKind.PASS.value),
        (held.may_wait, VerdictKind.NOT_DUE.value),
        (is_unknown, VerdictKind.UNKNOWN.value),
        (is_advice.fill_null(False), VerdictKind.ADVICE.value),
        else_=VerdictKind.FAIL.value,
    )
