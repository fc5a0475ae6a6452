"""One record with its whole history; correcting and withdrawing it; one matter."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cunjing.base.errors import forbidden
from cunjing.base.ids import new_id
from cunjing.console.detail_lines import detail_lines
from cunjing.console.forms.base import attempt, form_page, tell_errors
from cunjing.console.forms.correction import CorrectionForm
from cunjing.console.forms.ledgers import WithdrawForm
from cunjing.console.requests import ConsoleRequest
from cunjing.fieldwork import queries
from cunjing.fieldwork.actions import correct_record, withdraw_record
from cunjing.fieldwork.filters import RecordState
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.permissions import Permission
from cunjing.matters import queries as matters
from cunjing.photos.queries import of_matter, of_records
from cunjing.places.access import why_not_village
from cunjing.questions.queries import about
from cunjing.staffing.queries import own_entry
from cunjing.sync.queries import line_behind


@require_GET
def record(request: ConsoleRequest, record_id: UUID) -> HttpResponse:
    """A record: content, times, correction chain, parts, audit entries."""
    actor = request.actor
    detail = queries.record_detail(actor=actor, record_id=record_id)
    context = {
        "detail": detail,
        "row": detail.row,
        "lines": detail_lines(detail.row),
        "matters": matters.of_visits(actor=actor, visit_ids=detail.visit_ids),
        "photos": of_records(actor=actor, record_ids=detail.visit_ids),
        "line": line_behind(actor=actor, row=detail.row),
        "asked": about(actor=actor, record_id=record_id),
        "change_refusal": _change_refusal(request, detail=detail),
        "withdraw_form": WithdrawForm(),
        "is_visit": detail.row.kind is RecordKind.VILLAGE_VISIT,
    }
    return render(request, "console/record.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: ConsoleRequest, record_id: UUID) -> HttpResponse:
    """Write the record anew; the old one stays readable and stops counting."""
    actor = request.actor
    detail = queries.record_detail(actor=actor, record_id=record_id)
    if refusal := _right_refusal(request, row=detail.row):
        raise forbidden(refusal)
    form = CorrectionForm(request.POST or None, row=detail.row, initial={"correction_id": new_id()})
    if form.is_valid():
        done = attempt(
            form,
            lambda: correct_record(
                actor=actor,
                record_id=record_id,
                item=form.item(),
                reason=form.cleaned_data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("已更正。原记录保留，可在更正经过里看到。"))
            return redirect("record", record_id=done.record.pk)
    return form_page(request, "console/correct.html", {"form": form, "row": detail.row})


@require_http_methods(["POST"])
def withdraw(request: ConsoleRequest, record_id: UUID) -> HttpResponse:
    """Mark a record as void."""
    form: forms.Form = WithdrawForm(request.POST)
    if form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        done = attempt(
            form,
            lambda: withdraw_record(
                actor=request.actor,
                record_id=record_id,
                reason=data["reason"],
                with_parts=data["with_parts"],
            ),
        )
        if done is not None:
            messages.success(request, _("已作废，记录和理由都保留。"))
    tell_errors(request, form)
    return redirect("record", record_id=record_id)


@require_GET
def matter(request: ConsoleRequest, matter_id: UUID) -> HttpResponse:
    """A matter as first reported."""
    detail = matters.detail(actor=request.actor, matter_id=matter_id)
    photos = of_matter(actor=request.actor, matter_id=matter_id)
    context = {"detail": detail, "row": detail.row, "photos": photos}
    return render(request, "console/matter.html", context)


def _change_refusal(request: ConsoleRequest, *, detail: queries.RecordDetail) -> str:
    """Why the record cannot be corrected or withdrawn by this reader; empty where it can."""
    row = detail.row
    if row.state in {RecordState.SUPERSEDED, RecordState.WITHDRAWN}:
        return str(_("这条记录已经更正或作废，请看更正经过里最新的一条。"))
    return _right_refusal(request, row=row)


def _right_refusal(request: ConsoleRequest, *, row: queries.LedgerRow) -> str:
    """Why this reader may not change somebody's record: one's own, or one written for others."""
    own = own_entry(actor=request.actor)
    rights = [Permission.RECORD_WRITE_FOR]
    if own is not None and own.pk == row.staff_id:
        rights.append(Permission.RECORD_WRITE)
    refusals = [
        why_not_village(actor=request.actor, permission=right, village_code=row.village_code)
        for right in rights
    ]
    return refusals[0] if all(refusals) else ""
