"""Policies as the console needs them: one by its id, what a programme asks of its coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cunjing.assessment import queries
from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.policy.cases import Case, find_cases
from cunjing.policy.loader import find_policy, load_policy, shipped_policies
from cunjing.policy.measures import PostingCount
from cunjing.policy.model import Policy
from cunjing.staffing.models import OFFICER_ROLES, StaffRole


@dataclass(frozen=True, slots=True)
class CoverageDuty:
    """One kind of coverage: its title in the policy and the roles that fulfil it."""

    title: str
    clause: str
    roles: frozenset[StaffRole]


WITHOUT_PROGRAMME = (CoverageDuty(title="民警包村驻村", clause="", roles=OFFICER_ROLES),)


def coverage_duties(*, actor: Actor, on: date) -> Sequence[CoverageDuty]:
    """The coverage rules of the programmes in force; officers of any kind where there is none."""
    found: list[CoverageDuty] = []
    for programme in queries.programmes(actor=actor):
        if programme.valid_from > on or (programme.valid_to and programme.valid_to <= on):
            continue
        found += [duty for duty in _duties(programme.policy_id) if duty not in found]
    return found or WITHOUT_PROGRAMME


@lru_cache(maxsize=16)
def shipped_policy(policy_id: str) -> Policy:
    """A shipped policy, read once: its file changes only with a new version of the product."""
    return load_policy(policy_id)


def known_policy(policy_id: str) -> Policy:
    """The shipped policy of this id. Raises 404 where there is none.

    Only shipped ids: the loader also takes paths, which a reader must not name.
    """
    if policy_id not in shipped_policies():
        raise not_found("没有这个考评方案。")
    return shipped_policy(policy_id)


@lru_cache(maxsize=256)
def shipped_cases(policy_id: str, rule_id: str) -> Sequence[Case]:
    """The cases that show what a rule of a shipped policy means."""
    path, policy = find_policy(policy_id), shipped_policy(policy_id)
    found = find_cases(path, policy, policy.rule(rule_id)) if path else None
    return found.cases if found else ()


def _duties(policy_id: str) -> list[CoverageDuty]:
    return [
        CoverageDuty(
            title=rule.title,
            clause=rule.clause,
            roles=frozenset(StaffRole(role.value) for role in rule.subject.roles),
        )
        for rule in shipped_policy(policy_id).rules
        if isinstance(rule.measure, PostingCount)
    ]
