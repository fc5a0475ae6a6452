"""Read, in a fixed number of queries, everything the rules must know about a set of items."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cunjing.base.clock import local_date
from cunjing.coverage.models import Posting
from cunjing.fieldwork.details import left_at
from cunjing.fieldwork.items import ReadItem
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.fieldwork.rules import HouseholdFact, Known, Term, VisitFact
from cunjing.kernel.prepared import prepared
from cunjing.places.history import villages_left
from cunjing.places.models import Household, Unit, UnitKind, VillageUnit
from cunjing.staffing.models import Staff


def read_known(items: Sequence[ReadItem]) -> Known:
    """Facts about the staff, villages, households, visits and units that `items` name."""
    staff_ids = {read.item.staff_id for read in items}
    villages = {read.item.village_code for read in items}
    households = {
        (key, read.item.village_code)
        for read in items
        if (key := read.item.household_id) is not None
    }
    visits = {key for read in items if (key := read.item.visit_id) is not None}
    units = {read.item.unit_code for read in items} - {""}
    informed = {r.item.village_code for r in items if r.item.kind is RecordKind.INFORMATION}
    return Known(
        staff=accounts_of(staff_ids),
        postings=_postings(staff_ids=staff_ids, villages=villages),
        households=_households(households) if households else {},
        visits=_visits(visits, items=items) if visits else {},
        stations=_stations(informed) if informed else {},
        units=_units(units) if units else frozenset(),
    )


def accounts_of(staff_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """The account of each of these people that exists, None where they have none."""
    return dict(_accounts(staff_ids=list(staff_ids)))


@prepared
def _accounts(*, staff_ids: list[UUID]) -> QuerySet[Staff, tuple[UUID, UUID | None]]:
    return Staff.objects.filter(pk__in=staff_ids).values_list("id", "user_id")


def _postings(
    *, staff_ids: Collection[UUID], villages: Collection[str]
) -> dict[tuple[UUID, str], list[Term]]:
    terms = defaultdict(list)
    for staff_id, village, start, end in _terms(staff_ids=list(staff_ids), codes=list(villages)):
        terms[staff_id, village].append(Term(start, end))
    return dict(terms)


@prepared
def _terms(*, staff_ids: list[UUID], codes: list[str]) -> QuerySet[Posting, Any]:
    rows = Posting.objects.filter(staff_id__in=staff_ids, village_id__in=codes)
    return rows.values_list("staff_id", "village_id", "valid_from", "valid_to")


def _households(named: Collection[tuple[UUID, str]]) -> dict[UUID, HouseholdFact]:
    rows = _homes(ids=list({key for key, _ in named}))
    elsewhere = set(named) - {(key, village) for key, village, _ in rows}
    left = villages_left(elsewhere) if elsewhere else {}
    return {
        key: HouseholdFact(village, retired, left=left.get(key, {}))
        for key, village, retired in rows
    }


@prepared
def _homes(*, ids: list[UUID]) -> QuerySet[Household, Any]:
    return Household.objects.filter(pk__in=ids).values_list("id", "village_id", "retired_on")


def _visits(ids: Collection[UUID], *, items: Sequence[ReadItem]) -> dict[UUID, VisitFact]:
    stored = WorkRecord.objects.filter(pk__in=ids, kind=RecordKind.VILLAGE_VISIT)
    facts = {
        visit.pk: VisitFact(
            village_code=visit.village_id,
            staff_id=visit.staff_id,
            first_day=visit.local_date,
            last_day=local_date(left_at(visit.details)),
            voided=visit.voided_at is not None,
        )
        for visit in stored
    }
    for read in items:
        if read.item.kind is RecordKind.VILLAGE_VISIT and read.item.id not in facts:
            facts[read.item.id] = VisitFact(
                village_code=read.item.village_code,
                staff_id=read.item.staff_id,
                first_day=read.day,
                last_day=local_date(left_at(read.details)),
            )
    return facts


def _stations(villages: Collection[str]) -> dict[str, list[tuple[str, Term]]]:
    stations = defaultdict(list)
    rows = VillageUnit.objects.filter(village_id__in=villages, unit__kind=UnitKind.STATION)
    for village, unit, start, end in rows.order_by("-valid_from", "unit_id").values_list(
        "village_id", "unit_id", "valid_from", "valid_to"
    ):
        stations[village].append((unit, Term(start, end)))
    return dict(stations)


def _units(codes: Collection[str]) -> frozenset[str]:
    return frozenset(Unit.objects.filter(pk__in=codes).values_list("code", flat=True))
