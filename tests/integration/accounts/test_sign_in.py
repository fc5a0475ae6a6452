"""The account model with the sign-in library: password, lock-out, second factor, passkey."""

from collections.abc import Iterator

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal import auth as passkeys
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from tests.support.accounts_factories import PASSWORD, make_user_with
from tests.support.passkeys import Passkey
from tests.support.places_factories import found_policed_county

from cunjing.accounts.models import User
from cunjing.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    county = found_policed_county()
    return make_user_with(Role.STATION_CHIEF, username="suozhang", unit_code=county.code)


@pytest.fixture
def request_here() -> Iterator[HttpRequest]:
    """A request with a session, known to the sign-in library."""
    request = RequestFactory().post("/account/login/", secure=True)
    request.session = SessionStore()
    with context.request_context(request):
        yield request


def tried(request: HttpRequest, password: str) -> object:
    return authenticate(request, username="suozhang", password=password)


def test_the_right_password_signs_in(user: User, request_here: HttpRequest) -> None:
    assert get_user_model() is User
    assert tried(request_here, PASSWORD) == user
    assert tried(request_here, "wrong") is None
    login(request_here, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert request_here.session["_auth_user_id"] == str(user.pk)


def test_a_closed_account_does_not_sign_in(user: User, request_here: HttpRequest) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert tried(request_here, PASSWORD) is None


def test_many_wrong_passwords_lock_the_account_out(user: User, request_here: HttpRequest) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert tried(request_here, "wrong") is None
    assert tried(request_here, PASSWORD) is None


def test_the_lock_out_ignores_case_as_log_in_does(user: User, request_here: HttpRequest) -> None:
    names = ["suozhang", "SuoZhang", "SUOZHANG", " suozhang", "suoZHANG"]
    for name in names[: settings.AXES_FAILURE_LIMIT]:
        assert authenticate(request_here, username=name, password="wrong") is None
    assert tried(request_here, PASSWORD) is None


def test_a_password_token_needs_no_mail_address(user: User) -> None:
    assert default_token_generator.check_token(user, default_token_generator.make_token(user))


def test_a_one_time_code_is_a_second_factor(user: User, request_here: HttpRequest) -> None:
    secret = generate_totp_secret()
    assert not is_mfa_enabled(user)
    factor = TOTP.activate(user, secret)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert factor.validate_code(code)
    assert not factor.validate_code("000000" if code != "000000" else "111111")
    assert is_mfa_enabled(user)


def test_recovery_codes_work_once(user: User, request_here: HttpRequest) -> None:
    codes = RecoveryCodes.activate(user)
    first = codes.get_unused_codes()[0]
    assert codes.validate_code(first)
    assert not codes.validate_code(first)


def test_a_passkey_registers_and_signs_in_without_a_password(
    user: User, request_here: HttpRequest
) -> None:
    key = Passkey()
    answer = key.register(passkeys.begin_registration(user, passwordless=True))
    passkeys.complete_registration(answer)
    passkeys.WebAuthn.add(user, "示例钥匙", answer)
    assert Authenticator.objects.get(user=user).type == Authenticator.Type.WEBAUTHN
    proof = key.sign_in(passkeys.begin_authentication())
    assert passkeys.extract_user_from_response(proof) == user
    assert passkeys.complete_authentication(user, proof).user == user
