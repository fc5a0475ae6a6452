"""Correct and withdraw: nothing stored is rewritten; a record is only marked as no longer valid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from cunjing.base.clock import local_date, now
from cunjing.base.errors import FieldFault, conflict, invalid, not_found
from cunjing.fieldwork.access import covers_work, right_to_write
from cunjing.fieldwork.actions.recording import (
    REFUSED,
    Recorded,
    arrival_times,
    authorise,
    built,
    check,
    repeated,
)
from cunjing.fieldwork.details import left_at
from cunjing.fieldwork.items import ReadItem, Supersession, WorkItem, read_items
from cunjing.fieldwork.knowledge import accounts_of, read_known
from cunjing.fieldwork.models import WorkRecord
from cunjing.fieldwork.queries import ids_of_chain, last_of_chain
from cunjing.fieldwork.rules import Known
from cunjing.fieldwork.texts import cleaned, fault_of
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing

REASON_MAX = 190
CORRECTED = "更正："


def correct_record(
    *,
    actor: Actor,
    record_id: UUID,
    item: WorkItem,
    reason: str,
    received_at: datetime | None = None,
) -> Recorded:
    """Record `item` in the place of a record, which stays readable and no longer counts.

    Kind and person stay the same; only the latest record of a chain can be corrected (40901).
    The same correction sent again returns the stored one. `received_at`: only for the system.
    """
    arrivals = arrival_times(actor=actor, received={item.id: received_at} if received_at else None)
    old, _ = _writable(actor=actor, record_id=record_id)
    permission = authorise(actor=actor, items=[item])
    supersession = Supersession(record_id, checked_reason(reason))
    read = _read(item, old=old, supersession=supersession)
    if stored := _stored([item.id]):
        return repeated(read, stored=stored)
    known = _known(read, old=old)
    check([read], names=[""], known=known, arrivals=arrivals)
    new = built(
        read,
        actor=actor,
        known=known,
        received_at=arrivals.get(item.id) or now(),
        supersession=supersession,
    )
    try:
        with writing(actor=actor, permission=permission) as write:
            _supersede(write, old_id=record_id, new=new)
    except IntegrityError:
        # The same correction arrived twice at once and the other call was first.
        if (stored := _stored([item.id])) is None:
            raise
        return repeated(read, stored=stored)
    return Recorded(new, repeated=False)


def withdraw_record(
    *,
    actor: Actor,
    record_id: UUID,
    reason: str,
    with_parts: bool = False,
    at: datetime | None = None,
) -> list[WorkRecord]:
    """Mark a record as void, with its parts where asked (a visit that never took place).

    Returns the records now void. Raises 40901 where it was corrected or void already. `at`: the
    moment it counts from; only for the system.
    """
    moment = arrival_times(actor=actor, received={record_id: at} if at else None).get(record_id)
    _, permission = _writable(actor=actor, record_id=record_id)
    why = checked_reason(reason)
    with writing(actor=actor, permission=permission) as write:
        record = _locked(record_id)
        records = [record]
        if with_parts:
            records += WorkRecord.objects.select_for_update().filter(
                visit_id__in=ids_of_chain(record), voided_at=None
            )
        for row in records:
            _void(row, at=moment or now(), reason=why)
            write.note(row, AuditVerb.VOIDED, village_code=row.village_id, reason=why)
    return records


def _stored(ids: Sequence[UUID]) -> WorkRecord | None:
    return WorkRecord.objects.filter(pk__in=ids).first()


def checked_reason(reason: str) -> str:
    """The reason as kept; raises 42201 where it is missing, too long or names numbers of people."""
    text = cleaned(reason)
    fault = fault_of(reason)
    if not text:
        fault = "请写明理由。"
    elif len(text) > REASON_MAX:
        fault = f"太长了，最多 {REASON_MAX} 个字。"
    if fault:
        raise invalid("理由需要修改，什么都没有保存。", FieldFault("reason", fault))
    return text


def _writable(*, actor: Actor, record_id: UUID) -> tuple[WorkRecord, Permission]:
    """The record and the right to write it: 404 for who may not read it, 403 for a reader."""
    old = WorkRecord.objects.filter(pk=record_id).first()
    if old is None:
        raise not_found()
    account, village = accounts_of([old.staff_id])[old.staff_id], old.village_id
    read = Permission.RECORD_READ
    if not covers_work(actor=actor, permission=read, account=account, village_code=village):
        raise not_found()
    return old, right_to_write(actor=actor, account=account, village_code=village)


def _read(item: WorkItem, *, old: WorkRecord, supersession: Supersession) -> ReadItem:
    reading = read_items([item], names=[""], supersession=supersession)
    faults = reading.faults
    if old.kind != item.kind:
        faults.append(FieldFault("kind", "更正不能改变类别，请作废原记录后重新登记。"))
    if old.staff_id != item.staff_id:
        faults.append(FieldFault("staff_id", "更正不能换人，请作废原记录后重新登记。"))
    if faults:
        raise invalid(REFUSED, *faults)
    return reading.read[0]


def _known(read: ReadItem, *, old: WorkRecord) -> Known:
    """As for a new item, but a part may stay with its visit even if that was corrected since, and
    may be of the days that the visit was corrected to."""
    known = read_known([read])
    visit_id = read.item.visit_id
    if visit_id is not None and visit_id == old.visit_id and (said := known.visits.get(visit_id)):
        days = [said.first_day, said.last_day]
        if old.visit is not None and old.visit.superseded:
            visit = last_of_chain(old.visit)
            days += [visit.local_date, local_date(left_at(visit.details))]
        known.visits[visit_id] = replace(
            said, voided=False, first_day=min(days), last_day=max(days)
        )
    return known


def _supersede(write: Write, *, old_id: UUID, new: WorkRecord) -> None:
    old = _locked(old_id, by=new.pk)
    old.superseded = True
    _void(old, at=new.received_at, reason=f"{CORRECTED}{new.correction_reason}")
    new.save(force_insert=True)
    scopes = tuple(sorted({old.village_id, new.village_id}))
    for row, verb in ((old, AuditVerb.SUPERSEDED), (new, AuditVerb.CREATED)):
        write.note(
            row, verb, village_code=row.village_id, scopes=scopes, reason=new.correction_reason
        )


def _locked(record_id: UUID, *, by: UUID | None = None) -> WorkRecord:
    """The row, locked; raises 40901 where it no longer is the latest of its chain."""
    record = WorkRecord.objects.select_for_update().get(pk=record_id)
    if record.voided_at is None:
        return record
    successor = WorkRecord.objects.filter(supersedes_id=record_id).first()
    if successor is None:
        raise conflict("这条记录已经作废，不能再更正或作废。")
    if successor.pk == by:
        raise IntegrityError("the same correction was stored by another call")
    raise conflict("这条记录已经被更正过，请打开最新的一条再操作。", latest=str(successor.pk))


def _void(record: WorkRecord, *, at: datetime, reason: str) -> None:
    record.voided_at, record.void_reason = at, reason
    record.save(update_fields=["voided_at", "void_reason", "superseded"])
