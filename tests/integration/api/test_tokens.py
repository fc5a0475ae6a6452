"""Keys: who they sign in, and when no longer."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.support.accounts_factories import make_user
from tests.support.api_factories import Program, World, key_of
from tests.support.assessment_factories import BUREAU, V1
from tests.support.places_factories import system

from cunjing.accounts.actions import deactivate_user
from cunjing.accounts.models import ApiToken, User
from cunjing.accounts.tokens import digest_of, revoke_token
from cunjing.base.clock import now

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def refused(program: Program) -> str:
    answer = program.call("GET", "/me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    return str(answer.json()["detail"])


@pytest.mark.parametrize("key", ["cj_no-such-key", "", " ", "ключ"])
def test_an_unknown_key_is_refused(db: None, key: str) -> None:
    assert "密钥" in refused(Program(key))


def test_an_expired_key_says_so(world: World) -> None:
    token = ApiToken.objects.get(digest=digest_of(world.county.key))
    ApiToken.objects.filter(pk=token.pk).update(expires_at=now() - timedelta(seconds=1))
    assert "过期" in refused(world.county)


def test_a_revoked_key_is_refused_at_once(world: World) -> None:
    assert world.officer.get("/me")["name"]
    token = ApiToken.objects.get(digest=digest_of(world.officer.key))
    revoke_token(actor=system(), token_id=token.pk, reason="遗失")
    assert "吊销" in refused(world.officer)


def test_the_key_of_a_closed_account_is_refused(db: None) -> None:
    gone = make_user("gone", unit_code="")
    program = Program(key_of(gone))
    assert program.get("/me")["grants"] == []
    deactivate_user(actor=system(), user_id=gone.pk, reason="离职")
    assert "密钥无效" in refused(program)


def test_a_session_is_no_key(world: World) -> None:
    User.objects.update(must_change_password=False)
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username="county"), backend=BACKEND)
    assert client.get("/api/v1/me").status_code == 401


def test_me_says_what_the_key_may_do_and_where(world: World) -> None:
    officer = world.officer.get("/me")
    write = next(p for p in officer["permissions"] if p["code"] == "fieldwork:record:write")
    assert (write["villages"], write["prefixes"], write["units"]) == ([V1], [], [])
    assert officer["staff_id"]
    county = world.county.get("/me")
    assert county["staff_id"] is None
    assert [(g["role"], g["unit_code"]) for g in county["grants"]] == [("county_bureau", BUREAU)]
    assert county["permissions"][0]["prefixes"] == ["990101"]
