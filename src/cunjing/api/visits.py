"""Whole visits: one form, one transaction, every ledger it feeds."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Status
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest
from cunjing.api.fields import (
    Answers,
    Moment,
    Name,
    ShownMoment,
    Strict,
    Subkind,
    UnitCode,
    VillageCode,
)
from cunjing.api.problems import WRITE_REFUSALS, ProblemOut
from cunjing.api.record_bodies import (
    MOST_AT_ONCE,
    Apart,
    PositionIn,
    Unreadable,
    answered,
    problem_out,
)
from cunjing.base.errors import Problem
from cunjing.entries import visit_entry as parts
from cunjing.entries.actions import (
    EntryLine,
    EntryResult,
    record_visit_entries,
    record_visit_entry,
)
from cunjing.fieldwork.details import Audience, Publication
from cunjing.fieldwork.items import Outcome
from cunjing.fieldwork.models import InformationKind, SessionKind
from cunjing.matters.models import MatterKind, MatterLevel

router = Router(tags=["entries"])
Parts = Field(max_length=100)
Text = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(max_length=200)]


class CallIn(Strict):
    """A call at a household: the answers to the six questions."""

    id: UUID
    household_id: UUID
    answers: Answers
    occurred_at: Moment | None = None


class InformationIn(Strict):
    """An item handed to the station of the village, or to `unit_code`."""

    id: UUID
    subkind: InformationKind
    place: Name
    text: Text
    unit_code: UnitCode | None = None


class FoundMatterIn(Strict):
    """A dispute, hazard, request or incident that came up."""

    id: UUID
    kind: MatterKind
    subkind: Subkind
    place: Name
    summary: Text
    level: MatterLevel = MatterLevel.VILLAGE


class WarningIn(Strict):
    """A safety warning published during the visit."""

    id: UUID
    title: Name
    text: Text
    published: list[Publication]


class SessionIn(Strict):
    """A session held during the visit."""

    id: UUID
    subkind: SessionKind
    topic: Name
    audience: list[Audience]
    audience_count: Annotated[int, Field(ge=1, le=9999)]


class EntryIn(Strict):
    """A whole visit. `id` is the visit's; every part has an id of its own, made by the client."""

    id: UUID
    village_code: VillageCode
    staff_id: UUID
    arrived_at: Moment
    left_at: Moment
    log: Text = ""
    overnight_reason: Short = ""
    recorded_at: Moment | None = None
    calls: Annotated[tuple[CallIn, ...], Parts] = ()
    information: Annotated[tuple[InformationIn, ...], Parts] = ()
    matters: Annotated[tuple[FoundMatterIn, ...], Parts] = ()
    warning: WarningIn | None = None
    session: SessionIn | None = None
    position: PositionIn | None = None

    def entry(self) -> parts.VisitEntry:
        """The same for the form that feeds the ledgers."""
        return parts.VisitEntry(
            id=self.id,
            village_code=self.village_code,
            staff_id=self.staff_id,
            arrived_at=self.arrived_at,
            left_at=self.left_at,
            log=self.log,
            overnight_reason=self.overnight_reason,
            recorded_at=self.recorded_at,
            calls=tuple(parts.CallPart(**_said(call)) for call in self.calls),
            information=tuple(parts.InformationPart(**_said(item)) for item in self.information),
            matters=tuple(parts.MatterPart(**_said(matter)) for matter in self.matters),
            warning=_warning(self.warning) if self.warning else None,
            session=_session(self.session) if self.session else None,
            position=self.position.position() if self.position else None,
        )


class PartOut(BaseModel):
    """A stored part by its name in the entry (`calls.0`)."""

    name: str
    id: UUID


class EntryReceipt(BaseModel):
    """Proof that a visit and all its parts are stored; the same however often it is sent."""

    id: UUID
    received_at: ShownMoment
    digest: str
    records: list[PartOut]
    matters: list[PartOut]


class EntryLineOut(BaseModel):
    """What became of one entry of a batch, in the order sent."""

    id: str
    outcome: Outcome
    receipt: EntryReceipt | None = None
    problem: ProblemOut | None = None


class EntryLines(BaseModel):
    """One line for each entry sent."""

    items: list[EntryLineOut]


class EntryBatch(Strict):
    """Independent visits, each stored whole or refused whole."""

    items: Annotated[list[Annotated[EntryIn, Apart]], Field(min_length=1, max_length=MOST_AT_ONCE)]


@router.post("/entries", response={201: EntryReceipt, **WRITE_REFUSALS})
def add_entry(request: ApiRequest, body: EntryIn) -> Status[EntryReceipt]:
    """Record a visit with all its parts, or nothing."""
    return Status(201, _receipt(record_visit_entry(actor=request.auth, entry=body.entry())))


@router.post("/entries/batch", response={200: EntryLines, **WRITE_REFUSALS})
def add_entries(request: ApiRequest, body: EntryBatch) -> EntryLines:
    """Record independent visits; each has its own result, in the order sent."""

    def record(items: list[EntryIn]) -> list[EntryLineOut]:
        entries = [one.entry() for one in items]
        return [_line(line) for line in record_visit_entries(actor=request.auth, entries=entries)]

    return EntryLines(items=answered(body.items, kind=EntryIn, do=record, refuse=_refused))


def _said(part: Strict) -> dict[str, Any]:
    """The fields of a part that were said; its own defaults stand for the others."""
    return {
        name: value for name in part.model_fields_set if (value := getattr(part, name)) is not None
    }


def _warning(part: WarningIn) -> parts.WarningPart:
    return parts.WarningPart(
        id=part.id, title=part.title, text=part.text, published=tuple(part.published)
    )


def _session(part: SessionIn) -> parts.SessionPart:
    return parts.SessionPart(
        id=part.id,
        subkind=part.subkind,
        topic=part.topic,
        audience=tuple(part.audience),
        audience_count=part.audience_count,
    )


def _receipt(result: EntryResult) -> EntryReceipt:
    visit = result.visit.record
    return EntryReceipt(
        id=visit.pk,
        received_at=visit.received_at,
        digest=visit.digest,
        records=[PartOut(name=name, id=part.record.pk) for name, part in result.parts.items()],
        matters=[PartOut(name=name, id=part.matter.pk) for name, part in result.matters.items()],
    )


def _line(line: EntryLine) -> EntryLineOut:
    problem: Problem | None = line.problem
    return EntryLineOut(
        id=str(line.entry_id),
        outcome=line.outcome,
        receipt=_receipt(line.result) if line.result else None,
        problem=problem_out(problem),
    )


def _refused(one: Unreadable) -> EntryLineOut:
    problem = ProblemOut.model_validate(one.problem)
    return EntryLineOut(id=one.id, outcome=Outcome.REFUSED, problem=problem)
