"""The door: passwords, lock-out, first passwords, the second factor, language, safe redirects."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests.support.accounts_factories import PASSWORD
from tests.support.console_pages import text_of
from tests.support.console_visitors import visitor
from tests.support.console_world import World

from cunjing.accounts.models import User
from cunjing.kernel.models import AuditEntry

NEW_PASSWORD = "Xin-Mi-Ma-2026"


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    """The sign-in library counts tries of an address in the cache, across tests."""
    cache.clear()


def log_in(client: Client, name: str, password: str = PASSWORD, *, to: str = "") -> Any:
    sent = {"login": name, "password": password, **({"next": to} if to else {})}
    return client.post(reverse("account_login"), sent)


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def enrol(client: Client) -> str:
    """Set up the one-time code as a person does; returns its secret."""
    address = reverse("mfa_activate_totp")
    page = client.get(address, follow=True)
    if page.redirect_chain:
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    done = client.post(address, {"code": code_for(secret)}, follow=True)
    assert done.status_code == 200
    return str(secret)


def test_the_right_password_opens_the_page_that_was_asked_for(world: World) -> None:
    client = Client()
    asked = client.get(reverse("villages"))
    assert asked.url == f"{reverse('account_login')}?next={reverse('villages')}"
    assert log_in(client, "chief", to=reverse("villages")).url == reverse("villages")
    assert client.get(reverse("villages")).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_sent_to_another_site(world: World, elsewhere: str) -> None:
    assert log_in(Client(), "chief", to=elsewhere).url == reverse("home")
    language = Client().post(reverse("language"), {"language": "en", "next": elsewhere})
    assert language.url == reverse("home")


def test_signing_out_ends_the_session(world: World) -> None:
    client = visitor(world, "chief")
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert client.get(reverse("home")).status_code == 302


def test_five_wrong_passwords_lock_the_name_out(world: World) -> None:
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in(client, "chief", "wrong").status_code == 200
    locked = log_in(client, "chief", "wrong")
    assert locked.status_code == 429
    assert "锁定15分钟" in text_of(locked)
    still = log_in(client, "chief")
    assert still.status_code == 429
    assert client.get(reverse("home")).status_code == 302
    assert log_in(client, "bureau").status_code == 302, "others still get in"


def test_wrong_name_and_wrong_password_read_the_same(world: World) -> None:
    said = [
        re.findall(r'role="alert">([^<]+)', text_of(log_in(Client(), name, "wrong")))
        for name in ("chief", "nobody")
    ]
    assert said[0] == said[1] != []


def test_a_first_password_is_changed_before_anything_else(world: World) -> None:
    User.objects.filter(username="chief").update(must_change_password=True)
    client = Client()
    log_in(client, "chief")
    change = reverse("account_change_password")
    for name in ("home", "villages", "keys", "account", "staff"):
        assert client.get(reverse(name)).url == change
    assert client.post(reverse("keys"), {"name": "x", "expires_on": "2999-01-01"}).url == change
    weak = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert client.post(change, weak).status_code == 200
    assert client.get(reverse("home")).url == change
    sound = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(change, sound).status_code == 302
    assert client.get(reverse("home")).status_code == 200
    assert AuditEntry.objects.filter(
        record_type="accounts.user", actor_id=world.users["chief"].pk, reason="设置密码"
    ).exists()
    assert log_in(Client(), "chief", NEW_PASSWORD).status_code == 302


def test_a_one_time_code_is_asked_for_once_it_is_set_up(world: World) -> None:
    client = Client()
    log_in(client, "chief")
    secret = enrol(client)
    stored = Authenticator.objects.get(user=world.users["chief"], type="totp")
    assert secret not in str(stored.data), "the secret is sealed at rest"
    another = Client()
    step = log_in(another, "chief")
    assert step.url == reverse("mfa_authenticate")
    assert another.get(reverse("home")).status_code == 302
    wrong = another.post(step.url, {"code": "000000"})
    assert wrong.status_code == 200
    assert another.get(reverse("home")).status_code == 302
    Authenticator.objects.filter(pk=stored.pk).update(last_used_at=None)
    right = another.post(step.url, {"code": code_for(secret)})
    assert right.status_code == 302, text_of(right)
    assert another.get(reverse("home")).status_code == 200


def test_a_county_may_insist_on_a_second_factor(world: World, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client = Client()
    log_in(client, "chief")
    for name in ("home", "villages", "keys", "account"):
        assert client.get(reverse(name)).url.startswith(reverse("mfa_index"))
    assert client.get(reverse("mfa_index")).status_code == 200
    enrol(client)
    assert client.get(reverse("home")).status_code == 200


def test_nobody_signs_up_or_resets_a_password_alone(world: World) -> None:
    for path in ("/account/signup/", "/account/password/reset/", "/accounts/login/"):
        assert Client().get(path).status_code in {302, 404}
        assert Client().post(path, {}).status_code in {302, 404}
    assert not User.objects.filter(username="").exists()


def test_the_language_is_the_readers_and_not_the_browsers(world: World) -> None:
    client = visitor(world, "chief")
    page = client.get(reverse("home"), headers={"accept-language": "en-US"})
    assert page["Content-Language"] == "zh-hans"
    assert 'lang="zh-CN"' in text_of(page)
    chosen = client.post(reverse("language"), {"language": "en", "next": reverse("staff")})
    assert chosen.url == reverse("staff")
    cookie = chosen.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie.value == "en"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get(reverse("home"))["Content-Language"] == "en"
    unknown = client.post(reverse("language"), {"language": "tlh"})
    assert settings.LANGUAGE_COOKIE_NAME not in unknown.cookies


def test_an_account_without_any_grant_is_told_so(world: World) -> None:
    lonely = User.objects.create(username="lonely", display_name="示例")
    client = Client()
    client.force_login(lonely, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("home"))
    assert page.status_code == 403
    assert "还没有授权" in text_of(page)
    assert "没有空白村" not in text_of(page)
