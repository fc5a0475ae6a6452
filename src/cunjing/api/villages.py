"""Divisions, villages and the units that answer for them."""

from datetime import date
from typing import Annotated

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest, require
from cunjing.api.fields import (
    PLAIN,
    CountyCode,
    Day,
    DivisionCode,
    StrictQuery,
    TownshipCode,
    UnitCode,
    VillageCode,
)
from cunjing.api.paging import Page, PageQuery, page_of
from cunjing.api.problems import READ_REFUSALS
from cunjing.base.clock import today
from cunjing.kernel.permissions import Permission
from cunjing.places import queries
from cunjing.places.models import (
    Division,
    DivisionLevel,
    Layer,
    Unit,
    UnitKind,
    Village,
    VillageEdit,
    VillageEditKind,
    VillageKind,
)
from cunjing.places.search import LONGEST, Match, VillageHit, search

READ = Permission.VILLAGE_READ
router = Router(tags=["places"])


class DivisionOut(BaseModel):
    """A province, city, county or township."""

    code: str
    name: str
    level: DivisionLevel
    parent_code: str


class UnitOut(BaseModel):
    """A police station, bureau or other unit; `division_code` is where it answers for."""

    code: str
    name: str
    kind: UnitKind
    division_code: str
    parent_code: str
    phone: str


class VillageOut(BaseModel):
    """A village as it is now. Coordinates are CGCS2000 degrees."""

    code: str
    name: str
    kind: VillageKind
    layer: Layer
    township_code: str
    township_name: str
    county_code: str
    county_name: str
    longitude: float | None
    latitude: float | None
    valid_from: date
    valid_to: date | None


class EditOut(BaseModel):
    """A decision that changed the village."""

    kind: VillageEditKind
    effective_on: date
    document: str
    reason: str
    village_code: str


class VillageDetailOut(VillageOut):
    """A village with the units that answer for it today and its history, newest first."""

    units: list[UnitOut]
    edits: list[EditOut]


class HitOut(BaseModel):
    """A village found; `former_name` is set where an earlier name matched."""

    code: str
    name: str
    township_name: str
    county_name: str
    match: Match
    former_name: str


class HitsOut(BaseModel):
    """What was found, best match first."""

    items: list[HitOut]


class DivisionsQuery(PageQuery):
    """`parent`: the division above; none for the provinces."""

    parent: DivisionCode | None = None


class VillagesQuery(PageQuery):
    """Which villages; `on` picks those that exist that day (default: ended ones too)."""

    township_code: TownshipCode | None = None
    county_code: CountyCode | None = None
    unit_code: UnitCode | None = None
    layer: Layer | None = None
    kind: VillageKind | None = None
    on: Day | None = None


class SearchQuery(StrictQuery):
    """`text`: a name or part of it, pinyin, initials, or a code or its beginning."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=PLAIN)]
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class UnitsQuery(PageQuery):
    """`kind` narrows the list."""

    kind: UnitKind | None = None


@router.get("/divisions", response={200: Page[DivisionOut], **READ_REFUSALS})
def list_divisions(request: ApiRequest, query: Query[DivisionsQuery]) -> Page[DivisionOut]:
    """The published divisions one level below another, for everyone with a key."""
    rows = queries.divisions_below(code=query.parent or "")
    return page_of(rows, order=("code",), of="divisions", query=query, shape=_division)


@router.get("/townships", response={200: Page[DivisionOut], **READ_REFUSALS})
def list_townships(request: ApiRequest, query: Query[PageQuery]) -> Page[DivisionOut]:
    """The townships that villages of the jurisdiction lie in."""
    require(actor=request.auth, permission=READ)
    rows = queries.townships(actor=request.auth)
    return page_of(rows, order=("code",), of="townships", query=query, shape=_division)


@router.get("/villages", response={200: Page[VillageOut], **READ_REFUSALS})
def list_villages(request: ApiRequest, query: Query[VillagesQuery]) -> Page[VillageOut]:
    """The villages of the jurisdiction in order of code."""
    require(actor=request.auth, permission=READ)
    chosen = queries.VillageFilter(
        township_code=query.township_code or "",
        county_code=query.county_code or "",
        unit_code=query.unit_code or "",
        layer=query.layer or "",
        kind=query.kind or "",
        on=query.on,
    )
    rows = queries.villages(actor=request.auth, chosen=chosen)
    return page_of(rows, order=("code",), of="villages", query=query, shape=village_out)


@router.get("/villages/search", response={200: HitsOut, **READ_REFUSALS})
def search_villages(request: ApiRequest, query: Query[SearchQuery]) -> HitsOut:
    """Living villages by what people type, best match first."""
    require(actor=request.auth, permission=READ)
    found = search(actor=request.auth, text=query.text, limit=query.limit)
    return HitsOut(items=[_hit(hit) for hit in found])


@router.get("/villages/{village_code}", response={200: VillageDetailOut, **READ_REFUSALS})
def get_village(request: ApiRequest, village_code: Path[VillageCode]) -> VillageDetailOut:
    """One village, the units that answer for it today, and the decisions about it."""
    actor = request.auth
    village = queries.village(actor=actor, code=village_code)
    answering = queries.village_units(actor=actor, on=today()).filter(village_id=village_code)
    return VillageDetailOut(
        **_fields(village),
        units=[_unit(row.unit) for row in answering],
        edits=[_edit(edit) for edit in queries.edits(actor=actor, code=village_code)],
    )


@router.get("/units", response={200: Page[UnitOut], **READ_REFUSALS})
def list_units(request: ApiRequest, query: Query[UnitsQuery]) -> Page[UnitOut]:
    """The units of the jurisdiction in order of code."""
    require(actor=request.auth, permission=READ)
    rows = queries.units(actor=request.auth, kind=query.kind or "")
    return page_of(rows, order=("code",), of="units", query=query, shape=_unit)


@router.get("/units/{unit_code}", response={200: UnitOut, **READ_REFUSALS})
def get_unit(request: ApiRequest, unit_code: Path[UnitCode]) -> UnitOut:
    """One unit of the jurisdiction."""
    return _unit(queries.unit(actor=request.auth, code=unit_code))


def village_out(village: Village) -> VillageOut:
    """A village read with township and county."""
    return VillageOut(**_fields(village))


def _fields(village: Village) -> dict[str, object]:
    county = village.township.parent
    return {
        "code": village.code,
        "name": village.name,
        "kind": village.kind,
        "layer": village.layer,
        "township_code": village.township_id,
        "township_name": village.township.name,
        "county_code": county.code if county else "",
        "county_name": county.name if county else "",
        "longitude": village.longitude,
        "latitude": village.latitude,
        "valid_from": village.valid_from,
        "valid_to": village.valid_to,
    }


def _division(division: Division) -> DivisionOut:
    return DivisionOut(
        code=division.code,
        name=division.name,
        level=DivisionLevel(division.level),
        parent_code=division.parent_id or "",
    )


def _unit(unit: Unit) -> UnitOut:
    return UnitOut(
        code=unit.code,
        name=unit.name,
        kind=UnitKind(unit.kind),
        division_code=unit.division_code,
        parent_code=unit.parent_id or "",
        phone=unit.phone,
    )


def _edit(edit: VillageEdit) -> EditOut:
    return EditOut(
        kind=VillageEditKind(edit.kind),
        effective_on=edit.effective_on,
        document=edit.document,
        reason=edit.reason,
        village_code=edit.village_id,
    )


def _hit(hit: VillageHit) -> HitOut:
    return HitOut(
        code=hit.code,
        name=hit.name,
        township_name=hit.township,
        county_name=hit.county,
        match=hit.match,
        former_name=hit.former_name,
    )
