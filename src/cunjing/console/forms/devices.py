"""Forms about phones: letting one go, deciding about what it could not deliver."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import offer
from cunjing.sync.models import STATIONS_WORD, ConflictState, DecisionOutcome


class RevokeForm(forms.Form):
    """Why a phone is stopped."""

    reason = forms.CharField(label=_("停用理由"), max_length=200)


class DecisionForm(forms.Form):
    """What becomes of a line that was not done."""

    outcome = forms.ChoiceField(label=_("处理"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("处理理由"), max_length=200)

    def __init__(self, *args: object, applies: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        outcomes = (one for one in STATIONS_WORD if applies or one != DecisionOutcome.APPLIED)
        offer(self, "outcome", [(one.value, one.label) for one in outcomes])


class SettleForm(forms.Form):
    """Whose value is right."""

    state = forms.ChoiceField(
        label=_("以哪边为准"),
        widget=forms.RadioSelect,
        choices=[one for one in ConflictState.choices if one[0] != ConflictState.OPEN],
    )
    reason = forms.CharField(label=_("裁定理由"), max_length=200)
