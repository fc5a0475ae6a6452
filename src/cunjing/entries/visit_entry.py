"""The form of a visit: written once, it feeds the ledgers of visits, calls, items and matters."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cunjing.fieldwork.items import Position, WorkItem
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.writing import canonical
from cunjing.matters.items import MatterItem
from cunjing.matters.models import MatterKind, MatterLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPart:
    """A call at a household: the answers to the six questions (`fieldwork.details`)."""

    id: UUID
    household_id: UUID
    answers: Mapping[str, object]
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationPart:
    """An information item; `unit_code` empty: handed to the station of the village."""

    id: UUID
    subkind: str
    place: str
    text: str
    unit_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterPart:
    """A dispute, hazard, request or incident that came up."""

    id: UUID
    kind: MatterKind
    subkind: str
    place: str
    summary: str
    level: MatterLevel = MatterLevel.VILLAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningPart:
    """A safety warning published during the visit; `published`: `fieldwork.details.Publication`."""

    id: UUID
    title: str
    text: str
    published: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPart:
    """A session held during the visit; `audience`: `fieldwork.details.Audience`."""

    id: UUID
    subkind: str
    topic: str
    audience: tuple[str, ...]
    audience_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEntry:
    """A whole visit. `id` is the visit's; every part has an id of its own, made by the client.

    Parts happened when the visit began unless they say otherwise. `recorded_at` None: on arrival.
    """

    id: UUID
    village_code: str
    staff_id: UUID
    arrived_at: datetime
    left_at: datetime
    log: str = ""
    overnight_reason: str = ""
    recorded_at: datetime | None = None
    calls: tuple[CallPart, ...] = ()
    information: tuple[InformationPart, ...] = ()
    matters: tuple[MatterPart, ...] = ()
    warning: WarningPart | None = None
    session: SessionPart | None = None
    position: Position | None = None


def work_items(entry: VisitEntry) -> dict[str, WorkItem]:
    """The entry as work items, the visit first, by the name of their part (`calls.0`).

    The visit is bound to its parts: sent again with other parts, the entry is another one.
    """
    items = {"": _visit(entry)}
    for place, call in enumerate(entry.calls):
        items[f"calls.{place}"] = _call(entry, call)
    for place, part in enumerate(entry.information):
        items[f"information.{place}"] = _information(entry, part)
    if entry.warning is not None:
        items["warning"] = _warning(entry, entry.warning)
    if entry.session is not None:
        items["session"] = _session(entry, entry.session)
    return items


def matter_items(entry: VisitEntry) -> dict[str, MatterItem]:
    """The matters of the entry, by the name of their part (`matters.0`)."""
    return {
        f"matters.{place}": MatterItem(
            id=part.id,
            kind=part.kind,
            subkind=part.subkind,
            village_code=entry.village_code,
            place=part.place,
            summary=part.summary,
            level=part.level,
            opened_at=entry.arrived_at,
            staff_id=entry.staff_id,
            visit_id=entry.id,
            recorded_at=entry.recorded_at,
        )
        for place, part in enumerate(entry.matters)
    }


def _visit(entry: VisitEntry) -> WorkItem:
    return WorkItem(
        id=entry.id,
        kind=RecordKind.VILLAGE_VISIT,
        village_code=entry.village_code,
        staff_id=entry.staff_id,
        occurred_at=entry.arrived_at,
        recorded_at=entry.recorded_at,
        details={
            "left_at": entry.left_at,
            "log": entry.log,
            "overnight_reason": entry.overnight_reason,
        },
        bound_to=_binding(entry),
        position=entry.position,
    )


def _binding(entry: VisitEntry) -> str:
    """Digest of the parts' ids; empty for a bare visit. What is in a part, its own digest holds."""
    single = [part for part in (entry.warning, entry.session) if part is not None]
    parts = [*entry.calls, *entry.information, *entry.matters, *single]
    ids = sorted(str(part.id) for part in parts)
    return hashlib.sha256(canonical(ids)).hexdigest() if ids else ""


def _part(
    entry: VisitEntry,
    *,
    part_id: UUID,
    kind: RecordKind,
    details: Mapping[str, object],
    subkind: str = "",
) -> WorkItem:
    return WorkItem(
        id=part_id,
        kind=kind,
        subkind=subkind,
        village_code=entry.village_code,
        staff_id=entry.staff_id,
        occurred_at=entry.arrived_at,
        recorded_at=entry.recorded_at,
        visit_id=entry.id,
        details=details,
    )


def _call(entry: VisitEntry, call: CallPart) -> WorkItem:
    item = _part(entry, part_id=call.id, kind=RecordKind.HOUSEHOLD_VISIT, details=call.answers)
    return replace(
        item, household_id=call.household_id, occurred_at=call.occurred_at or entry.arrived_at
    )


def _information(entry: VisitEntry, part: InformationPart) -> WorkItem:
    item = _part(
        entry,
        part_id=part.id,
        kind=RecordKind.INFORMATION,
        subkind=part.subkind,
        details={"place": part.place, "text": part.text},
    )
    return replace(item, unit_code=part.unit_code)


def _warning(entry: VisitEntry, part: WarningPart) -> WorkItem:
    return _part(
        entry,
        part_id=part.id,
        kind=RecordKind.WARNING,
        details={"title": part.title, "text": part.text, "published": part.published},
    )


def _session(entry: VisitEntry, part: SessionPart) -> WorkItem:
    return _part(
        entry,
        part_id=part.id,
        kind=RecordKind.SESSION,
        subkind=part.subkind,
        details={
            "topic": part.topic,
            "audience": part.audience,
            "audience_count": part.audience_count,
        },
    )
