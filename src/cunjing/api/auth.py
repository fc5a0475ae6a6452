"""Programs sign in with a key in the Authorization header."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from cunjing.accounts.tokens import authenticate_token
from cunjing.kernel.access import Actor


class ApiRequest(HttpRequest):
    """A request of a program: `auth` is the actor its key belongs to."""

    auth: Actor


class TokenAuth(HttpBearer):
    """`Authorization: Bearer KEY`; a wrong, expired or revoked key is Problem 40101."""

    openapi_bearer_format = "opaque"

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The actor of the key."""
        return authenticate_token(token=token)
