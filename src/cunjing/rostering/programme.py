"""The policy whose weights and rules match and plan a unit's villages."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from cunjing.assessment.queries import programmes_in_force
from cunjing.base.errors import conflict
from cunjing.places.models import Unit, UnitKind, VillageUnit
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.measures import PostingCount
from cunjing.policy.model import Policy


def policy_of(unit: Unit, *, on: date) -> Policy | None:
    """The shipped policy in force for the unit's villages on a day; None where there is none.

    Where a unit's villages lie under several programmes, that of the first village.
    """
    code = _place_of(unit)
    for programme in programmes_in_force(on=on).order_by("-prefix"):
        if code.startswith(programme.prefix) or programme.prefix.startswith(code or "-"):
            return known_policy(programme.policy_id)
    return None


def known_policy(policy_id: str) -> Policy | None:
    """A shipped policy by its id, read once; None for an id this version does not ship."""
    return _loaded(policy_id) if policy_id in known_ids() else None


def matching_policy(unit: Unit, *, on: date) -> Policy:
    """The policy whose weights match a unit's villages; 409 where no programme holds there."""
    policy = policy_of(unit, on=on)
    if policy is None:
        raise conflict("本地还没有设定方案，不知道按什么匹配。请县局先设定考评方案。")
    return policy


def matching_policies() -> list[Policy]:
    """The shipped policies that say how to match, by id."""
    found = [policy for one in known_ids() if (policy := known_policy(one)) is not None]
    return [policy for policy in found if policy.matching]


def covering_roles(policy_id: str, *, role: str) -> frozenset[str]:
    """The roles that cover a village as well as `role` does, by the coverage rules of a policy."""
    policy = known_policy(policy_id)
    found = {role}
    for rule in policy.rules if policy else ():
        named = {one.value for one in rule.subject.roles}
        if isinstance(rule.measure, PostingCount) and role in named:
            found |= named
    return frozenset(found)


def known_ids() -> Sequence[str]:
    """The ids of the shipped policies."""
    return tuple(shipped_policies())


@lru_cache(maxsize=16)
def _loaded(policy_id: str) -> Policy:
    return load_policy(policy_id)


def _place_of(unit: Unit) -> str:
    if unit.kind == UnitKind.COUNTY:
        return unit.division_code
    row = VillageUnit.objects.filter(unit=unit, valid_to=None).order_by("village_id").first()
    return row.village_id if row else unit.division_code
