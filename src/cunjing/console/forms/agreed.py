"""Forms of days agreed with households."""

from collections.abc import Iterable
from datetime import time
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field, offer
from cunjing.places.models import Household
from cunjing.rostering.actions.agreed import AgreedHours
from cunjing.staffing.models import Staff

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_HOUR = 60


def _time_field(*, label: "StrOrPromise") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


class HoursForm(forms.Form):
    """When within the day; all of it may be left open."""

    window_from = _time_field(label=_("最早到户"))
    window_to = _time_field(label=_("最晚离户"))
    minutes = forms.IntegerField(
        label=_("大约几分钟"), required=False, help_text=_("留空按县里定的时间算")
    )

    def hours(self) -> AgreedHours:
        """The hours as the domain takes them."""
        data = self.cleaned_data
        return AgreedHours(
            window_from=_minute(data["window_from"]),
            window_to=_minute(data["window_to"]),
            minutes=data["minutes"],
        )


class AgreeForm(HoursForm):
    """A day agreed with a household; who promises is asked where there is a choice."""

    staff_id = forms.TypedChoiceField(label=_("谁去"), coerce=UUID)
    day = date_field(label=_("约在哪天"))

    field_order = ("staff_id", "day", "window_from", "window_to", "minutes")

    def __init__(self, *args: object, people: Iterable[Staff], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        choices = [(str(one.pk), f"{one.name}（{one.get_role_display()}）") for one in people]
        offer(self, "staff_id", choices)
        if len(choices) == 1:
            self.fields["staff_id"].initial = choices[0][0]
            self.fields["staff_id"].widget = forms.HiddenInput()


class AgreeOnDayForm(HoursForm):
    """A household to call on, on a planned day."""

    household_id = forms.TypedChoiceField(label=_("哪一户"), coerce=UUID)

    field_order = ("household_id", "window_from", "window_to", "minutes")

    def __init__(self, *args: object, households: Iterable[Household], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        none: list[tuple[str, str]] = [("", str(_("选择门牌")))]
        offer(self, "household_id", none + [(str(one.pk), _address(one)) for one in households])


class CancelForm(forms.Form):
    """Why an agreed day is given up."""

    reason = forms.CharField(
        label=_("取消原因"), max_length=200, help_text=_("只写事由，不写姓名、电话")
    )


def _minute(moment: time | None) -> int | None:
    return None if moment is None else moment.hour * _HOUR + moment.minute


def _address(household: Household) -> str:
    hamlet = household.hamlet
    return f"{hamlet.name} {household.address}" if hamlet else household.address
