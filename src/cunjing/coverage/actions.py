"""Writes about postings: open, end, replace."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cunjing.base.clock import today
from cunjing.base.errors import FieldFault, Problem, conflict, invalid, not_found
from cunjing.coverage.models import Posting
from cunjing.coverage.records import cut_posting, insert_postings
from cunjing.coverage.rules import Term, overlap_faults, role_faults, term_faults
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.places.access import check_village
from cunjing.places.models import Village
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import people
from cunjing.staffing.rules import overlaps

PERMISSION = Permission.POSTING_EDIT


@dataclass(frozen=True, slots=True)
class Posted:
    """An opened posting and what the person should know; warnings refuse nothing."""

    posting: Posting
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replaced:
    """The posting that ended and the one that follows it without a gap."""

    ended: Posting
    opened: Posting
    warnings: tuple[str, ...] = ()


def open_posting(
    *,
    actor: Actor,
    village_code: str,
    staff_id: UUID,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
) -> Posted:
    """Post a person to a village from `valid_from` up to (not including) `valid_to`.

    Where the person has an account, it gets the village for the same days. Somebody else in the
    same role is a warning only: how many a village should have is the programme's rule. A day gone
    by needs a reason, since it changes what a finished month is judged by.
    """
    check_village(actor=actor, permission=PERMISSION, village_code=village_code)
    if valid_from < today() and not reason.strip() and not actor.system:
        fault = FieldFault("reason", "补登今天以前的安排，请写明理由。")
        raise invalid("没有安排，请改正标出的项。", fault)
    term = Term(village_code, role, valid_from, valid_to)
    with writing(actor=actor, permission=PERMISSION) as write:
        return _open(write=write, staff_id=staff_id, term=term, reason=reason)


def end_posting(*, actor: Actor, posting_id: UUID, on: date, reason: str) -> Posting:
    """End a posting: `on` is the first day it no longer holds, after which nobody follows yet."""
    posting = _posting(actor=actor, posting_id=posting_id)
    with writing(actor=actor, permission=PERMISSION) as write:
        return _end(write=write, posting_id=posting.pk, on=on, reason=reason)


def replace_officer(
    *,
    actor: Actor,
    posting_id: UUID,
    staff_id: UUID,
    on: date,
    reason: str,
    role: str = "",
    valid_to: date | None = None,
) -> Replaced:
    """Let another person take over on day `on`: one posting closes and the next opens, or neither.

    The day `on` belongs to the successor. `role` defaults to the role of the posting that ends.
    """
    posting = _posting(actor=actor, posting_id=posting_id)
    if posting.staff_id == staff_id:
        raise invalid("接任的人与现任是同一人。", FieldFault("staff_id", "请选择另一人。"))
    if posting.valid_to is not None:
        raise conflict(f"这项安排已定于{posting.valid_to}终止，不能再更换。请直接派人接任。")
    term = Term(posting.village_id, role or posting.role, on, valid_to)
    with writing(actor=actor, permission=PERMISSION) as write:
        ended = _end(write=write, posting_id=posting.pk, on=on, reason=reason)
        posted = _open(write=write, staff_id=staff_id, term=term, reason=reason)
    return Replaced(ended=ended, opened=posted.posting, warnings=posted.warnings)


def _open(*, write: Write, staff_id: UUID, term: Term, reason: str) -> Posted:
    """Check and insert. The person's row is locked, so two openings cannot both pass the check."""
    staff = _staff_to_post(actor=write.actor, staff_id=staff_id)
    village = Village.objects.filter(pk=term.village_code).first()
    if village is None:
        raise not_found("没有这个村，或者不在您的辖区内。")
    faults = role_faults(staff_role=staff.role, role=term.role)
    faults += term_faults(
        term=term,
        on_duty_from=staff.on_duty_from,
        on_duty_to=staff.on_duty_to,
        village_to=village.valid_to,
    )
    faults += overlap_faults(term=term, others=terms_of(staff=staff))
    if faults:
        raise invalid("没有安排，请改正标出的项。", *faults)
    posting = Posting(
        village=village,
        staff=staff,
        role=term.role,
        valid_from=term.valid_from,
        valid_to=term.valid_to,
        reason=reason,
    )
    warnings = company_warnings(term=term, staff_id=staff.pk)
    insert_postings(write=write, postings=[posting])
    return Posted(posting=posting, warnings=warnings)


def _end(*, write: Write, posting_id: UUID, on: date, reason: str) -> Posting:
    posting = Posting.objects.select_for_update().get(pk=posting_id)
    if on <= posting.valid_from:
        raise invalid("没有终止。", FieldFault("on", f"止日必须晚于起日{posting.valid_from}。"))
    if posting.valid_to is not None and posting.valid_to < on:
        raise conflict(f"这项安排已于{posting.valid_to}终止，请改为新开一项安排。")
    cut_posting(write=write, posting=posting, on=on, reason=reason)
    return posting


def terms_of(*, staff: Staff) -> list[Term]:
    """All postings of a person, as the checks see them."""
    return [
        Term(row.village_id, row.role, row.valid_from, row.valid_to, row.pk)
        for row in staff.postings.all()
    ]


def company_warnings(*, term: Term, staff_id: UUID) -> tuple[str, ...]:
    """Who else serves the village in the same role on one of the days."""
    others = (
        Posting.objects.filter(village_id=term.village_code, role=term.role)
        .exclude(staff_id=staff_id)
        .select_related("staff")
        .order_by("valid_from", "id")
    )
    return tuple(
        f"该村{row.valid_from}起已有{row.staff.name}任{row.get_role_display()}，请核对是否应为更换。"
        for row in others
        if overlaps(
            start=term.valid_from,
            end=term.valid_to,
            other_start=row.valid_from,
            other_end=row.valid_to,
        )
    )


def _staff_to_post(*, actor: Actor, staff_id: UUID) -> Staff:
    if not people(actor=actor).filter(pk=staff_id).exists():
        raise not_found("没有这名人员，或者不在您的辖区内。")
    return Staff.objects.select_for_update().get(pk=staff_id)


def _posting(*, actor: Actor, posting_id: UUID) -> Posting:
    posting = Posting.objects.filter(pk=posting_id).first()
    if posting is None:
        raise not_found("没有这项包村安排，或者不在您的辖区内。")
    try:
        check_village(actor=actor, permission=PERMISSION, village_code=posting.village_id)
    except Problem as problem:
        if problem.status == 404:
            raise not_found("没有这项包村安排，或者不在您的辖区内。") from problem
        raise
    return posting
