"""What a device's line says, as label and text for people."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cunjing.base.clock import SHANGHAI
from cunjing.console.detail_lines import NOTHING
from cunjing.console.forms.entry import FINDINGS
from cunjing.fieldwork.details import QUESTIONS, Audience, Publication
from cunjing.fieldwork.models import InformationKind, RecordKind, SessionKind
from cunjing.matters.models import MatterKind, MatterLevel
from cunjing.matters.rules import SUBKINDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TYPES: Mapping[str, "StrOrPromise"] = MappingProxyType(
    {
        "visit_entry": _("进村工作"),
        "work_record": _("工作记录"),
        "matter": _("事项"),
        "correction": _("更正"),
        "withdrawal": _("作废"),
        "seen": _("收齐确认"),
        "household_change": _("住户信息变更"),
        "matter_change": _("事项变更"),
        "photo": _("照片"),
        "answer": _("对疑问的答复"),
        "": _("读不出来的内容"),
    }
)
_FIELDS: Mapping[str, "StrOrPromise"] = MappingProxyType(
    {
        "village_code": _("村"),
        "staff_id": _("人员"),
        "kind": _("类别"),
        "subkind": _("细类"),
        "occurred_at": _("发生"),
        "arrived_at": _("到村"),
        "left_at": _("离村"),
        "opened_at": _("发生"),
        "log": _("工作日志"),
        "overnight_reason": _("过夜原因"),
        "place": _("地点"),
        "text": _("内容"),
        "summary": _("内容"),
        "title": _("标题"),
        "topic": _("主题"),
        "audience": _("对象"),
        "audience_count": _("人数"),
        "published": _("发布方式"),
        "level": _("层级"),
        "reason": _("理由"),
        "address": _("地址"),
        "hamlet_id": _("自然组"),
        "visit_priority": _("走访优先"),
        "calls": _("入户"),
        "information": _("信息"),
        "matters": _("事项"),
        "warning": _("预警"),
        "session": _("宣教"),
        "answers": _("六问"),
        "fields": _("改动"),
        "from": _("原来"),
        "to": _("改成"),
        "details": _("详情"),
        "record": _("更正后"),
        "at": _("时间"),
        "record_id": _("所属的记录"),
        "matter_id": _("所属的事项"),
        "household_id": _("住户"),
        "question_id": _("疑问编号"),
        "visit_id": _("所属的进村"),
        "with_parts": _("连同其中各条"),
        "sha256": _("照片摘要"),
        "length": _("字节数"),
        "chips": _("选项"),
        "position": _("位置"),
        "longitude": _("经度"),
        "latitude": _("纬度"),
        "accuracy": _("误差（米）"),
        "?": _("原文"),
    }
)
_PLACE = re.compile(r"[0-9]{1,4}")
"""A place in a list: a name of nothing but digits, as long as a line lets it be, is none."""
_Names = Mapping[str, "StrOrPromise"]
_CODES: Mapping[str, _Names] = MappingProxyType(
    {
        "kind": {**dict(RecordKind.choices), **dict(MatterKind.choices)},
        "level": dict(MatterLevel.choices),
        "published": dict(Publication.choices),
        "audience": dict(Audience.choices),
    }
)
"""What the values of a field are called that says codes."""
_SUBKINDS: Mapping[str, _Names] = MappingProxyType(
    {
        "information": dict(InformationKind.choices),
        "session": dict(SessionKind.choices),
        **{str(kind): dict(choices.choices) for kind, choices in SUBKINDS.items()},
    }
)
"""What subkinds are called, by the kind they are of."""
_OF_MATTERS = [dict(choices.choices) for choices in SUBKINDS.values()]
_OF_ANY_MATTER: _Names = MappingProxyType(
    {
        code: "／".join(dict.fromkeys(str(names[code]) for names in _OF_MATTERS if code in names))
        for code in {code for names in _OF_MATTERS for code in names}
    }
)
"""What a matter's subkind is called where its kind is not said: by all names it has."""
# Who and which record is said above, or is of no use to a reader; to what was mended a page leads.
_LEFT_OUT = frozenset({"id", "staff_id", "recorded_at", "base_version", "replaces"})


def type_label(name: str) -> "StrOrPromise":
    """What a type of line is called; its own name beside it where we do not know it."""
    return TYPES.get(name) or _("不认识的类别 %(name)s") % {"name": name}


def field_label(name: str) -> "StrOrPromise":
    """What a field of a line is called; its own name where we do not know it."""
    return _FIELDS.get(name) or QUESTIONS.get(name, name)


def fault_label(path: str) -> str:
    """Where in a body something is wrong (`calls.0.answers.help.chips.1`), as its lines name it."""
    labels: list[str] = []
    for name in path.split("."):
        if labels and _PLACE.fullmatch(name):
            labels[-1] += str(int(name) + 1)
        elif name != "answers":
            labels.append(str(field_label(name)))
    return " · ".join(labels)


def saved_text(saved_at: str) -> str:
    """When the device saved a line, as people read it."""
    return _text(saved_at)


def body_lines(
    body: Mapping[str, object], *, names: Mapping[str, Mapping[str, str]] | None = None
) -> list[tuple[str, str]]:
    """Label and text of everything a body says, the parts of a part named with it.

    `names`: what ids are called, by field (`names_in`). What we have no name for is shown as it is.
    """
    codes = {**_CODES, **(names or {}), "subkind": _OF_ANY_MATTER}
    return list(_lines(body, within="", codes=codes))


def _lines(
    body: Mapping[str, object], *, within: str, codes: Mapping[str, _Names]
) -> Iterator[tuple[str, str]]:
    codes = {**codes, "subkind": _SUBKINDS.get(str(body.get("kind")), codes.get("subkind", {}))}
    for name, value in body.items():
        label = f"{within}{field_label(name)}"
        if name in QUESTIONS and isinstance(value, Mapping):
            yield label, _answer(name, value)
        elif name in _LEFT_OUT or value in (None, "", [], {}):
            continue
        elif isinstance(value, Mapping):
            # Under the answers stand the questions, each with a name of its own.
            inner = within if name == "answers" else f"{label} · "
            yield from _lines(value, within=inner, codes=_within(name, codes))
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            for number, one in enumerate(value, start=1):
                said = one if isinstance(one, Mapping) else {"?": one}
                inner = f"{label}{number} · "
                yield from _lines(said, within=inner, codes=_within(name, codes))
        else:
            yield label, _named(value, names=codes.get(name, {}))


def _within(name: str, codes: Mapping[str, _Names]) -> Mapping[str, _Names]:
    """What the codes of a part are called: a subkind after the part, a change after the field."""
    found = {"subkind": _SUBKINDS[name]} if name in _SUBKINDS else {}
    if name in codes:
        found |= {"from": codes[name], "to": codes[name]}
    return {**codes, **found}


def _answer(name: str, answer: Mapping[str, object]) -> str:
    chips, text = answer.get("chips"), answer.get("text")
    names = dict(FINDINGS[name].choices)
    said = (_named(chips, names=names) if chips else "", str(text) if text else "")
    return "；".join(part for part in said if part) or NOTHING


def _named(value: object, *, names: _Names) -> str:
    """A value or a list of them by their names, or as they are."""
    if isinstance(value, list):
        return "、".join(_each(value, names))
    return str(names.get(str(value)) or _text(value))


def _each(values: Iterable[object], names: _Names) -> Iterator[str]:
    return (str(names.get(str(one)) or _text(one)) for one in values)


def _text(value: object) -> str:
    """A value as people read it: moments in Shanghai, yes and no, everything else as it is."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    moment = _moment(value) if isinstance(value, str) else None
    return str(value) if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _moment(said: str) -> datetime | None:
    """A moment in Shanghai; None for what is none, or is none there: the years end at 9999."""
    try:
        moment = datetime.fromisoformat(said)
        return moment.astimezone(SHANGHAI) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
