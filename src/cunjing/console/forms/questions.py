"""Forms of questions: the answer of whose record it is, and how the question was closed."""

from types import MappingProxyType

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import Lines


class AnswerForm(forms.Form):
    """How it came about."""

    text = forms.CharField(label=_("我的说明"), max_length=500, widget=Lines(rows=3))


class CloseForm(forms.Form):
    """Why the question is closed."""

    aliases = MappingProxyType({"text": "reason"})

    reason = forms.CharField(label=_("了结理由"), max_length=200)
