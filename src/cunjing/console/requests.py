"""The request as console views see it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from cunjing.accounts.models import User
from cunjing.kernel.access import Actor


class ConsoleRequest(HttpRequest):
    """A request of a signed-in person: `actor` is set by the middleware."""

    actor: Actor
    htmx: HtmxDetails
    user: User
