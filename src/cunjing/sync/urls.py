"""Addresses below `/sync/v1/`."""

from django.urls import path, re_path

from cunjing.sync import views

app_name = "sync"
urlpatterns = [
    path("version", views.version, name="version"),
    path("enrol", views.enrolment, name="enrol"),
    path("push", views.push, name="push"),
    path("handover", views.handover, name="handover"),
    path("pull", views.pull, name="pull"),
    path("beacon", views.beacon, name="beacon"),
    re_path("", views.unknown),
]
