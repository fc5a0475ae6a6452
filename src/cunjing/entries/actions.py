"""Record a whole visit: one form, one transaction, every ledger it feeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cunjing.base.errors import FieldFault, Problem, ProblemKind, invalid
from cunjing.entries.visit_entry import VisitEntry, matter_items, work_items
from cunjing.fieldwork.actions import Recorded, record_many
from cunjing.fieldwork.items import Outcome
from cunjing.kernel.access import Actor
from cunjing.matters.actions import Opened, open_many, shape_of

REFUSED = "有内容需要修改，什么都没有保存。"
# Fields the parts take from the visit: a fault in one of them is a fault of the visit.
_OF_VISIT = {
    "staff_id": "staff_id",
    "village_code": "village_code",
    "visit_id": "visit_id",
    "recorded_at": "recorded_at",
    "occurred_at": "arrived_at",
    "opened_at": "arrived_at",
}


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What an entry became: records and matters by the name of their part (`calls.0`).

    `repeated` when the whole entry had been stored before.
    """

    visit: Recorded
    parts: Mapping[str, Recorded]
    matters: Mapping[str, Opened]

    @property
    def repeated(self) -> bool:
        """Whether nothing was new."""
        return all(one.repeated for one in (self.visit, *self.parts.values())) and all(
            one.repeated for one in self.matters.values()
        )


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What became of one entry of a batch: a result, or the problem it was refused with."""

    entry_id: UUID
    outcome: Outcome
    result: EntryResult | None = None
    problem: Problem | None = None


def record_visit_entry(
    *, actor: Actor, entry: VisitEntry, received_at: datetime | None = None
) -> EntryResult:
    """Record a visit with all its parts, or nothing.

    Sent again with the same content it returns what is stored; with other content or other parts it
    is a conflict (40901). Raises 42201; a fault's field names part and field
    (`calls.0.security.text`). `received_at`: only for the system.
    """
    works, matters = work_items(entry), matter_items(entry)
    arrivals = {item.id: received_at for item in works.values()} if received_at else {}
    openings = {item.id: received_at for item in matters.values()} if received_at else {}
    try:
        with transaction.atomic():
            recorded = record_many(
                actor=actor, items=list(works.values()), names=list(works), received=arrivals
            )
            opened = open_many(
                actor=actor, items=list(matters.values()), names=list(matters), received=openings
            )
    except Problem as problem:
        if problem.kind is not ProblemKind.INVALID:
            raise
        others = shape_of(list(matters.values()), names=list(matters))
        raise invalid(REFUSED, *_of_form([*problem.faults, *others], entry=entry)) from problem
    visit, *parts = recorded
    names = [name for name in works if name]
    return EntryResult(
        visit=visit,
        parts=dict(zip(names, parts, strict=True)),
        matters=dict(zip(matters, opened, strict=True)),
    )


def record_visit_entries(*, actor: Actor, entries: Sequence[VisitEntry]) -> list[EntryLine]:
    """Record independent entries, each all or nothing, each with its own result."""
    lines = []
    for entry in entries:
        try:
            result = record_visit_entry(actor=actor, entry=entry)
        except Problem as problem:
            lines.append(EntryLine(entry.id, Outcome.REFUSED, problem=problem))
        else:
            outcome = Outcome.REPEATED if result.repeated else Outcome.CREATED
            lines.append(EntryLine(entry.id, outcome, result=result))
    return lines


def _of_form(faults: Sequence[FieldFault], *, entry: VisitEntry) -> list[FieldFault]:
    """Faults by the fields of the form, each once."""
    timed = {f"calls.{place}" for place, call in enumerate(entry.calls) if call.occurred_at}
    found: dict[tuple[str, str], FieldFault] = {}
    for fault in faults:
        part, _, name = fault.field.rpartition(".")
        own_time = name == "occurred_at" and part in timed
        field = fault.field if own_time else _OF_VISIT.get(name, fault.field)
        found.setdefault((field, fault.message), FieldFault(field, fault.message))
    return list(found.values())
