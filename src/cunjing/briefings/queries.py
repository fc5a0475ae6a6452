"""Reads of briefings, for whoever may read the village's records."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from cunjing.briefings.models import Briefing
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import visible

READ = Permission.RECORD_READ


def briefings(
    *, actor: Actor, village_code: str, on: date, ids: Sequence[str] | None = None
) -> QuerySet[Briefing]:
    """What is said of a village on a day, newest first; of these ids only, where they are given."""
    scope = visible(actor=actor, permission=READ, field_name="village_id")
    rows = Briefing.objects.filter(scope, village_id=village_code)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.filter(valid_until__gte=on, ended_at=None).order_by("-written_at", "-id")
