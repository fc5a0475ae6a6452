"""Reads of people and their absences, scoped to what the reader may see."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.kernel.queries import AuditLine, history
from cunjing.places.access import jurisdiction_of
from cunjing.staffing.models import Absence, Staff
from cunjing.staffing.rules import tells_judged


def people(*, actor: Actor) -> QuerySet[Staff]:
    """Everyone of the reader's units, and everyone ever posted to a village of theirs.

    The liaison officer of another unit is thus known to the station whose village they serve.
    Ordered by badge number, with unit and home village loaded.
    """
    area = jurisdiction_of(actor=actor, permission=Permission.STAFF_READ)
    posted = Staff.objects.filter(area.q("postings__village_id"), pk=OuterRef("pk"))
    return (
        Staff.objects.filter(area.unit_q("unit_id") | Exists(posted))
        .select_related("unit", "home_village")
        .order_by("badge_number")
    )


def find_people(
    *,
    actor: Actor,
    text: str = "",
    role: str = "",
    unit_code: str = "",
    on_duty_on: date | None = None,
) -> QuerySet[Staff]:
    """Visible people filtered by name or badge number, role, unit, and being on duty that day."""
    found = people(actor=actor)
    if text := text.strip():
        found = found.filter(Q(name__contains=text) | Q(badge_number__istartswith=text))
    if role:
        found = found.filter(role=role)
    if unit_code:
        found = found.filter(unit_id=unit_code)
    if on_duty_on is not None:
        found = found.filter(
            Q(on_duty_from=None) | Q(on_duty_from__lte=on_duty_on),
            Q(on_duty_to=None) | Q(on_duty_to__gt=on_duty_on),
        )
    return found


def person(*, actor: Actor, staff_id: UUID) -> Staff:
    """One visible person, or the reader's own entry; raises Problem (404) for any other."""
    staff = people(actor=actor).filter(pk=staff_id).first() or own_entry(actor=actor)
    if staff is None or staff.pk != staff_id:
        raise not_found("没有这名人员，或者不在您的辖区内。")
    return staff


def own_entry(*, actor: Actor) -> Staff | None:
    """The staff entry of the signed-in person; None where the account belongs to no staff."""
    if actor.user_id is None:
        return None
    entries = Staff.objects.select_related("unit", "home_village")
    return entries.filter(user_id=actor.user_id).first()


def own_entry_id(*, user_id: UUID) -> UUID | None:
    """The id of the staff entry of an account; None where it belongs to no staff."""
    return next(iter(_entry_ids(user_id=user_id)), None)


@prepared
def _entry_ids(*, user_id: UUID) -> QuerySet[Staff, UUID]:
    return Staff.objects.filter(user_id=user_id).values_list("pk", flat=True)


def find_absence(*, actor: Actor, absence_id: UUID) -> Absence:
    """One absence of a visible person; raises Problem (404) for any other."""
    absence = Absence.objects.select_related("staff").filter(pk=absence_id).first()
    if absence is None:
        raise not_found("没有这条请假，或者不在您的辖区内。")
    person(actor=actor, staff_id=absence.staff_id)
    return absence


def absences_of(*, actor: Actor, staff_id: UUID) -> QuerySet[Absence]:
    """Absences of one visible person that were not cancelled, newest first."""
    staff = person(actor=actor, staff_id=staff_id)
    return staff.absences.filter(cancelled_at=None).order_by("-date_from", "kind")


@dataclass(frozen=True, slots=True)
class EnteredAbsence:
    """An absence, and when, by whom and why it was entered and withdrawn (None: it was not): either
    may change finished months."""

    absence: Absence
    entered: AuditLine | None
    withdrawn: AuditLine | None


def entered_absences(*, actor: Actor, staff_id: UUID, limit: int) -> list[EnteredAbsence]:
    """The newest absences of one visible person, withdrawn ones too, each with its entries in the
    audit chain."""
    staff = person(actor=actor, staff_id=staff_id)
    found = list(staff.absences.order_by("-date_from", "kind", "id")[:limit])
    acts = history(
        record_ids=[str(absence.pk) for absence in found], record_type=Absence._meta.label_lower
    )
    entries = {(act.record_id, act.verb): act for act in acts}
    return [
        EnteredAbsence(
            absence,
            entered=entries.get((str(absence.pk), AuditVerb.CREATED)),
            withdrawn=entries.get((str(absence.pk), AuditVerb.VOIDED)),
        )
        for absence in found
    ]


def told_changes(*, actor: Actor, staff_id: UUID, limit: int) -> list[AuditLine]:
    """The newest changes of one visible person's home village and training date, on which verdicts
    rest; why somebody left stands in the audit chain alone."""
    staff = person(actor=actor, staff_id=staff_id)
    acts = history(record_ids=[str(staff.pk)], record_type=Staff._meta.label_lower)
    told = [act for act in acts if act.verb == AuditVerb.CHANGED and tells_judged(act.reason)]
    return told[::-1][:limit]


def absent_on(*, actor: Actor, day: date) -> QuerySet[Absence]:
    """Absences of visible people on one day, by person."""
    visible = people(actor=actor).order_by().values("pk")
    return (
        Absence.objects.filter(
            staff__in=visible, cancelled_at=None, date_from__lte=day, date_to__gt=day
        )
        .select_related("staff", "staff__unit")
        .order_by("staff__badge_number", "date_from")
    )
