"""Addresses below `/field/`."""

from django.urls import path

from cunjing.field import views

app_name = "field"
urlpatterns = [
    path("", views.page, name="page"),
    path("sw.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
