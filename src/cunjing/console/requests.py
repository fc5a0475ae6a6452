"""The request as console views see it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from cunjing.accounts.models import User
from cunjing.kernel.access import Actor

# Python refuses to read a number of thousands of digits.
_MOST_DIGITS = 18


class ConsoleRequest(HttpRequest):
    """A request of a signed-in person: `actor` is set by the middleware."""

    actor: Actor
    htmx: HtmxDetails
    user: User


def asked_page(request: HttpRequest) -> int:
    """The number of the page asked for, the first where it is none; what there is bounds it."""
    asked = request.GET.get("page", "")
    return int(asked[:_MOST_DIGITS]) if asked.isascii() and asked.isdigit() else 1
