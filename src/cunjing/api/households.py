"""Hamlets and households: addresses with a visit priority, never who lives there."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Path, Query, Router, Status
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest
from cunjing.api.fields import Count, Name, Strict, VillageCode
from cunjing.api.paging import Page, PageQuery, page_of
from cunjing.api.problems import READ_REFUSALS, WRITE_REFUSALS
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.access import Actor
from cunjing.places import queries
from cunjing.places.actions import households as actions
from cunjing.places.models import Hamlet, Household

router = Router(tags=["places"])
Priority = Annotated[int, Field(ge=0, le=3)]


class HamletOut(BaseModel):
    """A natural group of a village."""

    id: UUID
    village_code: str
    name: str
    version: int
    retired_on: date | None


class HouseholdOut(BaseModel):
    """An address. `version` is what an edit must name; `visit_priority` 0 (none) to 3 (soonest)."""

    id: UUID
    village_code: str
    hamlet_id: UUID | None
    hamlet_name: str
    address: str
    visit_priority: Priority
    version: int
    retired_on: date | None


class HamletsQuery(PageQuery):
    """`retired`: also those out of use."""

    retired: bool = False


class HouseholdsQuery(PageQuery):
    """Which households; `text` is part of an address, `retired` also lists those out of use."""

    hamlet_id: UUID | None = None
    visit_priority: Priority | None = None
    text: Name | None = None
    retired: bool = False


class HouseholdIn(Strict):
    """An address to add. `id` is made by the client, so that sending it twice adds it once."""

    id: UUID
    address: Name
    hamlet_id: UUID | None = None
    visit_priority: Priority = 0


class HouseholdPatch(Strict):
    """What is to change, and the version it was read at; what is not said stays.

    A `hamlet_id` of null takes the household out of its hamlet.
    """

    version: Count
    address: Name | None = None
    hamlet_id: UUID | None = None
    visit_priority: Priority | None = None


@router.get("/villages/{village_code}/hamlets", response={200: Page[HamletOut], **READ_REFUSALS})
def list_hamlets(
    request: ApiRequest, village_code: Path[VillageCode], query: Query[HamletsQuery]
) -> Page[HamletOut]:
    """The natural groups of a village by name."""
    rows = queries.hamlets(actor=request.auth, village_code=village_code, retired=query.retired)
    return page_of(rows, order=("name", "id"), of="hamlets", query=query, shape=_hamlet)


@router.get(
    "/villages/{village_code}/households", response={200: Page[HouseholdOut], **READ_REFUSALS}
)
def list_households(
    request: ApiRequest, village_code: Path[VillageCode], query: Query[HouseholdsQuery]
) -> Page[HouseholdOut]:
    """The households of a village, the most urgent to visit first."""
    chosen = queries.HouseholdFilter(
        hamlet_id=query.hamlet_id,
        visit_priority=query.visit_priority,
        text=query.text or "",
        retired=query.retired,
    )
    rows = queries.households(actor=request.auth, village_code=village_code, chosen=chosen)
    order = ("-visit_priority", "address", "id")
    return page_of(rows, order=order, of="households", query=query, shape=_household)


@router.post("/villages/{village_code}/households", response={201: HouseholdOut, **WRITE_REFUSALS})
def add_household(
    request: ApiRequest, village_code: Path[VillageCode], body: HouseholdIn
) -> Status[HouseholdOut]:
    """Add an address; the same id with the same content again answers with the one stored."""
    new = actions.NewHousehold(
        id=body.id,
        address=body.address,
        hamlet_id=body.hamlet_id,
        visit_priority=body.visit_priority,
    )
    row = _added(actor=request.auth, village_code=village_code, new=new)
    return Status(201, _household(queries.household(actor=request.auth, household_id=row.pk)))


@router.get("/households/{household_id}", response={200: HouseholdOut, **READ_REFUSALS})
def get_household(request: ApiRequest, household_id: UUID) -> HouseholdOut:
    """One household."""
    return _household(queries.household(actor=request.auth, household_id=household_id))


@router.patch("/households/{household_id}", response={200: HouseholdOut, **WRITE_REFUSALS})
def edit_household(request: ApiRequest, household_id: UUID, body: HouseholdPatch) -> HouseholdOut:
    """Change address, group or priority against the version it was read at.

    A version that is no longer the stored one is a conflict with `stored`, `yours` and `version`,
    unless what is stored already is what this edit asked for (it was sent before).
    """
    actor = request.auth
    before = queries.household(actor=actor, household_id=household_id)
    moved = "hamlet_id" in body.model_fields_set
    priority = body.visit_priority
    state = actions.HouseholdState(
        address=body.address or before.address,
        hamlet_id=body.hamlet_id if moved else before.hamlet_id,
        visit_priority=before.visit_priority if priority is None else priority,
    )
    try:
        actions.edit_household(
            actor=actor, household_id=household_id, version=body.version, state=state
        )
    except Problem as problem:
        if not _already_so(problem, version=body.version):
            raise
    return _household(queries.household(actor=actor, household_id=household_id))


def _added(*, actor: Actor, village_code: str, new: actions.NewHousehold) -> Household:
    try:
        return actions.add_household(actor=actor, village_code=village_code, household=new)
    except Problem as problem:
        if problem.kind is not ProblemKind.CONFLICT:
            raise
    # The same address may have arrived twice at once: then the other call has stored it by now.
    return actions.add_household(actor=actor, village_code=village_code, household=new)


def _already_so(problem: Problem, *, version: int) -> bool:
    data = problem.data
    return data.get("version") == version + 1 and data.get("stored") == data.get("yours")


def _hamlet(hamlet: Hamlet) -> HamletOut:
    return HamletOut(
        id=hamlet.pk,
        village_code=hamlet.village_id,
        name=hamlet.name,
        version=hamlet.version,
        retired_on=hamlet.retired_on,
    )


def _household(row: Household) -> HouseholdOut:
    return HouseholdOut(
        id=row.pk,
        village_code=row.village_id,
        hamlet_id=row.hamlet_id,
        hamlet_name=row.hamlet.name if row.hamlet else "",
        address=row.address,
        visit_priority=row.visit_priority,
        version=row.version,
        retired_on=row.retired_on,
    )
