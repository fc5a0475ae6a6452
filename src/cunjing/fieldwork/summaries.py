"""Sums over work records for dashboards: one query each, however many villages or people."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from cunjing.fieldwork.filters import LedgerFilter, chosen_records
from cunjing.fieldwork.models import RecordKind, SyncState
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.staffing.models import Staff


@dataclass(frozen=True, slots=True)
class Tally:
    """Valid records of one kind: how many, on how many days, at how many households, when last."""

    count: int
    days: int
    households: int
    last_date: date


Tallies = Mapping[RecordKind, Tally]


def by_village(*, actor: Actor, chosen: LedgerFilter) -> dict[str, Tallies]:
    """Tallies by village code, for the villages that have any."""
    return _tallies(actor=actor, chosen=chosen, key="village_id")


def by_staff(*, actor: Actor, chosen: LedgerFilter) -> dict[UUID, Tallies]:
    """Tallies by staff id, for the people who have any."""
    return _tallies(actor=actor, chosen=chosen, key="staff_id")


def by_day(*, actor: Actor, chosen: LedgerFilter) -> dict[date, dict[RecordKind, int]]:
    """Counts by Shanghai day and kind, for the days that have any, in order."""
    rows = chosen_records(actor=actor, chosen=chosen).order_by("local_date", "kind")
    days: dict[date, dict[RecordKind, int]] = defaultdict(dict)
    for day, kind, number in rows.values_list("local_date", "kind").annotate(number=Count("*")):
        days[day][RecordKind(kind)] = number
    return dict(days)


def last_syncs(*, actor: Actor) -> dict[UUID, SyncState]:
    """Until when the work of the people in the reader's units has arrived, by staff id."""
    reach = jurisdiction_of(actor=actor, permission=Permission.RECORD_READ)
    people = Staff.objects.filter(reach.unit_q("unit_id") | reach.q("postings__village_id"))
    states = SyncState.objects.filter(staff_id__in=people.values("id"))
    return {state.staff_id: state for state in states}


def _tallies(*, actor: Actor, chosen: LedgerFilter, key: str) -> dict[Any, Tallies]:
    """Keys are what the column `key` holds; the public functions say its type."""
    rows = chosen_records(actor=actor, chosen=chosen).order_by().values_list(key, "kind")
    found: dict[Any, dict[RecordKind, Tally]] = defaultdict(dict)
    for owner, kind, *sums in rows.annotate(
        count=Count("*"),
        days=Count("local_date", distinct=True),
        households=Count("household_id", distinct=True),
        last=Max("local_date"),
    ):
        found[owner][RecordKind(kind)] = Tally(*sums)
    return {**found}
