"""Writes about people: entries and absences. Duty begins and ends in `coverage.duty`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Unpack
from uuid import UUID

from cunjing.base.clock import now, today
from cunjing.base.errors import FieldFault, conflict, invalid
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_unit
from cunjing.places.models import Village
from cunjing.staffing.models import Absence, AbsenceKind, Staff
from cunjing.staffing.queries import find_absence, person
from cunjing.staffing.records import insert_people, update_person
from cunjing.staffing.rules import (
    StaffColumns,
    StaffFields,
    clean_badge,
    clean_fields,
    replaces_judged,
)
from cunjing.standards.errors import UnreadableValueError


@dataclass(frozen=True, slots=True)
class AbsenceAdded:
    """A new absence and those of the same person it overlaps (one absence in the facts)."""

    absence: Absence
    overlapping: tuple[Absence, ...]


def add_staff(*, actor: Actor, badge_number: str, **fields: Unpack[StaffFields]) -> Staff:
    """Enter a person. `name`, `role` and `unit_code` are required.

    Raises Problem (422) naming each faulty field, (409) where the badge number is taken.
    """
    check_unit(actor=actor, permission=Permission.STAFF_EDIT, unit_code=fields.get("unit_code", ""))
    columns, faults = clean_fields({"name": "", "role": "", **fields})
    try:
        badge = clean_badge(badge_number)
    except UnreadableValueError as error:
        faults.append(FieldFault("badge_number", str(error)))
    faults += _home_faults(columns)
    if faults:
        raise invalid("人员没有登记，请改正标出的项。", *faults)
    if Staff.objects.filter(badge_number=badge).exists():
        raise conflict(f"警号{badge}已经登记过，请核对；若是本人信息有变，请在原记录上修改。")
    staff = Staff(badge_number=badge, **columns)
    with writing(actor=actor, permission=Permission.STAFF_EDIT) as write:
        insert_people(write=write, people=[staff])
    return staff


def change_staff(
    *, actor: Actor, staff_id: UUID, reason: str = "", **fields: Unpack[StaffFields]
) -> Staff:
    """Change the named fields of a person; moving to another unit needs the right over both.

    Nothing is written where nothing differs. Another home village or training date than the one
    that stood there changes what finished months are judged by: it needs a reason, and the audit
    keeps what stood there. Raises Problem (422) naming each faulty field.
    """
    staff = person(actor=actor, staff_id=staff_id)
    for unit_code in {staff.unit_id, fields.get("unit_code", staff.unit_id)}:
        check_unit(actor=actor, permission=Permission.STAFF_EDIT, unit_code=unit_code)
    columns, faults = clean_fields(fields)
    faults += _home_faults(columns)
    if faults:
        raise invalid("没有保存，请改正标出的项。", *faults)
    changes = {name: value for name, value in columns.items() if getattr(staff, name) != value}
    if not changes:
        return staff
    if replaces_judged(staff, changes=changes) and not reason.strip() and not actor.system:
        fault = FieldFault("reason", "改动籍贯村或岗前培训日，请写明理由。")
        raise invalid("没有保存，请改正标出的项。", fault)
    with writing(actor=actor, permission=Permission.STAFF_EDIT) as write:
        update_person(write=write, staff=staff, changes=changes, reason=reason)
    return staff


def add_absence(
    *,
    actor: Actor,
    staff_id: UUID,
    kind: AbsenceKind,
    date_from: date,
    date_to: date,
    reason: str = "",
) -> AbsenceAdded:
    """Enter days away, from `date_from` up to (not including) `date_to`.

    Overlapping absences are allowed and reported; the same kind from the same day is refused. A day
    gone by needs a reason, since it changes what a finished month is judged by.
    """
    staff = person(actor=actor, staff_id=staff_id)
    check_unit(actor=actor, permission=Permission.ABSENCE_EDIT, unit_code=staff.unit_id)
    if date_to <= date_from:
        raise invalid("请假没有登记。", FieldFault("date_to", "止日（返岗日）必须晚于起日。"))
    if date_from < today() and not reason.strip() and not actor.system:
        fault = FieldFault("reason", "补登今天以前的请假，请写明理由。")
        raise invalid("请假没有登记。", fault)
    present = staff.absences.filter(cancelled_at=None, date_from__lt=date_to, date_to__gt=date_from)
    overlapping = tuple(present.order_by("date_from"))
    if any(other.kind == kind and other.date_from == date_from for other in overlapping):
        raise conflict("同一天起的同类请假已经登记过；要改期请先撤销原来的一条。")
    absence = Absence(staff=staff, kind=kind, date_from=date_from, date_to=date_to)
    with writing(actor=actor, permission=Permission.ABSENCE_EDIT) as write:
        absence.save(force_insert=True)
        write.note(absence, AuditVerb.CREATED, scopes=(staff.unit_id,), reason=reason.strip())
    return AbsenceAdded(absence=absence, overlapping=overlapping)


def cancel_absence(*, actor: Actor, absence_id: UUID, reason: str) -> Absence:
    """Withdraw an absence: it no longer counts, and stays readable in the audit chain."""
    absence = find_absence(actor=actor, absence_id=absence_id)
    unit_code = absence.staff.unit_id
    check_unit(actor=actor, permission=Permission.ABSENCE_EDIT, unit_code=unit_code)
    if absence.cancelled_at is not None:
        raise conflict("这条请假已经撤销。")
    if not reason.strip():
        fault = FieldFault("reason", "请写明撤销的理由。")
        raise invalid("请假没有撤销，请写明撤销的理由。", fault)
    absence.cancelled_at = now()
    with writing(actor=actor, permission=Permission.ABSENCE_EDIT) as write:
        absence.save(update_fields=["cancelled_at"])
        write.note(absence, AuditVerb.VOIDED, scopes=(unit_code,), reason=reason.strip())
    return absence


def _home_faults(columns: StaffColumns) -> Sequence[FieldFault]:
    code = columns.get("home_village_id")
    if not code or Village.objects.filter(pk=code).exists():
        return []
    return [FieldFault("home_village_code", "没有这个村，请从村名录中选择籍贯村，或者留空。")]
