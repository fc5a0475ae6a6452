"""Which village a line speaks of: whoever may not read that village's work may not read the line.

A line names its village, or a record or matter: one the station has, one of the same push, or one
of an earlier line that was not done. What names nothing of these speaks of no village.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from cunjing.fieldwork.filters import LedgerFilter, chosen_records
from cunjing.kernel.access import Actor
from cunjing.matters.queries import villages_of_matters
from cunjing.places.queries import villages
from cunjing.sync.lines import UnreadableLinesError, line_of
from cunjing.sync.models import NOT_DONE, Mutation

Body = Mapping[str, Any]
LOOKED_BACK = 500
"""How many earlier lines that were not done are looked through for the record a line names."""

VILLAGE_CODE = re.compile(r"[0-9]{12}")
"""What a line may name a village by: what is no code is not asked for."""
_PARTS = ("calls", "information", "matters", "warning", "session")
_NAMES = ("record_id", "matter_id")


def villages_of(bodies: Sequence[Body], *, device_id: UUID) -> list[str]:
    """The village each body speaks of, in order; empty where it speaks of none that exists."""
    named = [named_village(body) for body in bodies]
    reader = Actor.for_system("sync")
    rows = villages(actor=reader).filter(code__in={code for code in named if code})
    known = set(rows.values_list("code", flat=True))
    found = [code if code in known else "" for code in named]
    asked = {
        key for body, code in zip(bodies, found, strict=True) if not code for key in _names(body)
    }
    if not asked:
        return found
    made = {
        key: code for body, code in zip(bodies, found, strict=True) if code for key in _makes(body)
    }
    places = (
        _before(device_id, asked=asked - set(made))
        | made
        | _recorded(asked, reader=reader)
        | villages_of_matters(actor=reader, matter_ids=asked)
    )
    return [
        code or next((places[key] for key in _names(body) if key in places), "")
        for body, code in zip(bodies, found, strict=True)
    ]


def named_village(body: Body) -> str:
    """The code of the village a body names itself, or in the record it puts in the place of
    another; empty where that can be no code. A database is not asked for whatever stands there:
    PostgreSQL fails on some texts, and with it all that the phone sends after."""
    for said in (body, body.get("record")):
        code = said.get("village_code") if isinstance(said, Mapping) else None
        if isinstance(code, str) and code:
            return code if VILLAGE_CODE.fullmatch(code) else ""
    return ""


def _recorded(ids: set[UUID], *, reader: Actor) -> dict[UUID, str]:
    rows = chosen_records(actor=reader, chosen=LedgerFilter(state=None)).filter(pk__in=ids)
    return dict(rows.values_list("pk", "village_id"))


def _before(device_id: UUID, *, asked: set[UUID]) -> dict[UUID, str]:
    """The villages of what earlier lines of the device would have made, by id."""
    if not asked:
        return {}
    rows = Mutation.objects.filter(device=device_id, result__in=NOT_DONE, content__isnull=False)
    rows = rows.exclude(village_code="").order_by("-n")[:LOOKED_BACK]
    return {key: row.village_code for row in rows for key in _makes(_body(row)) if key in asked}


def _body(row: Mutation) -> Body:
    try:
        return line_of(bytes(row.content or b"")).form.body
    except UnreadableLinesError:
        return {}


def _names(body: Body) -> Iterator[UUID]:
    """The records and matters a body is about."""
    for name in _NAMES:
        if (key := _id(body.get(name))) is not None:
            yield key


def _makes(body: Body) -> Iterator[UUID]:
    """The ids of the records and matters a body would make."""
    parts: list[object] = [body]
    for name in _PARTS:
        said = body.get(name)
        parts += said if isinstance(said, list) else [said]
    for part in parts:
        if isinstance(part, Mapping) and (key := _id(part.get("id"))) is not None:
            yield key


def _id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
