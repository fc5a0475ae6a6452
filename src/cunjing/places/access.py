"""From grants to villages: the one place where a jurisdiction is resolved and checked.

A county grant holds over its division's code prefix and the units below it. A station or bureau
unit holds over the villages that the dated village → unit table gives it today, so stations that do
not follow a township are right, and over those that were merged into them: what is left of these is
its affair. A village grant (from a posting) holds over that village, and no other.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from cunjing.base.clock import today
from cunjing.base.errors import Problem, forbidden, not_found
from cunjing.kernel.access import Actor, Jurisdiction
from cunjing.kernel.permissions import Permission
from cunjing.places.merged import villages_of_unit
from cunjing.places.models import Unit, UnitKind

EVERYWHERE = Jurisdiction(prefixes=frozenset("123456789"))


def jurisdiction_of(*, actor: Actor, permission: Permission) -> Jurisdiction:
    """The villages and units over which `actor` holds `permission` today."""
    if permission not in actor.resolved:
        actor.resolved[permission] = _resolve(actor=actor, permission=permission, on=today())
    return actor.resolved[permission]


def check_village(*, actor: Actor, permission: Permission, village_code: str) -> None:
    """Raise unless `actor` holds `permission` over the village.

    A stranger gets 404 and learns nothing; a reader of the village without this right gets 403.
    """
    if jurisdiction_of(actor=actor, permission=permission).covers(village_code):
        return
    if jurisdiction_of(actor=actor, permission=Permission.VILLAGE_READ).covers(village_code):
        raise forbidden(f"您在本村没有“{permission.label}”的权限，如需办理请联系派出所或县局。")
    raise not_found("没有这个村，或者不在您的辖区内。")


def check_unit(*, actor: Actor, permission: Permission, unit_code: str) -> None:
    """Raise unless `actor` holds `permission` over the unit, as `check_village` does."""
    if actor.system or unit_code in _units(actor=actor, permission=permission):
        return
    if unit_code in _units(actor=actor, permission=Permission.VILLAGE_READ):
        raise forbidden(f"您在本单位没有“{permission.label}”的权限，如需办理请联系县局。")
    raise not_found("没有这个单位，或者不在您的辖区内。")


def check_division(*, actor: Actor, permission: Permission, code: str) -> None:
    """Raise unless `actor` holds `permission` over the whole division (a prefix of its villages).

    A reader of the division without this right gets 403, a stranger 404.
    """
    if jurisdiction_of(actor=actor, permission=permission).covers(code):
        return
    if jurisdiction_of(actor=actor, permission=Permission.VILLAGE_READ).covers(code):
        raise forbidden(f"您在本辖区没有“{permission.label}”的权限，如需办理请联系县局。")
    raise not_found("没有这个区划，或者不在您的辖区内。")


def visible(*, actor: Actor, permission: Permission, field_name: str) -> Q:
    """The filter on a column of village codes; none at all for someone who sees everything."""
    reach = jurisdiction_of(actor=actor, permission=permission)
    return Q() if reach.prefixes >= EVERYWHERE.prefixes else reach.q(field_name)


def why_not(*, actor: Actor, permission: Permission) -> str:
    """Empty where `actor` holds the right somewhere, else the tooltip of the disabled button."""
    if actor.holds(permission):
        return ""
    return f"您没有“{permission.label}”的权限，如需办理请联系派出所或县局。"


def why_not_village(*, actor: Actor, permission: Permission, village_code: str) -> str:
    """Empty where `actor` holds the right over this village, else the disabled button's tooltip."""
    try:
        check_village(actor=actor, permission=permission, village_code=village_code)
    except Problem as problem:
        return problem.detail
    return ""


def why_not_unit(*, actor: Actor, permission: Permission, unit_code: str) -> str:
    """Empty where `actor` holds the right over this unit, else the disabled button's tooltip."""
    try:
        check_unit(actor=actor, permission=permission, unit_code=unit_code)
    except Problem as problem:
        return problem.detail
    return ""


def _units(*, actor: Actor, permission: Permission) -> Iterable[str]:
    return jurisdiction_of(actor=actor, permission=permission).units


def _resolve(*, actor: Actor, permission: Permission, on: date) -> Jurisdiction:
    if actor.system:
        units = frozenset(Unit.objects.values_list("code", flat=True))
        return Jurisdiction(prefixes=EVERYWHERE.prefixes, units=units)
    grants = [grant for grant in actor.grants if permission in grant.permissions]
    villages = Jurisdiction(villages=frozenset(g.village_code for g in grants if g.village_code))
    codes = {g.unit_code for g in grants if g.unit_code}
    result = villages
    # A phone's person holds villages only: to ask for no units is to compile a query for nothing.
    for unit in Unit.objects.filter(code__in=codes) if codes else ():
        result |= _of_unit(unit=unit, on=on)
    return result


def _of_unit(*, unit: Unit, on: date) -> Jurisdiction:
    if unit.kind == UnitKind.COUNTY and unit.division_code:
        prefix = Jurisdiction(prefixes=frozenset({unit.division_code}))
        parts = Q(code=unit.code) | Q(parent=unit) | Q(parent__parent=unit)
        below = Unit.objects.filter(prefix.q("division_code") | parts)
        codes = frozenset(below.values_list("code", flat=True))
        return Jurisdiction(prefixes=prefix.prefixes, units=codes)
    return Jurisdiction(villages=villages_of_unit(unit.code, on=on), units=frozenset({unit.code}))
