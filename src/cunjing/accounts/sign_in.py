"""What the lock-out counts by: the login name somebody tried."""

from collections.abc import Mapping

from django.http import HttpRequest


def attempted_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The login name of one attempt, in lower case; `AXES_USERNAME_CALLABLE` names this function.

    The form calls the field `login`, the failed attempt calls it `username`. Counted under two
    names, or by the case typed, nobody would ever be locked out, since log-in ignores case.
    """
    said = credentials or {}
    name = said.get("username") or said.get("login") or request.POST.get("login", "")
    return name.strip().lower()
