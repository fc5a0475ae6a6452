"""Who may manage whose account: jurisdiction first, then no more rights than one's own."""

from cunjing.accounts.models import Grant, User
from cunjing.accounts.queries import grants_in_force
from cunjing.accounts.roles import Role
from cunjing.accounts.rules import check_conferrable
from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_unit, check_village, jurisdiction_of


def rights_over(*, actor: Actor, unit_code: str, village_code: str) -> frozenset[Permission]:
    """Every right `actor` holds over one unit or one village."""
    held = set()
    for permission in Permission:
        area = jurisdiction_of(actor=actor, permission=permission)
        if (unit_code and unit_code in area.units) or (village_code and area.covers(village_code)):
            held.add(permission)
    return frozenset(held)


def check_may_confer(*, actor: Actor, role: Role, unit_code: str, village_code: str) -> None:
    """Raise unless `actor` manages accounts in that place and holds the role's rights there."""
    if unit_code:
        check_unit(actor=actor, permission=Permission.USER_MANAGE, unit_code=unit_code)
    else:
        check_village(actor=actor, permission=Permission.USER_MANAGE, village_code=village_code)
    held = rights_over(actor=actor, unit_code=unit_code, village_code=village_code)
    check_conferrable(role=role, held=held)


def check_manages(*, actor: Actor, user: User) -> None:
    """Raise unless `actor` looks after the account: it belongs to a unit of theirs."""
    if actor.system:
        return
    if not user.unit_code:
        raise not_found("没有这个账号，或者不在您的管理范围内。")
    check_unit(actor=actor, permission=Permission.USER_MANAGE, unit_code=user.unit_code)


def check_may_stand_in(*, actor: Actor, user: User) -> None:
    """Raise unless `actor` may set a password or make a key for `user`.

    Whoever can sign in as someone has their rights, so this needs every right the account has.
    """
    if actor.user_id == user.pk:
        return
    check_manages(actor=actor, user=user)
    for grant in grants_in_force(user=user):
        check_may_change(actor=actor, grant=grant)


def check_may_change(*, actor: Actor, grant: Grant) -> None:
    """Raise unless `actor` could have given this grant."""
    check_may_confer(
        actor=actor,
        role=Role(grant.role),
        unit_code=grant.unit_code,
        village_code=grant.village_code,
    )
