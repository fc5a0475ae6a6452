"""Forms of postings."""

from collections.abc import Iterable
from types import MappingProxyType

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field
from cunjing.staffing.models import StaffRole

EXCLUSIVE = _("这一天起不再算，可不填")


class PostingForm(forms.Form):
    """Post somebody to a village."""

    badge_number = forms.CharField(
        label=_("警号或辅警号"),
        max_length=60,
        help_text=_("输入姓名或警号后从列表中选择"),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("岗位"), choices=StaffRole.choices)
    valid_from = date_field(label=_("起"))
    valid_to = date_field(label=_("止（不含）"), required=False, help_text=EXCLUSIVE)
    reason = forms.CharField(label=_("安排理由"), max_length=200, required=False)

    def __init__(self, *args: object, roles: Iterable[StaffRole] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        wanted = sorted(roles)
        if wanted and not self.is_bound:
            self.initial.setdefault("role", wanted[0])


class ReplaceForm(forms.Form):
    """Let another person take over on a day."""

    aliases = MappingProxyType({"staff_id": "badge_number", "valid_from": "on"})

    badge_number = forms.CharField(
        label=_("接任人警号"),
        max_length=60,
        help_text=_("输入姓名或警号后从列表中选择"),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    on = date_field(label=_("交接日"), help_text=_("这一天算接任人的"))
    reason = forms.CharField(label=_("调整理由"), max_length=200)
    confirmed = forms.BooleanField(
        label=_("已核对：这一天以后的记录不再计入考评"), required=False, widget=forms.HiddenInput
    )


class EndForm(forms.Form):
    """End a posting without a successor yet."""

    on = date_field(label=_("终止日"), help_text=_("这一天起不再算"))
    reason = forms.CharField(label=_("终止理由"), max_length=200)
    confirmed = forms.BooleanField(
        label=_("已核对：这一天以后的记录不再计入考评"), required=False, widget=forms.HiddenInput
    )


class CoverageFilter(forms.Form):
    """Which postings to list."""

    role = forms.ChoiceField(
        label=_("岗位"), required=False, choices=[("", _("全部岗位")), *StaffRole.choices]
    )
