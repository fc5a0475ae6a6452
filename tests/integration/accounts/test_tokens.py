"""Keys for programs."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.support.accounts_factories import make_user_with, signed_in
from tests.support.places_factories import County, found_policed_county

from cunjing.accounts.actions import deactivate_user
from cunjing.accounts.models import ApiToken, User
from cunjing.accounts.queries import actor_for, tokens_of
from cunjing.accounts.roles import Role
from cunjing.accounts.tokens import NewToken, authenticate_token, create_token, revoke_token
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.kernel.models import AuditEntry
from cunjing.kernel.permissions import Permission

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    found_policed_county(code="990102", name="他县")
    return found_policed_county()


@pytest.fixture
def owner(county: County) -> User:
    return make_user_with(Role.AUDITOR, username="reader", unit_code=county.code)


def made(owner: User) -> NewToken:
    return create_token(
        actor=actor_for(user=owner),
        user_id=owner.pk,
        name="月报程序",
        expires_on=today() + timedelta(days=30),
    )


def test_a_key_stands_for_its_owner(owner: User) -> None:
    actor = authenticate_token(token=made(owner).secret)
    assert actor.user_id == owner.pk
    assert actor.holds(Permission.FACTS_EXPORT)
    assert not actor.holds(Permission.USER_MANAGE)


def test_only_the_digest_is_kept(owner: User) -> None:
    new = made(owner)
    stored = ApiToken.objects.values().get()
    assert new.secret.startswith(stored["prefix"])
    assert new.secret not in {str(value) for value in stored.values()}
    assert len(stored["digest"]) == 64


def test_the_first_use_of_a_day_is_kept_once(owner: User) -> None:
    new = made(owner)
    authenticate_token(token=new.secret)
    authenticate_token(token=new.secret)
    assert ApiToken.objects.get().last_used_on == today()
    assert AuditEntry.objects.filter(reason="当日首次使用").count() == 1


def test_unknown_revoked_expired_and_closed_are_refused(owner: User, county: County) -> None:
    bureau = signed_in(Role.COUNTY_BUREAU, username="bureau", unit_code=county.code)
    revoked, expired, closed = made(owner), made(owner), made(owner)
    revoke_token(actor=bureau, token_id=revoked.token.pk, reason="泄露")
    with pytest.raises(Problem, match="已经吊销"):
        revoke_token(actor=bureau, token_id=revoked.token.pk, reason="再")
    ApiToken.objects.filter(pk=expired.token.pk).update(expires_at=timezone.now())
    for secret, said in ((revoked.secret, "无效"), (expired.secret, "过期"), ("cj_x", "无效")):
        with pytest.raises(Problem, match=said) as refused:
            authenticate_token(token=secret)
        assert refused.value.status == 401
    deactivate_user(actor=bureau, user_id=owner.pk, reason="调离")
    with pytest.raises(Problem, match="无效"):
        authenticate_token(token=closed.secret)


def test_another_county_makes_and_revokes_no_key(owner: User) -> None:
    new = made(owner)
    away = signed_in(Role.COUNTY_BUREAU, username="away", unit_code="990102")
    for attempt in (
        lambda: revoke_token(actor=away, token_id=new.token.pk, reason="试"),
        lambda: create_token(
            actor=away, user_id=owner.pk, name="偷", expires_on=today() + timedelta(days=1)
        ),
        lambda: tokens_of(actor=away, user_id=owner.pk),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.status == 404
    assert list(tokens_of(actor=actor_for(user=owner), user_id=owner.pk)) == [new.token]


def test_a_key_says_what_it_is_for_and_expires(owner: User) -> None:
    actor = actor_for(user=owner)
    for name, days, field in (
        (" ", 30, "name"),
        ("用", 0, "expires_on"),
        ("用", 400, "expires_on"),
    ):
        with pytest.raises(Problem) as refused:
            create_token(
                actor=actor,
                user_id=owner.pk,
                name=name,
                expires_on=today() + timedelta(days=days),
            )
        assert refused.value.faults[0].field == field
