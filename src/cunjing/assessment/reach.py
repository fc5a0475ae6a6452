"""What facts cover: villages by code prefix, and the days of work around a period."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from cunjing.kernel.access import Jurisdiction
from cunjing.places.models import Village
from cunjing.policy.periods import Period

MARGIN = timedelta(days=31)
"""Around the period, so that rejected records are still found (facts contract, section 2)."""

_VILLAGES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reach:
    """Villages by code prefix; work of `period` ± 31 days, all work where it is None.

    `person` and `span` narrow it to one person's work of some days (half-open).
    """

    prefixes: tuple[str, ...]
    period: Period | None = None
    person: UUID | None = None
    span: tuple[date, date] | None = None

    def q(self, field_name: str) -> Q:
        """A filter on a column that holds a village or division code."""
        return Jurisdiction(prefixes=frozenset(self.prefixes)).q(field_name)

    def days(self) -> tuple[date, date]:
        """The half-open range of local dates whose work is exported."""
        if self.span is not None:
            return self.span
        if self.period is None:
            return date.min, date.max
        return self.period.start - MARGIN, self.period.end + MARGIN

    def village_batches(self) -> list[list[str]]:
        """All village codes covered, in order, a few at a time; villages that ended included."""
        codes = Village.objects.filter(self.q("code")).order_by("code")
        found = list(codes.values_list("code", flat=True))
        return [
            found[start : start + _VILLAGES_AT_ONCE]
            for start in range(0, len(found), _VILLAGES_AT_ONCE)
        ]
