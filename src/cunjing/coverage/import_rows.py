"""Reading one row of the people sheet: from text to checked values, or to faults by column."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from cunjing.base.errors import FieldFault
from cunjing.coverage.import_lookup import Lookup
from cunjing.coverage.import_plan import ImportRow
from cunjing.coverage.people_columns import PEOPLE_COLUMNS, TITLES
from cunjing.places.models import Village
from cunjing.staffing.models import StaffRole
from cunjing.staffing.rules import StaffColumns, StaffFields, clean_badge, clean_fields
from cunjing.standards.codes import (
    PARTY_MEMBER,
    read_education,
    read_political_status,
    read_sex,
)
from cunjing.standards.dates import read_date
from cunjing.standards.errors import UnreadableValueError

_SEPARATORS = re.compile(r"[、,，;；\n]+")
_FIELD_OF = {"unit_code": "unit", "home_village_code": "home_village"}
_ROLES: dict[str, str] = {role.label: role.value for role in StaffRole}


@dataclass(slots=True)
class ReadRow:
    """A row as read. Blank cells leave no trace: they change nothing."""

    number: int
    badge_number: str = ""
    columns: StaffColumns = field(default_factory=StaffColumns)
    villages: list[Village] = field(default_factory=list)
    posting_from: date | None = None
    faults: list[FieldFault] = field(default_factory=list)

    def refuse(self, name: str, message: str) -> None:
        """Add a fault in the column of `name`."""
        self.faults.append(FieldFault(name, message, row=self.number, column=TITLES.get(name, "")))


def badge_of(row: ImportRow) -> str:
    """The badge number of a row in its one written form, empty where it cannot be read."""
    try:
        return clean_badge(row.cells.get("badge_number", ""))
    except UnreadableValueError:
        return ""


def read_row(*, row: ImportRow, lookup: Lookup) -> ReadRow:
    """Read a row against the lookup; every fault of the row is reported."""
    read = ReadRow(number=row.number)
    for column in PEOPLE_COLUMNS:
        if column.required and not _cell(row, column.field):
            read.refuse(column.field, f"请填写{column.title}。")
    _read(read, row, "badge_number", lambda text: _set_badge(read, text))
    fields: StaffFields = {}
    _read_texts(read=read, row=row, fields=fields)
    _read_coded(read=read, row=row, fields=fields, lookup=lookup)
    columns, faults = clean_fields(fields)
    read.columns = columns
    for fault in faults:
        read.refuse(_FIELD_OF.get(fault.field, fault.field), fault.message)
    _read_postings(read=read, row=row, lookup=lookup)
    return read


def _set_badge(read: ReadRow, text: str) -> None:
    read.badge_number = clean_badge(text)


def _read_texts(*, read: ReadRow, row: ImportRow, fields: StaffFields) -> None:
    if name := _cell(row, "name"):
        fields["name"] = name
    if post := _cell(row, "post"):
        fields["post"] = post
    if phone := _cell(row, "phone"):
        fields["phone"] = phone
    if id_number := _cell(row, "id_number"):
        fields["id_number"] = id_number
    if birth_month := _cell(row, "birth_month"):
        fields["birth_month"] = birth_month
    if (trained_on := _date(read, row, "trained_on")) is not None:
        fields["trained_on"] = trained_on
    if (on_duty_from := _date(read, row, "on_duty_from")) is not None:
        fields["on_duty_from"] = on_duty_from


def _read_coded(*, read: ReadRow, row: ImportRow, fields: StaffFields, lookup: Lookup) -> None:
    def role(text: str) -> None:
        fields["role"] = _ROLES.get(text, text)

    def unit(text: str) -> None:
        fields["unit_code"] = lookup.unit(text).code

    def sex(text: str) -> None:
        fields["sex"] = read_sex(text)

    def education(text: str) -> None:
        fields["education"] = read_education(text)

    def political_status(text: str) -> None:
        fields["party_member"] = read_political_status(text) in PARTY_MEMBER

    def home_village(text: str) -> None:
        fields["home_village_code"] = lookup.village(text).code

    for check in (role, unit, sex, education, political_status, home_village):
        _read(read, row, check.__name__, check)


def _read_postings(*, read: ReadRow, row: ImportRow, lookup: Lookup) -> None:
    read.posting_from = _date(read, row, "posting_from")
    names = [name.strip() for name in _SEPARATORS.split(_cell(row, "posting_villages"))]
    for name in filter(None, names):
        try:
            village = lookup.village(name)
        except UnreadableValueError as error:
            read.refuse("posting_villages", str(error))
            continue
        if not lookup.posting_area.covers(village.code):
            read.refuse("posting_villages", f"您不能调整{village.name}的包村安排，请核对。")
        elif village in read.villages:
            read.refuse("posting_villages", f"{village.name}写了两次，请删去一个。")
        else:
            read.villages.append(village)
    if any(names) and not _cell(row, "posting_from"):
        read.refuse("posting_from", "填了包联村，请同时填写包联起日。")
    if _cell(row, "posting_from") and not any(names):
        read.refuse("posting_villages", "填了包联起日，请同时填写包联村，或清空起日。")


def _date(read: ReadRow, row: ImportRow, name: str) -> date | None:
    found: list[date] = []
    _read(read, row, name, lambda text: found.append(read_date(text)))
    return found[0] if found else None


def _read(read: ReadRow, row: ImportRow, name: str, check: Callable[[str], None]) -> None:
    """Give a filled cell to its check; what it cannot read becomes a fault of that column."""
    text = _cell(row, name)
    if not text:
        return
    try:
        check(text)
    except UnreadableValueError as error:
        read.refuse(name, str(error))


def _cell(row: ImportRow, name: str) -> str:
    return row.cells.get(name, "").strip()
