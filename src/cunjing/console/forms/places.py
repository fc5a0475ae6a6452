"""Forms of villages, hamlets and households."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import date_field, offer
from cunjing.places.models import Division, Hamlet, Layer, Unit, VillageEditKind

PRIORITIES = (
    (0, _("0 · 一般")),
    (1, _("1 · 较急")),
    (2, _("2 · 急")),
    (3, _("3 · 最急")),
)


class VillageFilter(forms.Form):
    """Which villages to list."""

    q = forms.CharField(label=_("村名、拼音或代码"), required=False, max_length=40)
    township = forms.ChoiceField(label=_("乡镇"), required=False)
    unit = forms.ChoiceField(label=_("派出所"), required=False)
    layer = forms.ChoiceField(
        label=_("层级"), required=False, choices=[("", _("全部层级")), *Layer.choices]
    )

    def __init__(
        self,
        *args: object,
        townships: Iterable[Division],
        units: Iterable[Unit],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        everywhere: list[tuple[str, str]] = [("", str(_("全部乡镇")))]
        offer(self, "township", everywhere + [(one.code, one.name) for one in townships])
        all_units: list[tuple[str, str]] = [("", str(_("全部派出所")))]
        offer(self, "unit", all_units + [(one.code, one.name) for one in units])


class HouseholdForm(forms.Form):
    """An address and how soon it should be visited; no names (Bounds)."""

    address = forms.CharField(label=_("门牌地址"), max_length=80, help_text=_("只写地址，不写姓名"))
    hamlet_id = forms.ChoiceField(label=_("自然组"), required=False)
    visit_priority = forms.TypedChoiceField(label=_("走访优先级"), choices=PRIORITIES, coerce=int)

    def __init__(self, *args: object, hamlets: Iterable[Hamlet], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        none: list[tuple[str, str]] = [("", str(_("不分组")))]
        offer(self, "hamlet_id", none + [(str(one.pk), one.name) for one in hamlets])


class HamletForm(forms.Form):
    """A natural group."""

    name = forms.CharField(label=_("自然组名称"), max_length=60)


class LocationForm(forms.Form):
    """Where the seat of a village stands."""

    longitude = forms.FloatField(
        label=_("经度"),
        help_text=_("CGCS2000，十进制度，例如 101.5432"),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    latitude = forms.FloatField(
        label=_("纬度"),
        help_text=_("CGCS2000，十进制度，例如 25.3129"),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )


class DecisionForm(forms.Form):
    """A dated decision about a village; which fields count depends on `kind`."""

    kind = forms.ChoiceField(label=_("变更"), choices=VillageEditKind.choices)
    effective_on = date_field(label=_("生效日"))
    document = forms.CharField(label=_("依据文号"), max_length=80, required=False)
    reason = forms.CharField(label=_("说明"), max_length=200)
    name = forms.CharField(
        label=_("新名称"), max_length=80, required=False, help_text=_("更名、拆分、新设时填写")
    )
    code = forms.RegexField(
        label=_("另一个村的代码"),
        regex=r"^\d{12}$",
        required=False,
        help_text=_("合并：并入哪个村；拆分、新设：新村的12位代码"),
    )
    township_code = forms.RegexField(
        label=_("乡镇代码"), regex=r"^\d{9}$", required=False, help_text=_("改隶、新设时填写")
    )
    layer = forms.ChoiceField(label=_("层级"), choices=Layer.choices, required=False)

    def clean_layer(self) -> str:
        """A change of layer needs one; `kind` stands before it and is read already."""
        layer: str = self.cleaned_data["layer"]
        if not layer and self.cleaned_data.get("kind") == VillageEditKind.LAYER:
            raise forms.ValidationError(_("请选择层级。"))
        return layer
