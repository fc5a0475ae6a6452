"""Forms of accounts, grants and keys."""

from collections.abc import Iterable
from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.console.forms.base import date_field, offer
from cunjing.places.models import Unit

KEY_DAYS = 180


class UserForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=_("登录名"), max_length=60)
    display_name = forms.CharField(label=_("姓名"), max_length=40)
    unit_code = forms.ChoiceField(label=_("所属单位"))
    password = forms.CharField(
        label=_("初始密码"),
        max_length=128,
        help_text=_("至少10位；首次登录须修改"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, units: Iterable[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        offer(self, "unit_code", [(unit.code, unit.name) for unit in units])


class GrantForm(forms.Form):
    """A role over a unit."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    unit_code = forms.ChoiceField(label=_("管辖单位"))
    valid_from = date_field(label=_("起"))
    valid_to = date_field(label=_("止（不含）"), required=False)

    def __init__(self, *args: object, units: Iterable[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        offer(self, "unit_code", [(unit.code, unit.name) for unit in units])
        if not self.is_bound:
            self.initial.setdefault("valid_from", today())


class PasswordForm(forms.Form):
    """A new first password for somebody who forgot theirs."""

    password = forms.CharField(
        label=_("新的初始密码"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class KeyForm(forms.Form):
    """A key for a program."""

    name = forms.CharField(label=_("用途"), max_length=60)
    expires_on = date_field(label=_("到期日（不含）"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        if not self.is_bound:
            self.initial.setdefault("expires_on", today() + timedelta(days=KEY_DAYS))
