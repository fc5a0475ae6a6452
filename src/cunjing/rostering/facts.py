"""The facts tables of matching and planning, as rows in the contract's column order.

They stand beside the tables that are judged and no verdict reads them. Candidates are all people
on duty: who has no entry of their own counts as what their unit is, able to serve as many villages
as they serve now, at least one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Avg, Count, Q

from cunjing.assessment.facts_tables import Rows
from cunjing.assessment.reach import Reach
from cunjing.coverage.models import Posting
from cunjing.coverage.queries import in_force
from cunjing.kernel.access import Jurisdiction
from cunjing.matters.models import Matter, MatterKind
from cunjing.places.models import UnitKind, Village, VillageUnit
from cunjing.planning.month.options import clock
from cunjing.policy.periods import Period
from cunjing.rostering.counties import DIGITS
from cunjing.rostering.models import (
    AgreedVisit,
    Candidacy,
    CountyDay,
    Hold,
    HoldKind,
    SharedCar,
    Trade,
    VillageFeature,
    Wish,
)
from cunjing.rostering.needs import household_needs
from cunjing.staffing.models import Staff

_YEAR = timedelta(days=365)


def planning_tables(
    *, reach: Reach, staff_ids: Iterable[str], on: date, period: Period | None = None
) -> Iterator[tuple[str, Rows]]:
    """Name and rows of each planning table, as things stand on a day, for these people.

    Of the days agreed with a household the next one is written, with a `period` the next in it.
    """
    people = sorted(UUID(one) for one in staff_ids)
    yield "candidates", _candidates(people, on=on)
    yield "wishes", _wishes(reach, people)
    yield "village_features", _features(reach, on=on)
    for kind, name in ((HoldKind.PIN, "pins"), (HoldKind.BAN, "bans")):
        yield name, _holds(reach, people, kind=kind)
    yield "needs", _needs(reach, on=on, period=period)
    yield "calendar", _calendar(reach)
    yield "cars", _cars(reach, on=on)


def _candidates(people: Sequence[UUID], *, on: date) -> Rows:
    found = list(
        Staff.objects.filter(pk__in=people)
        .filter(Q(on_duty_from=None) | Q(on_duty_from__lte=on))
        .filter(Q(on_duty_to=None) | Q(on_duty_to__gt=on))
        .select_related("unit", "candidacy")
        .order_by("pk")
    )
    serving = Counter(
        Posting.objects.filter(in_force(on=on), staff__in=found).values_list("staff_id", flat=True)
    )
    bases = _bases({row.unit_id for row in found})
    return [_candidate(row, serving=serving[row.pk], bases=bases) for row in found]


def _candidate(
    row: Staff, *, serving: int, bases: dict[str, tuple[float, float]]
) -> tuple[object, ...]:
    entry = candidacy_of(row, serving=serving)
    return (
        str(row.pk),
        entry.trade,
        row.home_village_id,
        entry.former_township_id,
        entry.former_village_id,
        entry.capacity,
        int(entry.seniority),
        *bases.get(row.unit_id, (None, None)),
    )


def candidacy_of(staff: Staff, *, serving: int) -> Candidacy:
    """What matching takes a person for; `serving` counts the villages they serve now."""
    entry: Candidacy | None = getattr(staff, "candidacy", None)
    if entry is not None:
        return entry
    trade = Trade.STATION if staff.unit.kind == UnitKind.STATION else Trade.OTHER
    return Candidacy(staff=staff, trade=trade, capacity=max(serving, 1))


def _bases(unit_codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Where people of a unit start from: the middle of the villages it answers for."""
    rows = (
        VillageUnit.objects.filter(unit__in=sorted(unit_codes), valid_to=None)
        .exclude(village__longitude=None)
        .order_by()
        .values("unit_id")
        .annotate(longitude=Avg("village__longitude"), latitude=Avg("village__latitude"))
    )
    return {row["unit_id"]: (row["longitude"], row["latitude"]) for row in rows}


def _wishes(reach: Reach, people: Sequence[UUID]) -> Rows:
    found = Wish.objects.filter(reach.q("village_id"), staff__in=people)
    return _as_text(found.values_list("staff_id", "village_id", "rank"))


def _holds(reach: Reach, people: Sequence[UUID], *, kind: HoldKind) -> Rows:
    found = Hold.objects.filter(reach.q("village_id"), staff__in=people, kind=kind, lifted_at=None)
    return _as_text(found.values_list("staff_id", "village_id"))


def _features(reach: Reach, *, on: date) -> Rows:
    """One row a living village; disputes and hazards are those of the last twelve months."""
    entered = VillageFeature.objects.in_bulk()
    counts = _matter_counts(reach, on=on)
    places = Village.objects.filter(reach.q("code"), valid_to=None).order_by("code")
    rows: Rows = []
    for code, longitude, latitude in places.values_list("code", "longitude", "latitude"):
        known = entered.get(code) or VillageFeature(village_id=code)
        rows.append(
            (
                code,
                known.on_main_road,
                known.complex,
                known.cases,
                counts.get((code, MatterKind.DISPUTE), 0),
                counts.get((code, MatterKind.HAZARD), 0),
                known.population,
                longitude,
                latitude,
            )
        )
    return rows


def _matter_counts(reach: Reach, *, on: date) -> dict[tuple[str, str], int]:
    rows = (
        Matter.objects.filter(reach.q("village_id"), opened_at__date__gt=on - _YEAR)
        .filter(opened_at__date__lte=on)
        .order_by()
        .values("village_id", "kind")
        .annotate(found=Count("id"))
    )
    return {(row["village_id"], row["kind"]): row["found"] for row in rows}


def _needs(reach: Reach, *, on: date, period: Period | None) -> Rows:
    area = Jurisdiction(prefixes=frozenset(reach.prefixes))
    within = (period.start, period.end) if period else (None, None)
    return _as_text(
        (
            *(need.household_id, need.village_code, need.hamlet_id, need.prize),
            *_agreed(need.agreed),
            *(need.minutes, None, None),
        )
        for need in household_needs(area=area, on=on, first=within[0], end=within[1])
    )


def _agreed(visit: AgreedVisit | None) -> tuple[date | None, str | None, str | None]:
    """Day and hours as the contract writes them."""
    if visit is None:
        return None, None, None
    hours = (visit.window_from, visit.window_to)
    first, last = (None if minute is None else clock(minute) for minute in hours)
    return visit.day, first, last


def _calendar(reach: Reach) -> Rows:
    """The county's own days. Counties differ, so a folder of several carries none."""
    counties = {prefix[:DIGITS] for prefix in reach.prefixes}
    if len(counties) != 1 or len(min(counties)) != DIGITS:
        return []
    found = CountyDay.objects.filter(county_id=min(counties)).order_by("day")
    return list(found.values_list("day", "working", "festival", "market"))


def _cars(reach: Reach, *, on: date) -> Rows:
    using = Q(retired_on=None) | Q(retired_on__gt=on)
    found = SharedCar.objects.filter(using, reach.q("unit__division_code"))
    return _as_text(found.values_list("id", "unit_id"))


def _as_text(rows: Iterable[tuple[object, ...]]) -> Rows:
    return [tuple(str(cell) if isinstance(cell, UUID) else cell for cell in row) for row in rows]
