"""The fields that requests and answers are made of."""

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from django.http import HttpRequest
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from cunjing.base.clock import SHANGHAI
from cunjing.fieldwork.details import SCHEMAS
from cunjing.fieldwork.models import RecordKind

EARLIEST, LATEST = date(1949, 10, 1), date(2199, 12, 31)
DEEPEST = 8
PLAIN = r"^[^\x00-\x1f\x7f]*$"


def _in_range(day: date) -> date:
    """Days a calendar of ours can shift by a month or a time zone without leaving it."""
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError("advice_day", "日期应在 1949 年至 2199 年之间。")
    return day


def _moment_in_range(moment: datetime) -> datetime:
    _in_range(moment.astimezone(UTC).date() if 1 < moment.year < 9999 else moment.date())
    return moment


def _shown(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat()


VillageCode = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
DivisionCode = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})$")]
TownshipCode = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
CountyCode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
UnitCode = Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=20)]
Name = Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=80)]
Subkind = Annotated[str, Field(pattern=r"^[a-z_]{0,24}$")]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Day = Annotated[date, AfterValidator(_in_range)]
Moment = Annotated[AwareDatetime, AfterValidator(_moment_in_range)]
ShownMoment = Annotated[
    datetime,
    PlainSerializer(_shown, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment in an answer, always in Asia/Shanghai: the same record reads the same every time."""


class Strict(BaseModel):
    """A schema that refuses what it does not know, so that a misspelt name is never lost."""

    model_config = ConfigDict(extra="forbid")


class StrictQuery(Strict):
    """Query parameters; one that the address does not know is refused, not passed over."""

    @model_validator(mode="before")
    @classmethod
    def _no_others(cls, data: object, info: ValidationInfo) -> object:
        request = (info.context or {}).get("request")
        if isinstance(request, HttpRequest):
            for name in sorted(set(request.GET) - set(cls.model_fields)):
                message = "没有查询参数“{name}”，请去掉或核对名称。"
                raise PydanticCustomError("advice_query", message, {"name": name})
        return data


@dataclass(frozen=True, slots=True)
class _Documented:
    """Describes free details in the OpenAPI document by the schemas of the kinds of work."""

    kinds: Sequence[RecordKind] = tuple(RecordKind)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        kinds = [SCHEMAS[kind] for kind in self.kinds]
        meant: TypeAdapter[object] = TypeAdapter(functools.reduce(operator.or_, kinds))
        return handler(meant.core_schema)


def _sound(details: Mapping[str, object]) -> Mapping[str, object]:
    """Not nested beyond reading, and no moment that no calendar holds; the rest fieldwork reads."""
    if _depth(details) > DEEPEST:
        raise PydanticCustomError("advice_depth", "内容嵌套太深，请核对格式。")
    if isinstance(details.get("left_at"), str):
        _MOMENT.validate_python(details["left_at"])
    return details


# What JSON is read into: an abstract type would be asked for every value of every record.
_DEEPER = (dict, list)


def _depth(value: object, *, at: int = 0) -> int:
    if at > DEEPEST:
        return at
    parts: Iterable[object] = ()
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list):
        parts = value
    inside = [_depth(part, at=at + 1) for part in parts if isinstance(part, _DEEPER)]
    return max(inside, default=at + bool(parts))


_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
Details = Annotated[dict[str, object], AfterValidator(_sound), _Documented()]
"""The fields of one kind of work; `cunjing.fieldwork.details` reads them."""

Answers = Annotated[
    dict[str, object], AfterValidator(_sound), _Documented((RecordKind.HOUSEHOLD_VISIT,))
]
"""The answers to the six questions."""

ShownDetails = Annotated[dict[str, object], _Documented()]
"""The fields of one kind of work, as stored."""
