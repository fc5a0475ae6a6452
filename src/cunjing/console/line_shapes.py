"""What a device's line says, as label and text for people."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cunjing.base.clock import SHANGHAI

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
        "household_id": _("住户编号"),
        "question_id": _("疑问编号"),
        "visit_id": _("所属的进村"),
        "with_parts": _("连同其中各条"),
        "sha256": _("照片摘要"),
        "length": _("字节数"),
        "?": _("原文"),
    }
)
# Who and which record is said above, or is of no use to a reader; to what was mended a page leads.
_LEFT_OUT = frozenset({"id", "staff_id", "recorded_at", "base_version", "replaces"})


def type_label(name: str) -> "StrOrPromise":
    """What a type of line is called; its own name beside it where we do not know it."""
    return TYPES.get(name) or _("不认识的类别 %(name)s") % {"name": name}


def field_label(name: str) -> "StrOrPromise":
    """What a field of a line is called; its own name where we do not know it."""
    return _FIELDS.get(name, name)


def saved_text(saved_at: str) -> str:
    """When the device saved a line, as people read it."""
    return _text(saved_at)


def body_lines(body: Mapping[str, object]) -> list[tuple[str, str]]:
    """Label and text of everything a body says, the parts of a part named with it."""
    return list(_lines(body, within=""))


def _lines(body: Mapping[str, object], *, within: str) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        if name in _LEFT_OUT or value in (None, "", [], {}):
            continue
        label = f"{within}{field_label(name)}"
        if isinstance(value, Mapping):
            yield from _lines(value, within=f"{label} · ")
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            for number, one in enumerate(value, start=1):
                yield from _lines(one, within=f"{label}{number} · ")
        elif isinstance(value, list):
            yield label, "、".join(str(one) for one in value)
        else:
            yield label, _text(value)


def _text(value: object) -> str:
    """A value as people read it: moments in Shanghai, everything else as it is."""
    try:
        moment = datetime.fromisoformat(str(value)) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        return str(value)
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
