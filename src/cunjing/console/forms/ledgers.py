"""Forms of ledgers and single records."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field, offer
from cunjing.fieldwork.filters import LedgerFilter, RecordState
from cunjing.fieldwork.models import RecordKind
from cunjing.matters.models import MatterKind
from cunjing.matters.queries import MatterFilter
from cunjing.places.models import Division

ALL_STATES = "all"


class LedgerForm(forms.Form):
    """What a ledger shows."""

    township_code = forms.ChoiceField(label=_("乡镇"), required=False)
    village_code = forms.CharField(label=_("村代码"), required=False, max_length=12)
    staff_id = forms.UUIDField(label=_("人员"), required=False, widget=forms.HiddenInput)
    date_from = date_field(label=_("从"), required=False)
    date_to = date_field(label=_("到"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            *((state.value, state.label) for state in RecordState),
            (ALL_STATES, _("全部状态")),
        ],
    )
    cursor = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, townships: Iterable[Division], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        known = ((one.code, one.name) for one in townships)
        offer(self, "township_code", [("", _("全部乡镇")), *known])

    def record_filter(self, kind: RecordKind) -> LedgerFilter:
        """The filter of a ledger of work records; what cannot be read does not filter."""
        data = self.cleaned_data
        state = data.get("state") or RecordState.VALID.value
        return LedgerFilter(
            kind=kind,
            township_code=data.get("township_code", ""),
            village_code=data.get("village_code", ""),
            staff_id=data.get("staff_id"),
            date_from=data.get("date_from"),
            date_to=data.get("date_to"),
            state=None if state == ALL_STATES else RecordState(state),
        )

    def matter_filter(self, kind: MatterKind) -> MatterFilter:
        """The filter of a ledger of matters."""
        data = self.cleaned_data
        return MatterFilter(
            kind=kind,
            township_code=data.get("township_code", ""),
            village_code=data.get("village_code", ""),
            staff_id=data.get("staff_id"),
            date_from=data.get("date_from"),
            date_to=data.get("date_to"),
        )


class WithdrawForm(forms.Form):
    """Withdraw a record that should never have been."""

    reason = forms.CharField(label=_("作废理由"), max_length=190)
    with_parts = forms.BooleanField(label=_("连同这次进村的其他记录一起作废"), required=False)
