"""Planning one row: is the person new, what changes, which postings are opened."""

from datetime import date

from cunjing.base.errors import FieldFault
from cunjing.coverage.import_lookup import Lookup
from cunjing.coverage.import_plan import FieldChange, Outcome, PlannedPerson, PlannedPosting
from cunjing.coverage.import_rows import ReadRow
from cunjing.coverage.models import Posting
from cunjing.coverage.people_columns import TITLES
from cunjing.coverage.rules import Term, overlap_faults, term_faults
from cunjing.places.models import Village
from cunjing.staffing.models import Staff, StaffRole
from cunjing.standards.codes import EDUCATION, SEX

_COLUMN_OF = {
    "unit_id": "unit",
    "home_village_id": "home_village",
    "party_member": "political_status",
}
_POSTING_COLUMN_OF = {"village_code": "posting_villages", "valid_from": "posting_from"}


def plan_person(
    *, read: ReadRow, lookup: Lookup, warnings: list[FieldFault]
) -> PlannedPerson | None:
    """The plan of one row; None where it has faults, which are added to `read`."""
    staff = lookup.people.get(read.badge_number)
    if staff is not None and staff.unit_id not in lookup.staff_area.units:
        read.refuse("badge_number", f"警号{read.badge_number}已由其他单位登记，请核对。")
    if read.faults:
        return None
    columns = _changed_columns(read=read, staff=staff)
    postings = _plan_postings(read=read, staff=staff, lookup=lookup, warnings=warnings)
    if read.faults:
        return None
    changes = [] if staff is None else _changes(staff=staff, columns=columns, lookup=lookup)
    return PlannedPerson(
        row=read.number,
        badge_number=read.badge_number,
        name=read.columns["name"],
        outcome=_outcome(is_new=staff is None, touched=bool(columns or postings)),
        staff_id=None if staff is None else staff.pk,
        changes=tuple(changes),
        postings=tuple(postings),
        columns=columns,
    )


def _outcome(*, is_new: bool, touched: bool) -> Outcome:
    if is_new:
        return Outcome.NEW
    return Outcome.CHANGED if touched else Outcome.UNCHANGED


def _changed_columns(*, read: ReadRow, staff: Staff | None) -> dict[str, object]:
    return {
        name: value
        for name, value in read.columns.items()
        if staff is None or getattr(staff, name) != value
    }


def _changes(*, staff: Staff, columns: dict[str, object], lookup: Lookup) -> list[FieldChange]:
    found = []
    for name, value in columns.items():
        field = _COLUMN_OF.get(name, name)
        found.append(
            FieldChange(
                field=field,
                column=TITLES[field],
                before=_shown(name=name, value=getattr(staff, name), lookup=lookup),
                after=_shown(name=name, value=value, lookup=lookup),
            )
        )
    return found


def _shown(*, name: str, value: object, lookup: Lookup) -> str:
    """A stored value as a person reads it."""
    if value is None or value == "":
        return ""
    text = str(value)
    if name == "party_member":
        return "党员" if value else "非党员"
    if name == "role":
        return str(StaffRole(text).label)
    if name == "unit_id":
        return lookup.units[text].name
    if name == "home_village_id" and text in lookup.villages:
        return lookup.villages[text].name
    return {"sex": SEX, "education": EDUCATION}.get(name, {}).get(text, text)


def _plan_postings(
    *, read: ReadRow, staff: Staff | None, lookup: Lookup, warnings: list[FieldFault]
) -> list[PlannedPosting]:
    if read.posting_from is None:
        return []
    known = [] if staff is None else lookup.postings.get(staff.badge_number, [])
    planned = []
    for village in read.villages:
        term = Term(village.code, read.columns["role"], read.posting_from, None)
        said = _already_serves(term=term, known=known)
        if said is not None:
            if said:
                warnings.append(
                    FieldFault(
                        "posting_from",
                        f"{village.name}{said}",
                        row=read.number,
                        column=TITLES["posting_from"],
                    )
                )
            continue
        _check_term(read=read, staff=staff, term=term, village=village, known=known)
        planned.append(PlannedPosting(village.code, village.name, term.role, term.valid_from))
    return planned


def _already_serves(*, term: Term, known: list[Posting]) -> str | None:
    """None where a new posting is needed; else what to tell, empty for nothing.

    The same posting named again is the same, also when it has ended since.
    """
    for row in known:
        if (row.village_id, row.role) != (term.village_code, term.role):
            continue
        if row.valid_from == term.valid_from:
            return ""
        if row.valid_from < term.valid_from and _holds(row, on=term.valid_from):
            return f"自{row.valid_from}起已在包联，与表中的起日不同，没有改动。"
    return None


def _holds(row: Posting, *, on: date) -> bool:
    return row.valid_to is None or row.valid_to > on


def _check_term(
    *, read: ReadRow, staff: Staff | None, term: Term, village: Village, known: list[Posting]
) -> None:
    others = [Term(row.village_id, row.role, row.valid_from, row.valid_to, row.pk) for row in known]
    stored_from = None if staff is None else staff.on_duty_from
    faults = term_faults(
        term=term,
        on_duty_from=read.columns.get("on_duty_from", stored_from),
        on_duty_to=None if staff is None else staff.on_duty_to,
        village_to=village.valid_to,
    )
    faults += overlap_faults(term=term, others=others)
    for fault in faults:
        name = _POSTING_COLUMN_OF.get(fault.field, "posting_from")
        read.refuse(name, f"{village.name}：{fault.message}")
