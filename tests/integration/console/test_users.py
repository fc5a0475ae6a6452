"""Accounts, grants and keys."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.access_forms import closing, grant, key, password, user
from tests.support.console_pages import errors_of, notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.accounts.models import ApiToken, Grant, User
from cunjing.base.clock import today


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


@pytest.fixture
def form(world: World) -> dict[str, Any]:
    return user(world, world.own, "bureau")


def test_an_account_is_made_without_any_right(bureau: Client, form: dict[str, Any]) -> None:
    done = bureau.post(reverse("users"), form, follow=True)
    made = User.objects.get(username="new-one")
    assert notices_of(done) == ["已建立账号。请接着给出授权。"]
    assert "还没有授权" in text_of(done)
    assert made.must_change_password
    assert not made.grants.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "x"}, "username"),
        ({"username": "OFFICER"}, "username"),
        ({"username": "名字"}, "username"),
        ({"display_name": ""}, "display_name"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"unit_code": "990102101"}, "unit_code"),
    ],
)
def test_a_fault_stands_at_its_field(
    bureau: Client, form: dict[str, Any], change: dict[str, str], field: str
) -> None:
    before = stored()
    refused = bureau.post(reverse("users"), form | change)
    assert refused.status_code == 422
    assert field in errors_of(refused)
    assert stored() == before


def test_a_password_never_comes_back_to_the_page(bureau: Client, form: dict[str, Any]) -> None:
    refused = bureau.post(reverse("users"), form | {"username": "x"})
    assert str(form["password"]) not in text_of(refused)


def test_a_role_is_given_and_ended(world: World, bureau: Client) -> None:
    address = reverse("grant", args=[world.own.user])
    sent = grant(world, world.own, "bureau") | {
        "valid_from": (today() - timedelta(days=1)).isoformat()
    }
    assert notices_of(bureau.post(address, sent, follow=True)) == ["已授权。"]
    given = Grant.objects.get(user=world.own.user, role="officer")
    end = reverse("grant_end", args=[world.own.user, given.pk])
    assert notices_of(bureau.post(end, {"reason": "调走"}, follow=True)) == ["已终止授权。"]
    given.refresh_from_db()
    assert given.valid_to == today()


def test_grants_that_cannot_be_are_told_on_the_page(world: World, bureau: Client) -> None:
    address = reverse("grant", args=[world.own.user])
    sound = grant(world, world.own, "bureau")
    before = stored()
    for change, said in (
        ({"role": "station_chief"}, "不必重复授予"),
        ({"valid_to": sound["valid_from"]}, "止日"),
        ({"unit_code": "990102101"}, "990102101"),
        ({"role": "king"}, "king"),
    ):
        told = notices_of(bureau.post(address, sound | change, follow=True))
        assert said in "".join(told)
    assert stored() == before


def test_nobody_grants_themselves_anything(world: World, bureau: Client) -> None:
    before = stored()
    address = reverse("grant", args=[world.users["bureau"].pk])
    refused = bureau.post(address, grant(world, world.own, "bureau"))
    assert refused.status_code == 403
    assert "不能给自己授权" in text_of(refused)
    assert stored() == before


def test_a_grant_of_a_posting_ends_with_the_posting_only(world: World, bureau: Client) -> None:
    following = Grant.objects.get(posting_id=world.own.posting)
    before = stored()
    address = reverse("grant_end", args=[world.users["officer"].pk, following.pk])
    told = notices_of(bureau.post(address, {"reason": "试"}, follow=True))
    assert "随包村安排" in told[0]
    assert stored() == before


def test_a_new_first_password_must_be_changed(world: World, bureau: Client) -> None:
    sent = password(world, world.own, "bureau")
    address = reverse("user_password", args=[world.own.user])
    done = bureau.post(address, sent, follow=True)
    assert notices_of(done) == ["已重设。对方登录后须修改密码。"]
    changed = User.objects.get(pk=world.own.user)
    assert changed.must_change_password
    assert changed.check_password(str(sent["password"]))
    weak = bureau.post(address, {"password": "short"}, follow=True)
    assert notices_of(weak) != []


def test_a_closed_account_signs_in_no_more_until_it_is_opened(world: World, bureau: Client) -> None:
    address = reverse("user_switch", args=[world.own.user])
    open_session = Client()
    open_session.force_login(
        User.objects.get(pk=world.own.user),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    User.objects.filter(pk=world.own.user).update(must_change_password=False)
    assert open_session.get("/").status_code == 200
    assert bureau.post(address, closing(world, world.own, "bureau")).status_code == 302
    assert open_session.get("/").status_code == 302
    assert bureau.post(address, {"open": "1", "reason": "复职"}).status_code == 302
    assert User.objects.get(pk=world.own.user).is_active


def test_nobody_closes_their_own_account(world: World, bureau: Client) -> None:
    address = reverse("user_switch", args=[world.users["bureau"].pk])
    assert bureau.post(address, {"close": "1", "reason": "试"}).status_code == 403


def test_a_key_is_shown_once_and_kept_as_a_digest(world: World, bureau: Client) -> None:
    made = bureau.post(reverse("keys"), key(world, world.own, "bureau"))
    secret = made.context["secret"]
    assert secret.startswith("cj_")
    assert secret in text_of(made)
    assert secret not in text_of(bureau.get(reverse("keys")))
    token = ApiToken.objects.get(user=world.users["bureau"])
    assert secret not in {token.digest, token.prefix, token.name}
    assert bureau.post(reverse("key_revoke", args=[token.pk])).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "已吊销" in text_of(bureau.get(reverse("keys")))
    assert bureau.post(reverse("key_revoke", args=[token.pk])).status_code == 409


def test_a_key_without_an_end_or_too_long_is_refused(world: World, bureau: Client) -> None:
    before = stored()
    for day in ("", "2999-01-01", today().isoformat()):
        sent = key(world, world.own, "bureau") | {"expires_on": day}
        refused = bureau.post(reverse("keys"), sent)
        assert "expires_on" in errors_of(refused)
        assert refused.context["secret"] == ""
    assert stored() == before


def test_keys_of_others_are_not_listed(world: World) -> None:
    assert list(visitor(world, "officer").get(reverse("keys")).context["keys"]) == []


def test_an_administrator_makes_administrators_and_nothing_more(world: World) -> None:
    administrator = visitor(world, "administrator")
    address = reverse("grant", args=[world.own.user])
    sound = grant(world, world.own, "administrator")
    assert administrator.post(address, sound | {"role": "administrator"}).status_code == 302
    assert Grant.objects.filter(user=world.own.user, role="administrator").exists()
    assert administrator.post(address, sound).status_code == 403
