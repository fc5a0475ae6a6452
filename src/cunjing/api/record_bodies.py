"""Pieces of work as programs send them, and what they are answered."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    WrapValidator,
)

from cunjing.api.fields import Details, Moment, ShownMoment, Strict, Subkind, UnitCode, VillageCode
from cunjing.api.problems import ProblemOut, faults_of, problem_body
from cunjing.base.errors import Problem, invalid
from cunjing.fieldwork.items import Outcome, Position, WorkItem
from cunjing.fieldwork.models import RecordKind, WorkRecord

MOST_AT_ONCE = 200
Reason = Annotated[str, Field(min_length=1, max_length=190)]


class PositionIn(Strict):
    """Where a record was saved, if its officer lets that be known: degrees (WGS 84), metres."""

    longitude: Annotated[float, Field(ge=-180, le=180)]
    latitude: Annotated[float, Field(ge=-90, le=90)]
    accuracy: Annotated[float, Field(ge=0, le=100_000)] | None = None

    def position(self) -> Position:
        """The same for fieldwork, to a millionth of a degree (a tenth of a metre)."""
        return Position(
            longitude=_millionth(self.longitude),
            latitude=_millionth(self.latitude),
            accuracy_m=None if self.accuracy is None else round(self.accuracy),
        )


def _millionth(degrees: float) -> Decimal:
    return Decimal(str(degrees)).quantize(Decimal("0.000001"))


class RecordIn(Strict):
    """One piece of work.

    `id` is made by the client (UUID, best version 7): the same content again is answered the same,
    other content is a conflict. `occurred_at` is when it happened (a visit: when it began);
    `recorded_at` the client's clock when it was saved. `details` are the fields of the kind.
    """

    id: UUID
    kind: RecordKind
    village_code: VillageCode
    staff_id: UUID
    occurred_at: Moment
    details: Details
    subkind: Subkind = ""
    recorded_at: Moment | None = None
    household_id: UUID | None = None
    visit_id: UUID | None = None
    unit_code: UnitCode | None = None
    position: PositionIn | None = None

    def item(self) -> WorkItem:
        """The same for fieldwork."""
        return WorkItem(
            id=self.id,
            kind=self.kind,
            subkind=self.subkind,
            village_code=self.village_code,
            staff_id=self.staff_id,
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            household_id=self.household_id,
            visit_id=self.visit_id,
            unit_code=self.unit_code or "",
            details=self.details,
            position=self.position.position() if self.position else None,
        )


class CorrectionIn(Strict):
    """What is to stand in the place of a record, and why."""

    record: RecordIn
    reason: Reason


class WithdrawalIn(Strict):
    """Why a record is void; `with_parts`: the visit never took place, so its parts go too."""

    reason: Reason
    with_parts: bool = False


class SyncMarkIn(Strict):
    """Everything this person recorded up to `at` (default: now) has arrived."""

    staff_id: UUID
    at: Moment | None = None


class RecordReceipt(BaseModel):
    """Proof that a record is stored; the same however often it is sent."""

    id: UUID
    kind: RecordKind
    received_at: ShownMoment
    digest: str
    supersedes_id: UUID | None


class WithdrawalReceipt(BaseModel):
    """Proof that a record is void."""

    id: UUID
    voided_at: ShownMoment
    void_reason: str


class SyncMarkOut(BaseModel):
    """Until when the work of this person is known to have arrived."""

    staff_id: UUID
    last_sync_at: ShownMoment


class Unreadable(BaseModel):
    """An element of a batch that does not fit its schema: it is refused, the others are not."""

    id: str
    problem: dict[str, object]


class RecordLine(BaseModel):
    """What became of one record of a batch, in the order sent."""

    id: str
    outcome: Outcome
    receipt: RecordReceipt | None = None
    problem: ProblemOut | None = None


class RecordLines(BaseModel):
    """One line for each record sent."""

    items: list[RecordLine]


def _apart(value: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
    try:
        return handler(value)
    except ValidationError as error:
        faults = faults_of([dict(line) for line in error.errors(include_url=False)])
        problem = invalid(f"{len(faults)} 处填写有误，这一条没有保存。请改正后重发。", *faults)
        said = value.get("id", "") if isinstance(value, dict) else ""
        return Unreadable(id=str(said)[:40], problem=problem_body(problem))


Apart = WrapValidator(_apart)
"""Marks an element of a batch whose faults are its own: it becomes `Unreadable`."""


class RecordBatch(Strict):
    """Independent records, each stored or refused by itself."""

    items: Annotated[list[Annotated[RecordIn, Apart]], Field(min_length=1, max_length=MOST_AT_ONCE)]


Sent = TypeVar("Sent", bound=BaseModel)
Line = TypeVar("Line", bound=BaseModel)


def answered(
    sent: list[Any], *, kind: type[Sent], do: Callable[[list[Sent]], list[Line]],
    refuse: Callable[[Unreadable], Line],
) -> list[Line]:  # fmt: skip
    """Lines in the order sent: `do` answers what could be read, `refuse` the rest."""
    done = iter(do([one for one in sent if isinstance(one, kind)]))
    return [refuse(one) if isinstance(one, Unreadable) else next(done) for one in sent]


def receipt(record: WorkRecord) -> RecordReceipt:
    """Proof of a stored record."""
    return RecordReceipt(
        id=record.pk,
        kind=RecordKind(record.kind),
        received_at=record.received_at,
        digest=record.digest,
        supersedes_id=record.supersedes_id,
    )


def problem_out(problem: Problem | None) -> ProblemOut | None:
    """The problem of one line."""
    return ProblemOut.model_validate(problem_body(problem)) if problem else None
