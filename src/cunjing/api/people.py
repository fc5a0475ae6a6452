"""People on duty, their absences, who serves which village, and villages nobody serves."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest, require
from cunjing.api.fields import Day, Name, UnitCode, VillageCode
from cunjing.api.paging import Page, PageQuery, page_of, slice_of
from cunjing.api.problems import READ_REFUSALS
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage import queries as coverage
from cunjing.coverage.models import Posting
from cunjing.coverage.uncovered import UncoveredVillage, uncovered_villages
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.staffing import queries as staffing
from cunjing.staffing.models import OFFICER_ROLES, Absence, AbsenceKind, Staff, StaffRole

router = Router(tags=["people"])
OFFICERS = sorted(OFFICER_ROLES)


class StaffOut(BaseModel):
    """Someone with a post in the programme."""

    id: UUID
    badge_number: str
    name: str
    role: StaffRole
    unit_code: str
    unit_name: str
    post: str
    phone: str
    party_member: bool | None
    home_village_code: str
    trained_on: date | None
    on_duty_from: date | None
    on_duty_to: date | None


class AbsenceOut(BaseModel):
    """Days away, from `date_from` up to (not including) `date_to`."""

    id: UUID
    staff_id: UUID
    kind: AbsenceKind
    date_from: date
    date_to: date


class PostingOut(BaseModel):
    """One person serving one village in one role, up to (not including) `valid_to`."""

    id: UUID
    village_code: str
    village_name: str
    township_code: str
    staff_id: UUID
    staff_name: str
    badge_number: str
    unit_code: str
    role: StaffRole
    valid_from: date
    valid_to: date | None
    reason: str
    end_reason: str


class UncoveredOut(BaseModel):
    """A village nobody serves: since when, who served last, when the next one begins, whose it is.

    `owner_people` are those in charge of the owning unit.
    """

    village_code: str
    village_name: str
    layer: str
    township_code: str
    township_name: str
    since: date
    days: int
    last_name: str
    next_from: date | None
    owner_unit_code: str
    owner_unit_name: str
    owner_people: list[str]


class StaffQuery(PageQuery):
    """`text` is part of a name or the beginning of a badge number."""

    text: Name | None = None
    role: StaffRole | None = None
    unit_code: UnitCode | None = None
    on_duty_on: Day | None = None


class AbsencesQuery(PageQuery):
    """`on`: the day asked about, today unless said otherwise."""

    on: Day | None = None


class PostingsQuery(PageQuery):
    """Postings in force on `on` (default today); `history` lists past and coming ones too."""

    on: Day | None = None
    history: bool = False
    village_code: VillageCode | None = None
    staff_id: UUID | None = None
    role: StaffRole | None = None


class UncoveredQuery(PageQuery):
    """Villages with nobody in any of `role` (repeatable; default: the officers' roles) on a day."""

    role: Annotated[list[StaffRole], Field(min_length=1)] = OFFICERS
    on: Day | None = None


@router.get("/staff", response={200: Page[StaffOut], **READ_REFUSALS})
def list_staff(request: ApiRequest, query: Query[StaffQuery]) -> Page[StaffOut]:
    """People of the jurisdiction by badge number."""
    require(actor=request.auth, permission=Permission.STAFF_READ)
    rows = staffing.find_people(
        actor=request.auth,
        text=query.text or "",
        role=query.role or "",
        unit_code=query.unit_code or "",
        on_duty_on=query.on_duty_on,
    )
    return page_of(rows, order=("badge_number",), of="staff", query=query, shape=_staff)


@router.get("/staff/{staff_id}", response={200: StaffOut, **READ_REFUSALS})
def get_staff(request: ApiRequest, staff_id: UUID) -> StaffOut:
    """One person of the jurisdiction, or oneself."""
    return _staff(_person(actor=request.auth, staff_id=staff_id))


@router.get("/staff/{staff_id}/absences", response={200: Page[AbsenceOut], **READ_REFUSALS})
def list_staff_absences(
    request: ApiRequest, staff_id: UUID, query: Query[PageQuery]
) -> Page[AbsenceOut]:
    """The absences of one person that were not cancelled, newest first."""
    person = _person(actor=request.auth, staff_id=staff_id)
    rows = staffing.absences_of(actor=request.auth, staff_id=person.pk)
    order = ("-date_from", "kind", "id")
    return page_of(rows, order=order, of="staff-absences", query=query, shape=_absence)


@router.get("/absences", response={200: Page[AbsenceOut], **READ_REFUSALS})
def list_absences(request: ApiRequest, query: Query[AbsencesQuery]) -> Page[AbsenceOut]:
    """Who is away on a day."""
    require(actor=request.auth, permission=Permission.STAFF_READ)
    rows = staffing.absent_on(actor=request.auth, day=query.on or today())
    order = ("date_from", "id")
    return page_of(rows, order=order, of="absences", query=query, shape=_absence)


@router.get("/postings", response={200: Page[PostingOut], **READ_REFUSALS})
def list_postings(request: ApiRequest, query: Query[PostingsQuery]) -> Page[PostingOut]:
    """Who serves which village, by village, role and first day."""
    require(actor=request.auth, permission=Permission.POSTING_READ)
    rows = coverage.postings(actor=request.auth)
    if not query.history:
        rows = rows.filter(coverage.in_force(on=query.on or today()))
    wanted = {"village_id": query.village_code, "staff_id": query.staff_id, "role": query.role}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    order = ("village_id", "role", "valid_from", "id")
    return page_of(rows, order=order, of="postings", query=query, shape=_posting)


@router.get("/uncovered-villages", response={200: Page[UncoveredOut], **READ_REFUSALS})
def list_uncovered_villages(
    request: ApiRequest, query: Query[UncoveredQuery]
) -> Page[UncoveredOut]:
    """Villages nobody serves, the longest wait first, with whose matter each is."""
    require(actor=request.auth, permission=Permission.POSTING_READ)
    found = uncovered_villages(actor=request.auth, roles=query.role, on=query.on)
    return slice_of(found, key=_wait, of="uncovered", query=query, shape=_uncovered)


def _person(*, actor: Actor, staff_id: UUID) -> Staff:
    """The person; who may read nobody but themselves is told so."""
    try:
        return staffing.person(actor=actor, staff_id=staff_id)
    except Problem:
        require(actor=actor, permission=Permission.STAFF_READ)
        raise


def _wait(village: UncoveredVillage) -> tuple[str, ...]:
    return village.since.isoformat(), village.code


def _staff(staff: Staff) -> StaffOut:
    return StaffOut(
        id=staff.pk,
        badge_number=staff.badge_number,
        name=staff.name,
        role=StaffRole(staff.role),
        unit_code=staff.unit_id,
        unit_name=staff.unit.name,
        post=staff.post,
        phone=staff.phone,
        party_member=staff.party_member,
        home_village_code=staff.home_village_id or "",
        trained_on=staff.trained_on,
        on_duty_from=staff.on_duty_from,
        on_duty_to=staff.on_duty_to,
    )


def _absence(absence: Absence) -> AbsenceOut:
    return AbsenceOut(
        id=absence.pk,
        staff_id=absence.staff_id,
        kind=AbsenceKind(absence.kind),
        date_from=absence.date_from,
        date_to=absence.date_to,
    )


def _posting(posting: Posting) -> PostingOut:
    return PostingOut(
        id=posting.pk,
        village_code=posting.village_id,
        village_name=posting.village.name,
        township_code=posting.village.township_id,
        staff_id=posting.staff_id,
        staff_name=posting.staff.name,
        badge_number=posting.staff.badge_number,
        unit_code=posting.staff.unit_id,
        role=StaffRole(posting.role),
        valid_from=posting.valid_from,
        valid_to=posting.valid_to,
        reason=posting.reason,
        end_reason=posting.end_reason,
    )


def _uncovered(village: UncoveredVillage) -> UncoveredOut:
    return UncoveredOut(
        village_code=village.code,
        village_name=village.name,
        layer=village.layer,
        township_code=village.township_code,
        township_name=village.township_name,
        since=village.since,
        days=village.days,
        last_name=village.last_name,
        next_from=village.next_from,
        owner_unit_code=village.owner.unit_code,
        owner_unit_name=village.owner.unit_name,
        owner_people=list(village.owner.people),
    )
