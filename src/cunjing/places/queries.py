"""Reads of places, each within the actor's jurisdiction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.places.access import check_unit, check_village, jurisdiction_of, visible
from cunjing.places.models import (
    Division,
    DivisionLevel,
    Hamlet,
    Household,
    TownshipAdjacency,
    Unit,
    UnitKind,
    Village,
    VillageEdit,
    VillagePast,
    VillageUnit,
)

READ = Permission.VILLAGE_READ


@dataclass(frozen=True, slots=True)
class VillageFilter:
    """Which villages of the jurisdiction; empty fields do not filter.

    `on` picks villages that exist that day; None also lists ended ones. `unit_code` is the unit
    that answers for them that day (None: ever). Township, layer and kind are today's.
    """

    township_code: str = ""
    county_code: str = ""
    unit_code: str = ""
    layer: str = ""
    kind: str = ""
    on: date | None = None


def villages(
    *, actor: Actor, chosen: VillageFilter | None = None, permission: Permission = READ
) -> QuerySet[Village]:
    """The villages of the jurisdiction in order of code, with township and county joined.

    A lazy query set: slice it for a page, `.count()` it for the total.
    """
    chosen = chosen or VillageFilter()
    rows = Village.objects.filter(
        visible(actor=actor, permission=permission, field_name="code")
    ).select_related("township__parent")
    wanted = {
        "township_id": chosen.township_code,
        "township__parent_id": chosen.county_code,
        "layer": chosen.layer,
        "kind": chosen.kind,
    }
    rows = rows.filter(**{column: value for column, value in wanted.items() if value})
    if chosen.on:
        rows = rows.filter(_existing(chosen.on))
    if chosen.unit_code:
        answering = VillageUnit.objects.filter(unit_id=chosen.unit_code)
        if chosen.on:
            answering = answering.filter(in_force(chosen.on))
        rows = rows.filter(code__in=answering.values("village_id"))
    return rows.order_by("code")


def codes_on(*, actor: Actor, permission: Permission, on: date) -> list[str]:
    """The codes of the villages of the jurisdiction that exist on a day, in order."""
    reach = jurisdiction_of(actor=actor, permission=permission)
    if reach.prefixes:
        found = villages(actor=actor, permission=permission, chosen=VillageFilter(on=on))
        return list(found.values_list("code", flat=True))
    return _living(codes=sorted(reach.villages), on=on)


@prepared
def _living(*, codes: list[str], on: date) -> QuerySet[Village, str]:
    rows = Village.objects.filter(_existing(on), code__in=codes)
    return rows.order_by("code").values_list("code", flat=True)


def village(*, actor: Actor, code: str, permission: Permission = READ) -> Village:
    """One village with township and county; 404 outside the jurisdiction."""
    check_village(actor=actor, permission=permission, village_code=code)
    found = Village.objects.select_related("township__parent").filter(code=code).first()
    if found is None:
        raise not_found("没有这个村，或者不在您的辖区内。")
    return found


def edits(*, actor: Actor, code: str) -> QuerySet[VillageEdit]:
    """The decisions about a village and those it came from or went on by; newest first."""
    check_village(actor=actor, permission=READ, village_code=code)
    concerned = (
        Q(village_id=code) | Q(successions__predecessor_id=code) | Q(successions__successor_id=code)
    )
    return (
        VillageEdit.objects.filter(concerned)
        .distinct()
        .select_related("village")
        .prefetch_related("successions__predecessor", "successions__successor")
        .order_by("-effective_on", "-made_at")
    )


def townships(*, actor: Actor) -> QuerySet[Division]:
    """The townships that villages of the jurisdiction lie in, for filters and menus."""
    inside = Village.objects.filter(
        visible(actor=actor, permission=READ, field_name="code"), valid_to=None
    )
    return (
        Division.objects.filter(level=DivisionLevel.TOWNSHIP, code__in=inside.values("township_id"))
        .select_related("parent")
        .order_by("code")
    )


def divisions_below(*, code: str = "") -> QuerySet[Division]:
    """The published divisions one level below `code`, provinces for none; no jurisdiction."""
    return Division.objects.filter(parent_id=code or None).order_by("code")


def adjacent_townships(*, township_code: str) -> list[str]:
    """The codes of the townships that touch this one; published geography, no jurisdiction."""
    pairs = TownshipAdjacency.objects.filter(
        Q(township_id=township_code) | Q(adjacent_id=township_code)
    ).values_list("township_id", "adjacent_id")
    return sorted(({code for pair in pairs for code in pair}) - {township_code})


def adjacency(*, actor: Actor, permission: Permission = READ) -> Iterator[tuple[str, str]]:
    """All pairs of townships that touch, one of them in the jurisdiction; smaller code first."""
    inside = set(
        Village.objects.filter(visible(actor=actor, permission=permission, field_name="code"))
        .values_list("township_id", flat=True)
        .distinct()
    )
    pairs = TownshipAdjacency.objects.order_by("township_id", "adjacent_id")
    for pair in pairs.values_list("township_id", "adjacent_id"):
        if inside & set(pair):
            yield pair


def units(*, actor: Actor, permission: Permission = READ, kind: str = "") -> QuerySet[Unit]:
    """The units of the jurisdiction in order of code."""
    reach = jurisdiction_of(actor=actor, permission=permission)
    rows = Unit.objects.all() if actor.system else Unit.objects.filter(reach.unit_q("code"))
    return (rows.filter(kind=kind) if kind else rows).order_by("code")


def unit(*, actor: Actor, code: str, permission: Permission = READ) -> Unit:
    """One unit; 404 outside the jurisdiction."""
    check_unit(actor=actor, permission=permission, unit_code=code)
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise not_found("没有这个单位，或者不在您的辖区内。")
    return found


def village_counts(*, actor: Actor, units: Iterable[Unit], on: date) -> dict[str, int]:
    """How many villages of the jurisdiction each unit answers for on a day, by unit code.

    A county unit answers for every village of its division, the others for those they were given.
    """
    living = villages(actor=actor, chosen=VillageFilter(on=on)).order_by()
    rows = VillageUnit.objects.filter(in_force(on), village__in=living.values("code"))
    given = dict(rows.order_by().values_list("unit_id").annotate(Count("village_id")))
    return {
        unit.code: living.filter(code__startswith=unit.division_code).count()
        if unit.kind == UnitKind.COUNTY and unit.division_code
        else given.get(unit.code, 0)
        for unit in units
    }


def village_units(
    *, actor: Actor, permission: Permission = READ, on: date | None = None
) -> QuerySet[VillageUnit]:
    """Which units answer for the villages of the jurisdiction: those of one day, or all rows."""
    rows = VillageUnit.objects.filter(
        visible(actor=actor, permission=permission, field_name="village_id")
    )
    if on:
        rows = rows.filter(in_force(on))
    return rows.select_related("unit").order_by("village_id", "valid_from", "unit_id")


def stations_on(*, actor: Actor, on: date) -> dict[str, Unit]:
    """Village code → the station that answers for it that day, for lists without N+1."""
    rows = village_units(actor=actor, on=on).filter(unit__kind=UnitKind.STATION)
    return {row.village_id: row.unit for row in rows}


def station_of(*, village_code: str, on: date) -> Unit | None:
    """The station that answers for a village on a day; callers have checked the village."""
    row = (
        VillageUnit.objects.filter(
            in_force(on), village_id=village_code, unit__kind=UnitKind.STATION
        )
        .select_related("unit")
        .first()
    )
    return row.unit if row else None


def hamlets(
    *, actor: Actor, village_code: str = "", permission: Permission = READ, retired: bool = False
) -> QuerySet[Hamlet]:
    """The natural groups of one village, or of the whole jurisdiction."""
    if village_code:
        check_village(actor=actor, permission=permission, village_code=village_code)
        rows = Hamlet.objects.filter(village_id=village_code)
    else:
        rows = Hamlet.objects.filter(
            visible(actor=actor, permission=permission, field_name="village_id")
        )
    return (rows if retired else rows.filter(retired_on=None)).order_by("village_id", "name", "id")


def hamlet(*, actor: Actor, hamlet_id: UUID) -> Hamlet:
    """One natural group with its village; 404 outside the jurisdiction."""
    found = Hamlet.objects.select_related("village").filter(pk=hamlet_id).first()
    if found is None:
        raise not_found("没有这个自然组，或者不在您的辖区内。")
    check_village(actor=actor, permission=READ, village_code=found.village_id)
    return found


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """Which households of a village; None and empty do not filter. `text` is part of an address."""

    hamlet_id: UUID | None = None
    visit_priority: int | None = None
    text: str = ""
    retired: bool = False


def households(
    *, actor: Actor, village_code: str, chosen: HouseholdFilter | None = None
) -> QuerySet[Household]:
    """The households of a village, the most urgent to visit first."""
    check_village(actor=actor, permission=READ, village_code=village_code)
    chosen = chosen or HouseholdFilter()
    rows = Household.objects.filter(village_id=village_code).select_related("hamlet")
    if not chosen.retired:
        rows = rows.filter(retired_on=None)
    if chosen.hamlet_id:
        rows = rows.filter(hamlet_id=chosen.hamlet_id)
    if chosen.visit_priority is not None:
        rows = rows.filter(visit_priority=chosen.visit_priority)
    if chosen.text:
        rows = rows.filter(address__contains=chosen.text)
    return rows.order_by("-visit_priority", "address", "id")


def addresses(*, actor: Actor, household_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The addresses of those of some households that lie in the jurisdiction, also retired ones."""
    rows = Household.objects.filter(visible(actor=actor, permission=READ, field_name="village_id"))
    return dict(rows.filter(pk__in=set(household_ids)).values_list("pk", "address"))


def hamlet_names(*, actor: Actor, hamlet_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of those of some hamlets that lie in the jurisdiction, also retired ones."""
    rows = Hamlet.objects.filter(visible(actor=actor, permission=READ, field_name="village_id"))
    return dict(rows.filter(pk__in=set(hamlet_ids)).values_list("pk", "name"))


def household(*, actor: Actor, household_id: UUID) -> Household:
    """One household with its village and group; 404 outside the jurisdiction."""
    found = (
        Household.objects.select_related("village__township", "hamlet")
        .filter(pk=household_id)
        .first()
    )
    if found is None:
        raise not_found("没有这一户，或者不在您的辖区内。")
    check_village(actor=actor, permission=READ, village_code=found.village_id)
    return found


def in_force(day: date, *, start: bool = True) -> Q:
    """Rows whose half-open interval holds `day`; without `start`, only that it has not ended."""
    lasting = Q(valid_to=None) | Q(valid_to__gt=day)
    return lasting & Q(valid_from__lte=day) if start else lasting


def _existing(day: date) -> Q:
    """Villages that exist on a day."""
    return _existed_by(day) & in_force(day, start=False)


def _existed_by(day: date) -> Q:
    """Villages that existed by `day`, in their present state or an earlier one."""
    before = VillagePast.objects.filter(valid_from__lte=day)
    return Q(valid_from__lte=day) | Q(code__in=before.values("village_id"))
