"""Writing people inside the transaction of an action that has already authorised and checked."""

from collections.abc import Mapping, Sequence

from cunjing.kernel.inserting import insert_rows
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.writing import Write
from cunjing.places.models import Village
from cunjing.staffing.models import Staff
from cunjing.staffing.rules import with_judged


def insert_people(*, write: Write, people: Sequence[Staff]) -> None:
    """Insert new entries in bulk."""
    insert_rows(people)
    for staff in people:
        write.note(staff, AuditVerb.CREATED, scopes=(staff.unit_id,))


def update_person(
    *, write: Write, staff: Staff, changes: Mapping[str, object], reason: str = ""
) -> None:
    """Store `changes` (column → value) of one entry; both units hear of a move.

    Where verdicts rest on what is changed, the audit keeps what stood there, whoever changes it.
    """
    names = _village_names(staff, changes)
    told = with_judged(staff, changes=changes, names=names, reason=reason)
    units = {staff.unit_id}
    for column, value in changes.items():
        setattr(staff, column, value)
    units.add(staff.unit_id)
    staff.save(update_fields=sorted(_field_names(changes)))
    write.note(staff, AuditVerb.CHANGED, scopes=tuple(sorted(units)), reason=told)


def _village_names(staff: Staff, changes: Mapping[str, object]) -> dict[object, str]:
    if "home_village_id" not in changes:
        return {}
    codes = [code for code in (staff.home_village_id, changes["home_village_id"]) if code]
    return dict(Village.objects.filter(pk__in=codes).values_list("pk", "name"))


def _field_names(changes: Mapping[str, object]) -> set[str]:
    return {Staff._meta.get_field(column).name for column in changes}
