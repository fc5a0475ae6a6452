"""Changes on a person's page: leaving and coming back, their account, what has arrived."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cunjing.base.clock import SHANGHAI, now, today
from cunjing.base.errors import FieldFault, invalid
from cunjing.console.forms.base import attempt, tell_errors
from cunjing.console.forms.duty import AccountForm, LeaveForm, ReturnForm, SyncedForm, UnlinkForm
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.coverage import duty
from cunjing.coverage.queries import linkable_accounts
from cunjing.fieldwork.actions import note_sync
from cunjing.fieldwork.models import SyncChannel
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import person


@require_POST
def end_duty(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Let somebody leave; their postings end on the same day."""
    require(request, Permission.STAFF_EDIT)
    form = LeaveForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        left = attempt(
            form,
            lambda: duty.end_duty(
                actor=request.actor, staff_id=staff_id, on=data["on"], reason=data["reason"]
            ),
        )
        if left is not None:
            messages.warning(request, _("已离岗，同时终止 %(n)d 项包村安排。") % {"n": len(left)})
    return _back(request, form=form, staff_id=staff_id)


@require_POST
def start_duty(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Let somebody who left come back."""
    require(request, Permission.STAFF_EDIT)
    form = ReturnForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["on"]
        back = attempt(form, lambda: duty.start_duty(actor=request.actor, staff_id=staff_id, on=on))
        if back is not None:
            messages.success(request, _("已返岗。需要包村的请另行派人。"))
    return _back(request, form=form, staff_id=staff_id)


@require_POST
def link_account(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Tie one of the reader's accounts to a person; their postings give it its rights."""
    require(request, Permission.STAFF_EDIT)
    person(actor=request.actor, staff_id=staff_id)
    form = AccountForm(request.POST)
    if form.is_valid():
        username = form.cleaned_data["username"]
        linked = attempt(
            form, lambda: _link(actor=request.actor, staff_id=staff_id, username=username)
        )
        if linked is not None:
            messages.success(request, _("已关联账号，包村安排的权限随之生效。"))
    return _back(request, form=form, staff_id=staff_id)


@require_POST
def unlink_account(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Untie the account; the rights it had from postings end today."""
    require(request, Permission.STAFF_EDIT)
    form = UnlinkForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        untied = attempt(
            form,
            lambda: duty.unlink_account(actor=request.actor, staff_id=staff_id, reason=reason),
        )
        if untied is not None:
            messages.success(request, _("已解除关联，随包村安排而来的权限今天起终止。"))
    return _back(request, form=form, staff_id=staff_id)


@require_POST
def confirm_synced(request: ConsoleRequest, staff_id: UUID) -> HttpResponse:
    """Say for somebody who writes on paper that everything up to a day has been entered."""
    require(request, Permission.RECORD_WRITE_FOR)
    person(actor=request.actor, staff_id=staff_id)
    form = SyncedForm(request.POST)
    if form.is_valid():
        at = _end_of(form.cleaned_data["on"])
        state = attempt(
            form,
            lambda: note_sync(
                actor=request.actor, staff_id=staff_id, channel=SyncChannel.PAPER, at=at
            ),
        )
        if state is not None and state.last_sync_at > at:
            messages.info(request, _("此前已经确认到更晚的日期，没有变化。"))
        elif state is not None:
            messages.success(request, _("已确认：这一天及以前的记录都已录入。"))
    return _back(request, form=form, staff_id=staff_id)


def _link(*, actor: Actor, staff_id: UUID, username: str) -> Staff:
    account = linkable_accounts(actor=actor).filter(username=username).first()
    if account is None:
        raise invalid(
            "账号没有关联。",
            FieldFault(
                "username", f"没有可以关联的账号“{username}”，请从列表中选择，或先到“账号”页建立。"
            ),
        )
    return duty.link_account(actor=actor, staff_id=staff_id, user_id=account.pk)


def _end_of(day: date) -> datetime:
    """When a day is over; today is over now."""
    if day == today():
        return now()
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=SHANGHAI)


def _back(request: ConsoleRequest, *, form: Form, staff_id: UUID) -> HttpResponse:
    tell_errors(request, form)
    return redirect("person", staff_id=staff_id)
