"""What lies before one person, for their own phone: planned days, days agreed with households.

Like questions on a phone: the caller answers for the person and the villages the phone may hold.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from cunjing.kernel.prepared import prepared
from cunjing.rostering.models import AgreedVisit, PlanCall, PlanDay


def planned_for(
    *, staff_id: UUID, village_codes: Collection[str], first: date, end: date
) -> list[PlanDay]:
    """A person's days of the plans in force in [`first`, `end`), with their calls in order."""
    return _planned(staff_id=staff_id, codes=list(village_codes), first=first, end=end)


@prepared
def _planned(*, staff_id: UUID, codes: list[str], first: date, end: date) -> QuerySet[PlanDay]:
    rows = PlanDay.objects.filter(
        staff_id=staff_id,
        village_id__in=codes,
        plan__replaced_at=None,
        day__gte=first,
        day__lt=end,
    )
    calls = PlanCall.objects.order_by("place")
    return rows.prefetch_related(Prefetch("calls", queryset=calls))


def agreed_by(
    *, staff_id: UUID, village_codes: Collection[str], first: date, end: date
) -> list[AgreedVisit]:
    """The days a person has agreed with households in [`first`, `end`), with the households."""
    return _agreed(staff_id=staff_id, codes=list(village_codes), first=first, end=end)


@prepared
def _agreed(*, staff_id: UUID, codes: list[str], first: date, end: date) -> QuerySet[AgreedVisit]:
    rows = AgreedVisit.objects.filter(
        staff_id=staff_id,
        household__village_id__in=codes,
        cancelled_at=None,
        day__gte=first,
        day__lt=end,
    )
    return rows.select_related("household")
