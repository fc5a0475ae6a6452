"""The reader's own account: language, password, second factor."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from cunjing.accounts.queries import grants_in_force
from cunjing.console.requests import ConsoleRequest
from cunjing.kernel.permissions import Permission

YEAR_SECONDS = 365 * 24 * 60 * 60


@require_GET
def account(request: ConsoleRequest) -> HttpResponse:
    """What the account may do and how it is secured."""
    context = {
        "user": request.user,
        "secured": is_mfa_enabled(request.user),
        "grants": grants_in_force(user=request.user),
        "may_use_phone": request.actor.holds(Permission.DEVICE_USE),
    }
    return render(request, "console/account.html", context)


@login_not_required
@require_POST
def language(request: ConsoleRequest) -> HttpResponse:
    """Remember the language the reader chose and go back to the page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR_SECONDS,
            samesite="Lax",
            secure=settings.HTTPS,
            httponly=True,
        )
    return response
