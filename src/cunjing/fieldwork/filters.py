"""Which records a ledger shows, and the query for them, scoped by the reader's jurisdiction."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import ExtractMonth, ExtractYear

from cunjing.base.clock import SHANGHAI, today
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.models import VillageUnit


class RecordState(Enum):
    """What became of a record. LATE: valid, but arrived after its month had ended."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    LATE = "late"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS = {
    RecordState.VALID: "有效",
    RecordState.SUPERSEDED: "已更正",
    RecordState.WITHDRAWN: "已作废",
    RecordState.LATE: "补录",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """What to show; empty fields do not filter, `state` None shows records of every state.

    Dates are Shanghai days, both inclusive. `unit_code` is the station answering for the villages
    today. `text` is looked for in free text.
    """

    kind: RecordKind | None = None
    subkind: str = ""
    village_code: str = ""
    township_code: str = ""
    unit_code: str = ""
    staff_id: UUID | None = None
    household_id: UUID | None = None
    date_from: date | None = None
    date_to: date | None = None
    state: RecordState | None = RecordState.VALID
    text: str = ""


def villages_of_unit(unit_code: str) -> QuerySet[VillageUnit, str]:
    """A subquery of the villages a unit answers for today."""
    day = today()
    return (
        VillageUnit.objects.filter(unit_id=unit_code, valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gt=day))
        .values_list("village_id", flat=True)
    )


def visible(*, actor: Actor, permission: Permission, village_code: str = "") -> Q:
    """The records `actor` may see, narrowed to one village where it is named."""
    reach = jurisdiction_of(actor=actor, permission=permission)
    if not village_code:
        return reach.q("village_id")
    # One village needs no ranges beside it: the database then uses the village's index.
    return Q(village_id=village_code) if reach.covers(village_code) else Q(pk__in=())


def chosen_records(
    *, actor: Actor, chosen: LedgerFilter, permission: Permission = Permission.RECORD_READ
) -> QuerySet[WorkRecord]:
    """The records chosen that `actor` may see, without order."""
    scope = visible(actor=actor, permission=permission, village_code=chosen.village_code)
    rows = WorkRecord.objects.filter(scope)
    if chosen.unit_code:
        rows = rows.filter(village_id__in=list(villages_of_unit(chosen.unit_code)))
    if chosen.state is RecordState.LATE:
        rows = rows.annotate(
            months_late=(ExtractYear("received_at", tzinfo=SHANGHAI) - ExtractYear("local_date"))
            * 12
            + ExtractMonth("received_at", tzinfo=SHANGHAI)
            - ExtractMonth("local_date")
        ).filter(months_late__gt=0)
    return rows.filter(_matches(chosen), _in_state(chosen.state))


def _in_state(state: RecordState | None) -> Q:
    match state:
        case None:
            return Q()
        case RecordState.VALID | RecordState.LATE:
            return Q(voided_at=None)
        case RecordState.SUPERSEDED:
            return Q(superseded_by__isnull=False)
        case RecordState.WITHDRAWN:
            return Q(voided_at__isnull=False, superseded_by=None)


def _matches(chosen: LedgerFilter) -> Q:
    exact = {
        "kind": chosen.kind,
        "subkind": chosen.subkind,
        "village__township_id": chosen.township_code,
        "staff_id": chosen.staff_id,
        "household_id": chosen.household_id,
        "local_date__gte": chosen.date_from,
        "local_date__lte": chosen.date_to,
        "search_text__icontains": chosen.text,
    }
    return Q(**{name: value for name, value in exact.items() if value})
