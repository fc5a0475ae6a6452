"""Writing people inside the transaction of an action that has already authorised and checked."""

from collections.abc import Mapping, Sequence

from cunjing.kernel.inserting import insert_rows
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.writing import Write
from cunjing.staffing.models import Staff


def insert_people(*, write: Write, people: Sequence[Staff]) -> None:
    """Insert new entries in bulk."""
    insert_rows(people)
    for staff in people:
        write.note(staff, AuditVerb.CREATED, scopes=(staff.unit_id,))


def update_person(
    *, write: Write, staff: Staff, changes: Mapping[str, object], reason: str = ""
) -> None:
    """Store `changes` (column → value) of one entry; both units hear of a move."""
    units = {staff.unit_id}
    for column, value in changes.items():
        setattr(staff, column, value)
    units.add(staff.unit_id)
    staff.save(update_fields=sorted(_field_names(changes)))
    write.note(staff, AuditVerb.CHANGED, scopes=tuple(sorted(units)), reason=reason)


def _field_names(changes: Mapping[str, object]) -> set[str]:
    return {Staff._meta.get_field(column).name for column in changes}
