"""Briefings of a village: what the station tells before a visit."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cunjing.base.clock import today
from cunjing.briefings.actions import end_briefing, write_briefing
from cunjing.briefings.queries import briefings
from cunjing.console.forms.base import attempt, form_page
from cunjing.console.forms.briefings import BriefingForm
from cunjing.console.requests import ConsoleRequest
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_village, why_not_village
from cunjing.places.queries import village


@require_http_methods(["GET", "POST"])
def briefing(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """What is said of the village today, and writing something."""
    actor = request.actor
    check_village(actor=actor, permission=Permission.RECORD_READ, village_code=village_code)
    form = BriefingForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        done = attempt(form, lambda: write_briefing(actor=actor, village_code=village_code, **data))
        if done is not None:
            messages.success(request, _("已发出，包村人员的手机下次同步时会收到。"))
            return redirect("briefing", village_code=village_code)
    context = {
        "village": village(actor=actor, code=village_code),
        "briefings": briefings(actor=actor, village_code=village_code, on=today()),
        "form": form,
        "refusal": why_not_village(
            actor=actor, permission=Permission.BRIEFING_WRITE, village_code=village_code
        ),
    }
    return form_page(request, "console/briefing.html", context)


@require_POST
def end(request: ConsoleRequest, briefing_id: UUID) -> HttpResponse:
    """Take a briefing back."""
    ended = end_briefing(actor=request.actor, briefing_id=briefing_id)
    messages.success(request, _("已撤回。"))
    return redirect("briefing", village_code=ended.village_id)
