"""Forms of trying a threshold and of comparing versions of a policy."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cunjing.assessment.whatif import LONGEST
from cunjing.console.forms.base import offer
from cunjing.policy.enums import Operator
from cunjing.policy.model import Between, Rule
from cunjing.policy.whatif import NewThreshold

MOST = 999_999_999


class TrialForm(forms.Form):
    """Which rule of which programme to try with which threshold, over how many past months."""

    programme = forms.ChoiceField(label=gettext_lazy("方案"))
    rule = forms.ChoiceField(label=gettext_lazy("规则"))
    low = forms.IntegerField(label=gettext_lazy("新门槛"), min_value=0, max_value=MOST)
    high = forms.IntegerField(label=gettext_lazy("上限"), min_value=0, max_value=MOST)
    months = forms.TypedChoiceField(label=gettext_lazy("回看"), coerce=int)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        programmes: Iterable[tuple[UUID, str]],
        rules: Sequence[Rule],
        chosen: Rule,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self._ranged = chosen.operator is Operator.BETWEEN
        offer(self, "programme", [(str(pk), label) for pk, label in programmes])
        offer(self, "rule", [(rule.id, f"{rule.title}（{rule.clause}）") for rule in rules])
        offer(self, "months", [(n, _("%(n)s个月") % {"n": n}) for n in range(1, LONGEST + 1)])
        if self._ranged:
            self.fields["low"].label = _("下限")
        else:
            del self.fields["high"]

    @property
    def threshold(self) -> NewThreshold:
        """The threshold asked for; of a valid form."""
        low: int = self.cleaned_data["low"]
        return Between(low, self.cleaned_data["high"]) if self._ranged else low


class VersionsForm(forms.Form):
    """Which two versions of a policy to compare, by their digests."""

    before = forms.ChoiceField(label=gettext_lazy("从"))
    after = forms.ChoiceField(label=gettext_lazy("到"))

    def __init__(self, data: Mapping[str, object], *, versions: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        choices = list(versions)
        for name in self.fields:
            offer(self, name, choices)
