"""Problems become pages: the one place where a domain's refusal is translated for a browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cunjing.base.errors import Problem


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
