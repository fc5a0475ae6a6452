"""Work records as they are written: recorded, corrected, withdrawn; never rewritten."""

from uuid import UUID

from ninja import Router, Status

from cunjing.api.auth import ApiRequest
from cunjing.api.problems import WRITE_REFUSALS, ProblemOut
from cunjing.api.record_bodies import (
    CorrectionIn,
    RecordBatch,
    RecordIn,
    RecordLine,
    RecordLines,
    RecordReceipt,
    SyncMarkIn,
    SyncMarkOut,
    Unreadable,
    WithdrawalIn,
    WithdrawalReceipt,
    answered,
    problem_out,
    receipt,
)
from cunjing.base.errors import Problem, ProblemKind
from cunjing.fieldwork.actions import (
    BatchLine,
    correct_record,
    note_sync,
    record_batch,
    record_work,
    withdraw_record,
)
from cunjing.fieldwork.items import Outcome
from cunjing.fieldwork.models import SyncChannel
from cunjing.fieldwork.queries import record_detail
from cunjing.fieldwork.texts import cleaned
from cunjing.kernel.access import Actor

router = Router(tags=["records"])


@router.post("/records", response={201: RecordReceipt, **WRITE_REFUSALS})
def add_record(request: ApiRequest, body: RecordIn) -> Status[RecordReceipt]:
    """Record one piece of work."""
    return Status(201, receipt(record_work(actor=request.auth, item=body.item()).record))


@router.post("/records/batch", response={200: RecordLines, **WRITE_REFUSALS})
def add_records(request: ApiRequest, body: RecordBatch) -> RecordLines:
    """Record independent pieces of work; each has its own result, in the order sent."""

    def record(items: list[RecordIn]) -> list[RecordLine]:
        lines = record_batch(actor=request.auth, items=[one.item() for one in items])
        return [_line(line) for line in lines]

    return RecordLines(items=answered(body.items, kind=RecordIn, do=record, refuse=_refused))


@router.post("/records/{record_id}/corrections", response={201: RecordReceipt, **WRITE_REFUSALS})
def correct(request: ApiRequest, record_id: UUID, body: CorrectionIn) -> Status[RecordReceipt]:
    """Put a new record in the place of one that is wrong; the old one stays readable."""
    corrected = correct_record(
        actor=request.auth, record_id=record_id, item=body.record.item(), reason=body.reason
    )
    return Status(201, receipt(corrected.record))


@router.post("/records/{record_id}/withdrawal", response={200: WithdrawalReceipt, **WRITE_REFUSALS})
def withdraw(request: ApiRequest, record_id: UUID, body: WithdrawalIn) -> WithdrawalReceipt:
    """Mark a record as void. With the same reason again it answers the same."""
    actor = request.auth
    try:
        withdraw_record(
            actor=actor, record_id=record_id, reason=body.reason, with_parts=body.with_parts
        )
    except Problem as problem:
        stored = _withdrawn(problem, actor=actor, record_id=record_id, reason=body.reason)
        if stored is None:
            raise
        return stored
    return _withdrawal(actor=actor, record_id=record_id)


@router.post("/sync-marks", response={200: SyncMarkOut, **WRITE_REFUSALS})
def mark_synced(request: ApiRequest, body: SyncMarkIn) -> SyncMarkOut:
    """Note that everything a person recorded up to a moment has arrived."""
    state = note_sync(
        actor=request.auth, staff_id=body.staff_id, channel=SyncChannel.API, at=body.at
    )
    return SyncMarkOut(staff_id=state.staff_id, last_sync_at=state.last_sync_at)


def _withdrawn(
    problem: Problem, *, actor: Actor, record_id: UUID, reason: str
) -> WithdrawalReceipt | None:
    """The stored withdrawal, where the conflict is that it had been sent before."""
    if problem.kind is not ProblemKind.CONFLICT:
        return None
    stored = _withdrawal(actor=actor, record_id=record_id)
    return stored if stored.void_reason == cleaned(reason) else None


def _withdrawal(*, actor: Actor, record_id: UUID) -> WithdrawalReceipt:
    chain = record_detail(actor=actor, record_id=record_id).chain
    link = next(link for link in chain if link.row.id == record_id)
    return WithdrawalReceipt(id=record_id, voided_at=link.voided_at, void_reason=link.void_reason)


def _line(line: BatchLine) -> RecordLine:
    return RecordLine(
        id=str(line.item_id),
        outcome=line.outcome,
        receipt=receipt(line.record) if line.record else None,
        problem=problem_out(line.problem),
    )


def _refused(one: Unreadable) -> RecordLine:
    problem = ProblemOut.model_validate(one.problem)
    return RecordLine(id=one.id, outcome=Outcome.REFUSED, problem=problem)
