"""Reads of matters, scoped by the reader's jurisdiction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cunjing.base.clock import SHANGHAI, today
from cunjing.base.errors import not_found
from cunjing.fieldwork.filters import visible
from cunjing.kernel.access import Actor
from cunjing.kernel.paging import Page, after_cursor, cursor_of
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.kernel.queries import AuditLine, history
from cunjing.matters.models import Matter, MatterKind, MatterLevel
from cunjing.matters.rules import SUBKINDS
from cunjing.places.access import jurisdiction_of
from cunjing.places.merged import villages_of_unit

CHUNK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFilter:
    """What to show; empty fields do not filter. Dates are Shanghai days, both inclusive."""

    kind: MatterKind | None = None
    subkind: str = ""
    village_code: str = ""
    township_code: str = ""
    unit_code: str = ""
    staff_id: UUID | None = None
    date_from: date | None = None
    date_to: date | None = None
    is_open: bool | None = None


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One line of the ledger of matters."""

    id: UUID
    kind: MatterKind
    subkind: str
    subkind_label: str
    village_code: str
    village_name: str
    place: str
    summary: str
    level: MatterLevel
    opened_at: datetime
    received_at: datetime
    opened_by_id: UUID | None
    opened_by_name: str
    visit_id: UUID | None
    closed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class MatterDetail:
    """A matter with its audit entries."""

    row: MatterRow
    recorded_at: datetime
    audit: tuple[AuditLine, ...]


def ledger(
    *, actor: Actor, chosen: MatterFilter, cursor: str = "", size: int = 50
) -> Page[MatterRow]:
    """A page of matters, newest first; `cursor` is the `next_cursor` of the page before."""
    rows = _chosen(actor=actor, chosen=chosen)
    if cursor:
        rows = rows.filter(after_cursor(cursor, field_name="opened_at"))
    found = list(rows.order_by("-opened_at", "-id")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(
        rows=tuple(_row(matter) for matter in found[:size]),
        next_cursor=cursor_of(last.opened_at.isoformat(), last.pk) if last else "",
    )


def stream(*, actor: Actor, chosen: MatterFilter) -> Iterator[MatterRow]:
    """All matters chosen, newest first, a chunk at a time, for an export."""
    rows = _chosen(actor=actor, chosen=chosen, permission=Permission.LEDGER_EXPORT)
    for matter in rows.order_by("-opened_at", "-id").iterator(chunk_size=CHUNK):
        yield _row(matter)


def counts(*, actor: Actor, chosen: MatterFilter) -> dict[MatterKind, int]:
    """How many matters of each kind were chosen."""
    rows = _chosen(actor=actor, chosen=chosen).order_by().values_list("kind")
    return {MatterKind(kind): number for kind, number in rows.annotate(number=Count("*"))}


def detail(*, actor: Actor, matter_id: UUID) -> MatterDetail:
    """One matter. Raises 40401 where it is not there for this reader."""
    matter = _chosen(actor=actor, chosen=MatterFilter()).filter(pk=matter_id).first()
    if matter is None:
        raise not_found()
    audit = history(record_ids=[str(matter_id)], record_type=Matter._meta.label_lower)
    return MatterDetail(row=_row(matter), recorded_at=matter.recorded_at, audit=tuple(audit))


def of_visits(*, actor: Actor, visit_ids: Sequence[UUID]) -> list[MatterRow]:
    """The matters found on these visits (give a visit's whole correction chain), oldest first."""
    rows = _chosen(actor=actor, chosen=MatterFilter()).filter(visit_id__in=visit_ids)
    return [_row(matter) for matter in rows.order_by("opened_at", "id")]


def open_in_village(
    *, actor: Actor, village_code: str, matter_ids: list[UUID] | None = None
) -> list[MatterRow]:
    """The matters of a village that are not closed; of `matter_ids` only, where they are given."""
    if not jurisdiction_of(actor=actor, permission=Permission.MATTER_READ).covers(village_code):
        return []
    return [_row(matter) for matter in _open_in(code=village_code, ids=matter_ids)]


@prepared
def _open_in(*, code: str, ids: list[UUID] | None) -> QuerySet[Matter]:
    rows = _told().filter(_matches(MatterFilter(is_open=True)), village_id=code)
    return rows if ids is None else rows.filter(pk__in=ids)


def villages_of_matters(*, actor: Actor, matter_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The villages of these matters, by id."""
    rows = _chosen(actor=actor, chosen=MatterFilter()).filter(pk__in=matter_ids)
    return dict(rows.values_list("pk", "village_id"))


def _chosen(
    *,
    actor: Actor,
    chosen: MatterFilter,
    permission: Permission = Permission.MATTER_READ,
) -> QuerySet[Matter]:
    scope = visible(actor=actor, permission=permission, village_code=chosen.village_code)
    rows = _told().filter(scope)
    if chosen.unit_code:
        rows = rows.filter(village_id__in=sorted(villages_of_unit(chosen.unit_code, on=today())))
    return rows.filter(_matches(chosen))


def _told() -> QuerySet[Matter]:
    """Matters with what a line says of their village and who opened them."""
    return Matter.objects.select_related("village", "opened_by")


def _matches(chosen: MatterFilter) -> Q:
    exact = {
        "kind": chosen.kind,
        "subkind": chosen.subkind,
        "village__township_id": chosen.township_code,
        "opened_by_id": chosen.staff_id,
        "opened_at__gte": _midnight(chosen.date_from),
        "opened_at__lt": _midnight(chosen.date_to, days=1),
    }
    wanted = Q(**{name: value for name, value in exact.items() if value})
    if chosen.is_open is not None:
        wanted &= Q(closed_at__isnull=chosen.is_open)
    return wanted


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    """00:00 in Shanghai, `days` after `day`."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), time(), tzinfo=SHANGHAI)


def _row(matter: Matter) -> MatterRow:
    kind = MatterKind(matter.kind)
    return MatterRow(
        id=matter.pk,
        kind=kind,
        subkind=matter.subkind,
        subkind_label=str(SUBKINDS[kind](matter.subkind).label),
        village_code=matter.village_id,
        village_name=matter.village.name,
        place=matter.place,
        summary=matter.summary,
        level=MatterLevel(matter.level),
        opened_at=matter.opened_at,
        received_at=matter.received_at,
        opened_by_id=matter.opened_by_id,
        opened_by_name=matter.opened_by.name if matter.opened_by else "",
        visit_id=matter.visit_id,
        closed_at=matter.closed_at,
        version=matter.version,
    )
