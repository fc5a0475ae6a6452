"""What stands in the bodies of mutations: the forms of the API, read by type and schema version.

A body written by an older app is first cast into the present form, step by step (`UPCASTERS`).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from cunjing.api.fields import Moment, Strict, VillageCode
from cunjing.api.matters import MatterIn
from cunjing.api.problems import faults_of
from cunjing.api.record_bodies import CorrectionIn, Reason, RecordIn
from cunjing.api.visits import EntryIn
from cunjing.base.errors import invalid
from cunjing.photos.items import PhotoItem
from cunjing.sync.schemas import newest as newest_schema

Body = dict[str, Any]
Upcaster = Callable[[Body], Body]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = MappingProxyType({})
"""(type, n) → from version n to n + 1 of that type's body; where none stands it did not change."""


MOST_REPLACED = 100


Replaced = Annotated[tuple[UUID, ...], Field(max_length=MOST_REPLACED)]
"""The ids of the lines that were refused before this one was mended, each mended from the next."""


class VisitLine(EntryIn):
    """A whole visit."""

    replaces: Replaced = ()


class CorrectionLine(CorrectionIn):
    """A record in the place of another, and why."""

    record_id: UUID


class WithdrawalLine(Strict):
    """A record that is void, and why; `with_parts`: the visit never took place."""

    record_id: UUID
    reason: Reason
    with_parts: bool = False


class TextEdit(Strict):
    """A text, and what it was changed from."""

    was: Annotated[str, Field(alias="from", max_length=500)]
    to: Annotated[str, Field(max_length=500)]


class IdEdit(Strict):
    """An id or none, and what it was changed from."""

    was: Annotated[UUID | None, Field(alias="from")]
    to: UUID | None


class NumberEdit(Strict):
    """A number, and what it was changed from."""

    was: Annotated[int, Field(alias="from")]
    to: int


class HouseholdFields(Strict):
    """The fields of a household a device changes."""

    address: TextEdit | None = None
    hamlet_id: IdEdit | None = None
    visit_priority: NumberEdit | None = None


class MatterFields(Strict):
    """The fields of an open matter a device changes."""

    place: TextEdit | None = None
    summary: TextEdit | None = None
    subkind: TextEdit | None = None


Version = Annotated[str, Field(max_length=20)]


class HouseholdChangeLine(Strict):
    """Changed fields of a household; `base_version` is the version of the row they were changed
    from, for people to compare."""

    village_code: VillageCode
    household_id: UUID
    base_version: Version
    fields_: Annotated[HouseholdFields, Field(alias="fields")]


class MatterChangeLine(Strict):
    """Changed fields of an open matter, as with a household."""

    village_code: VillageCode
    matter_id: UUID
    base_version: Version
    fields_: Annotated[MatterFields, Field(alias="fields")]


class AnswerLine(Strict):
    """How it came about, in answer to a question about one's record."""

    village_code: VillageCode
    question_id: UUID
    text: Annotated[str, Field(max_length=500)]


class SeenLine(Strict):
    """Everything done up to `at` is recorded."""

    at: Moment


class PhotoLine(Strict):
    """A photo that will follow: beside one record or one matter, and what its content hashes to."""

    id: UUID
    record_id: UUID | None = None
    matter_id: UUID | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    length: Annotated[int, Field(ge=1, le=2**31 - 1)]
    recorded_at: Moment
    replaces: Replaced = ()

    def item(self) -> PhotoItem:
        """As the domain takes it."""
        return PhotoItem(**self.model_dump(exclude={"replaces"}))


FORMS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "visit_entry": VisitLine,
        "work_record": RecordIn,
        "matter": MatterIn,
        "correction": CorrectionLine,
        "withdrawal": WithdrawalLine,
        "household_change": HouseholdChangeLine,
        "matter_change": MatterChangeLine,
        "answer": AnswerLine,
        "seen": SeenLine,
        "photo": PhotoLine,
    }
)
# Where the time stands that the device saved it, if the body does not say it itself.
_RECORDED_IN = MappingProxyType(
    {
        "visit_entry": (),
        "work_record": (),
        "matter": (),
        "photo": (),
        "correction": ("record",),
    }
)


def upcast(
    body: Body,
    *,
    type_name: str,
    schema: int,
    newest: int | None = None,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> Body:
    """The body in the present form of its type."""
    for version in range(schema, newest or newest_schema()):
        step = upcasters.get((type_name, version))
        body = step(body) if step else body
    return body


def read_body(body: Body, *, type_name: str, saved_at: str) -> BaseModel:
    """A body in the present form. Raises 42201 with every wrong field."""
    said = _with_recorded_at(body, type_name=type_name, saved_at=saved_at)
    try:
        return FORMS[type_name].model_validate(said)
    except ValidationError as error:
        faults = faults_of([dict(line) for line in error.errors(include_url=False)])
        raise invalid(f"{len(faults)} 处填写有误，这一条没有采纳。", *faults) from error


def _with_recorded_at(body: Body, *, type_name: str, saved_at: str) -> Body:
    place = _RECORDED_IN.get(type_name)
    if place is None:
        return body
    if place:
        inside = body.get(place[0])
        if not isinstance(inside, dict):
            return body
        return {
            **body,
            place[0]: _with_recorded_at(inside, type_name="work_record", saved_at=saved_at),
        }
    return body if body.get("recorded_at") else {**body, "recorded_at": saved_at}
