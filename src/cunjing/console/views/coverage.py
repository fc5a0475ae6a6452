"""Who serves which village: gaps first, then everybody; opening, replacing, ending."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import CheckboxInput, Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cunjing.base.clock import today
from cunjing.base.errors import FieldFault, invalid
from cunjing.console.forms.base import attempt, form_page
from cunjing.console.forms.coverage import CoverageFilter, EndForm, PostingForm, ReplaceForm
from cunjing.console.programme import coverage_duties
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.coverage import actions, queries, uncovered
from cunjing.coverage.models import Posting
from cunjing.fieldwork import queries as fieldwork
from cunjing.fieldwork.filters import LedgerFilter
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_village, why_not
from cunjing.places.queries import village
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import find_people

SOON_DAYS = 30
PAGE_SIZE = 50


@require_GET
def coverage(request: ConsoleRequest) -> HttpResponse:
    """Uncovered villages with owner and since when, those soon uncovered, and all postings."""
    actor, day = request.actor, today()
    require(request, Permission.POSTING_READ)
    form = CoverageFilter(request.GET)
    role = form.cleaned_data["role"] if form.is_valid() else ""
    current = queries.current_postings(actor=actor, on=day, roles=[role] if role else ())
    gaps = [
        {
            "duty": duty,
            "count": uncovered.count_coverage(actor=actor, roles=duty.roles, on=day),
            "now": uncovered.uncovered_villages(actor=actor, roles=duty.roles, on=day),
            "soon": uncovered.soon_uncovered_villages(
                actor=actor, roles=duty.roles, within_days=SOON_DAYS, on=day
            ),
        }
        for duty in coverage_duties(actor=actor, on=day)
    ]
    context = {
        "gaps": gaps,
        "soon_days": SOON_DAYS,
        "form": form,
        "page": Paginator(current, PAGE_SIZE).get_page(request.GET.get("page")),
        "edit_refusal": why_not(actor=actor, permission=Permission.POSTING_EDIT),
    }
    return render(request, "console/coverage.html", context)


@require_http_methods(["GET", "POST"])
def open_posting(request: ConsoleRequest, village_code: str) -> HttpResponse:
    """Post somebody to a village."""
    actor = request.actor
    check_village(actor=actor, permission=Permission.POSTING_EDIT, village_code=village_code)
    duties = coverage_duties(actor=actor, on=today())
    form = PostingForm(request.POST or None, roles=duties[0].roles, initial={"valid_from": today()})
    if form.is_valid():
        posted = attempt(form, lambda: _open(actor=actor, village_code=village_code, form=form))
        if posted is not None:
            messages.success(request, _("已安排。"))
            for warning in posted.warnings:
                messages.warning(request, warning)
            return redirect("village", village_code=village_code)
    context = {
        "form": form,
        "village": village(actor=actor, code=village_code),
        "people": find_people(actor=actor, on_duty_on=today()),
    }
    return form_page(request, "console/posting_open.html", context)


@require_http_methods(["GET", "POST"])
def replace_officer(request: ConsoleRequest, posting_id: UUID) -> HttpResponse:
    """Close one posting and open the next in one act."""
    actor = request.actor
    posting = queries.posting_of(actor=actor, posting_id=posting_id)
    check_village(actor=actor, permission=Permission.POSTING_EDIT, village_code=posting.village_id)
    form = ReplaceForm(request.POST or None, initial={"on": today() + timedelta(days=1)})
    if form.is_valid() and _work_is_settled(actor=actor, posting=posting, form=form):
        replaced = attempt(form, lambda: _replace(actor=actor, posting_id=posting_id, form=form))
        if replaced is not None:
            messages.success(request, _("已交接，中间没有空档。"))
            for warning in replaced.warnings:
                messages.warning(request, warning)
            return redirect("village", village_code=posting.village_id)
    people = find_people(actor=actor, on_duty_on=today())
    context = {"form": form, "posting": posting, "people": people}
    return form_page(request, "console/posting_replace.html", context)


@require_http_methods(["GET", "POST"])
def end_posting(request: ConsoleRequest, posting_id: UUID) -> HttpResponse:
    """End a posting; the village is uncovered from that day on."""
    actor = request.actor
    posting = queries.posting_of(actor=actor, posting_id=posting_id)
    check_village(actor=actor, permission=Permission.POSTING_EDIT, village_code=posting.village_id)
    form = EndForm(request.POST or None, initial={"on": today() + timedelta(days=1)})
    if form.is_valid() and _work_is_settled(actor=actor, posting=posting, form=form):
        data = form.cleaned_data
        ended = attempt(
            form,
            lambda: actions.end_posting(
                actor=actor, posting_id=posting_id, on=data["on"], reason=data["reason"]
            ),
        )
        if ended is not None:
            messages.warning(request, _("已终止。该村自这一天起无人负责，请尽快安排。"))
            return redirect("coverage")
    return form_page(request, "console/posting_end.html", {"form": form, "posting": posting})


def _work_is_settled(*, actor: Actor, posting: Posting, form: Form) -> bool:
    """Whether nothing recorded is lost to the assessment by the day, or the reader said it may be.

    Work after the day a posting ends no longer counts for it: that is shown before it happens.
    """
    day = form.cleaned_data["on"]
    if day <= posting.valid_from:
        return True  # the action refuses this day and says why
    chosen = LedgerFilter(village_code=posting.village_id, staff_id=posting.staff_id, date_from=day)
    lost = sum(fieldwork.counts(actor=actor, chosen=chosen).values())
    if not lost or form.cleaned_data["confirmed"]:
        return True
    form.fields["confirmed"].widget = CheckboxInput()
    told = _(
        "%(name)s在这一天以后还有 %(n)d 条本村的记录，届时不再计入考评。请核对日期，或勾选确认。"
    )
    form.add_error("confirmed", told % {"name": posting.staff.name, "n": lost})
    return False


def _open(*, actor: Actor, village_code: str, form: Form) -> actions.Posted:
    data = form.cleaned_data
    return actions.open_posting(
        actor=actor,
        village_code=village_code,
        staff_id=_chosen(actor=actor, text=data["badge_number"]).pk,
        role=data["role"],
        valid_from=data["valid_from"],
        valid_to=data["valid_to"],
        reason=data["reason"],
    )


def _replace(*, actor: Actor, posting_id: UUID, form: Form) -> actions.Replaced:
    data = form.cleaned_data
    return actions.replace_officer(
        actor=actor,
        posting_id=posting_id,
        staff_id=_chosen(actor=actor, text=data["badge_number"]).pk,
        on=data["on"],
        reason=data["reason"],
    )


def _chosen(*, actor: Actor, text: str) -> Staff:
    """The person a list entry `badge name` or a badge number names."""
    badge = text.split(maxsplit=1)[0] if text.split() else ""
    for staff in find_people(actor=actor, text=badge):
        if staff.badge_number == badge.upper():
            return staff
    raise invalid(
        _("没有保存。"), FieldFault("badge_number", _("没有这个警号的人员，请从列表中选择。"))
    )
