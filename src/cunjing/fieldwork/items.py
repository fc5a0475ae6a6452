"""A piece of work as a client sends it, and the digest that tells whether it was sent before."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from cunjing.base.clock import local_date
from cunjing.base.errors import FieldFault
from cunjing.fieldwork.details import DetailsRefused, read_details
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.writing import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in degrees (WGS 84), rounded to a millionth; `accuracy_m` in metres where known."""

    longitude: Decimal
    latitude: Decimal
    accuracy_m: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One piece of work to be recorded.

    `id` is made by the client (UUIDv7). `occurred_at` is when it happened (a visit: when it began),
    `recorded_at` the client's clock when it was saved (None: when it arrives). `details` holds the
    fields of `fieldwork.details`. `unit_code`: the station an information item is handed to (empty:
    the one that answers for the village). `bound_to`: digest of a larger whole this belongs to.
    `position`: where it was saved, if the officer let that be known.
    """

    id: UUID
    kind: RecordKind
    village_code: str
    staff_id: UUID
    occurred_at: datetime
    details: Mapping[str, object]
    subkind: str = ""
    recorded_at: datetime | None = None
    household_id: UUID | None = None
    visit_id: UUID | None = None
    unit_code: str = ""
    bound_to: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadItem:
    """An item whose fields fit their schema; `details` as stored, `digest` of the content."""

    item: WorkItem
    details: dict[str, object]
    digest: str
    day: date


class Supersession(NamedTuple):
    """What a correction adds to its item."""

    record_id: UUID
    reason: str


class Outcome(Enum):
    """What became of one item of a batch."""

    CREATED = "created"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(slots=True)
class Reading:
    """Items read in one go, with the faults of those that could not be read."""

    read: list[ReadItem] = field(default_factory=list)
    faults: list[FieldFault] = field(default_factory=list)


def read_items(
    items: Sequence[WorkItem], *, names: Sequence[str], supersession: Supersession | None = None
) -> Reading:
    """Check the shape of items; `names` prefix the fields of the faults (`calls.0`)."""
    reading = Reading()
    for item, name in zip(items, names, strict=True):
        faults = list(_moment_faults(item))
        try:
            details = read_details(kind=item.kind, raw=item.details)
        except DetailsRefused as refused:
            faults += refused.faults
        if faults:
            reading.faults += [within(name, fault) for fault in faults]
            continue
        stored = details.model_dump(mode="json")
        said = details.model_dump(mode="json", exclude_defaults=True)
        digest = _digest(item, details=said, supersession=supersession)
        day = local_date(item.occurred_at)
        reading.read.append(ReadItem(item=item, details=stored, digest=digest, day=day))
    return reading


def within(name: str, fault: FieldFault) -> FieldFault:
    """The same fault, its field named inside the part `name`."""
    field_name = f"{name}.{fault.field}" if name else fault.field
    return FieldFault(field_name, fault.message, fault.row, fault.column)


def part_names(count: int) -> list[str]:
    """Names of items in a list: nothing for a single one, else its place counted from 0."""
    return [""] if count == 1 else [str(place) for place in range(count)]


def _moment_faults(item: WorkItem) -> list[FieldFault]:
    naive = "时间缺少时区，请写成 2026-09-01T08:30:00+08:00 的样子。"
    moments = (("occurred_at", item.occurred_at), ("recorded_at", item.recorded_at))
    return [
        FieldFault(name, naive)
        for name, moment in moments
        if moment is not None and moment.tzinfo is None
    ]


def _digest(
    item: WorkItem, *, details: dict[str, object], supersession: Supersession | None
) -> str:
    content: dict[str, object] = {
        "kind": item.kind.value,
        "subkind": item.subkind,
        "village": item.village_code,
        "staff": item.staff_id,
        "occurred_at": item.occurred_at,
        "recorded_at": item.recorded_at,
        "household": item.household_id,
        "visit": item.visit_id,
        "unit": item.unit_code,
        "bound_to": item.bound_to,
        "details": details,
        "supersedes": list(supersession) if supersession else None,
    }
    if item.position is not None:
        at = item.position
        content["position"] = [at.longitude, at.latitude, at.accuracy_m]
    return hashlib.sha256(canonical(content)).hexdigest()
