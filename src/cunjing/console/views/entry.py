"""Recording a visit: one form, one save, every ledger it belongs to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cunjing.base.clock import now, today
from cunjing.base.errors import Problem, forbidden
from cunjing.base.ids import new_id
from cunjing.console.forms.base import form_page
from cunjing.console.forms.entry import EntryForms
from cunjing.console.requests import ConsoleRequest
from cunjing.coverage.queries import village_history
from cunjing.entries.actions import record_visit_entry
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places import queries
from cunjing.places.access import why_not_village
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import own_entry


@require_http_methods(["GET", "POST"])
def entry(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """Record a visit with its calls, items, matters, warning and session."""
    actor = request.actor
    village = queries.village(actor=actor, code=village_code)
    people = _people(actor=actor, village_code=village_code)
    households = list(queries.households(actor=actor, village_code=village_code))
    initial = {"visit_id": new_id(), "day": today(), "left": now().time().replace(second=0)}
    forms = EntryForms(request.POST or None, people=people, households=households, initial=initial)
    if request.method == "POST" and forms.is_valid():
        try:
            result = record_visit_entry(actor=actor, entry=forms.entry(village_code=village_code))
        except Problem as problem:
            if problem.status not in {409, 422}:
                raise
            forms.visit.add_error(None, problem.detail)
            forms.show(problem.faults)
        else:
            parts = len(result.parts) + len(result.matters)
            told = _("已经保存过，没有重复登记。") if result.repeated else _("已保存。")
            more = _("另有 %(n)d 条进入各自台账。") % {"n": parts} if parts else ""
            messages.success(request, f"{told}{more}")
            return redirect("record", record_id=result.visit.record.pk)
    return form_page(
        request,
        "console/entry.html",
        {"village": village, "forms": forms, "households": households},
    )


def _people(*, actor: Actor, village_code: str) -> list[Staff]:
    """Whose visit it may be: the writer's own, or anybody posted here for who may write for them.

    Raises 403 for a reader who may do neither.
    """
    for_others = why_not_village(
        actor=actor, permission=Permission.RECORD_WRITE_FOR, village_code=village_code
    )
    posted = village_history(actor=actor, village_code=village_code).select_related("staff")
    if not for_others:
        return list({posting.staff_id: posting.staff for posting in posted}.values())
    own = own_entry(actor=actor)
    refusal = why_not_village(
        actor=actor, permission=Permission.RECORD_WRITE, village_code=village_code
    )
    if own is None or refusal:
        raise forbidden(refusal or _("您的账号没有关联人员，不能登记本人工作。请联系县局。"))
    return [own]
