"""What lies before one person, for their own phone: planned days, days agreed with households.

Like questions on a phone: the caller answers for the person and the villages the phone may hold.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Prefetch

from cunjing.rostering.models import AgreedVisit, PlanCall, PlanDay


def planned_for(
    *, staff_id: UUID, village_codes: Collection[str], first: date, end: date
) -> list[PlanDay]:
    """A person's days of the plans in force in [`first`, `end`), with their calls in order."""
    rows = PlanDay.objects.filter(
        staff_id=staff_id,
        village_id__in=village_codes,
        plan__replaced_at=None,
        day__gte=first,
        day__lt=end,
    )
    calls = PlanCall.objects.order_by("place")
    return list(rows.prefetch_related(Prefetch("calls", queryset=calls)))


def agreed_by(
    *, staff_id: UUID, village_codes: Collection[str], first: date, end: date
) -> list[AgreedVisit]:
    """The days a person has agreed with households in [`first`, `end`), with the households."""
    rows = AgreedVisit.objects.filter(
        staff_id=staff_id,
        household__village_id__in=village_codes,
        cancelled_at=None,
        day__gte=first,
        day__lt=end,
    )
    return list(rows.select_related("household"))
