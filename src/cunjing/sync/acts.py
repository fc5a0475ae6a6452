"""What each type of mutation does: bodies that were read become calls of the domains' actions.

Each takes several bodies of its type, as one whole, and says what rows each of them made.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from cunjing.api.matters import MatterIn
from cunjing.api.record_bodies import RecordIn
from cunjing.api.visits import EntryIn
from cunjing.base.clock import now
from cunjing.base.errors import forbidden
from cunjing.entries.actions import record_together, record_visit_entry
from cunjing.fieldwork.actions import correct_record, note_sync, record_many, withdraw_record
from cunjing.fieldwork.models import SyncChannel
from cunjing.fieldwork.rules import CLOCK_SKEW
from cunjing.kernel.access import Actor
from cunjing.matters.actions import open_many
from cunjing.matters.items import MatterItem
from cunjing.staffing.queries import own_entry
from cunjing.sync.bodies import CorrectionLine, SeenLine, WithdrawalLine

Rows = list[list[str]]

Act = Callable[[Actor, Sequence[Any]], list[Rows]]


def _visit_entries(actor: Actor, bodies: Sequence[EntryIn]) -> list[Rows]:
    entries = [body.entry() for body in bodies]
    if len(entries) == 1:  # so that a fault names its part of the form
        results = [record_visit_entry(actor=actor, entry=entries[0])]
    else:
        results = record_together(actor=actor, entries=entries)
    return [
        [
            *(["record", str(one.record.pk)] for one in (result.visit, *result.parts.values())),
            *(["matter", str(one.matter.pk)] for one in result.matters.values()),
        ]
        for result in results
    ]


def _work_records(actor: Actor, bodies: Sequence[RecordIn]) -> list[Rows]:
    recorded = record_many(actor=actor, items=[body.item() for body in bodies])
    return [[["record", str(one.record.pk)]] for one in recorded]


def _matters(actor: Actor, bodies: Sequence[MatterIn]) -> list[Rows]:
    items = [
        MatterItem(**{name: getattr(body, name) for name in MatterIn.model_fields})
        for body in bodies
    ]
    return [[["matter", str(one.matter.pk)]] for one in open_many(actor=actor, items=items)]


def _corrections(actor: Actor, bodies: Sequence[CorrectionLine]) -> list[Rows]:
    done = [
        correct_record(
            actor=actor, record_id=body.record_id, item=body.record.item(), reason=body.reason
        )
        for body in bodies
    ]
    return [
        [["record", str(body.record_id)], ["record", str(one.record.pk)]]
        for body, one in zip(bodies, done, strict=True)
    ]


def _withdrawals(actor: Actor, bodies: Sequence[WithdrawalLine]) -> list[Rows]:
    done = [
        withdraw_record(
            actor=actor, record_id=body.record_id, reason=body.reason, with_parts=body.with_parts
        )
        for body in bodies
    ]
    return [[["record", str(record.pk)] for record in records] for records in done]


def _seen(actor: Actor, bodies: Sequence[SeenLine]) -> list[Rows]:
    staff = own_entry(actor=actor)
    if staff is None:
        raise forbidden("这个账号没有对应的人员，不需要确认。请联系县局核对。")
    for body in bodies:
        moment = _arrived(body.at)
        note_sync(actor=actor, staff_id=staff.pk, channel=SyncChannel.DEVICE, at=moment)
    return [[] for _ in bodies]


def _arrived(said: datetime) -> datetime:
    """The time said; a clock a little fast says now."""
    moment = now()
    return moment if moment < said <= moment + CLOCK_SKEW else said


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "visit_entry": _visit_entries,
        "work_record": _work_records,
        "matter": _matters,
        "correction": _corrections,
        "withdrawal": _withdrawals,
        "seen": _seen,
    }
)
