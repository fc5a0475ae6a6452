"""Matters: disputes, hazards, requests and incidents as first reported."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest, require
from cunjing.api.fields import (
    Day,
    Moment,
    Name,
    ShownMoment,
    Strict,
    Subkind,
    TownshipCode,
    UnitCode,
    VillageCode,
)
from cunjing.api.paging import Page, PageQuery, cursor_for, read_cursor
from cunjing.api.problems import READ_REFUSALS, WRITE_REFUSALS
from cunjing.api.records import AuditOut, audit_out
from cunjing.kernel.permissions import Permission
from cunjing.matters import queries
from cunjing.matters.actions import open_matter as open_one
from cunjing.matters.items import MatterItem
from cunjing.matters.models import MatterKind, MatterLevel

READ = Permission.MATTER_READ
router = Router(tags=["matters"])


class MatterOut(BaseModel):
    """One matter. `opened_by_id` is empty where the station's desk opened it."""

    id: UUID
    kind: MatterKind
    subkind: str
    subkind_label: str
    village_code: str
    village_name: str
    place: str
    summary: str
    level: MatterLevel
    opened_at: ShownMoment
    received_at: ShownMoment
    opened_by_id: UUID | None
    opened_by_name: str
    visit_id: UUID | None
    closed_at: ShownMoment | None


class MatterDetailOut(BaseModel):
    """A matter and every act on it."""

    matter: MatterOut
    recorded_at: ShownMoment
    audit: list[AuditOut]


class MatterReceipt(BaseModel):
    """Proof that a matter is stored; the same however often it is sent."""

    id: UUID
    kind: MatterKind
    received_at: ShownMoment
    digest: str


class MattersQuery(PageQuery):
    """Which matters; days are Shanghai days, both inclusive."""

    kind: MatterKind | None = None
    subkind: Subkind = ""
    village_code: VillageCode | None = None
    township_code: TownshipCode | None = None
    unit_code: UnitCode | None = None
    staff_id: UUID | None = None
    date_from: Day | None = None
    date_to: Day | None = None
    is_open: bool | None = None


class MatterIn(Strict):
    """A matter to open. `id` is made by the client; `staff_id` none: opened at the station's desk.

    `visit_id` names the visit it was found on, `recorded_at` the client's clock when it was saved.
    """

    id: UUID
    kind: MatterKind
    subkind: Subkind
    village_code: VillageCode
    place: Name
    summary: Annotated[str, Field(min_length=1, max_length=500)]
    opened_at: Moment
    level: MatterLevel = MatterLevel.VILLAGE
    staff_id: UUID | None = None
    visit_id: UUID | None = None
    recorded_at: Moment | None = None


@router.get("/matters", response={200: Page[MatterOut], **READ_REFUSALS})
def list_matters(request: ApiRequest, query: Query[MattersQuery]) -> Page[MatterOut]:
    """A page of the ledger of matters, newest first."""
    require(actor=request.auth, permission=READ)
    chosen = queries.MatterFilter(
        kind=query.kind,
        subkind=query.subkind,
        village_code=query.village_code or "",
        township_code=query.township_code or "",
        unit_code=query.unit_code or "",
        staff_id=query.staff_id,
        date_from=query.date_from,
        date_to=query.date_to,
        is_open=query.is_open,
    )
    cursor = read_cursor(query.cursor, of="matters")[0] if query.cursor else ""
    page = queries.ledger(actor=request.auth, chosen=chosen, cursor=cursor, size=query.limit)
    return Page(
        items=[_matter(row) for row in page.rows],
        next_cursor=cursor_for([page.next_cursor], of="matters") if page.next_cursor else "",
    )


@router.get("/matters/{matter_id}", response={200: MatterDetailOut, **READ_REFUSALS})
def get_matter(request: ApiRequest, matter_id: UUID) -> MatterDetailOut:
    """One matter."""
    require(actor=request.auth, permission=READ)
    detail = queries.detail(actor=request.auth, matter_id=matter_id)
    return MatterDetailOut(
        matter=_matter(detail.row),
        recorded_at=detail.recorded_at,
        audit=[audit_out(line) for line in detail.audit],
    )


@router.post("/matters", response={201: MatterReceipt, **WRITE_REFUSALS})
def open_matter(request: ApiRequest, body: MatterIn) -> Status[MatterReceipt]:
    """Open a matter; the same content again is answered the same."""
    item = MatterItem(**{name: getattr(body, name) for name in MatterIn.model_fields})
    matter = open_one(actor=request.auth, item=item).matter
    return Status(
        201,
        MatterReceipt(
            id=matter.pk,
            kind=MatterKind(matter.kind),
            received_at=matter.received_at,
            digest=matter.digest,
        ),
    )


def _matter(row: queries.MatterRow) -> MatterOut:
    return MatterOut(
        id=row.id,
        kind=row.kind,
        subkind=row.subkind,
        subkind_label=row.subkind_label,
        village_code=row.village_code,
        village_name=row.village_name,
        place=row.place,
        summary=row.summary,
        level=row.level,
        opened_at=row.opened_at,
        received_at=row.received_at,
        opened_by_id=row.opened_by_id,
        opened_by_name=row.opened_by_name,
        visit_id=row.visit_id,
        closed_at=row.closed_at,
    )
