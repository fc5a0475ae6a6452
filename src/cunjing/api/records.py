"""Work records as they are read: ledgers by kind, one record with its correction chain.

They share the router of the writes: an address is one view, whatever the method.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest, require
from cunjing.api.fields import (
    Day,
    ShownDetails,
    ShownMoment,
    Subkind,
    TownshipCode,
    UnitCode,
    VillageCode,
)
from cunjing.api.paging import Page, PageQuery, cursor_for, read_cursor
from cunjing.api.problems import READ_REFUSALS
from cunjing.api.recording import router
from cunjing.fieldwork import queries
from cunjing.fieldwork.filters import LedgerFilter, RecordState
from cunjing.fieldwork.models import RecordKind
from cunjing.fieldwork.queries import ChainLink, LedgerRow, RecordDetail
from cunjing.kernel.permissions import Permission
from cunjing.kernel.queries import AuditLine
from cunjing.matters import queries as matters


class RecordOut(BaseModel):
    """One piece of work. Only `valid` ones count; `late`: it came after its month had ended.

    `occurred_at` is when it happened, `recorded_at` when it was written down, `received_at` when
    it arrived here. `details` are the fields of the kind.
    """

    id: UUID
    kind: RecordKind
    subkind: str
    subkind_label: str
    village_code: str
    village_name: str
    staff_id: UUID
    staff_name: str
    badge_number: str
    local_date: date
    occurred_at: ShownMoment
    recorded_at: ShownMoment
    received_at: ShownMoment
    state: RecordState
    late: bool
    household_id: UUID | None
    household_address: str
    unit_code: str
    unit_name: str
    visit_id: UUID | None
    supersedes_id: UUID | None
    summary: str
    details: ShownDetails


class ChainLinkOut(BaseModel):
    """One record of a correction chain: why it came and why it went."""

    record: RecordOut
    correction_reason: str
    voided_at: ShownMoment | None
    void_reason: str


class AuditOut(BaseModel):
    """One act on a record. `sequence` and `head` place it in the chain once it is sealed."""

    at: ShownMoment
    record_id: str
    verb: str
    verb_label: str
    actor_name: str
    permission: str
    reason: str
    sequence: int | None
    head: str


class RecordDetailOut(BaseModel):
    """A record, its correction chain (oldest first), the valid parts of a visit, matters found on
    it, and every act on the chain."""

    record: RecordOut
    latest_id: UUID
    chain: list[ChainLinkOut]
    parts: list[RecordOut]
    matter_ids: list[UUID]
    audit: list[AuditOut]


class RecordsQuery(PageQuery):
    """Which records; days are Shanghai days, both inclusive. `state=all` shows every state.

    `unit_code` is the station that answers today for the villages, or for those they were merged
    into. There is no search in what was written: nobody is looked up by name across records.
    """

    kind: RecordKind | None = None
    subkind: Subkind = ""
    village_code: VillageCode | None = None
    township_code: TownshipCode | None = None
    unit_code: UnitCode | None = None
    staff_id: UUID | None = None
    household_id: UUID | None = None
    date_from: Day | None = None
    date_to: Day | None = None
    state: Annotated[str, Field(pattern="^(valid|superseded|withdrawn|late|all)$")] = "valid"


@router.get("/records", response={200: Page[RecordOut], **READ_REFUSALS})
def list_records(request: ApiRequest, query: Query[RecordsQuery]) -> Page[RecordOut]:
    """A page of the ledger, newest day first."""
    require(actor=request.auth, permission=Permission.RECORD_READ)
    chosen = LedgerFilter(
        kind=query.kind,
        subkind=query.subkind,
        village_code=query.village_code or "",
        township_code=query.township_code or "",
        unit_code=query.unit_code or "",
        staff_id=query.staff_id,
        household_id=query.household_id,
        date_from=query.date_from,
        date_to=query.date_to,
        state=None if query.state == "all" else RecordState(query.state),
    )
    cursor = read_cursor(query.cursor, of="records")[0] if query.cursor else ""
    page = queries.ledger(actor=request.auth, chosen=chosen, cursor=cursor, size=query.limit)
    return Page(
        items=[record_out(row) for row in page.rows],
        next_cursor=cursor_for([page.next_cursor], of="records") if page.next_cursor else "",
    )


@router.get("/records/{record_id}", response={200: RecordDetailOut, **READ_REFUSALS})
def get_record(request: ApiRequest, record_id: UUID) -> RecordDetailOut:
    """One record with its correction chain."""
    require(actor=request.auth, permission=Permission.RECORD_READ)
    detail = queries.record_detail(actor=request.auth, record_id=record_id)
    return RecordDetailOut(
        record=record_out(detail.row),
        latest_id=detail.latest_id,
        chain=[_link(link) for link in detail.chain],
        parts=[record_out(part) for part in detail.parts],
        matter_ids=_matters(request, detail=detail),
        audit=[audit_out(line) for line in detail.audit],
    )


def record_out(row: LedgerRow) -> RecordOut:
    """One line of a ledger."""
    return RecordOut(
        id=row.id,
        kind=row.kind,
        subkind=row.subkind,
        subkind_label=row.subkind_label,
        village_code=row.village_code,
        village_name=row.village_name,
        staff_id=row.staff_id,
        staff_name=row.staff_name,
        badge_number=row.badge_number,
        local_date=row.local_date,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        received_at=row.received_at,
        state=row.state,
        late=row.late,
        household_id=row.household_id,
        household_address=row.household_address,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        visit_id=row.visit_id,
        supersedes_id=row.supersedes_id,
        summary=row.summary,
        details=dict(row.details),
    )


def audit_out(line: AuditLine) -> AuditOut:
    """One act on a record."""
    return AuditOut(
        at=line.at,
        record_id=line.record_id,
        verb=line.verb,
        verb_label=line.verb_label,
        actor_name=line.actor_name,
        permission=line.permission,
        reason=line.reason,
        sequence=line.sequence,
        head=line.head,
    )


def _link(link: ChainLink) -> ChainLinkOut:
    return ChainLinkOut(
        record=record_out(link.row),
        correction_reason=link.correction_reason,
        voided_at=link.voided_at,
        void_reason=link.void_reason,
    )


def _matters(request: ApiRequest, *, detail: RecordDetail) -> list[UUID]:
    if detail.row.kind is not RecordKind.VILLAGE_VISIT:
        return []
    found = matters.of_visits(actor=request.auth, visit_ids=detail.visit_ids)
    return [matter.id for matter in found]
