"""The form of a visit: one page, from which every ledger is fed."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from cunjing.base.clock import SHANGHAI
from cunjing.base.errors import FieldFault
from cunjing.console.forms.base import Lines, date_field, offer
from cunjing.entries.visit_entry import (
    CallPart,
    InformationPart,
    MatterPart,
    SessionPart,
    VisitEntry,
    WarningPart,
)
from cunjing.fieldwork.details import (
    QUESTIONS,
    Audience,
    DisputeFinding,
    HelpFinding,
    LivelihoodFinding,
    OpinionFinding,
    Publication,
    SecurityFinding,
    TopicFinding,
)
from cunjing.fieldwork.models import InformationKind, SessionKind
from cunjing.matters.models import MatterKind
from cunjing.matters.rules import SUBKINDS
from cunjing.places.models import Household
from cunjing.staffing.models import Staff

FINDINGS = {
    "topics": TopicFinding,
    "security": SecurityFinding,
    "disputes": DisputeFinding,
    "help": HelpFinding,
    "livelihood": LivelihoodFinding,
    "opinions": OpinionFinding,
}
MOST_ROWS = 60


class VisitForm(forms.Form):
    """The visit itself: who, which day, from when to when, what was done."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    staff_id = forms.TypedChoiceField(label=_("谁进村"), coerce=UUID)
    day = date_field(label=_("日期"))
    arrived = forms.TimeField(
        label=_("到村"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    left = forms.TimeField(
        label=_("离村"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    log = forms.CharField(
        label=_("工作日志"),
        max_length=2000,
        required=False,
        widget=Lines(rows=3),
        help_text=_("做了什么、发现什么；不写姓名、证件号和电话"),
    )
    overnight_reason = forms.CharField(
        label=_("过夜原因"),
        max_length=200,
        required=False,
        help_text=_("离村时间早于到村时间时，算第二天离村，须写明原因"),
    )

    def __init__(self, *args: Any, people: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), f"{one.name}（{one.badge_number}）") for one in people]
        offer(self, "staff_id", choices)


class CallForm(forms.Form):
    """A call at a household with the six questions; nothing found is a fine answer."""

    household_id = forms.TypedChoiceField(label=_("哪一户"), coerce=UUID, empty_value=None)

    def __init__(self, *args: Any, households: Iterable[Household], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", str(_("选择门牌")))]
        choices += [
            (str(one.pk), f"{one.hamlet.name} {one.address}" if one.hamlet else one.address)
            for one in households
        ]
        offer(self, "household_id", choices)
        for name, findings in FINDINGS.items():
            self.fields[f"{name}_chips"] = forms.MultipleChoiceField(
                label=QUESTIONS[name],
                required=False,
                choices=findings.choices,
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"{name}_text"] = forms.CharField(
                label=QUESTIONS[name],
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"placeholder": _("补充一句，可不填")}),
            )

    def questions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Chips and text of each question, for the template."""
        return [(self[f"{name}_chips"], self[f"{name}_text"]) for name in FINDINGS]


class InformationForm(forms.Form):
    """An information item handed to the station."""

    subkind = forms.ChoiceField(label=_("信息类别"), choices=InformationKind.choices)
    place = forms.CharField(label=_("地点"), max_length=80)
    text = forms.CharField(label=_("内容"), max_length=500)


class MatterForm(forms.Form):
    """A dispute, hazard, request or incident that came up."""

    what = forms.ChoiceField(
        label=_("是什么"),
        choices=[
            (
                kind.label,
                [
                    (f"{kind.value}:{value}", f"{kind.label} · {label}")
                    for value, label in kinds.choices
                ],
            )
            for kind, kinds in SUBKINDS.items()
        ],
    )
    place = forms.CharField(label=_("地点"), max_length=80)
    summary = forms.CharField(label=_("情况"), max_length=500)


class WarningForm(forms.Form):
    """A safety warning published during the visit; left empty where there was none."""

    title = forms.CharField(label=_("预警标题"), max_length=60, required=False)
    text = forms.CharField(
        label=_("预警内容"),
        max_length=1000,
        required=False,
        widget=Lines(rows=2),
    )
    published = forms.MultipleChoiceField(
        label=_("发布方式"),
        required=False,
        choices=Publication.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class SessionForm(forms.Form):
    """A session held during the visit; left empty where there was none."""

    subkind = forms.ChoiceField(label=_("宣教类别"), choices=SessionKind.choices)
    topic = forms.CharField(label=_("主题"), max_length=60, required=False)
    audience = forms.MultipleChoiceField(
        label=_("对象"),
        required=False,
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    audience_count = forms.IntegerField(
        label=_("人数"), required=False, min_value=1, max_value=9999
    )


class EntryForms:
    """All forms of the page, read and shown together."""

    def __init__(
        self, data: Any = None, *, people: Iterable[Staff], households: Iterable[Household],
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.visit = VisitForm(data, people=people, initial=initial)
        self.calls = _rows(CallForm, data, prefix="calls", households=households)
        self.information = _rows(InformationForm, data, prefix="information")
        self.matters = _rows(MatterForm, data, prefix="matters")
        self.warning = WarningForm(data, prefix="warning")
        self.session = SessionForm(data, prefix="session")

    def is_valid(self) -> bool:
        """Whether every form can be read; all are checked, so all faults show at once."""
        everything = (
            self.visit, self.calls, self.information, self.matters, self.warning, self.session,
        )  # fmt: skip
        return all(one.is_valid() for one in everything)

    def show(self, faults: Sequence[FieldFault]) -> None:
        """Put a domain's faults (`calls.0.security.text`) beside their fields."""
        rows = {"calls": self.calls, "information": self.information, "matters": self.matters}
        for fault in faults:
            part, *rest = fault.field.split(".")
            if part in rows and rest and rest[0].isdigit():
                form, path = _filled(rows[part])[int(rest[0])], rest[1:]
            elif part in {"warning", "session"}:
                form, path = getattr(self, part), rest
            else:
                form, path = self.visit, [part, *rest]
            form.add_error(_field_of(form, path), fault.message)

    def entry(self, *, village_code: str) -> VisitEntry:
        """What the page says, with ids that stay the same when it is sent twice."""
        visit = self.visit.cleaned_data
        visit_id = visit["visit_id"]
        arrived = datetime.combine(visit["day"], visit["arrived"], tzinfo=SHANGHAI)
        left = datetime.combine(visit["day"], visit["left"], tzinfo=SHANGHAI)
        return VisitEntry(
            id=visit_id,
            village_code=village_code,
            staff_id=visit["staff_id"],
            arrived_at=arrived,
            left_at=left if left > arrived else left + timedelta(days=1),
            log=visit["log"],
            overnight_reason=visit["overnight_reason"],
            calls=tuple(
                _call(form, part_id(visit_id, f"calls.{place}"))
                for place, form in enumerate(_filled(self.calls))
            ),
            information=tuple(
                InformationPart(
                    id=part_id(visit_id, f"information.{place}"),
                    subkind=form.cleaned_data["subkind"],
                    place=form.cleaned_data["place"],
                    text=form.cleaned_data["text"],
                )
                for place, form in enumerate(_filled(self.information))
            ),
            matters=tuple(
                _matter(form, part_id(visit_id, f"matters.{place}"))
                for place, form in enumerate(_filled(self.matters))
            ),
            warning=_warning(self.warning, part_id(visit_id, "warning")),
            session=_session(self.session, part_id(visit_id, "session")),
        )


def part_id(visit_id: UUID, name: str) -> UUID:
    """The id of a part: a UUIDv7 with the visit's time and random bits drawn from both.

    A page that is sent twice thus names the same parts, and nothing is stored twice.
    """
    drawn = hashlib.sha256(visit_id.bytes + name.encode()).digest()
    raw = bytearray(visit_id.bytes[:6] + drawn[:10])
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return UUID(bytes=bytes(raw))


def _rows(form: type[forms.Form], data: Any, *, prefix: str, **kwargs: Any) -> BaseFormSet[Any]:
    factory = formset_factory(form, extra=0, max_num=MOST_ROWS, validate_max=True)
    return factory(data, prefix=prefix, form_kwargs=kwargs)


def _filled(rows: BaseFormSet[Any]) -> list[forms.Form]:
    """The rows somebody filled in; an untouched row is no part."""
    return [form for form in rows.forms if form.has_changed()]


def _field_of(form: forms.Form, path: Sequence[str]) -> str | None:
    names = ["_".join(path), path[0] if path else "", f"{path[0]}_chips" if path else ""]
    aliases = {"arrived_at": "arrived", "left_at": "left", "subkind": "what", "answers": ""}
    names += [aliases.get(name, "") for name in names]
    return next((name for name in names if name in form.fields), None)


def _call(form: forms.Form, identifier: UUID) -> CallPart:
    data = form.cleaned_data
    answers = {
        name: {"chips": data[f"{name}_chips"], "text": data[f"{name}_text"]} for name in FINDINGS
    }
    return CallPart(id=identifier, household_id=data["household_id"], answers=answers)


def _matter(form: forms.Form, identifier: UUID) -> MatterPart:
    kind, _colon, subkind = form.cleaned_data["what"].partition(":")
    return MatterPart(
        id=identifier,
        kind=MatterKind(kind),
        subkind=subkind,
        place=form.cleaned_data["place"],
        summary=form.cleaned_data["summary"],
    )


def _warning(form: forms.Form, identifier: UUID) -> WarningPart | None:
    data = form.cleaned_data
    if not (data["title"] or data["text"] or data["published"]):
        return None
    return WarningPart(
        id=identifier, title=data["title"], text=data["text"], published=tuple(data["published"])
    )


def _session(form: forms.Form, identifier: UUID) -> SessionPart | None:
    data = form.cleaned_data
    if not (data["topic"] or data["audience"] or data["audience_count"]):
        return None
    return SessionPart(
        id=identifier,
        subkind=data["subkind"],
        topic=data["topic"],
        audience=tuple(data["audience"]),
        audience_count=data["audience_count"] or 0,
    )
