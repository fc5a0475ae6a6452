"""How much a household needs a visit: one formula, its weights a table of the county's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max

from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.kernel.access import Jurisdiction
from cunjing.matters.models import Matter
from cunjing.places.models import Household
from cunjing.rostering.counties import DIGITS
from cunjing.rostering.models import AgreedVisit, NeedWeights


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdNeed:
    """What one household's prize is made of. `days` since the last visit, None = never visited.

    `agreed` is the visit promised it, which is worth a point where nothing else speaks for it.
    """

    household_id: UUID
    village_code: str
    hamlet_id: UUID | None
    priority: int
    days: int | None
    open_matters: int
    prize: int
    minutes: int
    agreed: AgreedVisit | None = None


def prize_of(*, weights: NeedWeights, priority: int, days: int | None, open_matters: int) -> int:
    """Points of need: the more urgent, the longer unvisited, the more open matters around it."""
    unvisited = weights.longest_days if days is None else min(days, weights.longest_days)
    return (
        weights.base
        + weights.per_priority * priority
        + weights.per_day_unvisited * unvisited
        + weights.per_open_matter * min(open_matters, weights.most_matters)
    )


def weights_of(county_code: str) -> NeedWeights:
    """The weights of a county; those everybody starts with where it has set none."""
    found = NeedWeights.objects.filter(pk=county_code).first()
    return found or NeedWeights(county_id=county_code)


def household_needs(
    *, area: Jurisdiction, on: date, first: date | None = None, end: date | None = None
) -> Iterator[HouseholdNeed]:
    """The households in use of an area by village, each with its need on a day.

    Matters carry a place and no household: those open in its village count for each. Of the days
    agreed with a household the next one in [`first`, `end`) is said, none that has passed.
    """
    agreed = _agreed(area=area, first=max(first or on, on), end=end)
    last = _last_visits(area=area)
    matters = _open_matters(area=area)
    weights: dict[str, NeedWeights] = {}
    rows = Household.objects.filter(area.q("village_id"), retired_on=None)
    for row in rows.order_by("village_id", "id"):
        county = row.village_id[:DIGITS]
        if county not in weights:
            weights[county] = weights_of(county)
        seen = last.get(row.pk)
        days = None if seen is None else max((on - seen).days, 0)
        around = matters.get(row.village_id, 0)
        promised = agreed.get(row.pk)
        prize = prize_of(
            weights=weights[county],
            priority=row.visit_priority,
            days=days,
            open_matters=around,
        )
        yield HouseholdNeed(
            household_id=row.pk,
            village_code=row.village_id,
            hamlet_id=row.hamlet_id,
            priority=row.visit_priority,
            days=days,
            open_matters=around,
            prize=max(prize, 1) if promised else prize,
            minutes=(promised.minutes if promised else None) or weights[county].minutes,
            agreed=promised,
        )


def _agreed(*, area: Jurisdiction, first: date, end: date | None) -> dict[UUID, AgreedVisit]:
    rows = AgreedVisit.objects.filter(
        area.q("household__village_id"), cancelled_at=None, day__gte=first
    )
    if end is not None:
        rows = rows.filter(day__lt=end)
    # The soonest comes last and stays.
    return {row.household_id: row for row in rows.order_by("-day")}


def _last_visits(*, area: Jurisdiction) -> dict[UUID, date]:
    rows = (
        WorkRecord.objects.filter(
            area.q("village_id"), kind=RecordKind.HOUSEHOLD_VISIT, voided_at=None
        )
        .exclude(household=None)
        .order_by()
        .values("household_id")
        .annotate(last=Max("local_date"))
    )
    return {row["household_id"]: row["last"] for row in rows}


def _open_matters(*, area: Jurisdiction) -> dict[str, int]:
    rows = Matter.objects.filter(area.q("village_id"), closed_at=None).order_by()
    return {
        row["village_id"]: row["found"]
        for row in rows.values("village_id").annotate(found=Count("id"))
    }
