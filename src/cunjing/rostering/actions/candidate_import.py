"""Importing matching attributes, wishes, pins and bans from a sheet: shown first, then all or none.

The dry run does everything and takes it back, so that it says what the import will do, no less.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from django.db import transaction

from cunjing.base.errors import FieldFault, Problem, conflict, forbidden, invalid
from cunjing.coverage.import_plan import ImportRow
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import canonical
from cunjing.places.access import why_not
from cunjing.rostering.actions.candidate_row import CandidateRow, carry_out_row
from cunjing.rostering.candidate_cells import Names, places_of
from cunjing.rostering.candidate_columns import CANDIDATE_TITLES
from cunjing.rostering.counties import county_of
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import people

PERMISSION = Permission.CANDIDACY_EDIT


@dataclass(frozen=True, slots=True)
class PlannedCandidate:
    """What one row of the sheet changes, in words; empty where nothing does."""

    row: int
    badge_number: str
    name: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidatePlan:
    """A dry run; with faults nothing is imported. `digest` stands for all it says."""

    people: tuple[PlannedCandidate, ...]
    faults: tuple[FieldFault, ...]
    digest: str

    @property
    def changed(self) -> int:
        """How many people something changes for."""
        return sum(bool(one.changes) for one in self.people)


def plan_candidates(*, actor: Actor, rows: Sequence[ImportRow]) -> CandidatePlan:
    """What importing these rows would do now; nothing of it stays."""
    with transaction.atomic():
        plan = _carry_out(actor=actor, rows=rows)
        transaction.set_rollback(True)
    return plan


def apply_candidates(*, actor: Actor, rows: Sequence[ImportRow], plan_digest: str) -> CandidatePlan:
    """Do what the plan with this digest said, all of it or nothing.

    Raises Problem (422) with the faults of the rows, (409) where they no longer give that plan.
    """
    with transaction.atomic():
        plan = _carry_out(actor=actor, rows=rows)
        if plan.faults:
            detail = f"有{len(plan.faults)}处错误，什么都没有导入。请改正后重新上传。"
            raise invalid(detail, *plan.faults)
        if plan.digest != plan_digest:
            raise conflict("预览之后数据有了变化，什么都没有导入。请重新预览，核对后再导入。")
    return plan


def _carry_out(*, actor: Actor, rows: Sequence[ImportRow]) -> CandidatePlan:
    if reason := why_not(actor=actor, permission=PERMISSION):
        raise forbidden(reason)
    if not rows:
        raise invalid("表里没有人员。请在表头下面逐行填写后再上传。")
    badges = [row.cells.get("badge_number", "").strip().upper() for row in rows]
    known = {one.badge_number: one for one in people(actor=actor).filter(badge_number__in=badges)}
    often, counties = Counter(badges), dict[str, tuple[Names, Names]]()
    planned, faults = [], list[FieldFault]()
    for row, badge in zip(rows, badges, strict=True):
        staff = known.get(badge)
        if staff is None or often[badge] > 1:
            faults.append(_fault(row, "badge_number", _who(staff, badge=badge)))
            continue
        county = county_of(staff.unit)
        if county not in counties:
            counties[county] = places_of(county)
        read = CandidateRow(actor, staff, row.cells, *counties[county])
        said = _tried(row, partial(carry_out_row, read), faults=faults)
        planned.append(PlannedCandidate(row.number, badge, staff.name, tuple(said)))
    digest = hashlib.sha256(canonical([asdict(one) for one in planned])).hexdigest()
    return CandidatePlan(tuple(planned), tuple(faults), digest)


def _tried(row: ImportRow, act: Callable[[], list[str]], *, faults: list[FieldFault]) -> list[str]:
    """One row, which leaves nothing where it is refused; all rows are tried."""
    try:
        with transaction.atomic():
            return act()
    except Problem as problem:
        said = problem.faults or (FieldFault("badge_number", problem.detail),)
        faults.extend(_fault(row, fault.field, fault.message) for fault in said)
        return []


def _fault(row: ImportRow, field: str, message: str) -> FieldFault:
    return FieldFault(field, message, row=row.number, column=CANDIDATE_TITLES.get(field, ""))


def _who(staff: Staff | None, *, badge: str) -> str:
    if staff is not None:
        return f"警号{badge}在表里出现多次，每人只能有一行。"
    if not badge:
        return "请填写警号。"
    return f"没有警号{badge}的人员，或者不在您的辖区内。"
