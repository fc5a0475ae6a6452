"""What must hold for a matter to be opened: pure checks over facts already read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import models

from cunjing.base.errors import FieldFault
from cunjing.fieldwork.rules import CLOCK_SKEW
from cunjing.fieldwork.texts import cleaned, fault_of
from cunjing.matters.items import MatterItem
from cunjing.matters.models import DisputeKind, HazardKind, IncidentKind, MatterKind, RequestKind

SUBKINDS: dict[MatterKind, type[models.TextChoices]] = {
    MatterKind.DISPUTE: DisputeKind,
    MatterKind.HAZARD: HazardKind,
    MatterKind.REQUEST: RequestKind,
    MatterKind.INCIDENT: IncidentKind,
}
PLACE_MAX = 80
SUMMARY_MAX = 500


@dataclass(slots=True)
class Known:
    """Facts about what the items name: accounts of staff, and of visits (village, staff)."""

    staff: Mapping[UUID, UUID | None] = field(default_factory=dict)
    visits: Mapping[UUID, tuple[str, UUID]] = field(default_factory=dict)
    villages: frozenset[str] = frozenset()


def shape_faults(item: MatterItem) -> list[FieldFault]:
    """What stands against the fields themselves."""
    return [
        *_moment_faults("opened_at", item.opened_at),
        *_moment_faults("recorded_at", item.recorded_at),
        *_text_faults("place", item.place, limit=PLACE_MAX),
        *_text_faults("summary", item.summary, limit=SUMMARY_MAX),
        *_subkind_faults(item.kind, item.subkind),
    ]


def field_faults(*, kind: MatterKind, values: Mapping[str, str]) -> list[FieldFault]:
    """What stands against new values of an open matter's `place`, `summary` or `subkind`."""
    faults: list[FieldFault] = []
    for name, limit in (("place", PLACE_MAX), ("summary", SUMMARY_MAX)):
        if name in values:
            faults += _text_faults(name, values[name], limit=limit)
    if "subkind" in values:
        faults += _subkind_faults(kind, values["subkind"])
    return faults


def item_faults(item: MatterItem, *, known: Known, received_at: datetime) -> list[FieldFault]:
    """What stands against opening this matter, in Chinese, by field."""
    faults = []
    if item.opened_at > received_at + CLOCK_SKEW:
        faults.append(FieldFault("opened_at", "时间还没有到，请核对日期和时间。"))
    if item.village_code not in known.villages:
        faults.append(FieldFault("village_code", "没有这个村，请重新选择。"))
    if item.staff_id is not None and item.staff_id not in known.staff:
        faults.append(FieldFault("staff_id", "没有这名人员，请重新选择。"))
    if item.visit_id is not None:
        visit = known.visits.get(item.visit_id)
        if visit is None:
            faults.append(FieldFault("visit_id", "没有这次进村记录，请重新选择。"))
        elif visit != (item.village_code, item.staff_id):
            faults.append(FieldFault("visit_id", "这次进村不是同一人在同一村的，请重新选择。"))
    return faults


def _moment_faults(name: str, moment: datetime | None) -> Iterator[FieldFault]:
    if moment is not None and moment.tzinfo is None:
        yield FieldFault(name, "时间缺少时区，请写成 2026-09-01T08:30:00+08:00 的样子。")


def _text_faults(name: str, text: str, *, limit: int) -> Iterator[FieldFault]:
    kept, fault = cleaned(text), fault_of(text)
    if fault:
        yield FieldFault(name, fault)
    elif not kept:
        yield FieldFault(name, "请填写。")
    elif len(kept) > limit:
        yield FieldFault(name, f"太长了，最多 {limit} 个字。")


def _subkind_faults(kind: MatterKind, subkind: str) -> Iterator[FieldFault]:
    allowed = SUBKINDS[kind]
    if subkind not in allowed.values:
        offered = "、".join(str(label) for label in allowed.labels)
        yield FieldFault("subkind", f"请选择细类：{offered}。")
