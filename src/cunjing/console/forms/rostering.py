"""Forms of what matching and planning ask."""

from collections.abc import Sequence
from types import MappingProxyType

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field, offer
from cunjing.rostering.models import HoldKind, NeedWeights, Seniority, Trade
from cunjing.rostering.rules import MOST_WISHES

WISHES = tuple(f"wish_{number}" for number in range(1, MOST_WISHES + 1))
KNOWN = (("", _("照国家日历")), ("true", _("上班")), ("false", _("休息")))


def code_of(text: str) -> str:
    """The code a list entry `code name` begins with."""
    return text.split(maxsplit=1)[0] if text.split() else ""


def village_field(*, label: object, required: bool = True, listed: str = "villages") -> forms.Field:
    """A village, by its code or chosen from the page's list."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # a lazy text
        required=required,
        max_length=120,
        help_text=_("输入村名或代码后从列表中选择"),
        widget=forms.TextInput(attrs={"list": listed, "autocomplete": "off"}),
    )


class CandidacyForm(forms.Form):
    """What matching should know of a person."""

    trade = forms.ChoiceField(label=_("警种"), choices=Trade.choices)
    seniority = forms.TypedChoiceField(label=_("资历"), choices=Seniority.choices, coerce=int)
    capacity = forms.IntegerField(label=_("可包村数"), min_value=0, help_text=_("0 表示不参加匹配"))
    former_township_code = forms.ChoiceField(label=_("曾工作的乡镇"), required=False)
    former_village_code = village_field(label=_("选派、曾驻的村"), required=False)

    def __init__(
        self, *args: object, townships: Sequence[tuple[str, str]] = (), **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        offer(self, "former_township_code", [("", _("没有")), *townships])


class WishForm(forms.Form):
    """The villages one would like to serve."""

    wish_1 = village_field(label=_("第一志愿"), required=False)
    wish_2 = village_field(label=_("第二志愿"), required=False)
    wish_3 = village_field(label=_("第三志愿"), required=False)

    def codes(self) -> list[str]:
        """The villages in order; empty lines are left out."""
        found = [code_of(self.cleaned_data[name]) for name in WISHES]
        return [code for code in found if code]


class HoldForm(forms.Form):
    """A person who must or must not serve a village."""

    aliases = MappingProxyType({"staff_id": "badge_number", "village_code": "village"})

    kind = forms.ChoiceField(label=_("类别"), choices=HoldKind.choices)
    badge_number = forms.CharField(
        label=_("警号或辅警号"),
        max_length=60,
        help_text=_("输入姓名或警号后从列表中选择"),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    village = village_field(label=_("村"))
    reason = forms.CharField(label=_("理由"), max_length=200)


class FeatureForm(forms.Form):
    """What matching should know of a village."""

    on_main_road = forms.BooleanField(label=_("主干道沿线"), required=False)
    complex = forms.BooleanField(label=_("情况复杂"), required=False)
    cases = forms.IntegerField(label=_("近一年发案数"), required=False, min_value=0)
    population = forms.IntegerField(label=_("常住人口"), required=False, min_value=0)


class DayForm(forms.Form):
    """What a county's day is."""

    day = date_field(label=_("日期"))
    working = forms.TypedChoiceField(
        label=_("上班还是休息"),
        required=False,
        choices=KNOWN,
        coerce={"true": True, "false": False}.get,
        empty_value=None,
    )
    market = forms.BooleanField(label=_("集市日"), required=False)
    festival = forms.BooleanField(label=_("节庆日"), required=False)


class WeightsForm(forms.Form):
    """How a county weighs the need of a household."""

    base = forms.IntegerField(label=_("每户基础分"), min_value=0)
    per_priority = forms.IntegerField(label=_("每级走访优先级"), min_value=0)
    per_day_unvisited = forms.IntegerField(label=_("每多一天未走访"), min_value=0)
    longest_days = forms.IntegerField(label=_("未走访最多计天数"), min_value=0)
    per_open_matter = forms.IntegerField(label=_("村内每件未办结事项"), min_value=0)
    most_matters = forms.IntegerField(label=_("未办结事项最多计件数"), min_value=0)
    minutes = forms.IntegerField(label=_("每户走访分钟"), min_value=1, max_value=600)

    @classmethod
    def of(cls, weights: NeedWeights) -> "WeightsForm":
        """The form filled with what holds."""
        return cls(initial={name: getattr(weights, name) for name in cls.base_fields})


class CarForm(forms.Form):
    """A car a unit shares."""

    label = forms.CharField(label=_("车辆"), max_length=20)
