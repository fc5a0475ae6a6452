"""Forms of coming, going, accounts of people and what has arrived of their work."""

from types import MappingProxyType

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field


class LeaveForm(forms.Form):
    """Leaving duty."""

    on = date_field(label=_("离岗日"), help_text=_("这一天起不再在岗，包村安排同时终止"))
    reason = forms.CharField(label=_("离岗原因"), max_length=200)


class ReturnForm(forms.Form):
    """Coming back to duty."""

    on = date_field(
        label=_("返岗日"), help_text=_("这一天起重新在岗；原有包村安排不恢复，需另行派人")
    )


class AccountForm(forms.Form):
    """Which account a person signs in with."""

    aliases = MappingProxyType({"user_id": "username"})

    username = forms.CharField(
        label=_("登录名"),
        max_length=60,
        help_text=_("从列表中选择；列表里是您管理的、还没有关联人员的账号"),
        widget=forms.TextInput(attrs={"list": "accounts", "autocomplete": "off"}),
    )


class UnlinkForm(forms.Form):
    """Why a person no longer has the account."""

    reason = forms.CharField(label=_("解除原因"), max_length=200)


class SyncedForm(forms.Form):
    """Until when everything a person recorded has arrived."""

    aliases = MappingProxyType({"at": "on"})

    on = date_field(
        label=_("收齐到哪一天（含当天）"),
        help_text=_("这一天及以前的工作都已录入，没有留在纸上的；此后没有记录才算没有做"),
    )
