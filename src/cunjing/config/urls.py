"""Addresses of all surfaces."""

from django.urls import URLPattern, URLResolver, include, path

from cunjing.api import surface

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", surface.urls),
    path("sync/v1/", include("cunjing.sync.urls")),
    path("field/", include("cunjing.field.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("", include("cunjing.console.urls")),
]
