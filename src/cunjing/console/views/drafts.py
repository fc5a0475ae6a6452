"""Drafts and versions: what another threshold would have done, what a new version changed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cunjing.assessment.models import Programme
from cunjing.assessment.versions import VersionUse, compare_versions, policy_versions
from cunjing.assessment.whatif import programme_to_try, programmes_to_try, try_threshold
from cunjing.base.clock import local_date, today
from cunjing.base.errors import not_found
from cunjing.console.draft_shapes import SIGNS, changed_sections, triable_rules, trial_page
from cunjing.console.forms.base import attempt
from cunjing.console.forms.drafts import TrialForm, VersionsForm
from cunjing.console.programme import shipped_policy
from cunjing.console.requests import ConsoleRequest, asked_page
from cunjing.console.rights import require
from cunjing.console.templatetags.console import policy_title
from cunjing.kernel.permissions import Permission
from cunjing.policy.model import Between, Rule
from cunjing.policy.plain import threshold_text

USUAL_MONTHS = 6


@require_GET
def whatif(request: ConsoleRequest) -> HttpResponse:
    """Try another threshold on past months. Nothing of it is kept."""
    require(request, Permission.POLICY_DRAFT)
    programmes = [
        one
        for one in programmes_to_try(actor=request.actor)
        if triable_rules(shipped_policy(one.policy_id).rules)
    ]
    template = "console/whatif.html"
    if request.htmx.target == "whatif":
        template = "console/parts/whatif.html"
    if not programmes:
        return render(request, template, {"form": None})
    programme = _programme(request, programmes)
    rules = triable_rules(shipped_policy(programme.policy_id).rules)
    rule = next((one for one in rules if one.id == request.GET.get("rule")), rules[0])
    form = _form(request, programmes=programmes, programme=programme, rules=rules, rule=rule)
    context: dict[str, object] = {"form": form, "rule": rule, "programme": programme}
    context["present"] = _present(rule)
    if form.is_bound and form.is_valid():
        trial = attempt(
            form,
            lambda: try_threshold(
                actor=request.actor,
                programme_id=programme.pk,
                rule=rule.id,
                threshold=form.threshold,
                months=form.cleaned_data["months"],
                on=today(),
            ),
        )
        if trial is not None:
            context["shown"] = trial_page(
                trial, rule=rule, threshold=form.threshold, page=asked_page(request)
            )
    return render(request, template, context)


@require_GET
def versions(request: ConsoleRequest, policy_id: str) -> HttpResponse:
    """The versions of a policy that have judged, and what changed between two of them."""
    require(request, Permission.ASSESSMENT_READ)
    uses = policy_versions(actor=request.actor, policy_id=policy_id)
    context: dict[str, object] = {"policy_id": policy_id, "uses": uses, "signs": SIGNS}
    if len(uses) > 1:
        newest, earlier = uses[0].version.digest, uses[1].version.digest
        asked = {
            "before": request.GET.get("before", earlier),
            "after": request.GET.get("after", newest),
        }
        form = VersionsForm(asked, versions=[(use.version.digest, _named(use)) for use in uses])
        if not form.is_valid():
            raise not_found("没有这个版本的考评方案。")
        diff = compare_versions(actor=request.actor, policy_id=policy_id, **form.cleaned_data)
        context |= {"form": form, "diff": diff, "sections": changed_sections(diff.changes)}
    return render(request, "console/versions.html", context)


def _programme(request: ConsoleRequest, programmes: list[Programme]) -> Programme:
    """The programme asked for, the newest where none is; 404 or 403 for one of others."""
    asked = request.GET.get("programme")
    if not asked:
        return programmes[0]
    try:
        return programme_to_try(actor=request.actor, programme_id=UUID(asked))
    except ValueError:
        raise not_found("没有这个考评方案，或者不在您的辖区内。") from None


def _form(
    request: ConsoleRequest,
    *,
    programmes: list[Programme],
    programme: Programme,
    rules: list[Rule],
    rule: Rule,
) -> TrialForm:
    """Filled in as it was sent; with the present threshold when it is opened or a rule chosen."""
    present = rule.threshold_on(today())
    low, high = (present.low, present.high) if isinstance(present, Between) else (present, None)
    filled = request.GET.copy()
    filled.setdefault("programme", str(programme.pk))
    filled.setdefault("months", str(USUAL_MONTHS))
    return TrialForm(
        filled if "low" in filled and "fresh" not in filled else None,
        programmes=[
            (one.pk, f"{policy_title(one.policy_id)} · {one.prefix}") for one in programmes
        ],
        rules=rules,
        chosen=rule,
        initial={
            "programme": str(programme.pk),
            "rule": rule.id,
            "low": low if isinstance(low, int) else None,
            "high": high,
            "months": filled["months"],
        },
    )


def _present(rule: Rule) -> str:
    value = rule.threshold_on(today())
    return "" if value is None else threshold_text(rule, value)


def _named(use: VersionUse) -> str:
    """A version as a choice: the start of its digest and the day of its first use."""
    version = use.version
    return f"{version.digest[:8]} · {local_date(version.first_used_at)}"
