"""What every page needs: its language, the actor, and problems turned into pages."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from cunjing.accounts.queries import actor_for
from cunjing.base.errors import Problem
from cunjing.console.requests import ConsoleRequest

# What somebody needs to get in and out. Keys and grants are not among it: a key made before the
# password was changed, or without a second factor, would be a way around both.
OPEN_ALWAYS = (
    "/account/login/",
    "/account/logout/",
    "/account/mfa/",
    "/account/password/",
    "/account/reauthenticate/",
    "/field/",
    "/language/",
    "/static/",
)


class LanguageMiddleware:
    """Chinese by default, another language when the reader chose it.

    The browser's own preference is not asked: county machines often run an English browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """Put the actor on the request; where the county asks for it, insist on a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ConsoleRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.actor = actor_for(user=request.user)
            if request.user.must_change_password and not request.path.startswith(OPEN_ALWAYS):
                return HttpResponseRedirect(reverse("account_change_password"))
            if self._lacks_second_factor(request):
                query = urlencode({"next": request.get_full_path()})
                return HttpResponseRedirect(f"{reverse('mfa_index')}?{query}")
        return self.get_response(request)

    @staticmethod
    def _lacks_second_factor(request: ConsoleRequest) -> bool:
        return (
            settings.REQUIRE_SECOND_FACTOR
            and not request.path.startswith(OPEN_ALWAYS)
            and not is_mfa_enabled(request.user)
        )


class ProblemMiddleware:
    """Render a `Problem` raised by a view with its number, reason and HTTP status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Translate a `Problem`; any other exception stays a fault of ours."""
        if not isinstance(error, Problem):
            return None
        return render(request, "console/problem.html", {"problem": error}, status=error.status)
