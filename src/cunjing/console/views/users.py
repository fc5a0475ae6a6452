"""Accounts and their grants; everybody's own keys."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cunjing.accounts import actions, queries, tokens
from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.console.forms.base import attempt, form_page, tell_errors
from cunjing.console.forms.users import GrantForm, KeyForm, PasswordForm, UserForm
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.permissions import Permission
from cunjing.places.queries import units

PAGE_SIZE = 50
MANAGE = Permission.USER_MANAGE


@require_http_methods(["GET", "POST"])
def users(request: ConsoleRequest) -> HttpResponse:
    """The accounts the reader manages, and making one."""
    actor = request.actor
    require(request, MANAGE)
    form = UserForm(request.POST or None, units=units(actor=actor, permission=MANAGE))
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(form, lambda: actions.create_user(actor=actor, **data))
        if made is not None:
            messages.success(request, _("已建立账号。请接着给出授权。"))
            return redirect("user", user_id=made.pk)
    page = Paginator(queries.users(actor=actor), PAGE_SIZE).get_page(request.GET.get("page"))
    return form_page(request, "console/users.html", {"form": form, "page": page})


@require_GET
def user(request: ConsoleRequest, user_id: UUID) -> HttpResponse:
    """One account with its grants."""
    actor = request.actor
    context = {
        "account": queries.user_of(actor=actor, user_id=user_id),
        "grants": queries.grants_of(actor=actor, user_id=user_id),
        "grant_form": GrantForm(units=units(actor=actor, permission=MANAGE)),
        "password_form": PasswordForm(),
        "on": today(),
    }
    return render(request, "console/user.html", context)


@require_POST
def grant(request: ConsoleRequest, user_id: UUID) -> HttpResponse:
    """Give a role over a unit."""
    actor = request.actor
    require(request, MANAGE)
    queries.user_of(actor=actor, user_id=user_id)
    form = GrantForm(request.POST, units=units(actor=actor, permission=MANAGE))
    if form.is_valid():
        data = form.cleaned_data
        given = attempt(
            form,
            lambda: actions.grant_role(
                actor=actor,
                user_id=user_id,
                role=Role(data["role"]),
                unit_code=data["unit_code"],
                valid_from=data["valid_from"],
                valid_to=data["valid_to"],
            ),
        )
        if given is not None:
            messages.success(request, _("已授权。"))
    return _back(request, form=form, user_id=user_id)


@require_POST
def end_grant(request: ConsoleRequest, user_id: UUID, grant_id: UUID) -> HttpResponse:
    """End a grant today."""
    require(request, MANAGE)
    reason = request.POST.get("reason", "")
    form = Form(request.POST)
    form.is_valid()
    ended = attempt(
        form, lambda: actions.end_grant(actor=request.actor, grant_id=grant_id, reason=reason)
    )
    if ended is not None:
        messages.success(request, _("已终止授权。"))
    return _back(request, form=form, user_id=user_id)


@require_POST
def set_password(request: ConsoleRequest, user_id: UUID) -> HttpResponse:
    """Give somebody a new first password."""
    require(request, MANAGE)
    queries.user_of(actor=request.actor, user_id=user_id)
    form = PasswordForm(request.POST)
    if form.is_valid():
        password = form.cleaned_data["password"]
        done = attempt(
            form,
            lambda: actions.set_password(actor=request.actor, user_id=user_id, password=password),
        )
        if done is not None:
            messages.success(request, _("已重设。对方登录后须修改密码。"))
    return _back(request, form=form, user_id=user_id)


@require_POST
def switch(request: ConsoleRequest, user_id: UUID) -> HttpResponse:
    """Close an account, or open it again."""
    require(request, MANAGE)
    reason = request.POST.get("reason", "")
    act = actions.deactivate_user if "close" in request.POST else actions.reactivate_user
    act(actor=request.actor, user_id=user_id, reason=reason)
    messages.success(request, _("已保存。"))
    return redirect("user", user_id=user_id)


@require_http_methods(["GET", "POST"])
def keys(request: ConsoleRequest) -> HttpResponse:
    """The reader's own keys for programs; a new one is shown once."""
    actor, user_id = request.actor, request.user.pk
    form = KeyForm(request.POST or None)
    secret = ""
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(form, lambda: tokens.create_token(actor=actor, user_id=user_id, **data))
        if made is not None:
            secret, form = made.secret, KeyForm()
    context = {
        "form": form,
        "secret": secret,
        "keys": queries.tokens_of(actor=actor, user_id=user_id),
    }
    return render(request, "console/keys.html", context)


@require_POST
def revoke_key(request: ConsoleRequest, key_id: UUID) -> HttpResponse:
    """Stop a key at once."""
    tokens.revoke_token(actor=request.actor, token_id=key_id, reason=_("本人吊销"))
    messages.success(request, _("已吊销。"))
    return redirect("keys")


def _back(request: ConsoleRequest, *, form: Form, user_id: UUID) -> HttpResponse:
    tell_errors(request, form)
    return redirect("user", user_id=user_id)
