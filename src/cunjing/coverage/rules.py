"""Pure checks of postings: does the role fit the person, do the dates fit duty and village."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cunjing.accounts.roles import Role
from cunjing.base.errors import FieldFault
from cunjing.staffing.models import OFFICER_ROLES, StaffRole
from cunjing.staffing.rules import overlaps


@dataclass(frozen=True, slots=True)
class Term:
    """One posting as the checks see it; `valid_to` is exclusive, None without end."""

    village_code: str
    role: str
    valid_from: date
    valid_to: date | None
    posting_id: UUID | None = None


def roles_open_to(staff_role: str) -> frozenset[StaffRole]:
    """The roles somebody of this staff role may be posted in.

    Officers may serve a village as resident, liaison or beat officer; the others only as what they
    are (an auxiliary has no officer's powers).
    """
    role = StaffRole(staff_role)
    return OFFICER_ROLES if role in OFFICER_ROLES else frozenset({role})


def grant_role_of(posting_role: str) -> Role:
    """The account role that follows from a posting."""
    return Role.OFFICER if posting_role in OFFICER_ROLES else Role.AUXILIARY


def role_faults(*, staff_role: str, role: str) -> list[FieldFault]:
    """A fault where the person cannot be posted in this role."""
    if role in roles_open_to(staff_role):
        return []
    said, meant = StaffRole(staff_role).label, StaffRole(role).label
    return [FieldFault("role", f"{said}不能安排为{meant}，请换人或先变更其岗位。")]


def term_faults(
    *, term: Term, on_duty_from: date | None, on_duty_to: date | None, village_to: date | None
) -> list[FieldFault]:
    """Faults of the dates: order, days outside duty, a village that has ceased to be."""
    faults = []
    if term.valid_to is not None and term.valid_to <= term.valid_from:
        faults.append(FieldFault("valid_to", "止日必须晚于起日；止日当天由接任的人负责。"))
    if on_duty_from and term.valid_from < on_duty_from:
        faults.append(FieldFault("valid_from", f"起日早于到岗日{on_duty_from}，请改到到岗之后。"))
    if on_duty_to and (term.valid_to is None or term.valid_to > on_duty_to):
        faults.append(FieldFault("valid_to", f"此人{on_duty_to}离岗，止日请不晚于这一天。"))
    if village_to and term.valid_from >= village_to:
        faults.append(FieldFault("village_code", f"该村已于{village_to}撤销，请选择现有的村。"))
    return faults


def overlap_faults(*, term: Term, others: Iterable[Term]) -> list[FieldFault]:
    """A fault where the same person already serves the village in the role on one of the days."""
    for other in others:
        if (other.village_code, other.role) == (term.village_code, term.role) and overlaps(
            start=term.valid_from,
            end=term.valid_to,
            other_start=other.valid_from,
            other_end=other.valid_to,
        ):
            until = f"至{other.valid_to}（不含）" if other.valid_to else "至今"
            said = f"此人{other.valid_from}{until}已在该村任同一岗位，日期不能重叠。"
            return [FieldFault("valid_from", said)]
    return []
