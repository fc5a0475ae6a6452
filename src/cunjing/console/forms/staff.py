"""Forms of people, absences, duty and accounts."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field, offer
from cunjing.places.models import Unit
from cunjing.staffing.models import AbsenceKind, StaffRole
from cunjing.standards.codes import EDUCATION

PARTY = (("", _("未填")), ("true", _("是")), ("false", _("否")))


class StaffFilter(forms.Form):
    """Which people to list."""

    q = forms.CharField(label=_("姓名或警号"), required=False, max_length=40)
    role = forms.ChoiceField(
        label=_("岗位"), required=False, choices=[("", _("全部岗位")), *StaffRole.choices]
    )


class StaffForm(forms.Form):
    """What a rule or a printed form needs of a person, no more."""

    badge_number = forms.CharField(label=_("警号、辅警号"), max_length=20)
    name = forms.CharField(label=_("姓名"), max_length=40)
    role = forms.ChoiceField(label=_("岗位"), choices=StaffRole.choices)
    unit_code = forms.ChoiceField(label=_("所属单位"))
    post = forms.CharField(label=_("职务"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    id_number = forms.CharField(
        label=_("身份证号码"),
        max_length=18,
        required=False,
        help_text=_("只用来核对并取得出生年月和性别，不保存"),
    )
    birth_month = forms.CharField(
        label=_("出生年月"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    education = forms.ChoiceField(
        label=_("学历"), required=False, choices=[("", _("未填")), *EDUCATION.items()]
    )
    party_member = forms.TypedChoiceField(
        label=_("党员"),
        required=False,
        choices=PARTY,
        coerce={"true": True, "false": False}.get,
        empty_value=None,
    )
    home_village_code = forms.CharField(
        label=_("籍贯村代码"), max_length=12, required=False, help_text=_("12位，可在村庄页查到")
    )
    trained_on = date_field(label=_("岗前培训日"), required=False)
    on_duty_from = date_field(label=_("到岗日"), required=False)
    reason = forms.CharField(
        label=_("改动理由"),
        max_length=120,
        required=False,
        help_text=_("改动已有的籍贯村或岗前培训日时必须填写：可能改变已经考评过的月份"),
    )

    def __init__(self, *args: object, units: Iterable[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        offer(self, "unit_code", [(unit.code, unit.name) for unit in units])


class AbsenceForm(forms.Form):
    """Days away."""

    kind = forms.ChoiceField(label=_("类别"), choices=AbsenceKind.choices)
    date_from = date_field(label=_("起"))
    date_to = date_field(label=_("返岗日"), help_text=_("这一天起回来上班"))
    reason = forms.CharField(
        label=_("补登理由"),
        max_length=200,
        required=False,
        help_text=_("起日早于今天的必须填写：可能改变已经考评过的月份"),
    )


class WithdrawalForm(forms.Form):
    """Why an absence is withdrawn."""

    reason = forms.CharField(
        label=_("撤销理由"), max_length=200, error_messages={"required": _("请写明撤销理由。")}
    )


class ImportForm(forms.Form):
    """A sheet of people."""

    sheet = forms.FileField(
        label=_("名册文件"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"})
    )
