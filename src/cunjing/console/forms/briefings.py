"""The form of a briefing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cunjing.console.forms.base import Lines, date_field


class BriefingForm(forms.Form):
    """What to know before going to the village."""

    text = forms.CharField(
        label=_("简报内容"),
        max_length=300,
        help_text=_("只写事情、地点和要做的工作；不写个人姓名、号码，不写上访、信仰等情况"),
        widget=Lines(rows=3),
    )
    valid_until = date_field(label=_("有效至（含当天）"))
