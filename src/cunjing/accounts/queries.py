"""Reads of accounts: from a signed-in user to the actor every action asks for."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.accounts.models import ApiToken, Grant, User
from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.base.clock import today
from cunjing.base.errors import not_found
from cunjing.kernel.access import ActiveGrant, Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.places.access import jurisdiction_of


def grants_in_force(*, user: User, on: date | None = None) -> list[Grant]:
    """The grants of `user` valid on a day (default: today)."""
    day = on or today()
    return _held(user_id=user.pk, since=day, until=day)


def actor_for(*, user: User, on: date | None = None) -> Actor:
    """The actor that `user` is today; an inactive user has no grants."""
    grants = grants_in_force(user=user, on=on) if user.is_active else []
    return actor_of_grants(user=user, grants=grants)


def actor_since(*, user: User, since: date) -> Actor:
    """The actor with every grant that `user` has had on any day from `since` until today.

    For work that was written down when a grant held and arrives when it has ended.
    """
    grants = _held(user_id=user.pk, since=since, until=today()) if user.is_active else []
    return actor_of_grants(user=user, grants=grants)


@prepared
def _held(*, user_id: UUID, since: date, until: date) -> QuerySet[Grant]:
    """The grants somebody held on any day from `since` until `until`."""
    begun = Grant.objects.filter(user_id=user_id, valid_from__lte=until)
    return begun.filter(Q(valid_to=None) | Q(valid_to__gt=since)).order_by("valid_from", "id")


def actor_of_grants(*, user: User, grants: Iterable[Grant]) -> Actor:
    """The actor that `user` would be with these grants only."""
    return Actor(
        name=user.display_name,
        user_id=user.pk,
        grants=tuple(
            ActiveGrant(
                role=grant.role,
                permissions=PERMISSIONS_OF[Role(grant.role)],
                unit_code=grant.unit_code,
                village_code=grant.village_code,
            )
            for grant in grants
        ),
    )


def user_of(*, actor: Actor, user_id: UUID) -> User:
    """One account: one's own or a managed one; raises Problem (404) for any other."""
    user = _visible_users(actor=actor).filter(pk=user_id).first()
    if user is None:
        raise not_found("没有这个账号，或者不在您的管理范围内。")
    return user


def users(*, actor: Actor) -> QuerySet[User]:
    """The accounts `actor` manages, and their own, by login name."""
    return _visible_users(actor=actor).order_by("username")


def grants_of(*, actor: Actor, user_id: UUID) -> QuerySet[Grant]:
    """Every grant of a visible account, past ones too, newest first."""
    user = user_of(actor=actor, user_id=user_id)
    return user.grants.order_by("-valid_from", "id")


def tokens_of(*, actor: Actor, user_id: UUID) -> QuerySet[ApiToken]:
    """The keys of a visible account, newest first; the keys themselves are not kept."""
    user = user_of(actor=actor, user_id=user_id)
    return user.tokens.order_by("-created_at")


def people_with_role(*, role: Role, unit_codes: Iterable[str], on: date) -> dict[str, list[str]]:
    """Names of the active people who hold `role` over each unit on a day, by unit code."""
    rows = (
        Grant.objects.filter(role=role, unit_code__in=sorted(unit_codes), valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gt=on))
        .filter(user__is_active=True)
        .order_by("unit_code", "user__display_name")
        .values_list("unit_code", "user__display_name")
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for unit_code, name in rows:
        found.setdefault(unit_code, []).append(name)
    return found


def _visible_users(*, actor: Actor) -> QuerySet[User]:
    if actor.system:
        return User.objects.all()
    area = jurisdiction_of(actor=actor, permission=Permission.USER_MANAGE)
    return User.objects.filter(area.unit_q("unit_code") | Q(pk=actor.user_id))
