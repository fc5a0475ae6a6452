"""The fields of each kind of work, as strict schemas; what is stored in `WorkRecord.details`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from django.db import models
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from cunjing.base.errors import FieldFault
from cunjing.fieldwork.models import InformationKind, RecordKind, SessionKind
from cunjing.fieldwork.texts import cleaned, fault_of
from cunjing.kernel.writing import canonical

Chip = TypeVar("Chip", bound=models.TextChoices)


class SecurityFinding(models.TextChoices):
    """How safe the place is, in the household's eyes."""

    THEFT = "theft", "防盗"
    FRAUD = "fraud", "防诈骗"
    TRAFFIC = "traffic", "出行安全"
    FIRE = "fire", "用火用电用气"
    LIGHTING = "lighting", "照明监控"
    OTHER = "other", "其他"


class DisputeFinding(models.TextChoices):
    """What quarrels were spoken of; a dispute to be settled is opened as a matter."""

    NEIGHBOUR = "neighbour", "邻里"
    FAMILY = "family", "家庭"
    LAND = "land", "土地山林水"
    DEBT = "debt", "债务"
    LABOUR = "labour", "劳务"
    OTHER = "other", "其他"


class LivelihoodFinding(models.TextChoices):
    """Production and living."""

    WATER_POWER = "water_power", "水电"
    ROAD = "road", "道路"
    FARMING = "farming", "农业生产"
    WORK = "work", "务工就业"
    SCHOOLING = "schooling", "上学"
    HOUSING = "housing", "住房"
    OTHER = "other", "其他"


class OpinionFinding(models.TextChoices):
    """Which service a suggestion is about; never what somebody thinks of anything else (Bounds)."""

    PATROL = "patrol", "巡逻防范"
    SERVICE = "service", "便民服务"
    PUBLICITY = "publicity", "宣传教育"
    RESPONSE = "response", "接警处置"
    OTHER = "other", "其他"


class HelpFinding(models.TextChoices):
    """Which help is wanted; why and by whom belongs to a sealed care case (Bounds)."""

    PAPERS = "papers", "代办证件"
    SUPPLIES = "supplies", "生活物资"
    TRANSPORT = "transport", "出行陪同"
    LEGAL = "legal", "法律咨询"
    REFERRAL = "referral", "转请主管部门联系"
    OTHER = "other", "其他"


class TopicFinding(models.TextChoices):
    """What people talk about: things and places."""

    FRAUD = "fraud", "诈骗"
    TRAFFIC = "traffic", "交通"
    SCHOOL = "school", "学校"
    PRICES = "prices", "物价收购"
    PROJECT = "project", "工程建设"
    DISASTER = "disaster", "灾害天气"
    OTHER = "other", "其他"


class Publication(models.TextChoices):
    """Where a warning was published."""

    BOARD = "board", "公告栏"
    LOUDSPEAKER = "loudspeaker", "大喇叭"
    GROUP = "group", "村微信群"
    MEETING = "meeting", "村民会议"
    LEAFLET = "leaflet", "传单"


class Audience(models.TextChoices):
    """Who was among the audience of a session (Bozhou names out-of-school youths)."""

    VILLAGERS = "villagers", "村民"
    OUT_OF_SCHOOL_YOUTHS = "out_of_school_youths", "未在校青少年"
    PUPILS = "pupils", "学生"
    OLD_PEOPLE = "old_people", "老年人"
    MIGRANTS = "migrants", "外来人员"
    CADRES = "cadres", "村干部"


def _kept(text: str) -> str:
    fault = fault_of(text)
    if fault:
        raise PydanticCustomError("text_refused", "{advice}", {"advice": fault})
    return cleaned(text)


def _required(text: str) -> str:
    if not text:
        raise PydanticCustomError("text_missing", "{advice}", {"advice": "请填写。"})
    return text


def _distinct(chips: list[str]) -> list[str]:
    if len(set(chips)) != len(chips):
        raise PydanticCustomError("chips_repeated", "{advice}", {"advice": "选项重复了。"})
    return chips


_Kept = AfterValidator(_kept)
_Required = AfterValidator(_required)
ShortText = Annotated[str, Field(max_length=200), _Kept]
Log = Annotated[str, Field(max_length=2000), _Kept]
Place = Annotated[str, Field(max_length=80), _Kept, _Required]
Title = Annotated[str, Field(max_length=60), _Kept, _Required]
Body = Annotated[str, Field(max_length=1000), _Kept, _Required]


class _Details(BaseModel):
    """Strict: an unknown or mistyped field is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class VillageVisit(_Details):
    """A visit to the village; it began at `occurred_at`. An empty log is a visit without log."""

    left_at: AwareDatetime
    log: Log = ""
    overnight_reason: ShortText = ""


class Answer(_Details, Generic[Chip]):
    """An answer to one question: chips and a word; both empty = asked, nothing found."""

    chips: Annotated[list[Chip], AfterValidator(_distinct)] = []
    text: ShortText = ""


class HouseholdVisit(_Details):
    """The six questions at a household (Suzhou 三(一)); each of them must have been asked."""

    topics: Answer[TopicFinding]
    security: Answer[SecurityFinding]
    disputes: Answer[DisputeFinding]
    help: Answer[HelpFinding]
    livelihood: Answer[LivelihoodFinding]
    opinions: Answer[OpinionFinding]


QUESTIONS = {
    "topics": "热点问题",
    "security": "治安状况",
    "disputes": "矛盾纠纷",
    "help": "这里谁需要帮助",
    "livelihood": "生产生活",
    "opinions": "意见建议",
}


class Information(_Details):
    """An item handed to the station: a thing at a place, no person (Bounds)."""

    place: Place
    text: Annotated[str, Field(max_length=500), _Kept, _Required]


class Warning(_Details):  # noqa: A001 - the domain's word; nothing here warns in Python's sense
    """A safety warning that was published in the village."""

    title: Title
    text: Body
    published: Annotated[list[Publication], Field(min_length=1), AfterValidator(_distinct)]


class Session(_Details):
    """A session; `audience_count` people of the named groups listened."""

    topic: Title
    audience: Annotated[list[Audience], Field(min_length=1), AfterValidator(_distinct)]
    audience_count: Annotated[int, Field(ge=1, le=9999)]


SCHEMAS: dict[RecordKind, type[_Details]] = {
    RecordKind.VILLAGE_VISIT: VillageVisit,
    RecordKind.HOUSEHOLD_VISIT: HouseholdVisit,
    RecordKind.INFORMATION: Information,
    RecordKind.WARNING: Warning,
    RecordKind.SESSION: Session,
}
SUBKINDS: dict[RecordKind, type[models.TextChoices] | None] = {
    RecordKind.VILLAGE_VISIT: None,
    RecordKind.HOUSEHOLD_VISIT: None,
    RecordKind.INFORMATION: InformationKind,
    RecordKind.WARNING: None,
    RecordKind.SESSION: SessionKind,
}

_MESSAGES = {
    "missing": "请填写。",
    "extra_forbidden": "没有这一栏，请删去。",
    "enum": "不在可选项之内，请从列表中选择。",
    "too_short": "至少选择一项。",
    "string_type": "应为文字。",
    "int_type": "应为整数。",
    "int_from_float": "应为整数。",
    "list_type": "应为列表。",
    "model_type": "应为一组栏目。",
    "timezone_aware": "时间缺少时区，请写成 2026-09-01T08:30:00+08:00 的样子。",
    "datetime_type": "应为时间。",
}


class DetailsRefused(ValueError):
    """Details that do not fit their kind; `faults` name the fields."""

    def __init__(self, faults: list[FieldFault]) -> None:
        super().__init__("details refused")
        self.faults = faults


def read_details(*, kind: RecordKind, raw: Mapping[str, object]) -> BaseModel:
    """The validated details of a kind.

    `raw` may hold JSON values or Python's datetimes. Raises DetailsRefused with every fault.
    """
    try:
        return SCHEMAS[kind].model_validate_json(canonical(raw))
    except ValidationError as error:
        raise DetailsRefused([_fault(line) for line in error.errors()]) from error
    except (ValueError, TypeError) as error:  # lone surrogates, NaN, naive times
        raise DetailsRefused([FieldFault("details", "内容读不出来，请重新填写。")]) from error


def _fault(line: ErrorDetails) -> FieldFault:
    place = ".".join(str(part) for part in line["loc"]) or "details"
    context = line.get("ctx", {})
    kind = line["type"]
    if "advice" in context:
        message = str(context["advice"])
    elif kind == "string_too_long":
        message = f"太长了，最多 {context['max_length']} 个字。"
    elif kind in {"greater_than_equal", "less_than_equal"}:
        bound = context.get("ge", context.get("le"))
        message = f"应{'不小于' if 'ge' in context else '不大于'} {bound}。"
    elif kind.startswith("datetime"):
        message = _MESSAGES["timezone_aware"]
    else:
        message = _MESSAGES.get(kind, "填写有误，请检查。")
    return FieldFault(place, message)


def free_text(details: Mapping[str, object]) -> str:
    """All free text of stored details, for the line of a ledger; it is never searched (Bounds)."""
    return "\n".join(_texts(details))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            if isinstance(part, str) and key in {"log", "text", "place", "title", "topic"}:
                yield from [part] if part else []
            else:
                yield from _texts(part)


def left_at(details: Mapping[str, object]) -> datetime:
    """When a stored village visit ended."""
    return datetime.fromisoformat(str(details["left_at"]))
