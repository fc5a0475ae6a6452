"""What a device may hold of a village: the rows of a scope, made from the domains' own queries.

Of a household the address, the group and the visit priority, and nothing else (Bounds). Work
records, clashes and decisions belong to one person; everything else to everybody who has the
village.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from cunjing.base.clock import today
from cunjing.briefings.models import Briefing
from cunjing.briefings.queries import briefings
from cunjing.coverage.queries import postings
from cunjing.fieldwork.filters import LedgerFilter, chosen_records
from cunjing.fieldwork.models import WorkRecord
from cunjing.fieldwork.queries import LedgerRow, row_of
from cunjing.kernel.access import ActiveGrant, Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.kernel.writing import canonical
from cunjing.matters.queries import open_in_village
from cunjing.places import queries as places
from cunjing.places.models import UnitKind
from cunjing.questions.queries import of_person
from cunjing.sync.models import EVERYBODY, Decision, FieldConflict, Mutation

Found = TypeVar("Found", bound=Model)

SHAPE = 6
"""The version of the forms below; raised with each change of them, so that scopes are made anew."""

READ_RIGHTS = frozenset(
    {
        Permission.VILLAGE_READ,
        Permission.POSTING_READ,
        Permission.RECORD_READ,
        Permission.MATTER_READ,
    }
)
RECENT = timedelta(days=62)
"""A posting that ended longer ago is no colleague and no month somebody still looks at."""

_VERSION_DIGITS = 16
_LINE = "\n"
# What rows say, and the columns it stands in: whole models would cost twice the time.
_OF_VILLAGE = {
    "name": "name",
    "township": "township__name",
    "county": "township__parent__name",
    "layer": "layer",
    "longitude": "longitude",
    "latitude": "latitude",
}
_OF_HOUSEHOLD = {
    "hamlet": "hamlet_id",
    "address": "address",
    "visit_priority": "visit_priority",
}
_OF_POSTING = {
    "village": "village_id",
    "staff": "staff_id",
    "name": "staff__name",
    "phone": "staff__phone",
    "role": "role",
    "valid_from": "valid_from",
    "valid_to": "valid_to",
}
_OF_CONFLICT = {
    "line": "line",
    "subject": "subject",
    "record": "record_id",
    "field": "field",
    "base": "base",
    "station": "station",
    "device": "said",
    "state": "state",
    "reason": "reason",
    "settled_at": "settled_at",
    "settled_by": "settled_by_name",
}
_OF_DECISION = {
    "line": "mutation__mutation_id",
    "outcome": "outcome",
    "reason": "reason",
    "decided_by": "decided_by_name",
}


class Row(NamedTuple):
    """One row of a scope; `content` is its line in the answer to a pull."""

    type: str
    id: str
    version: str
    content: str
    owner: UUID = EVERYBODY

    @property
    def key(self) -> tuple[str, str]:
        """Type and id."""
        return self.type, self.id


def reader_of(codes: Iterable[str]) -> Actor:
    """An actor that reads these villages and can read nothing else, whatever it is asked for."""
    grants = (ActiveGrant(role="", permissions=READ_RIGHTS, village_code=code) for code in codes)
    return Actor(name="sync", grants=tuple(grants))


def made(
    row_type: str,
    row_id: str,
    fields: Mapping[str, object],
    *,
    version: str = "",
    owner: UUID = EVERYBODY,
) -> Row:
    """A row of these fields; without a `version` of its own, the digest of them."""
    version = version or hashlib.sha256(canonical(fields)).hexdigest()[:_VERSION_DIGITS]
    content = canonical({"row": row_type, "id": row_id, "version": version, **fields})
    return Row(type=row_type, id=row_id, version=version, content=content.decode(), owner=owner)


def _counted(version: int, fields: Mapping[str, object]) -> str:
    """A version that is counted, and a checksum of the fields: a server put back to a backup may
    count up to one again that phones have with others."""
    return f"{version}-{zlib.crc32(_LINE.join(map(str, fields.values())).encode()):08x}"


def small_rows(codes: Sequence[str]) -> dict[str, list[Row]]:
    """Of each village the few rows that many acts may change: itself, and who serves it.

    Three queries however many villages; they are compared at every pull.
    """
    rows: dict[str, list[Row]] = {code: [] for code in codes}
    asked, day = list(codes), today()
    stations = {code: station for code, *station in _stations(codes=asked, on=day)}
    for code, *values in _villages(codes=asked):
        said: dict[str, object] = dict(zip(_OF_VILLAGE, values, strict=True))
        said["county"] = said["county"] or ""
        said["unit_name"], said["unit_phone"] = stations.get(code, ("", ""))
        rows[code].append(made("village", code, said))
    for key, *values in _postings(codes=asked, ended_after=day - RECENT):
        said = dict(zip(_OF_POSTING, values, strict=True))
        rows[str(said["village"])].append(made("posting", str(key), said))
    return rows


# Each asks the domain as the reader of these villages, whatever stands for their codes.
@prepared
def _stations(*, codes: list[str], on: date) -> QuerySet[Any, tuple[Any, ...]]:
    answering = places.village_units(actor=reader_of(codes), on=on)
    stations = answering.filter(unit__kind=UnitKind.STATION)
    return stations.values_list("village_id", "unit__name", "unit__phone")


@prepared
def _villages(*, codes: list[str]) -> QuerySet[Any, tuple[Any, ...]]:
    return places.villages(actor=reader_of(codes)).values_list("code", *_OF_VILLAGE.values())


@prepared
def _postings(*, codes: list[str], ended_after: date) -> QuerySet[Any, tuple[Any, ...]]:
    recent = Q(valid_to=None) | Q(valid_to__gt=ended_after)
    found = postings(actor=reader_of(codes)).filter(recent)
    return found.values_list("pk", *_OF_POSTING.values())


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one type, found by the change log under `record_type`.

    `read` gives those of a village: of one owner, or by their ids; none given means all.
    """

    row_type: str
    record_type: str
    personal: bool
    read: Callable[[str, UUID | None, Sequence[str] | None], Iterator[Row]]


def _hamlets(code: str, owner: UUID | None, ids: Sequence[str] | None) -> Iterator[Row]:
    for key, version, name in _hamlets_of(code=code, ids=_keys(ids)):
        fields = {"village": code, "name": name}
        yield made("hamlet", str(key), fields, version=_counted(version, fields))


@prepared
def _hamlets_of(*, code: str, ids: list[UUID] | None) -> QuerySet[Any, tuple[Any, ...]]:
    found = places.hamlets(actor=reader_of([code]), village_code=code)
    return _of(ids, found).values_list("pk", "version", "name")


def _households(code: str, owner: UUID | None, ids: Sequence[str] | None) -> Iterator[Row]:
    for key, version, *values in _households_of(code=code, ids=_keys(ids)):
        fields = {"village": code, **dict(zip(_OF_HOUSEHOLD, values, strict=True))}
        yield made("household", str(key), fields, version=_counted(version, fields))


@prepared
def _households_of(*, code: str, ids: list[UUID] | None) -> QuerySet[Any, tuple[Any, ...]]:
    found = places.households(actor=reader_of([code]), village_code=code)
    return _of(ids, found).values_list("pk", "version", *_OF_HOUSEHOLD.values())


def _records(code: str, owner: UUID | None, ids: Sequence[str] | None) -> Iterator[Row]:
    for record in _records_of(code=code, owner=owner, ids=_keys(ids)):
        yield _record(row_of(record))


@prepared
def _records_of(*, code: str, owner: UUID | None, ids: list[UUID] | None) -> QuerySet[WorkRecord]:
    chosen = LedgerFilter(village_code=code, staff_id=owner, state=None)
    found = _of(ids, chosen_records(actor=reader_of([code]), chosen=chosen))
    return found.select_related("village", "staff", "household", "unit")


def _record(line: LedgerRow) -> Row:
    fields = {
        "village": line.village_code,
        "kind": line.kind.value,
        "subkind": line.subkind,
        "day": line.local_date,
        "occurred_at": line.occurred_at,
        "recorded_at": line.recorded_at,
        "received_at": line.received_at,
        "state": line.state.value,
        "late": line.late,
        "household": line.household_id,
        "household_address": line.household_address,
        "visit": line.visit_id,
        "unit": line.unit_code,
        "supersedes": line.supersedes_id,
        "details": line.details,
    }
    return made("record", str(line.id), fields, owner=line.staff_id)


def _matters(code: str, owner: UUID | None, ids: Sequence[str] | None) -> Iterator[Row]:
    for line in open_in_village(actor=reader_of([code]), village_code=code, matter_ids=_keys(ids)):
        fields = {
            "village": line.village_code,
            "kind": line.kind.value,
            "subkind": line.subkind,
            "place": line.place,
            "summary": line.summary,
            "level": line.level.value,
            "opened_at": line.opened_at,
            "opened_by": line.opened_by_name,
            "visit": line.visit_id,
        }
        yield made("matter", str(line.id), fields, version=_counted(line.version, fields))


def _briefings(code: str, owner: UUID | None, ids: Sequence[str] | None) -> Iterator[Row]:
    for briefing in _briefings_of(code=code, on=today(), ids=_keys(ids)):
        fields = {
            "village": code,
            "text": briefing.text,
            "valid_until": briefing.valid_until,
            "written_at": briefing.written_at,
            "written_by": briefing.written_by_name,
        }
        yield made("briefing", str(briefing.pk), fields)


@prepared
def _briefings_of(*, code: str, on: date, ids: list[UUID] | None) -> QuerySet[Briefing]:
    return _of(ids, briefings(actor=reader_of([code]), village_code=code, on=on))


def _conflicts(code: str, owner: UUID | None, ids: Sequence[str] | None) -> Iterator[Row]:
    for key, staff, *values in _conflicts_of(code=code, owner=owner, ids=_keys(ids)):
        if staff is not None:
            fields = {"village": code, **dict(zip(_OF_CONFLICT, values, strict=True))}
            yield made("conflict", str(key), fields, owner=staff)


@prepared
def _conflicts_of(
    *, code: str, owner: UUID | None, ids: list[UUID] | None
) -> QuerySet[Any, tuple[Any, ...]]:
    line = Mutation.objects.filter(device=OuterRef("device"), n=OuterRef("n"))
    found = FieldConflict.objects.filter(village_code=code)
    found = _of(ids, found if owner is None else found.filter(device__user__staff=owner))
    found = found.annotate(line=Subquery(line.values("mutation_id")))
    return found.values_list("pk", "device__user__staff", *_OF_CONFLICT.values())


def _decisions(code: str, owner: UUID | None, ids: Sequence[str] | None) -> Iterator[Row]:
    for key, staff, *values in _decisions_of(code=code, ids=_keys(ids)):
        if staff is not None and owner in (None, staff):
            fields = {"village": code, **dict(zip(_OF_DECISION, values, strict=True))}
            yield made("decision", str(key), fields, owner=staff)


@prepared
def _decisions_of(*, code: str, ids: list[UUID] | None) -> QuerySet[Any, tuple[Any, ...]]:
    # From the few decisions to their lines: asked as a condition on the lines, a database may begin
    # with those, which are everything that was ever sent.
    village = Mutation.objects.filter(pk=OuterRef("mutation")).values("village_code")
    found = _of(ids, Decision.objects.alias(village=Subquery(village)).filter(village=code))
    return found.values_list("pk", "mutation__device__user__staff", *_OF_DECISION.values())


def _questions(code: str, owner: UUID | None, ids: Sequence[str] | None) -> Iterator[Row]:
    for asked in of_person(village_code=code, staff_id=owner, question_ids=_keys(ids)):
        fields = {
            "village": code,
            "kind": asked.kind.value,
            "text": asked.text,
            "record": asked.record_id,
            "other": asked.other_id,
            "asked_at": asked.asked_at,
            "answer": asked.answer,
            "closed": asked.closed_at is not None,
            "close_reason": asked.close_reason,
        }
        yield made("question", str(asked.id), fields, owner=asked.staff_id)


def _keys(ids: Sequence[str] | None) -> list[UUID] | None:
    """The ids of the change log as the domains take them."""
    return None if ids is None else [UUID(one) for one in ids]


def _of(ids: list[UUID] | None, rows: QuerySet[Found]) -> QuerySet[Found]:
    return rows if ids is None else rows.filter(pk__in=ids)


SMALL_TYPES = ("village", "posting")
SOURCES = (
    Source("hamlet", "places.hamlet", personal=False, read=_hamlets),
    Source("household", "places.household", personal=False, read=_households),
    Source("record", "fieldwork.workrecord", personal=True, read=_records),
    Source("matter", "matters.matter", personal=False, read=_matters),
    Source("briefing", "briefings.briefing", personal=False, read=_briefings),
    Source("question", "questions.question", personal=True, read=_questions),
    Source("conflict", "sync.fieldconflict", personal=True, read=_conflicts),
    Source("decision", "sync.decision", personal=True, read=_decisions),
)
