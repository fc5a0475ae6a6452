"""Fields a phone and the station both changed: what clashed, and whose value stands."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cunjing.console.conflict_shapes import conflict_lines
from cunjing.console.forms.base import attempt, form_page
from cunjing.console.forms.devices import SettleForm
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.permissions import Permission
from cunjing.sync import conflicts as clashes
from cunjing.sync.models import ConflictState

PAGE_SIZE = 20
MANAGE = Permission.DEVICE_MANAGE
SETTLED_SHOWN = 10


@require_GET
def conflicts(request: ConsoleRequest) -> HttpResponse:
    """What waits to be settled, and what was settled last."""
    require(request, MANAGE)
    actor = request.actor
    waiting = Paginator(clashes.conflicts(actor=actor), PAGE_SIZE)
    page = waiting.get_page(request.GET.get("page"))
    settled = clashes.conflicts(actor=actor, is_open=False)[:SETTLED_SHOWN]
    context = {
        "page": page,
        "lines": conflict_lines(actor=actor, found=page.object_list),
        "settled": conflict_lines(actor=actor, found=settled),
    }
    return render(request, "console/conflicts.html", context)


@require_http_methods(["GET", "POST"])
def conflict(request: ConsoleRequest, conflict_id: UUID) -> HttpResponse:
    """Both values side by side, and a person's decision."""
    actor = request.actor
    found = clashes.conflict_of(actor=actor, conflict_id=conflict_id)
    form = SettleForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: clashes.settle_conflict(
                actor=actor,
                conflict_id=conflict_id,
                state=ConflictState(data["state"]),
                reason=data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("已裁定，手机下次同步时会收到。"))
            return redirect("conflicts")
    context = {"line": conflict_lines(actor=actor, found=[found])[0], "form": form}
    return form_page(request, "console/conflict.html", context)
