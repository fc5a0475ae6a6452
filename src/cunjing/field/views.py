"""The three files of the app that stand at addresses of their own; the rest is static.

Nobody signs in to get them: they hold no data. What the app may read is settled device by device.
"""

from pathlib import Path

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Said where the default would do, so that a wider default widens nothing here. Photos are shown
# from memory (blob:) before they are sent.
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "connect-src": ["'self'", *settings.FILES_ORIGINS],
    "worker-src": ["'self'"],
    "manifest-src": ["'self'"],
    "img-src": ["'self'", "blob:"],
}


@login_not_required
@require_safe
@never_cache
@csp_replace(POLICY)
def page(request: HttpRequest) -> HttpResponse:
    """The app's only page."""
    return HttpResponse(_built("index.html"), content_type="text/html; charset=utf-8")


@login_not_required
@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its scope is the folder of this address."""
    return HttpResponse(_built("sw.js"), content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone shows when the app is put on its home screen."""
    return HttpResponse(
        _built("manifest.webmanifest"), content_type="application/manifest+json; charset=utf-8"
    )


def _built(name: str) -> bytes:
    path = finders.find(f"field/dist/{name}")
    if path is None:
        raise ImproperlyConfigured(f"field/dist/{name} is missing; run ./run setup")
    return Path(path).read_bytes()
