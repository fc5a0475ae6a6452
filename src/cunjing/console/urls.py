"""Addresses of the console: one view and one template a screen."""

from allauth.account import views as sign_in
from django.urls import URLPattern, path

from cunjing.console.views import account, entrance, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("villages/", home.home, name="villages"),
    path("coverage/", home.home, name="coverage"),
    path("staff/", home.home, name="staff"),
    path("ledgers/", home.home, name="ledgers"),
    path("assessments/", home.home, name="assessments"),
    path("users/", home.home, name="users"),
    path("audit/", home.home, name="audit"),
    path("account/", account.account, name="account"),
    path("account/login/", entrance.login, name="account_login"),
    path("account/logout/", sign_in.logout, name="account_logout"),
    path("account/password/", sign_in.password_change, name="account_change_password"),
    path("account/reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("language/", account.language, name="language"),
]
