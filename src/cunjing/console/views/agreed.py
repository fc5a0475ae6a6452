"""Days agreed with households: noted from the household or from a planned day, and cancelled."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cunjing.console.forms.agreed import AgreeForm, AgreeOnDayForm, CancelForm
from cunjing.console.forms.base import attempt, form_page
from cunjing.console.requests import ConsoleRequest
from cunjing.places import queries as places
from cunjing.rostering.actions import agreed as actions
from cunjing.rostering.queries import agreed as queries
from cunjing.rostering.queries import plans


@require_http_methods(["GET", "POST"])
def agree(request: ConsoleRequest, household_id: UUID) -> HttpResponse:
    """Agree a day with a household."""
    actor = request.actor
    household = places.household(actor=actor, household_id=household_id)
    people = queries.callers_of(actor=actor, village_code=household.village_id)
    form = AgreeForm(request.POST or None, people=people)
    if form.is_valid():
        data = form.cleaned_data
        visit = attempt(
            form,
            lambda: actions.agree_visit(
                actor=actor,
                household_id=household_id,
                staff_id=data["staff_id"],
                day=data["day"],
                hours=form.hours(),
            ),
        )
        if visit is not None:
            messages.success(request, _("已约好 %(day)s。") % {"day": f"{visit.day:%m-%d}"})
            return redirect("household_plan", household_id=household_id)
    context = {"form": form, "household": household, "people": people}
    return form_page(request, "console/household_agree.html", context)


@require_http_methods(["GET", "POST"])
def agree_on_day(request: ConsoleRequest, day_id: UUID) -> HttpResponse:
    """Agree with a household of the village for a planned day."""
    actor = request.actor
    row, _right = plans.movable_day(actor=actor, day_id=day_id)
    households = places.households(actor=actor, village_code=row.village_id)
    form = AgreeOnDayForm(request.POST or None, households=households)
    if form.is_valid():
        visit = attempt(
            form,
            lambda: actions.agree_visit(
                actor=actor,
                household_id=form.cleaned_data["household_id"],
                staff_id=row.staff_id,
                day=row.day,
                hours=form.hours(),
            ),
        )
        if visit is not None:
            messages.success(request, _("已约好 %(day)s。") % {"day": f"{visit.day:%m-%d}"})
            return redirect("plan_day", day_id=day_id)
    return form_page(request, "console/plan_day_agree.html", {"form": form, "row": row})


@require_http_methods(["GET", "POST"])
def cancel(request: ConsoleRequest, visit_id: UUID) -> HttpResponse:
    """Give up an agreed day, and say why."""
    actor = request.actor
    visit, _right = queries.cancellable_visit(actor=actor, visit_id=visit_id)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form, lambda: actions.cancel_visit(actor=actor, visit_id=visit_id, reason=reason)
        )
        if done is not None:
            messages.success(request, _("约定已取消。"))
            return redirect("household_plan", household_id=visit.household_id)
    return form_page(request, "console/agreed_cancel.html", {"form": form, "visit": visit})
