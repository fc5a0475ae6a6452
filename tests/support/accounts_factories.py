"""Accounts made by the product's own actions."""

from datetime import date

from tests.support.places_factories import system

from cunjing.accounts.actions import create_user, grant_role
from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.kernel.access import Actor

PASSWORD = "Shi-Fan-2026"
BEGAN = date(2026, 1, 1)


def make_user(username: str, *, unit_code: str, name: str = "示例甲") -> User:
    """An account without grants, looked after by a unit."""
    return create_user(
        actor=system(),
        username=username,
        display_name=name,
        password=PASSWORD,
        unit_code=unit_code,
    )


def make_user_with(role: Role, *, username: str, unit_code: str, name: str = "示例甲") -> User:
    """An account with one role over its unit since the beginning of 2026."""
    user = make_user(username, unit_code=unit_code, name=name)
    grant_role(actor=system(), user_id=user.pk, role=role, unit_code=unit_code, valid_from=BEGAN)
    return user


def signed_in(role: Role, *, username: str, unit_code: str, name: str = "示例甲") -> Actor:
    """The actor that such an account is today."""
    return actor_for(user=make_user_with(role, username=username, unit_code=unit_code, name=name))
