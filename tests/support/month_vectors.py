"""The part of the protocol's vectors that is about the month: states and rules as the server sends
them, work a phone has not sent, and what the reference interpreter says of all of it.
"""

from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from tests.support.judging_phones import with_clauses
from tests.support.rulebook import WORK

from cunjing.policy.periods import parse_period
from cunjing.policy.records import EventRow, PostingRow, SyncRow, VillageRow
from cunjing.policy.reference_subjects import rows as subject_rows
from cunjing.policy.reference_verdict import judge, prorated, threshold_of
from cunjing.policy.reference_world import World, world_of
from cunjing.policy.rule_table import rule_table
from cunjing.policy.work_states import Asked, standings

VILLAGE, STAFF, POSTING = "532323100201", "S1", "P1"
AT = datetime.fromisoformat("2026-09-22T09:00:00+08:00")
PERIOD = parse_period("2026-09")
RULES = ("visit-days", "visit-spread", "households", "visit-log")


def month_vector() -> dict[str, Any]:
    """One posting in September: two visits and a call arrived, a visit and two calls did not."""
    rules = tuple(rule for rule in WORK.rules if rule.id in RULES)
    policy = with_clauses(replace(WORK, rules=rules))
    known = [_event("v1", 3), _event("v2", 3, log=None), _call("c1", 3, "H1")]
    here = [_event("v3", 18), _call("c2", 18, "H1"), _call("c3", 18, "H2")]
    asked = [Asked(PERIOD, policy)]
    whole = _world([*known, *here])
    return {
        "standing": standings(_world(known), asked, staff_id=STAFF)[0],
        "tables": [rule_table(policy)],
        "unsent": {"added": [_work(one) for one in here], "removed": [], "synced": None},
        "at": AT.isoformat(),
        "verdicts": {rule.id: _verdict(whole, rule) for rule in sorted(rules, key=_id)},
    }


def _verdict(world: World, rule: Any) -> dict[str, Any]:
    (row,) = subject_rows(world, rule)
    threshold = prorated(world, rule, row, threshold_of(world, rule, row))
    found = judge(world, rule, row, threshold=threshold, exempt=False)
    return {"value": row.measured.value, "threshold": threshold, "verdict": found.value}


def _world(events: list[EventRow]) -> World:
    rows: dict[type, list[Any]] = {
        VillageRow: [VillageRow(VILLAGE, "甲", None, None, None, None, None)],
        PostingRow: [
            PostingRow(POSTING, VILLAGE, STAFF, "liaison_officer", date(2026, 1, 1), None)
        ],
        SyncRow: [SyncRow(STAFF, AT)],
        EventRow: events,
    }
    return world_of(lambda record: rows.get(record, []), has_sync=True, period=PERIOD, as_of=AT)


def _event(event_id: str, day: int, *, kind: str = "village_visit", **said: Any) -> EventRow:
    nothing = dict.fromkeys(field.name for field in fields(EventRow))
    filled = {
        "event_id": event_id, "kind": kind, "village_code": VILLAGE, "staff_id": STAFF,
        "local_date": date(2026, 9, day), "received_at": AT, "object_id": said.get("house"),
        "log_id": said.get("log", event_id),
    }  # fmt: skip
    return EventRow(**{**nothing, **filled})


def _call(event_id: str, day: int, house: str) -> EventRow:
    return _event(event_id, day, kind="household_visit", house=house, log=None)


def _work(event: EventRow) -> dict[str, Any]:
    names = ("kind", "subkind", "village_code", "staff_id", "object_id", "log_id", "unit_code")
    return {
        "local_date": event.local_date.isoformat(),
        **{name: getattr(event, name) for name in names},
    }


def _id(rule: Any) -> str:
    return str(rule.id)
