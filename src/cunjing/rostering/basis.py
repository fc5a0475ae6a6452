"""Who holds which village in a role at present: what a draft starts from and is held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from cunjing.base.clock import today
from cunjing.coverage.models import Posting


@dataclass(frozen=True, slots=True)
class Standing:
    """The posting a village has in a role; `ends_on` where its end is already laid down."""

    posting_id: UUID
    staff_id: UUID
    ends_on: date | None


def standing_of(*, codes: Sequence[str], role: str, lock: bool = False) -> dict[str, Standing]:
    """The last posting in the role of each village that holds today or later, by village code.

    With `lock` the rows are locked until the caller's transaction ends.
    """
    rows = Posting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today()), village__in=codes, role=role
    )
    if lock:
        rows = rows.select_for_update()
    return {
        row.village_id: Standing(row.pk, row.staff_id, row.valid_to)
        for row in rows.order_by("valid_from", "pk")
    }
