"""Measures of matters: what was not closed in time."""

import ibis
import ibis.expr.types as ir

from cunjing.policy.spark.part import Part, with_evidence

_OF_SHANGHAI = ibis.interval(hours=8)
"""How far Shanghai is ahead of UTC, in which the session tells dates."""


def matters_overdue(part: Part) -> ir.Table:
    """MattersOverdue."""
    due = _due(part)
    late_days = due.settled_day.delta(due.opened_day, unit="day").cast("int64")
    is_late = ibis.ifelse(
        due.within_days.isnull(), due.is_past_due, late_days > due.within_days
    ).cast("int64")
    found = due.group_by(of_rule="asked_id", of_subject="village_code").agg(
        value=is_late.sum(), ids=due.matter_id.collect()
    )
    return with_evidence(part.with_found(found))


def _due(part: Part) -> ir.Table:
    """asked_id, within_days and each matter of the period: village_code, matter_id, opened_day,
    settled_day (that of closing, or of the watermark if it is not closed then), is_past_due (later
    than `due_at`)."""
    asked = part.asked(
        {"wanted_kind": "string", "wanted_subkind": "string", "within_days": "int64"},
        lambda _, measure: [
            {
                "wanted_kind": measure.matter.kind.value,
                "wanted_subkind": subkind,
                "within_days": measure.within_days,
            }
            for subkind in sorted(set(measure.matter.subkinds)) or [None]
        ],
    )
    look, matters = part.ground.look, part.ground.views.fact("matters")
    seen = matters.filter(matters.opened_at <= look.as_of)
    met = seen.inner_join(
        asked,
        [
            seen.kind == asked.wanted_kind,
            asked.wanted_subkind.isnull() | (seen.subkind == asked.wanted_subkind),
        ],
    )
    is_closed = (met.closed_at <= look.as_of).fill_null(False)
    dated = met.mutate(
        opened_day=_local_day(met.opened_at),
        due_day=_local_day(met.due_at),
        settled_day=ibis.ifelse(is_closed, _local_day(met.closed_at), ibis.literal(look.as_of_day)),
        is_past_due=ibis.ifelse(is_closed, met.closed_at > met.due_at, met.due_at < look.as_of),
    )
    first = ibis.literal(look.period.start)
    place = ibis.ifelse(
        dated.within_days.isnull(),
        dated.due_day.delta(first, unit="day").cast("int64"),
        dated.opened_day.delta(first, unit="day").cast("int64") + dated.within_days,
    )
    return dated.filter((place >= 0) & (place < look.period.days))


def _local_day(moment: ir.Value) -> ir.Value:
    return (moment + _OF_SHANGHAI).date()
