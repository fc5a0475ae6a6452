"""Asking, answering, closing."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cunjing.base.clock import now
from cunjing.base.errors import FieldFault, conflict, forbidden, invalid, not_found
from cunjing.fieldwork.models import WorkRecord
from cunjing.fieldwork.queries import last_of_chain
from cunjing.fieldwork.texts import cleaned, fault_of
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.places.access import check_village
from cunjing.questions.models import Question
from cunjing.questions.queries import CLOSE, question_of
from cunjing.questions.rules import Doubt

ANSWER_LENGTH = 500
REASON_LENGTH = 200
OWN = Permission.RECORD_WRITE
WITHDRAWN = "记录已作废："


def ask(*, actor: Actor, doubts: Sequence[Doubt]) -> list[Question]:
    """Ask about records, once for each kind and record; only the system asks."""
    if not actor.system:
        raise forbidden("疑问由系统按规则提出。")
    records = WorkRecord.objects.in_bulk([doubt.record_id for doubt in doubts])
    known = set(Question.objects.filter(record__in=records).values_list("kind", "record_id"))
    rows = [
        Question(
            kind=doubt.kind,
            record_id=doubt.record_id,
            other_id=doubt.other_id,
            staff_id=records[doubt.record_id].staff_id,
            facts=doubt.facts,
        )
        for doubt in doubts
        if doubt.record_id in records and (doubt.kind.value, doubt.record_id) not in known
    ]
    if rows:
        with writing(actor=actor, permission=CLOSE) as write:
            Question.objects.bulk_create(rows)
            for row in rows:
                village = records[row.record_id].village_id
                write.note(row, AuditVerb.CREATED, village_code=village)
    return rows


def answer(*, actor: Actor, question_id: UUID, text: str) -> Question:
    """Say how it came about: only by whose record it is, once; the same again changes nothing.

    Raises 40401 for a stranger's question, 40301 for somebody else's, 40901 where it was answered
    otherwise or closed, 42201 for a text that may not be kept.
    """
    said = _text(text, field="text", limit=ANSWER_LENGTH)
    found = question_of(actor=actor, question_id=question_id)
    if not found.own:
        raise forbidden("只有本人可以答复，请由记录人说明情况。")
    with writing(actor=actor, permission=OWN) as write:
        row = Question.objects.select_for_update().get(pk=question_id)
        if row.answer and row.answer != said:
            raise conflict("这个疑问已经答复过。要补充，请直接与派出所联系。")
        if row.closed_at is not None and not row.answer:
            raise conflict("这个疑问已经了结，不用再答复。")
        row.answer, row.answered_at = said, row.answered_at or now()
        row.save(update_fields=["answer", "answered_at"])
        write.note(row, AuditVerb.CHANGED, village_code=found.village_code)
    return row


def close_question(*, actor: Actor, question_id: UUID, reason: str) -> Question:
    """Close a question with a reason that is kept; never one about one's own record.

    It may be closed unanswered, where the matter is clear. Raises 40301 without the right, 40901
    where it was closed.
    """
    why = _text(reason, field="reason", limit=REASON_LENGTH)
    found = question_of(actor=actor, question_id=question_id)
    check_village(actor=actor, permission=CLOSE, village_code=found.village_code)
    if found.own:
        raise forbidden("自己的记录由别人了结。")
    with writing(actor=actor, permission=CLOSE) as write:
        row = Question.objects.select_for_update().filter(pk=question_id).first()
        if row is None:
            raise not_found()
        if row.closed_at is not None:
            raise conflict("这个疑问已经了结。")
        _close(row, write=write, reason=why, village_code=found.village_code)
    return row


def close_withdrawn(*, actor: Actor) -> list[Question]:
    """Close what was asked about records that were withdrawn since, with the reason of that; only
    the system. A corrected record is asked about as long as the last of its chain stands."""
    if not actor.system:
        raise forbidden("由系统按规则了结。")
    waiting = Question.objects.filter(closed_at=None, record__voided_at__isnull=False)
    found = {row.pk: last_of_chain(row.record) for row in waiting.select_related("record")}
    gone = {key: record for key, record in found.items() if record.voided_at is not None}
    if not gone:
        return []
    with transaction.atomic():
        rows = Question.objects.select_for_update(of=("self",)).select_related("record")
        closed = list(rows.filter(pk__in=gone, closed_at=None).order_by("pk"))
        for row in closed:
            reason = f"{WITHDRAWN}{gone[row.pk].void_reason}"[:REASON_LENGTH]
            with writing(actor=actor, permission=CLOSE) as write:
                _close(row, write=write, reason=reason, village_code=row.record.village_id)
    return closed


def _close(row: Question, *, write: Write, reason: str, village_code: str) -> None:
    row.close_reason, row.closed_at = reason, now()
    row.closed_by, row.closed_by_name = write.actor.user_id, write.actor.name
    row.save(update_fields=["close_reason", "closed_at", "closed_by", "closed_by_name"])
    write.note(row, AuditVerb.ENDED, village_code=village_code, reason=reason)


def _text(text: str, *, field: str, limit: int) -> str:
    kept, fault = cleaned(text), fault_of(text)
    if not fault and not 0 < len(kept) <= limit:
        fault = f"请填写，不超过{limit}字。"
    if fault:
        raise invalid(fault, FieldFault(field, fault))
    return kept
