"""What the programme of a county asks of its coverage: which roles must serve every village."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cunjing.assessment import queries
from cunjing.kernel.access import Actor
from cunjing.policy.loader import load_policy
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
