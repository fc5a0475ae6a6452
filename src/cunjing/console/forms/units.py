"""Forms of units and the villages they answer for."""

import re
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import Lines, date_field, offer
from cunjing.places.models import Division, Unit, UnitKind

_BETWEEN_CODES = re.compile(r"[\s,，、;；]+")
_VILLAGE_CODE = re.compile(r"[0-9]{12}")


class UnitForm(forms.Form):
    """Name and telephone of a unit."""

    name = forms.CharField(label=_("名称"), max_length=80)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)


class NewUnitForm(UnitForm):
    """A unit below another."""

    kind = forms.ChoiceField(
        label=_("类别"), choices=UnitKind.choices, initial=UnitKind.STATION.value
    )
    parent_code = forms.ChoiceField(label=_("上级单位"))
    code = forms.CharField(
        label=_("单位代码"), max_length=20, help_text=_("字母和数字，建立后不能改")
    )
    division_code = forms.RegexField(
        label=_("辖区代码"),
        regex=r"^\d{2,12}$",
        required=False,
        help_text=_("管辖的区划，例如乡镇的9位代码；不按区划管辖的不填"),
    )

    field_order = ("kind", "parent_code", "code", "name", "phone", "division_code")

    def __init__(self, *args: object, parents: Iterable[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        offer(self, "parent_code", [(unit.code, unit.name) for unit in parents])


class VillagesForm(forms.Form):
    """Which villages a unit answers for from a day on: a whole township's, or by their codes."""

    township = forms.ChoiceField(
        label=_("整个乡镇"), required=False, help_text=_("这个乡镇现有的全部村")
    )
    codes = forms.CharField(
        label=_("村代码"),
        required=False,
        max_length=20_000,
        help_text=_("12位，每行一个，或用逗号、空格隔开"),
        widget=Lines(rows=4),
    )
    valid_from = date_field(label=_("从哪天起"), help_text=_("原来的同类单位到这一天为止"))

    def __init__(self, *args: object, townships: Iterable[Division], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
        none: list[tuple[str, str]] = [("", str(_("不按乡镇选")))]
        offer(self, "township", none + [(one.code, one.name) for one in townships])

    def clean_codes(self) -> list[str]:
        """The codes one by one; what is none is named."""
        words = [word for word in _BETWEEN_CODES.split(self.cleaned_data["codes"]) if word]
        if wrong := [word for word in words if not _VILLAGE_CODE.fullmatch(word)]:
            raise forms.ValidationError(
                _("这些不是12位村代码：%(codes)s") % {"codes": "、".join(wrong[:5])}
            )
        return words

    def clean(self) -> None:
        """Some villages are named, in one way or both."""
        data = self.cleaned_data
        if not self.errors and not data["township"] and not data["codes"]:
            raise forms.ValidationError(_("请选择一个乡镇，或填写村代码。"))
