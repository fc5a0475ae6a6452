"""Reads of accounts: from a signed-in user to the actor every action asks for."""

from datetime import date

from django.db.models import Q

from cunjing.accounts.models import Grant, User
from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.base.clock import today
from cunjing.kernel.access import ActiveGrant, Actor


def grants_in_force(*, user: User, on: date | None = None) -> list[Grant]:
    """The grants of `user` valid on a day (default: today)."""
    day = on or today()
    return list(
        Grant.objects.filter(user=user, valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gt=day))
        .order_by("valid_from", "id")
    )


def actor_for(*, user: User, on: date | None = None) -> Actor:
    """The actor that `user` is today; an inactive user has no grants."""
    grants = grants_in_force(user=user, on=on) if user.is_active else []
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
