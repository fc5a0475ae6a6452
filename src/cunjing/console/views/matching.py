"""Matching drafts: made, compared, explained, changed, put into force or set aside."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cunjing.base.clock import today
from cunjing.console.forms.base import attempt, form_page, tell_errors
from cunjing.console.forms.matching import (
    AcceptForm,
    DraftForm,
    ForceForm,
    LayDownForm,
    OptionForm,
    RematchForm,
)
from cunjing.console.programme import coverage_duties
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.console.roster_shapes import asked_line, draft_places
from cunjing.kernel.permissions import Permission
from cunjing.rostering import access
from cunjing.rostering.actions import acceptance
from cunjing.rostering.actions import drafts as actions
from cunjing.rostering.actions.proofs import export_proof
from cunjing.rostering.models import DraftCause, HoldKind
from cunjing.rostering.programme import matching_policies
from cunjing.rostering.queries import drafts as queries
from cunjing.staffing.models import StaffRole

PAGE_SIZE = 20
RIGHT = Permission.ROSTER_EDIT


@require_http_methods(["GET", "POST"])
def drafts(request: ConsoleRequest) -> HttpResponse:
    """All drafts of the reader's units, and a new one."""
    actor = request.actor
    require(request, RIGHT)
    units = [(unit.code, unit.name) for unit in access.matching_units(actor=actor)]
    policies = [(policy.id, policy.title) for policy in matching_policies()]
    initial = {"role": _usual_role(request)}
    form = DraftForm(request.POST or None, units=units, policies=policies, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.make_draft(
                actor=actor,
                unit_code=data["unit_code"],
                role=StaffRole(data["role"]),
                cause=data["cause"],
                policy_id=data["policy_id"],
                balance=data["balance"],
            ),
        )
        if made is not None:
            return redirect("draft", draft_id=made.pk)
    found = queries.drafts(actor=actor)
    context = {
        "form": form,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return form_page(request, "console/drafts.html", context)


@require_GET
def draft(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """One draft: what changes at which price, who is proposed where and why."""
    view = queries.draft_view(actor=request.actor, draft_id=draft_id)
    context = {
        "view": view,
        "draft": view.draft,
        "is_open": view.draft.state == "open",
        "changes": [line for line in view.lines if line.changed],
        "map": draft_places(view),
        "asked": asked_line(view, code=request.GET.get("village", "")),
        "accept_form": AcceptForm(
            initial={"starts_on": today() + timedelta(days=1), "option_id": view.chosen.pk}
        ),
    }
    return render(request, "console/draft.html", context)


@require_GET
def why_not(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """The part of a draft's page that says why somebody does not have a village, or why it is not
    left vacant."""
    held = access.readable_draft(actor=request.actor, draft_id=draft_id)
    form = ForceForm(request.GET)
    if not form.is_valid():
        return render(request, "console/parts/why_not.html", {"answer": None})
    answer = queries.why_not(
        actor=request.actor,
        draft_id=draft_id,
        village_code=form.cleaned_data["village"],
        staff_id=form.cleaned_data["staff"],
    )
    context = {
        "answer": answer,
        "draft": held,
        "is_open": held.state == "open",
        "is_forced": [answer.village.code, str(answer.staff.pk) if answer.staff else None]
        in held.forced,
    }
    return render(request, "console/parts/why_not.html", context)


@require_POST
def choose_option(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Choose how much may change."""
    form = OptionForm(request.POST)
    if form.is_valid():
        actions.choose_option(actor=request.actor, draft_id=draft_id, **form.cleaned_data)
    tell_errors(request, form)
    return redirect("draft", draft_id=draft_id)


@require_POST
def force_pair(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Insist on a person for a village, or on leaving it vacant."""
    form = ForceForm(request.POST)
    if form.is_valid():
        village, staff = form.cleaned_data["village"], form.cleaned_data["staff"]
        done = attempt(
            form,
            lambda: actions.force_pair(
                actor=request.actor, draft_id=draft_id, village_code=village, staff_id=staff
            ),
        )
        if done is not None:
            messages.success(request, _("已指定，其余的村重新匹配。"))
    tell_errors(request, form)
    return redirect("draft", draft_id=draft_id)


@require_POST
def release_pair(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Insist no longer."""
    actions.release_pair(
        actor=request.actor, draft_id=draft_id, village_code=request.POST.get("village", "")
    )
    messages.success(request, _("已取消指定，重新匹配。"))
    return redirect("draft", draft_id=draft_id)


@require_POST
def lay_down(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Pin or ban a pair and match anew."""
    form = LayDownForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: actions.lay_down(
                actor=request.actor,
                draft_id=draft_id,
                kind=HoldKind(data["kind"]),
                village_code=data["village"],
                staff_id=data["staff"],
                reason=data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("已登记，按它重新匹配。"))
    tell_errors(request, form)
    return redirect("draft", draft_id=draft_id)


@require_POST
def accept(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Put the draft into force."""
    form = AcceptForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: acceptance.accept_draft(
                actor=request.actor,
                draft_id=draft_id,
                starts_on=data["starts_on"],
                reason=data["reason"],
                option_id=data["option_id"],
            ),
        )
        if done is not None:
            told = _("已采用：自 %(day)s 起按草案负责，中间没有空档。")
            messages.success(request, told % {"day": f"{done.starts_on:%Y-%m-%d}"})
            return redirect("coverage")
    tell_errors(request, form)
    return redirect("draft", draft_id=draft_id)


@require_GET
def proof(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """The chosen option with its proof, for `cunjing match verify`."""
    made = export_proof(actor=request.actor, draft_id=draft_id)
    header = content_disposition_header(as_attachment=True, filename=f"{made.name}.zip")
    return HttpResponse(
        made.content,
        content_type="application/zip",
        headers={"Content-Disposition": header or "attachment"},
    )


@require_POST
def discard(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Set the draft aside."""
    actions.discard_draft(actor=request.actor, draft_id=draft_id)
    messages.success(request, _("草案已放弃，安排没有变动。"))
    return redirect("drafts")


@require_POST
def rematch(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Match anew because somebody leaves, is away, or is back."""
    require(request, RIGHT)
    form = RematchForm(request.POST)
    if form.is_valid():
        cause = DraftCause(form.cleaned_data["cause"])
        made = attempt(
            form,
            lambda: actions.make_draft_about(actor=request.actor, staff_id=staff_id, cause=cause),
        )
        if made is not None:
            return redirect("draft", draft_id=made.pk)
    tell_errors(request, form)
    return redirect("person", staff_id=staff_id)


def _usual_role(request: ConsoleRequest) -> str:
    """The first role the programme asks coverage of."""
    duties = coverage_duties(actor=request.actor, on=today())
    roles = [role for role in StaffRole if any(role in duty.roles for duty in duties)]
    liaison = StaffRole.LIAISON_OFFICER
    return liaison if liaison in roles else next(iter(roles), liaison)
