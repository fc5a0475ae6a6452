"""Open matters: disputes, hazards, requests, incidents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError

from cunjing.base.clock import now
from cunjing.base.errors import FieldFault, conflict, forbidden, invalid
from cunjing.fieldwork.access import right_to_write
from cunjing.fieldwork.items import part_names, within
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.fieldwork.texts import cleaned
from cunjing.kernel.access import Actor
from cunjing.kernel.inserting import insert_rows
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.matters.items import MatterItem
from cunjing.matters.models import Matter
from cunjing.matters.rules import Known, item_faults, shape_faults
from cunjing.places.access import check_village
from cunjing.places.models import Village
from cunjing.staffing.models import Staff

REFUSED = "有内容需要修改，什么都没有保存。"


class Opened(NamedTuple):
    """A stored matter; `repeated` when the same content had been stored before."""

    matter: Matter
    repeated: bool


def open_matter(*, actor: Actor, item: MatterItem) -> Opened:
    """Open one matter.

    The same id with the same content returns the stored matter; with other content it is a conflict
    (40901). Raises 42201 with the faulty fields; 40301 and 40401 for who may not open it.
    """
    return open_many(actor=actor, items=[item])[0]


def open_many(
    *,
    actor: Actor,
    items: Sequence[MatterItem],
    names: Sequence[str] = (),
    received: Mapping[UUID, datetime] | None = None,
) -> list[Opened]:
    """Open matters as one whole: all of them or none. `names` prefix the fields of the faults.

    `received` gives times of arrival by item id for imports; only the system may set them.
    """
    called = names or part_names(len(items))
    if received and not actor.system:
        raise forbidden("收到时间由系统记录，不能自行填写。")
    _authorise(actor=actor, items=items)
    _check(
        [
            within(name, fault)
            for item, name in zip(items, called, strict=True)
            for fault in _shape(item, items=items)
        ]
    )
    try:
        return _store(actor, items, called, received or {})
    except IntegrityError:
        # The same matters arrived twice at once and the other call was first.
        if not _stored([item.id for item in items]):
            raise
        return _store(actor, items, called, received or {})


def shape_of(items: Sequence[MatterItem], *, names: Sequence[str]) -> list[FieldFault]:
    """Faults in the fields themselves, for a form that shows all of them at once."""
    return [
        within(name, fault)
        for item, name in zip(items, names, strict=True)
        for fault in shape_faults(item)
    ]


def _shape(item: MatterItem, *, items: Sequence[MatterItem]) -> list[FieldFault]:
    faults = shape_faults(item)
    if sum(other.id == item.id for other in items) > 1:
        faults.append(FieldFault("id", "同一个编号用了两次，请为每一条生成新的编号。"))
    return faults


def _authorise(*, actor: Actor, items: Sequence[MatterItem]) -> None:
    """Opening needs MATTER_OPEN over the village; in another's name, RECORD_WRITE_FOR as well."""
    named = {item.staff_id for item in items if item.staff_id is not None}
    accounts = dict(Staff.objects.filter(pk__in=named).values_list("id", "user_id"))
    for village, staff_id in {(item.village_code, item.staff_id) for item in items}:
        check_village(actor=actor, permission=Permission.MATTER_OPEN, village_code=village)
        if staff_id is not None:
            right_to_write(actor=actor, account=accounts.get(staff_id), village_code=village)


def _check(faults: Sequence[FieldFault]) -> None:
    if faults:
        raise invalid(REFUSED, *faults)


def _store(
    actor: Actor,
    items: Sequence[MatterItem],
    names: Sequence[str],
    received: Mapping[UUID, datetime],
) -> list[Opened]:
    stored = _stored([item.id for item in items])
    results = {
        item.id: _repeated(item, stored=stored[item.id]) for item in items if item.id in stored
    }
    fresh = [(item, name) for item, name in zip(items, names, strict=True) if item.id not in stored]
    if fresh:
        moment = now()
        known = _known([item for item, _ in fresh])
        arrivals = {item.id: received.get(item.id, moment) for item, _ in fresh}
        _check(
            [
                within(name, fault)
                for item, name in fresh
                for fault in item_faults(item, known=known, received_at=arrivals[item.id])
            ]
        )
        rows = [_built(item, actor=actor, received_at=arrivals[item.id]) for item, _ in fresh]
        with writing(actor=actor, permission=Permission.MATTER_OPEN) as write:
            insert_rows(rows)
            for row in rows:
                write.note(row, AuditVerb.CREATED, village_code=row.village_id)
        results |= {row.pk: Opened(row, repeated=False) for row in rows}
    return [results[item.id] for item in items]


def _stored(ids: Sequence[UUID]) -> dict[UUID, Matter]:
    return Matter.objects.in_bulk(ids)


def _repeated(item: MatterItem, *, stored: Matter) -> Opened:
    if stored.digest != item.digest():
        raise conflict("这个编号已经存有另一份内容，没有覆盖。", id=str(stored.pk))
    return Opened(stored, repeated=True)


def _known(items: Sequence[MatterItem]) -> Known:
    staff = {item.staff_id for item in items if item.staff_id is not None}
    visits = {item.visit_id for item in items if item.visit_id is not None}
    villages = {item.village_code for item in items}
    found = WorkRecord.objects.filter(pk__in=visits, kind=RecordKind.VILLAGE_VISIT, voided_at=None)
    return Known(
        staff=dict(Staff.objects.filter(pk__in=staff).values_list("id", "user_id")),
        visits={
            key: (village, staff_id)
            for key, village, staff_id in found.values_list("id", "village_id", "staff_id")
        },
        villages=frozenset(Village.objects.filter(pk__in=villages).values_list("code", flat=True)),
    )


def _built(item: MatterItem, *, actor: Actor, received_at: datetime) -> Matter:
    return Matter(
        id=item.id,
        kind=item.kind.value,
        subkind=item.subkind,
        village_id=item.village_code,
        place=cleaned(item.place),
        summary=cleaned(item.summary),
        level=item.level.value,
        opened_at=item.opened_at,
        recorded_at=item.recorded_at or received_at,
        received_at=received_at,
        opened_by_id=item.staff_id,
        recorded_by=actor.user_id,
        visit_id=item.visit_id,
        digest=item.digest(),
    )
