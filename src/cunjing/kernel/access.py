"""Who acts, with which rights, over which villages. Values only; `places.access` resolves them.

A jurisdiction is a set of villages written as code prefixes (a county is `532323`), single village
codes and unit codes. It scopes a query, a page, an API answer and an export in the same way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from cunjing.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class ActiveGrant:
    """One grant in force today: the rights of its role, over one unit or one village."""

    role: str
    permissions: frozenset[Permission]
    unit_code: str = ""
    village_code: str = ""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Where a right holds: `prefixes` of village codes, single `villages`, `units`."""

    prefixes: frozenset[str] = frozenset()
    villages: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def covers(self, village_code: str) -> bool:
        """Whether the village lies inside."""
        return village_code in self.villages or any(
            village_code.startswith(prefix) for prefix in self.prefixes
        )

    def q(self, field_name: str = "village_id") -> Q:
        """A filter on a column that holds a village code; an empty jurisdiction matches nothing.

        Prefixes become half-open ranges, since SQLite cannot use an index for Django's LIKE.
        """
        condition = Q(**{f"{field_name}__in": sorted(self.villages)})
        for prefix in sorted(self.prefixes):
            condition |= Q(**{f"{field_name}__gte": prefix, f"{field_name}__lt": _after(prefix)})
        return condition

    def unit_q(self, field_name: str = "unit_id") -> Q:
        """A filter on a column that holds a unit code."""
        return Q(**{f"{field_name}__in": sorted(self.units)})

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.villages or self.units)

    def __or__(self, other: "Jurisdiction") -> "Jurisdiction":
        return Jurisdiction(
            self.prefixes | other.prefixes, self.villages | other.villages, self.units | other.units
        )


def _after(prefix: str) -> str:
    """The first string after every string that starts with this digit prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a signed-in person or a named job of the system.

    `resolved` remembers resolved jurisdictions while this actor lives (one request, one job run).
    """

    name: str
    user_id: UUID | None = None
    grants: tuple[ActiveGrant, ...] = ()
    system: bool = False
    resolved: dict[Permission, Jurisdiction] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def for_system(cls, job: str) -> "Actor":
        """The system itself, named by the job that runs; it holds every right everywhere."""
        return cls(name=job, system=True)

    def holds(self, permission: Permission) -> bool:
        """Whether any grant carries this right, anywhere."""
        return self.system or any(permission in grant.permissions for grant in self.grants)

    def holds_any(self, permissions: Iterable[Permission]) -> bool:
        """Whether any grant carries one of these rights, anywhere."""
        return any(self.holds(permission) for permission in permissions)
