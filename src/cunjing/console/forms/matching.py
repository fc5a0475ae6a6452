"""Forms of matching drafts."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field, offer
from cunjing.rostering.models import DraftCause
from cunjing.staffing.models import StaffRole


class DraftForm(forms.Form):
    """Make a draft for the villages of a unit."""

    unit_code = forms.ChoiceField(label=_("范围"))
    role = forms.ChoiceField(label=_("岗位"), choices=StaffRole.choices)
    policy_id = forms.ChoiceField(
        label=_("权重"), required=False, help_text=_("按哪个方案的权重挑人")
    )
    balance = forms.BooleanField(
        label=_("另排一份均衡工作量的"),
        required=False,
        help_text=_("让最忙的人也不太忙；县里村多时要算几秒"),
    )
    cause = forms.TypedChoiceField(
        required=False,
        choices=[(DraftCause.WHOLE.value, ""), (DraftCause.VACANCY.value, "")],
        coerce=DraftCause,
        empty_value=DraftCause.WHOLE,
        widget=forms.HiddenInput,
    )

    def __init__(
        self,
        *args: object,
        units: Sequence[tuple[str, str]] = (),
        policies: Sequence[tuple[str, str]] = (),
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        offer(self, "unit_code", units)
        offer(self, "policy_id", [("", _("照上次，首次照本地方案")), *policies])


class RematchForm(forms.Form):
    """Why somebody's villages are matched anew."""

    cause = forms.ChoiceField(
        label=_("原因"),
        choices=[
            (cause.value, cause.label)
            for cause in (DraftCause.AWAY, DraftCause.LEAVING, DraftCause.RETURN)
        ],
    )


class AcceptForm(forms.Form):
    """Put a draft into force; `option_id` is the option the page showed."""

    starts_on = date_field(label=_("起用日"), help_text=_("这一天起由新的人负责，没有空档"))
    reason = forms.CharField(label=_("调整理由"), max_length=200)
    option_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class OptionForm(forms.Form):
    """One of a draft's options: a price of change, and whether work is shared evenly."""

    stability = forms.IntegerField(min_value=0)
    balanced = forms.BooleanField(required=False)


class ForceForm(forms.Form):
    """A person for a village; nobody: it is left vacant."""

    village = forms.CharField(max_length=12)
    staff = forms.UUIDField(required=False)


class LayDownForm(forms.Form):
    """Pin or ban a pair for all matchings to come."""

    village = forms.CharField(max_length=12)
    staff = forms.UUIDField()
    kind = forms.ChoiceField(choices=[("pin", "pin"), ("ban", "ban")])
    reason = forms.CharField(label=_("理由"), max_length=200)
