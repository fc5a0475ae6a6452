"""Record work: one item, several as one whole, or a batch of independent ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet

from cunjing.base.clock import now
from cunjing.base.errors import FieldFault, Problem, conflict, forbidden, invalid
from cunjing.fieldwork.access import right_to_write
from cunjing.fieldwork.items import (
    Outcome,
    Reading,
    ReadItem,
    Supersession,
    WorkItem,
    part_names,
    read_items,
    within,
)
from cunjing.fieldwork.knowledge import accounts_of, read_known
from cunjing.fieldwork.models import RecordKind, RecordPosition, WorkRecord
from cunjing.fieldwork.rules import Known, item_faults, station_of
from cunjing.kernel.access import Actor
from cunjing.kernel.inserting import insert_rows
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.kernel.writing import writing

REFUSED = "有内容需要修改，什么都没有保存。"


class Recorded(NamedTuple):
    """A stored record; `repeated` when the same content had been stored before."""

    record: WorkRecord
    repeated: bool


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What became of one item of a batch: a record, or the problem it was refused with."""

    item_id: UUID
    outcome: Outcome
    record: WorkRecord | None = None
    problem: Problem | None = None


def record_work(*, actor: Actor, item: WorkItem) -> Recorded:
    """Record one piece of work.

    The same id with the same content returns the stored record; with other content it is a conflict
    (40901). Raises 42201 with the faulty fields, 40301 and 40401 as `right_to_write`.
    """
    return record_many(actor=actor, items=[item])[0]


def record_batch(*, actor: Actor, items: Sequence[WorkItem]) -> list[BatchLine]:
    """Record independent items, each in a transaction of its own, each with its own result."""
    lines = []
    for item in items:
        try:
            recorded = record_work(actor=actor, item=item)
        except Problem as problem:
            lines.append(BatchLine(item.id, Outcome.REFUSED, problem=problem))
        else:
            outcome = Outcome.REPEATED if recorded.repeated else Outcome.CREATED
            lines.append(BatchLine(item.id, outcome, record=recorded.record))
    return lines


def record_many(
    *,
    actor: Actor,
    items: Sequence[WorkItem],
    names: Sequence[str] = (),
    received: Mapping[UUID, datetime] | None = None,
    reading: Reading | None = None,
) -> list[Recorded]:
    """Record items as one whole: all of them or none, in the order given.

    The number of queries does not grow with the number of items; 2,000 are a good size. `names`
    prefix the fields of the faults. `received` gives times of arrival by item id for imports; only
    the system may set them. `reading` is what `read_items` has said of these items, where a caller
    has asked before it opened a transaction. Items may refer to a visit among them.
    """
    called = names or part_names(len(items))
    arrivals = arrival_times(actor=actor, received=received)
    permission = authorise(actor=actor, items=items)
    reading = _fitting(reading, items=items) or read_items(items, names=called)
    faults = reading.faults + _repeated_ids(items, names=called)
    if faults:
        raise invalid(REFUSED, *faults)
    try:
        return _store(reading.read, actor, permission, called, arrivals)
    except IntegrityError:
        # The same items arrived twice at once and the other call was first: what it stored decides.
        if not _stored([read.item.id for read in reading.read]):
            raise
        return _store(reading.read, actor, permission, called, arrivals)


def _fitting(reading: Reading | None, *, items: Sequence[WorkItem]) -> Reading | None:
    """The reading. ValueError where it is of other items: rights are looked at for `items`."""
    read = [one.item for one in reading.read] if reading else []
    if reading and any(one is not other for one, other in zip(read, items, strict=True)):
        raise ValueError("a reading of other items")
    return reading


def authorise(*, actor: Actor, items: Sequence[WorkItem]) -> Permission:
    """Check the right to write each item; returns the one to note (for others, if any is so)."""
    accounts = accounts_of({item.staff_id for item in items})
    pairs = {(item.staff_id, item.village_code) for item in items}
    used = {
        right_to_write(actor=actor, account=accounts.get(staff_id), village_code=village)
        for staff_id, village in sorted(pairs)
    }
    others = Permission.RECORD_WRITE_FOR
    return others if others in used else Permission.RECORD_WRITE


def arrival_times(
    *, actor: Actor, received: Mapping[UUID, datetime] | None
) -> Mapping[UUID, datetime]:
    """Given times of arrival, which only the system may set: everybody else's is the clock's."""
    if received and not actor.system:
        raise forbidden("收到时间由系统记录，不能自行填写。")
    return received or {}


def check(
    reads: Sequence[ReadItem],
    *,
    names: Sequence[str],
    known: Known,
    arrivals: Mapping[UUID, datetime],
) -> None:
    """Raise 42201 with every fault of every item."""
    moment = now()
    faults = [
        within(name, fault)
        for read, name in zip(reads, names, strict=True)
        for fault in item_faults(read, known=known, received_at=arrivals.get(read.item.id, moment))
    ]
    if faults:
        raise invalid(REFUSED, *faults)


def built(
    read: ReadItem,
    *,
    actor: Actor,
    known: Known,
    received_at: datetime,
    supersession: Supersession | None = None,
) -> WorkRecord:
    """The row of a checked item."""
    item = read.item
    unit = item.unit_code
    if item.kind is RecordKind.INFORMATION and not unit:
        unit = station_of(village_code=item.village_code, on=read.day, known=known)
    return WorkRecord(
        id=item.id,
        kind=item.kind.value,
        subkind=item.subkind,
        village_id=item.village_code,
        unit_id=unit or None,
        staff_id=item.staff_id,
        local_date=read.day,
        occurred_at=item.occurred_at,
        recorded_at=item.recorded_at or received_at,
        received_at=received_at,
        recorded_by=actor.user_id,
        household_id=item.household_id,
        visit_id=item.visit_id,
        details=read.details,
        digest=read.digest,
        supersedes_id=supersession.record_id if supersession else None,
        correction_reason=supersession.reason if supersession else "",
    )


def repeated(read: ReadItem, *, stored: WorkRecord) -> Recorded:
    """The stored record of an item sent again; raises 40901 where the content differs."""
    if stored.digest != read.digest:
        raise conflict(
            "这个编号已经存有另一份内容，没有覆盖。要改正已存的记录，请使用“更正”。",
            id=str(stored.pk),
        )
    return Recorded(stored, repeated=True)


def _stored(ids: Sequence[UUID]) -> dict[UUID, WorkRecord]:
    return {row.pk: row for row in _records(ids=list(ids))}


@prepared
def _records(*, ids: list[UUID]) -> QuerySet[WorkRecord]:
    return WorkRecord.objects.filter(pk__in=ids)


def _store(
    reads: Sequence[ReadItem],
    actor: Actor,
    permission: Permission,
    names: Sequence[str],
    arrivals: Mapping[UUID, datetime],
) -> list[Recorded]:
    stored = _stored([read.item.id for read in reads])
    results = {
        key: repeated(read, stored=stored[key]) for read in reads if (key := read.item.id) in stored
    }
    fresh = [read for read in reads if read.item.id not in stored]
    if fresh:
        known = read_known(fresh)
        called = [
            name for read, name in zip(reads, names, strict=True) if read.item.id not in stored
        ]
        check(fresh, names=called, known=known, arrivals=arrivals)
        moment = now()
        rows = [
            built(
                read,
                actor=actor,
                known=known,
                received_at=arrivals.get(read.item.id, moment),
            )
            for read in fresh
        ]
        with writing(actor=actor, permission=permission) as write:
            insert_rows(rows)
            for row in rows:
                write.note(row, AuditVerb.CREATED, village_code=row.village_id)
            for position in _positions(fresh):
                position.save(force_insert=True)
                write.note(position, AuditVerb.CREATED)
        results |= {row.pk: Recorded(row, repeated=False) for row in rows}
    return [results[read.item.id] for read in reads]


def _positions(reads: Sequence[ReadItem]) -> list[RecordPosition]:
    """Where the records were saved, of those that say it."""
    said = [(read.item.id, read.item.position) for read in reads]
    return [
        RecordPosition(
            record_id=record_id,
            longitude=at.longitude,
            latitude=at.latitude,
            accuracy_m=at.accuracy_m,
        )
        for record_id, at in said
        if at is not None
    ]


def _repeated_ids(items: Sequence[WorkItem], *, names: Sequence[str]) -> list[FieldFault]:
    times = Counter(item.id for item in items)
    return [
        within(name, FieldFault("id", "同一个编号用了两次，请为每一条生成新的编号。"))
        for item, name in zip(items, names, strict=True)
        if times[item.id] > 1
    ]
