"""Asking for a right at the door of a page, before anything is read or written."""

from cunjing.base.errors import forbidden
from cunjing.console.requests import ConsoleRequest
from cunjing.kernel.permissions import Permission
from cunjing.places.access import why_not


def require(request: ConsoleRequest, permission: Permission) -> None:
    """Raise 403 with the reason unless the reader holds the right somewhere.

    Without it a list would be empty, and an empty list of gaps reads as if there were none.
    """
    if refusal := why_not(actor=request.actor, permission=permission):
        raise forbidden(refusal)
