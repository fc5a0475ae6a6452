"""Who may be posted as what, and when."""

from datetime import date

import pytest

from cunjing.accounts.roles import Role
from cunjing.coverage.rules import (
    Term,
    grant_role_of,
    overlap_faults,
    role_faults,
    roles_open_to,
    term_faults,
)
from cunjing.staffing.models import OFFICER_ROLES, StaffRole

V = "990101101201"
D1, D2, D3 = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.mark.parametrize("staff_role", list(StaffRole))
@pytest.mark.parametrize("role", list(StaffRole))
def test_officers_change_places_and_nobody_else_does(
    staff_role: StaffRole, role: StaffRole
) -> None:
    both_officers = {staff_role, role} <= OFFICER_ROLES
    allowed = staff_role == role or both_officers
    assert (role_faults(staff_role=staff_role, role=role) == []) == allowed
    assert (role in roles_open_to(staff_role)) == allowed


@pytest.mark.parametrize("role", list(StaffRole))
def test_only_officers_get_the_account_role_of_officers(role: StaffRole) -> None:
    expected = Role.OFFICER if role in OFFICER_ROLES else Role.AUXILIARY
    assert grant_role_of(role) is expected


@pytest.mark.parametrize(
    ("days", "duty", "village_to", "fields"),
    [
        ((D1, None), (None, None), None, []),
        ((D1, D2), (D1, D2), D2, []),
        ((D2, D2), (None, None), None, ["valid_to"]),
        ((D1, None), (D2, None), None, ["valid_from"]),
        ((D1, None), (None, D2), None, ["valid_to"]),
        ((D1, D3), (None, D2), None, ["valid_to"]),
        ((D2, None), (None, None), D2, ["village_code"]),
    ],
)
def test_dates_fit_duty_and_village(
    days: tuple[date, date | None],
    duty: tuple[date | None, date | None],
    village_to: date | None,
    fields: list[str],
) -> None:
    faults = term_faults(
        term=Term(V, StaffRole.LIAISON_OFFICER, *days),
        on_duty_from=duty[0],
        on_duty_to=duty[1],
        village_to=village_to,
    )
    assert [fault.field for fault in faults] == fields


@pytest.mark.parametrize(
    ("other", "overlapping"),
    [
        (Term(V, "liaison_officer", D1, D2), False),
        (Term(V, "liaison_officer", D1, D3), True),
        (Term(V, "liaison_officer", D3, None), True),
        (Term(V, "resident_officer", D1, None), False),
        (Term("990101101202", "liaison_officer", D1, None), False),
    ],
)
def test_one_role_in_one_village_is_held_once_a_day(other: Term, overlapping: bool) -> None:
    term = Term(V, "liaison_officer", D2, None)
    assert bool(overlap_faults(term=term, others=[other])) == overlapping
