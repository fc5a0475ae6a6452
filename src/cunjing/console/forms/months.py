"""Forms of month plans."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field


class MoveForm(forms.Form):
    """Another day for a planned one."""

    to = date_field(label=_("改到"))
