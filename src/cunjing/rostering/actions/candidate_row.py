"""Carrying out one row of the sheet of matching attributes by the actions of each thing in it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cunjing.base.errors import FieldFault, Problem, invalid
from cunjing.kernel.access import Actor
from cunjing.rostering.actions.candidates import (
    REFUSED,
    CandidacyFields,
    add_hold,
    set_candidacy,
    set_wishes,
)
from cunjing.rostering.candidate_cells import (
    SEPARATORS,
    Names,
    capacity_of,
    seniority_of,
    trade_of,
)
from cunjing.rostering.candidate_columns import CANDIDATE_TITLES
from cunjing.rostering.models import Hold, HoldKind, Seniority, Trade
from cunjing.rostering.queries.candidates import candidate, wishes_of
from cunjing.staffing.actions import change_staff
from cunjing.staffing.models import Staff
from cunjing.standards.errors import UnreadableValueError

_Read = TypeVar("_Read")
_WISHES = ("wish_1", "wish_2", "wish_3")
_COLUMN_OF = {
    "former_township_code": "former_township",
    "former_village_code": "former_village",
    "home_village_code": "home_village",
}


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A person's row with the places of their county."""

    actor: Actor
    staff: Staff
    cells: Mapping[str, str]
    villages: Names
    townships: Names

    def text(self, field: str) -> str:
        """A cell without blanks around it."""
        return self.cells.get(field, "").strip()

    def read(self, field: str, read: Callable[[str], _Read], default: _Read) -> _Read:
        """A filled cell as `read` understands it; raises Problem (422) naming its column."""
        text = self.text(field)
        try:
            return read(text) if text else default
        except UnreadableValueError as error:
            raise invalid(REFUSED, FieldFault(field, str(error))) from error


def carry_out_row(row: CandidateRow) -> list[str]:
    """Do what a row says, and say what changed. Raises Problem naming the columns at fault."""
    try:
        return [*_candidacy(row), *_native(row), *_wishes(row), *_holds(row)]
    except Problem as problem:
        faults = [
            FieldFault(_COLUMN_OF.get(fault.field, fault.field), fault.message)
            for fault in problem.faults
        ]
        raise Problem(problem.kind, problem.detail, faults=faults) from problem


def _candidacy(row: CandidateRow) -> Iterator[str]:
    now = candidate(actor=row.actor, staff_id=row.staff.pk)
    wanted = CandidacyFields(
        trade=row.read("trade", trade_of, now.trade),
        seniority=row.read("seniority", seniority_of, int(now.seniority)),
        capacity=row.read("capacity", capacity_of, now.capacity),
        former_township_code=row.read(
            "former_township", row.townships.code, now.former_township_id or ""
        ),
        former_village_code=row.read(
            "former_village", row.villages.code, now.former_village_id or ""
        ),
    )
    changes = [
        _change("trade", Trade(now.trade).label, Trade(wanted.trade).label),
        _change("seniority", Seniority(now.seniority).label, Seniority(wanted.seniority).label),
        _change("capacity", now.capacity, wanted.capacity),
        _change(
            "former_township",
            row.townships.names.get(now.former_township_id or "", ""),
            row.townships.names.get(wanted.former_township_code, ""),
        ),
        _change(
            "former_village",
            row.villages.names.get(now.former_village_id or "", ""),
            row.villages.names.get(wanted.former_village_code, ""),
        ),
    ]
    said = [change for change in changes if change]
    if said:
        set_candidacy(actor=row.actor, staff_id=row.staff.pk, fields=wanted)
    yield from said


def _native(row: CandidateRow) -> Iterator[str]:
    before = row.staff.home_village_id or ""
    code = row.read("home_village", row.villages.code, before)
    if code != before:
        told = "导入匹配条件"
        change_staff(actor=row.actor, staff_id=row.staff.pk, reason=told, home_village_code=code)
        names = row.villages.names
        yield _change("home_village", names.get(before, before), names[code])


def _wishes(row: CandidateRow) -> Iterator[str]:
    codes = [row.read(field, row.villages.code, "") for field in _WISHES]
    wanted = [code for code in codes if code]
    before = [wish.village_id for wish in wishes_of(actor=row.actor, staff_id=row.staff.pk)]
    if wanted and wanted != before:
        set_wishes(actor=row.actor, staff_id=row.staff.pk, village_codes=wanted)
        names = row.villages.names
        was, will = ("、".join(names.get(code, code) for code in one) for one in (before, wanted))
        yield f"志愿：{was or '（空）'} → {will}"


def _holds(row: CandidateRow) -> Iterator[str]:
    for kind in HoldKind:
        for text in filter(None, map(str.strip, SEPARATORS.split(row.text(kind.value)))):
            try:
                code = row.villages.code(text)
            except UnreadableValueError as error:
                raise invalid(REFUSED, FieldFault(kind.value, str(error))) from error
            present = Hold.objects.filter(staff=row.staff, village=code, lifted_at=None)
            if present.filter(kind=kind).exists():
                continue
            _add(row, kind=kind, code=code)
            yield f"{kind.label}：{row.villages.names[code]}（{row.text('reason')}）"


def _add(row: CandidateRow, *, kind: HoldKind, code: str) -> None:
    try:
        add_hold(
            actor=row.actor,
            kind=kind,
            staff_id=row.staff.pk,
            village_code=code,
            reason=row.text("reason"),
        )
    except Problem as problem:
        name = row.villages.names[code]
        faults = problem.faults or (FieldFault(kind.value, f"{name}：{problem.detail}"),)
        raise Problem(problem.kind, problem.detail, faults=faults) from problem


def _change(field: str, before: object, after: object) -> str:
    if before == after:
        return ""
    empty = "（空）"
    title = CANDIDATE_TITLES[field]
    return f"{title}：{before if before != '' else empty} → {after if after != '' else empty}"
