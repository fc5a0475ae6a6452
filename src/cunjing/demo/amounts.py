"""How much somebody does in a month: most do their share, some fall short in one thing."""

from dataclasses import dataclass, replace
from math import ceil
from random import Random

from cunjing.demo.cast import Case
from cunjing.demo.months import FROZEN, OPEN
from cunjing.staffing.models import StaffRole

_SHORT = (
    (0.07, {"visits": 1}),
    (0.14, {"households": 13}),
    (0.20, {"information": 6}),
    (0.25, {"warnings": 0}),
    (0.28, {"visits": 1, "households": 9, "information": 4, "warnings": 0}),
)
"""Share of villages up to which a month looks like this; above the last, all is done."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Visits, households called at, items, warnings (0 or 1); `sessions` a chance per visit."""

    visits: int
    households: int
    information: int
    warnings: int
    sessions: float


def amounts_of(*, role: StaffRole, case: Case, place: int, share: float, luck: Random) -> Amounts:
    """What one person does in one village and month; `share` of the month they serve there."""
    fate = luck.random()
    if role is StaffRole.VILLAGE_AUXILIARY:
        return Amounts(luck.randint(1, 3), 0, 0, 0, 0.1)
    full = Amounts(
        visits=luck.randint(2, 4),
        households=luck.randint(20, 24),
        information=luck.randint(10, 12),
        warnings=1,
        sessions=0.25,
    )
    if case is Case.LATE_WARNING and place == FROZEN:
        return replace(full, warnings=0)
    if case is Case.WITHDRAWN_LATER and place == FROZEN:
        return replace(full, households=20)
    if case is Case.SILENT and place == OPEN:
        return Amounts(visits=1, households=7, information=3, warnings=0, sessions=0)
    if case is Case.PLAIN:
        for bound, lacking in _SHORT:
            if fate < bound:
                return replace(full, **lacking)
    return replace(
        full,
        visits=max(1, ceil(full.visits * share)),
        households=ceil(full.households * share),
        information=ceil(full.information * share),
    )
