"""The form that corrects a record: the fields of its kind, filled with what it says now."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.base.clock import SHANGHAI
from cunjing.console.forms.base import Lines, date_field
from cunjing.console.forms.entry import FINDINGS
from cunjing.fieldwork.details import QUESTIONS, Audience, Publication
from cunjing.fieldwork.items import WorkItem
from cunjing.fieldwork.models import InformationKind, RecordKind, SessionKind
from cunjing.fieldwork.queries import LedgerRow


class CorrectionForm(forms.Form):
    """Day, time and content again, and why they were wrong."""

    aliases = MappingProxyType({"occurred_at": "time", "left_at": "left_time"})

    correction_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("更正理由"), max_length=190)
    day = date_field(label=_("日期"))
    time = forms.TimeField(
        label=_("时间"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    def __init__(self, data: Any, *, row: LedgerRow, initial: dict[str, Any]) -> None:
        moment = row.occurred_at.astimezone(SHANGHAI)
        super().__init__(data, initial={"day": moment.date(), "time": moment.time(), **initial})
        self.row = row
        for name, field in _fields_of(row).items():
            self.fields[name] = field

    def item(self) -> WorkItem:
        """The record that takes the old one's place; village, person and household stay."""
        data, row = self.cleaned_data, self.row
        return WorkItem(
            id=data["correction_id"],
            kind=row.kind,
            subkind=data.get("subkind", row.subkind),
            village_code=row.village_code,
            staff_id=row.staff_id,
            occurred_at=datetime.combine(data["day"], data["time"], tzinfo=SHANGHAI),
            details=_details_of(row.kind, data),
            household_id=row.household_id,
            visit_id=row.visit_id,
            unit_code=row.unit_code,
        )


def _fields_of(row: LedgerRow) -> dict[str, forms.Field]:
    details: dict[str, Any] = dict(row.details)
    match row.kind:
        case RecordKind.VILLAGE_VISIT:
            return _visit_fields(details)
        case RecordKind.HOUSEHOLD_VISIT:
            return _call_fields(details)
        case RecordKind.INFORMATION:
            return {
                "subkind": _choice(_("信息类别"), InformationKind.choices, row.subkind),
                "place": _text(_("地点"), 80, details["place"]),
                "text": _text(_("内容"), 500, details["text"], long=True),
            }
        case RecordKind.WARNING:
            return {
                "title": _text(_("标题"), 60, details["title"]),
                "text": _text(_("内容"), 1000, details["text"], long=True),
                "published": _chips(_("发布方式"), Publication.choices, details["published"]),
            }
        case RecordKind.SESSION:
            return {
                "subkind": _choice(_("类别"), SessionKind.choices, row.subkind),
                "topic": _text(_("主题"), 60, details["topic"]),
                "audience": _chips(_("对象"), Audience.choices, details["audience"]),
                "audience_count": forms.IntegerField(
                    label=_("人数"), min_value=1, initial=details["audience_count"]
                ),
            }


def _visit_fields(details: dict[str, Any]) -> dict[str, forms.Field]:
    left = datetime.fromisoformat(details["left_at"]).astimezone(SHANGHAI)
    return {
        "left_day": _dated(_("离村日期"), left),
        "left_time": forms.TimeField(
            label=_("离村时间"),
            initial=left.time(),
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        ),
        "log": _text(_("工作日志"), 2000, details.get("log", ""), long=True, required=False),
        "overnight_reason": _text(
            _("过夜原因"), 200, details.get("overnight_reason", ""), required=False
        ),
    }


def _call_fields(details: dict[str, Any]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for name, findings in FINDINGS.items():
        answer = details.get(name, {})
        fields[f"{name}_chips"] = _chips(QUESTIONS[name], findings.choices, answer.get("chips", []))
        fields[f"{name}_text"] = _text(
            _("补充：%(question)s") % {"question": _(QUESTIONS[name])},
            200,
            answer.get("text", ""),
            required=False,
        )
    return fields


def _details_of(kind: RecordKind, data: dict[str, Any]) -> dict[str, Any]:
    match kind:
        case RecordKind.VILLAGE_VISIT:
            left = datetime.combine(data["left_day"], data["left_time"], tzinfo=SHANGHAI)
            names = ("log", "overnight_reason")
            return {"left_at": left, **{name: data[name] for name in names}}
        case RecordKind.HOUSEHOLD_VISIT:
            return {
                name: {"chips": data[f"{name}_chips"], "text": data[f"{name}_text"]}
                for name in FINDINGS
            }
        case RecordKind.INFORMATION:
            return {name: data[name] for name in ("place", "text")}
        case RecordKind.WARNING:
            return {name: data[name] for name in ("title", "text", "published")}
        case RecordKind.SESSION:
            return {name: data[name] for name in ("topic", "audience", "audience_count")}


def _text(
    label: Any, limit: int, initial: str, *, long: bool = False, required: bool = True
) -> forms.CharField:
    widget = Lines(rows=3) if long else forms.TextInput()
    return forms.CharField(
        label=label, max_length=limit, initial=initial, required=required, widget=widget
    )


def _choice(label: Any, choices: Any, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=initial)


def _chips(label: Any, choices: Any, initial: list[str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _dated(label: Any, moment: datetime) -> forms.DateField:
    field = date_field(label=label)
    field.initial = moment.date()
    return field
