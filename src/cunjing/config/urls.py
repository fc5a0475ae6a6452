"""Addresses of all surfaces."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/mfa/", include("allauth.mfa.urls")),
    path("", include("cunjing.console.urls")),
]
