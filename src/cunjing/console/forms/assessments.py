"""Forms of the assessment pages."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import offer
from cunjing.console.templatetags.console import VERDICTS


class RunForm(forms.Form):
    """Which period of which programme to judge now."""

    scope = forms.ChoiceField(label=_("范围"))
    period = forms.RegexField(
        label=_("考评期"),
        regex=r"^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4]|-H[12])?$",
        widget=forms.TextInput(attrs={"placeholder": "2026-09", "size": 9}),
    )

    def __init__(self, *args: object, scopes: Iterable[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        offer(self, "scope", [(scope, scope) for scope in dict.fromkeys(scopes)])


class MatrixFilter(forms.Form):
    """Which villages of a run to show."""

    rule = forms.CharField(required=False, max_length=60)
    verdict = forms.ChoiceField(
        required=False, choices=[("", _("全部结论")), *((k, v[0]) for k, v in VERDICTS.items())]
    )


class StandingFilter(forms.Form):
    """Which verdicts behind a figure to list."""

    verdict = forms.ChoiceField(
        required=False, choices=[("all", _("全部结论")), *((k, v[0]) for k, v in VERDICTS.items())]
    )


class ReasonForm(forms.Form):
    """Why something already final is done again."""

    reason = forms.CharField(
        label=_("理由"), max_length=200, widget=forms.TextInput(attrs={"size": 40})
    )
