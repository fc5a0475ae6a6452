"""What each type of mutation does: bodies that were read become calls of the domains' actions.

An act takes several bodies that follow each other, as one whole, and says what rows each of them
made. Types with the same act may be mixed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from cunjing.api.matters import MatterIn
from cunjing.api.record_bodies import RecordIn
from cunjing.api.visits import EntryIn
from cunjing.base.clock import now
from cunjing.base.errors import forbidden
from cunjing.entries.actions import record_visit_entry
from cunjing.entries.visit_entry import matter_items, work_items
from cunjing.fieldwork.actions import (
    Recorded,
    correct_record,
    note_sync,
    record_many,
    withdraw_record,
)
from cunjing.fieldwork.items import Reading, WorkItem, part_names, read_items
from cunjing.fieldwork.models import SyncChannel
from cunjing.fieldwork.rules import CLOCK_SKEW
from cunjing.kernel.access import Actor
from cunjing.matters.actions import Opened, open_many
from cunjing.matters.items import MatterItem
from cunjing.photos.actions import promise_photos
from cunjing.questions.actions import answer
from cunjing.staffing.queries import own_entry
from cunjing.sync.bodies import (
    AnswerLine,
    CorrectionLine,
    PhotoLine,
    SeenLine,
    VisitLine,
    WithdrawalLine,
)
from cunjing.sync.merging import Change, change_households, change_matters

Rows = list[list[str]]

Creation = EntryIn | RecordIn | MatterIn
Made = Rows | Change
"""What a line made: rows, or a change that says itself what became of it."""
Act = Callable[[Actor, Sequence[Any]], Sequence[Made]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A creation with its items, read and sound by themselves."""

    body: Creation
    works: Sequence[WorkItem]
    matters: Sequence[MatterItem]
    reading: Reading


class Mended(NamedTuple):
    """A line mended after it was refused: the row it makes, and the lines of its type, by their
    ids, that it stands for."""

    type_name: str
    made: list[str]
    ids: Sequence[UUID]


def made_ready(body: BaseModel) -> BaseModel | Ready:
    """What can be said of a body without asking the database: a push of many is looked at before
    its transaction. Not of what has faults: those are told after the rights. One visit by itself is
    read once more, its faults named as the form names its parts."""
    if not isinstance(body, Creation):
        return body
    works, matters = _items(body)
    reading = read_items(works, names=part_names(len(works)))
    return body if reading.faults else Ready(body, works, matters, reading)


def mended_by(said: BaseModel | Ready) -> Mended | None:
    """What a mended line stands for; None for any other line."""
    body = said.body if isinstance(said, Ready) else said
    if not isinstance(body, VisitLine | PhotoLine) or not body.replaces:
        return None
    if isinstance(body, PhotoLine):
        return Mended("photo", made=["photo", str(body.id)], ids=body.replaces)
    return Mended("visit_entry", made=["record", str(body.id)], ids=body.replaces)


def weight(said: BaseModel | Ready) -> int:
    """How many records and matters a body asks for."""
    body = said.body if isinstance(said, Ready) else said
    if not isinstance(body, EntryIn):
        return 1
    single = [part for part in (body.warning, body.session) if part is not None]
    return 1 + len(body.calls) + len(body.information) + len(body.matters) + len(single)


def _creations(actor: Actor, said: Sequence[Creation | Ready]) -> list[Rows]:
    """Visits, records and matters in any order: the records of all of them, then the matters.

    A matter or a part may name a visit among them; nothing names a matter.
    """
    first = said[0].body if isinstance(said[0], Ready) else said[0]
    if len(said) == 1 and isinstance(first, EntryIn):
        # By itself, so that a fault names its part of the form.
        result = record_visit_entry(actor=actor, entry=first.entry())
        done = [result.visit, *result.parts.values()]
        return [_made(iter(done), iter(result.matters.values()), len(done), len(result.matters))]
    items = [(one.works, one.matters) if isinstance(one, Ready) else _items(one) for one in said]
    works = [one for works, _ in items for one in works]
    recorded = iter(record_many(actor=actor, items=works, reading=_read_before(said)))
    opened = iter(open_many(actor=actor, items=[one for _, found in items for one in found]))
    return [_made(recorded, opened, len(works), len(found)) for works, found in items]


def _read_before(said: Sequence[Creation | Ready]) -> Reading | None:
    ready = [one.reading for one in said if isinstance(one, Ready)]
    if len(ready) < len(said):
        return None
    return Reading([item for one in ready for item in one.read])


def _items(body: Creation) -> tuple[list[WorkItem], list[MatterItem]]:
    if isinstance(body, EntryIn):
        entry = body.entry()
        return list(work_items(entry).values()), list(matter_items(entry).values())
    if isinstance(body, RecordIn):
        return [body.item()], []
    return [], [MatterItem(**{name: getattr(body, name) for name in MatterIn.model_fields})]


def _made(recorded: Iterator[Recorded], opened: Iterator[Opened], works: int, matters: int) -> Rows:
    """The rows of one body: the next `works` records and the next `matters` matters."""
    return [
        *(["record", str(one.record.pk)] for one in islice(recorded, works)),
        *(["matter", str(one.matter.pk)] for one in islice(opened, matters)),
    ]


def _corrections(actor: Actor, bodies: Sequence[CorrectionLine]) -> list[Rows]:
    done = [
        correct_record(
            actor=actor, record_id=body.record_id, item=body.record.item(), reason=body.reason
        )
        for body in bodies
    ]
    return [
        [["record", str(body.record_id)], ["record", str(one.record.pk)]]
        for body, one in zip(bodies, done, strict=True)
    ]


def _withdrawals(actor: Actor, bodies: Sequence[WithdrawalLine]) -> list[Rows]:
    done = [
        withdraw_record(
            actor=actor, record_id=body.record_id, reason=body.reason, with_parts=body.with_parts
        )
        for body in bodies
    ]
    return [[["record", str(record.pk)] for record in records] for records in done]


def _photos(actor: Actor, bodies: Sequence[PhotoLine]) -> list[Rows]:
    promised = promise_photos(actor=actor, items=[body.item() for body in bodies])
    return [[["photo", str(photo.pk)]] for photo in promised]


def _seen(actor: Actor, bodies: Sequence[SeenLine]) -> list[Rows]:
    staff = own_entry(actor=actor)
    if staff is None:
        raise forbidden("这个账号没有对应的人员，不需要确认。请联系县局核对。")
    for body in bodies:
        moment = _arrived(body.at)
        note_sync(actor=actor, staff_id=staff.pk, channel=SyncChannel.DEVICE, at=moment)
    return [[] for _ in bodies]


def _answers(actor: Actor, bodies: Sequence[AnswerLine]) -> list[Rows]:
    for body in bodies:
        answer(actor=actor, question_id=body.question_id, text=body.text)
    return [[["question", str(body.question_id)]] for body in bodies]


def _arrived(said: datetime) -> datetime:
    """The time said; a clock a little fast says now."""
    moment = now()
    return moment if moment < said <= moment + CLOCK_SKEW else said


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "visit_entry": _creations,
        "work_record": _creations,
        "matter": _creations,
        "correction": _corrections,
        "withdrawal": _withdrawals,
        "household_change": change_households,
        "matter_change": change_matters,
        "answer": _answers,
        "seen": _seen,
        "photo": _photos,
    }
)
