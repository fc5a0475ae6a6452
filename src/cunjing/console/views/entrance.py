"""Signing in, with lock-out after repeated wrong passwords."""

from typing import Any

from allauth.account.views import LoginView
from axes.decorators import axes_dispatch, axes_form_invalid
from django.utils.decorators import method_decorator


@method_decorator(axes_dispatch, name="dispatch")
@method_decorator(axes_form_invalid, name="form_invalid")
class LockingLoginView(LoginView):
    """The library's log-in page behind the lock-out, as its manual joins the two."""


login: Any = LockingLoginView.as_view()
