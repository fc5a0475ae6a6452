"""Programs sign in with a key in the Authorization header."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from cunjing.accounts.tokens import authenticate_token
from cunjing.base.errors import forbidden
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import why_not


class ApiRequest(HttpRequest):
    """A request of a program: `auth` is the actor its key belongs to."""

    auth: Actor


class TokenAuth(HttpBearer):
    """`Authorization: Bearer KEY`; a wrong, expired or revoked key is Problem 40101."""

    openapi_bearerFormat = "opaque"  # noqa: N815 - the name OpenAPI gives it

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The actor of the key."""
        return authenticate_token(token=token)


def require(*, actor: Actor, permission: Permission) -> None:
    """Raise 403 with the reason unless `actor` holds the right somewhere.

    Lists ask this first: who lacks the right is told so instead of being shown an empty list.
    """
    reason = why_not(actor=actor, permission=permission)
    if reason:
        raise forbidden(reason)
