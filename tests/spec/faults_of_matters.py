"""Faults in which matters are of a period, and which of them are overdue."""

from tests.spec.fault import Fault

_SAME_DAY = "matters: on the same day is before midnight, whatever the hour of opening"
_LAST_DAY = "matters: days count from the local day of opening, and the last of them is in time"
_PERIOD = "matters: a matter is of the period its deadline falls in, not of that it was opened in"
_WATERMARK = "matters: what was closed or opened after the watermark was not yet"
_MOMENT = "matters: its own deadline is a moment; closing at it is in time"
_KIND = "matters: only matters of the rule's kind, of one of its subkinds, of the village"

FAULTS = (
    Fault(
        "matters",
        "MattersOverdue",
        "INTERVAL 8 HOUR - to_days(coalesce(a.within_days, 0))\n            AS since",
        "INTERVAL 8 HOUR AS since",
        "A matter opened before the period may be due in it.",
        _PERIOD,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "getvariable('p_end_time') - to_days(coalesce(a.within_days, 0)) AS until",
        "getvariable('p_end_time') AS until",
        "A matter opened in the period may be due after it.",
        _PERIOD,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "getvariable('p_from')::TIMESTAMP - INTERVAL 8 HOUR",
        "getvariable('p_from')::TIMESTAMP",
        "The period of a matter begins at midnight in Shanghai.",
        _MOMENT,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "placed_at < until",
        "placed_at <= until",
        "A deadline at the end of the period is of the next one.",
        _MOMENT,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "CASE WHEN a.within_days IS NULL THEN m.due_at ELSE m.opened_at END",
        "m.opened_at",
        "Without days the deadline says the period, not the opening.",
        _MOMENT,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "WHEN within_days IS NULL\n",
        "WHEN due_at IS NOT NULL\n",
        "Days that the rule gives stand before the matter's own deadline.",
        _KIND,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "WHERE m.opened_at <= getvariable('as_of')",
        "WHERE m.opened_at IS NOT NULL",
        "What was opened after the watermark is not there yet.",
        _WATERMARK,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "least(m.closed_at, getvariable('as_of'))",
        "coalesce(m.closed_at, getvariable('as_of'))",
        "What was closed after the watermark is open at it.",
        _WATERMARK,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "                > within_days",
        "                >= within_days",
        "Whoever closes on the last day is in time.",
        _LAST_DAY,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "settled_at > due_at",
        "settled_at >= due_at",
        "Whoever closes at the deadline is in time.",
        _MOMENT,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "(settled_at + INTERVAL 8 HOUR)::DATE - (opened_at + INTERVAL 8 HOUR)::DATE",
        "settled_at::DATE - opened_at::DATE",
        "The days of a matter are those of Shanghai.",
        _SAME_DAY,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "(a.subkind IS NULL OR m.subkind = a.subkind)",
        "true",
        "A rule may be about some kinds of quarrel only.",
        _KIND,
    ),
    Fault(
        "matters",
        "MattersOverdue",
        "count(j.matter_id), gathered(j.matter_id)",
        "count(j.matter_id) FILTER (j.is_late), gathered(j.matter_id)",
        "What was closed in time has been looked at, too.",
        _LAST_DAY,
    ),
)
