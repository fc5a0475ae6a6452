"""The events table: work records streamed out of the database a few villages at a time.

A million records pass through here, so rows leave the database as plain text (the casts keep
Django's and the driver's converters out of the way) and become typed a column at a time in Arrow.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, TextField, When
from django.db.models.functions import Cast

from cunjing.assessment.arrow import hyphenated, instants, schema_of
from cunjing.assessment.reach import Reach
from cunjing.fieldwork.models import RecordKind, WorkRecord

Progress = Callable[[int, int], None]
"""Hears how many of how many parts are done."""

_COLUMNS = (
    "event_id", "kind", "subkind", "village_code", "unit_code", "staff_id", "local_date",
    "occurred_at", "received_at", "object_id", "log_id", "voided_at",
)  # fmt: skip
_IDS = frozenset({"event_id", "staff_id", "object_id", "log_id"})
_TIMES = frozenset({"occurred_at", "received_at", "voided_at"})


def event_batches(*, reach: Reach, progress: Progress | None = None) -> Iterator[pa.Table]:
    """Events village batch by village batch, in the contract's columns.

    A record counts as void from the moment a correction or withdrawal of it was received.
    """
    batches = reach.village_batches()
    for place, codes in enumerate(batches, start=1):
        yield _typed(_rows(_query(codes=codes, reach=reach)))
        if progress:
            progress(place, len(batches))


def _query(*, codes: list[str], reach: Reach) -> QuerySet[WorkRecord, tuple[object, ...]]:
    first, end = reach.days()
    logged = Q(kind=RecordKind.VILLAGE_VISIT) & ~Q(details__log="") & Q(details__has_key="log")
    work = WorkRecord.objects.filter(
        village_id__in=codes, local_date__gte=first, local_date__lt=end
    )
    if reach.person is not None:
        work = work.filter(staff_id=reach.person)
    return (
        work.annotate(
            event_id=_text("pk"),
            staff_text=_text("staff_id"),
            day=_text("local_date"),
            occurred=_text("occurred_at"),
            received=_text("received_at"),
            object_id=_text("household_id"),
            log_id=Case(When(logged, then=_text("pk")), default=None, output_field=CharField()),
            voided=_text("voided_at"),
        )
        .values_list(
            "event_id", "kind", "subkind", "village_id", "unit_id", "staff_text", "day",
            "occurred", "received", "object_id", "log_id", "voided",
        )
    )  # fmt: skip


def _text(column: str) -> Cast:
    return Cast(F(column), TextField())


def _rows(query: QuerySet[WorkRecord, tuple[object, ...]]) -> list[tuple[object, ...]]:
    sql, parameters = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows


def _typed(rows: list[tuple[object, ...]]) -> pa.Table:
    texts = zip(*rows, strict=True) if rows else [()] * len(_COLUMNS)
    found = {
        name: pa.array(values, pa.string()) for name, values in zip(_COLUMNS, texts, strict=True)
    }
    bare_ids = connection.vendor == "sqlite"
    zone_suffix = "" if connection.vendor == "sqlite" else "+00"
    for name in _IDS if bare_ids else ():
        found[name] = hyphenated(found[name])
    for name in _TIMES:
        found[name] = instants(found[name], zone_suffix=zone_suffix)
    found["subkind"] = _null_if_empty(found["subkind"])
    found["local_date"] = pc.cast(found["local_date"], pa.date32())
    found["void"] = pc.is_valid(found["voided_at"])
    found["object_no"] = _numbers(found["village_code"], found["object_id"])
    schema = schema_of("events")
    nothing = pa.nulls(len(rows), pa.string())
    return pa.table([found.get(name, nothing) for name in schema.names], schema=schema)


def _numbers(villages: pa.Array, objects: pa.Array) -> pa.Array:
    """The objects of each village numbered from 0 by their ids; a batch has villages whole."""
    pairs = list(zip(villages.to_pylist(), objects.to_pylist(), strict=True))
    numbers: dict[tuple[str, str], int] = {}
    found = sorted({pair for pair in pairs if pair[1] is not None})
    for _, own in groupby(found, key=itemgetter(0)):
        numbers |= {pair: number for number, pair in enumerate(own)}
    return pa.array([numbers.get(pair) for pair in pairs], pa.int64())


def _null_if_empty(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
