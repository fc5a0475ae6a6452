"""Every facts table but events, as rows in the contract's column order.

Rows are read from children to parents (postings before staff, staff before villages): rows are
never deleted, so whatever a row names is still found although no lock is held meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q

from cunjing.assessment.reach import Reach
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import SyncState
from cunjing.matters.models import Matter
from cunjing.places.models import (
    Hamlet,
    TownshipAdjacency,
    Unit,
    Village,
    VillagePast,
    VillageUnit,
)
from cunjing.policy.periods import start_of_day
from cunjing.staffing.models import Absence, Staff

Rows = list[tuple[object, ...]]

ELSEWHERE = (date(1900, 1, 1), date(1900, 1, 2))
"""The interval of a village outside the reach that is somebody's home: named, never assessed."""

_IDS_AT_ONCE = 5000


def small_tables(*, reach: Reach, seen_staff: set[str]) -> Iterator[tuple[str, Rows]]:
    """Name and rows of each table. `seen_staff` are ids of staff the events name."""
    yield "matters", _matters(reach)
    postings = _postings(reach)
    yield "postings", postings
    staff_ids = seen_staff | {str(row[2]) for row in postings} | _staff_of_units(reach)
    yield "sync", _of_staff(_sync, staff_ids)
    yield "absences", _of_staff(_absences, staff_ids)
    yield "village_units", _village_units(reach)
    yield "hamlets", _hamlets(reach)
    staff = _of_staff(_staff, staff_ids)
    yield "staff", staff
    yield "units", _units(reach, {str(row[2]) for row in staff})
    yield "township_adjacency", _adjacency(reach)
    yield "villages", _villages(reach, {str(row[3]) for row in staff if row[3]})


def judged_tables(*, reach: Reach) -> Iterator[tuple[str, Rows]]:
    """Of those tables the ones that rules about postings and villages look at, of people posted."""
    postings = _postings(reach)
    yield "postings", postings
    staff_ids = {str(row[2]) for row in postings}
    yield "sync", _of_staff(_sync, staff_ids)
    yield "absences", _of_staff(_absences, staff_ids)
    yield "village_units", _village_units(reach)
    staff = _of_staff(_staff, staff_ids)
    yield "staff", staff
    yield "township_adjacency", _adjacency(reach)
    yield "villages", _villages(reach, {str(row[3]) for row in staff if row[3]})


def tables_of_person(*, village_code: str, staff_id: UUID) -> dict[str, Rows]:
    """Of one person what rules about their postings in one village look at, but events.

    No postings: nothing else is read.
    """
    reach, ids = Reach((village_code,)), {str(staff_id)}
    postings = [row for row in _postings(reach) if row[2] in ids]
    if not postings:
        return {"postings": []}
    staff = _of_staff(_staff, ids)
    villages = _villages(reach, {str(row[3]) for row in staff if row[3]})
    return {
        "postings": postings,
        "staff": staff,
        "sync": _of_staff(_sync, ids),
        "absences": _of_staff(_absences, ids),
        "villages": villages,
        "township_adjacency": _adjacency(Reach(tuple(sorted({str(row[2]) for row in villages})))),
    }


def _matters(reach: Reach) -> Rows:
    found = Matter.objects.filter(reach.q("village_id"))
    if reach.period is not None:
        first, end = (start_of_day(day) for day in reach.days())
        told_of = Q(closed_at=None) | Q(closed_at__gte=first) | Q(due_at__gte=first, due_at__lt=end)
        found = found.filter(told_of, opened_at__lt=end)
    return _as_text(
        found.values_list(
            "id", "kind", "subkind", "village_id", "opened_at", "due_at", "closed_at", "outcome",
            "level",
        )
    )  # fmt: skip


def _postings(reach: Reach) -> Rows:
    found = Posting.objects.filter(reach.q("village_id"))
    return _as_text(
        found.values_list("id", "village_id", "staff_id", "role", "valid_from", "valid_to")
    )


def _staff_of_units(reach: Reach) -> set[str]:
    found = Staff.objects.filter(reach.q("unit__division_code"))
    return {str(identifier) for identifier in found.values_list("id", flat=True)}


def _sync(ids: list[str]) -> Rows:
    found = SyncState.objects.filter(staff_id__in=ids)
    return _as_text(found.values_list("staff_id", "last_sync_at"))


def _absences(ids: list[str]) -> Rows:
    found = Absence.objects.filter(staff_id__in=ids, cancelled_at=None)
    return _as_text(found.values_list("staff_id", "kind", "date_from", "date_to"))


def _staff(ids: list[str]) -> Rows:
    found = Staff.objects.filter(id__in=ids)
    return _as_text(
        found.values_list(
            "id", "role", "unit_id", "home_village_id", "party_member", "on_duty_from",
            "on_duty_to", "trained_on",
        )
    )  # fmt: skip


def _village_units(reach: Reach) -> Rows:
    found = VillageUnit.objects.filter(reach.q("village_id"))
    return _as_text(found.values_list("village_id", "unit_id", "valid_from", "valid_to"))


def _hamlets(reach: Reach) -> Rows:
    found = Hamlet.objects.filter(reach.q("village_id"), retired_on=None)
    return _as_text(found.values_list("id", "village_id", "name"))


def _units(reach: Reach, employing: set[str]) -> Rows:
    answering = VillageUnit.objects.filter(reach.q("village_id")).values("unit_id")
    found = Unit.objects.filter(
        reach.q("division_code") | Q(code__in=answering) | Q(code__in=sorted(employing))
    )
    return _as_text(found.values_list("code", "kind", "name", "division_code"))


def _adjacency(reach: Reach) -> Rows:
    found = TownshipAdjacency.objects.filter(reach.q("township_id") | reach.q("adjacent_id"))
    return _as_text(found.values_list("township_id", "adjacent_id"))


def _villages(reach: Reach, homes: set[str]) -> Rows:
    now = Village.objects.filter(reach.q("code")).values_list(
        "code", "name", "township_id", "township__parent_id", "layer", "valid_from", "valid_to"
    )
    past = VillagePast.objects.filter(reach.q("village_id")).values_list(
        "village_id", "name", "township_id", "township__parent_id", "layer", "valid_from",
        "valid_to",
    )  # fmt: skip
    elsewhere = (
        Village.objects.filter(code__in=sorted(homes))
        .exclude(reach.q("code"))
        .values_list("code", "name", "township_id", "township__parent_id", "layer")
    )
    return _as_text([*now, *past, *((*row, *ELSEWHERE) for row in elsewhere)])


def _of_staff(read: Callable[[list[str]], Rows], ids: set[str]) -> Rows:
    ordered = sorted(ids)
    return [
        row
        for start in range(0, len(ordered), _IDS_AT_ONCE)
        for row in read(ordered[start : start + _IDS_AT_ONCE])
    ]


def _as_text(rows: Iterable[tuple[object, ...]]) -> Rows:
    return [tuple(str(cell) if isinstance(cell, UUID) else cell for cell in row) for row in rows]
