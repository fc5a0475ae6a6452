"""People: the list, one person with postings, absences and this month, and changes to them."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cunjing.assessment import matrix
from cunjing.assessment.queries import latest_runs
from cunjing.base.clock import today
from cunjing.console.forms.base import attempt, form_page, tell_errors
from cunjing.console.forms.duty import AccountForm, LeaveForm, ReturnForm, SyncedForm, UnlinkForm
from cunjing.console.forms.matching import RematchForm
from cunjing.console.forms.staff import AbsenceForm, StaffFilter, StaffForm, WithdrawalForm
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.coverage.queries import linkable_accounts, staff_history
from cunjing.fieldwork.summaries import last_syncs
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import why_not, why_not_unit
from cunjing.places.queries import units
from cunjing.staffing import actions, queries
from cunjing.staffing.models import AbsenceKind, Staff
from cunjing.staffing.rules import StaffFields

PAGE_SIZE = 50


@require_GET
def staff(request: ConsoleRequest) -> HttpResponse:
    """Everybody the reader may see, filtered by name, badge and role."""
    actor = request.actor
    require(request, Permission.STAFF_READ)
    form = StaffFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"q": "", "role": ""}
    found = queries.find_people(actor=actor, text=chosen["q"], role=chosen["role"])
    context = {
        "form": form,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "edit_refusal": why_not(actor=actor, permission=Permission.STAFF_EDIT),
        "away": {absence.staff_id for absence in queries.absent_on(actor=actor, day=today())},
    }
    return render(request, "console/staff.html", context)


@require_GET
def person(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """One person: postings, absences, verdicts of the running periods."""
    actor = request.actor
    found = queries.person(actor=actor, staff_id=staff_id)
    results = [
        (run, cell)
        for run in latest_runs(actor=actor, on=today())
        for cell in matrix.staff_results(actor=actor, run_id=run.pk, staff_id=staff_id)
    ]
    context = {
        "person": found,
        "postings": staff_history(actor=actor, staff_id=staff_id),
        "changes": queries.told_changes(actor=actor, staff_id=staff_id, limit=20),
        "absences": queries.entered_absences(actor=actor, staff_id=staff_id, limit=20),
        "results": results,
        "absence_form": AbsenceForm(auto_id="absence_%s"),
        "edit_refusal": why_not(actor=actor, permission=Permission.STAFF_EDIT),
        "absence_refusal": why_not(actor=actor, permission=Permission.ABSENCE_EDIT),
        **_duty(actor=actor, found=found),
    }
    return render(request, "console/person.html", context)


@require_http_methods(["GET", "POST"])
def add_person(request: ConsoleRequest) -> HttpResponse:
    """Enter a person."""
    actor = request.actor
    require(request, Permission.STAFF_EDIT)
    form = StaffForm(request.POST or None, units=units(actor=actor))
    del form.fields["reason"]
    if form.is_valid():
        badge = form.cleaned_data["badge_number"]
        added = attempt(
            form, lambda: actions.add_staff(actor=actor, badge_number=badge, **_fields(form))
        )
        if added is not None:
            messages.success(request, _("已登记。"))
            return redirect("person", staff_id=added.pk)
    return form_page(request, "console/person_form.html", {"form": form, "title": _("登记人员")})


@require_http_methods(["GET", "POST"])
def change_person(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Change what is written down about a person."""
    actor = request.actor
    found = queries.person(actor=actor, staff_id=staff_id)
    require(request, Permission.STAFF_EDIT)
    form = StaffForm(request.POST or None, units=units(actor=actor), initial=_initial(found))
    form.fields["badge_number"].disabled = True
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        changed = attempt(
            form,
            lambda: actions.change_staff(
                actor=actor, staff_id=staff_id, reason=reason, **_fields(form)
            ),
        )
        if changed is not None:
            messages.success(request, _("已保存。"))
            return redirect("person", staff_id=staff_id)
    context = {"form": form, "title": found.name, "person": found}
    return form_page(request, "console/person_form.html", context)


@require_POST
def add_absence(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Enter days away."""
    require(request, Permission.ABSENCE_EDIT)
    form = AbsenceForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        added = attempt(
            form,
            lambda: actions.add_absence(
                actor=request.actor,
                staff_id=staff_id,
                kind=AbsenceKind(data["kind"]),
                date_from=data["date_from"],
                date_to=data["date_to"],
                reason=data["reason"],
            ),
        )
        if added is not None:
            messages.success(request, _("已登记。"))
            return redirect("person", staff_id=staff_id)
    tell_errors(request, form)
    return redirect("person", staff_id=staff_id)


@require_POST
def cancel_absence(request: ConsoleRequest, absence_id: UUID) -> HttpResponse:
    """Withdraw an absence entered by mistake."""
    require(request, Permission.ABSENCE_EDIT)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        tell_errors(request, form)
        absence = queries.find_absence(actor=request.actor, absence_id=absence_id)
        return redirect("person", staff_id=absence.staff_id)
    absence = actions.cancel_absence(
        actor=request.actor, absence_id=absence_id, reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("已撤销。"))
    return redirect("person", staff_id=absence.staff_id)


def _duty(*, actor: Actor, found: Staff) -> dict[str, object]:
    """Coming and going, the account, and until when this person's work has arrived."""
    refusals = {
        f"{name}_refusal": why_not_unit(actor=actor, permission=permission, unit_code=found.unit_id)
        for name, permission in (
            ("duty", Permission.STAFF_EDIT),
            ("sync", Permission.RECORD_WRITE_FOR),
            ("match", Permission.CANDIDACY_EDIT),
        )
    }
    may_link = found.user_id is None and not refusals["duty_refusal"]
    return {
        **refusals,
        "accounts": linkable_accounts(actor=actor) if may_link else (),
        "account_form": AccountForm(),
        "unlink_form": UnlinkForm(),
        "leave_form": LeaveForm(),
        "return_form": ReturnForm(initial={"on": today()}),
        "rematch_refusal": why_not(actor=actor, permission=Permission.ROSTER_EDIT),
        "rematch_form": RematchForm(),
        "synced_form": SyncedForm(initial={"on": today()}),
        "sync": last_syncs(actor=actor).get(found.pk),
    }


def _fields(form: StaffForm) -> StaffFields:
    apart = {"badge_number", "reason"}
    kept = {name: value for name, value in form.cleaned_data.items() if name not in apart}
    return cast("StaffFields", kept)


def _initial(found: Staff) -> dict[str, Any]:
    same = ("badge_number", "name", "role", "post", "phone", "birth_month", "education")
    return {
        **{name: getattr(found, name) for name in same},
        "unit_code": found.unit_id,
        "party_member": "" if found.party_member is None else str(found.party_member).lower(),
        "home_village_code": found.home_village_id or "",
        "trained_on": found.trained_on,
        "on_duty_from": found.on_duty_from,
    }
