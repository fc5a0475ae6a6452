"""The vacancy board: villages nobody serves, or soon nobody, with the three best to take over."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cunjing.base.errors import Problem
from cunjing.coverage.queries import current_postings
from cunjing.coverage.uncovered import (
    UncoveredVillage,
    soon_uncovered_villages,
    uncovered_villages,
)
from cunjing.kernel.access import Actor
from cunjing.places.models import Unit, UnitKind
from cunjing.rostering.access import matching_units
from cunjing.rostering.actions.drafts import FEW, draft_of
from cunjing.rostering.models import DraftCause
from cunjing.rostering.solving import Choice, Ground, Solved, best_for, ground_of, solved_at
from cunjing.staffing.models import Staff, StaffRole

BEST = 3

Matched = tuple[Ground, Solved]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """A village without anyone, or soon so, and who would fit best, the best first."""

    village: UncoveredVillage
    soon: bool
    unit: Unit | None
    best: Sequence["Fit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Somebody who may serve the village, and what that costs the whole plan."""

    staff: Staff
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The vacancies of one duty; `role` is the one it is matched in; `trouble` says why nobody is
    proposed where nothing could be matched."""

    role: StaffRole
    rows: Sequence[Vacancy]
    trouble: str


def board(*, actor: Actor, roles: Iterable[StaffRole], within_days: int, on: date) -> Board:
    """The vacancies of the actor's villages in one duty, the longest wait first."""
    wanted = sorted(roles)
    now = uncovered_villages(actor=actor, roles=wanted, on=on)
    soon = soon_uncovered_villages(actor=actor, roles=wanted, within_days=within_days, on=on)
    role = usual_role(actor=actor, roles=wanted, on=on)
    rows = [(village, False) for village in now if village.next_from is None]
    rows += [(village, True) for village in soon if village.next_from is None]
    grounds, trouble = _grounds(actor=actor, role=role) if rows else ({}, "")
    return Board(
        role=role,
        rows=[
            _vacancy(village, soon=ahead, grounds=grounds, actor=actor) for village, ahead in rows
        ],
        trouble=trouble,
    )


def usual_role(*, actor: Actor, roles: Sequence[StaffRole], on: date) -> StaffRole:
    """The role most villages of the actor's are served in, of those that fulfil a duty."""
    held = Counter(current_postings(actor=actor, on=on, roles=roles).values_list("role", flat=True))
    return StaffRole(held.most_common(1)[0][0]) if held else StaffRole(roles[0])


def _grounds(*, actor: Actor, role: StaffRole) -> tuple[Mapping[str, Matched], str]:
    """What the vacancies are matched on, solved once however many there are: the county's
    villages, else each station's."""
    units = matching_units(actor=actor)
    wide = [unit for unit in units if unit.kind == UnitKind.COUNTY]
    found: dict[str, Matched] = {}
    trouble = ""
    for unit in wide or units:
        try:
            draft = draft_of(actor=actor, unit=unit, role=role, cause=DraftCause.VACANCY)
            ground = ground_of(draft)
        except Problem as problem:
            trouble = problem.detail
            continue
        found[unit.code] = ground, solved_at(ground, stability=FEW)
    return found, "" if found else trouble


def _vacancy(
    village: UncoveredVillage, *, soon: bool, grounds: Mapping[str, Matched], actor: Actor
) -> Vacancy:
    for unit_code, (ground, solved) in grounds.items():
        if village.code in ground.problem.villages:
            choices = best_for(ground, solved, village_code=village.code, count=BEST)
            people = Staff.objects.select_related("unit").in_bulk(
                [choice.staff_id for choice in choices]
            )
            by_id = {str(key): one for key, one in people.items()}
            return Vacancy(
                village=village,
                soon=soon,
                unit=Unit.objects.get(pk=unit_code),
                best=[Fit(staff=by_id[choice.staff_id], choice=choice) for choice in choices],
            )
    return Vacancy(village=village, soon=soon, unit=None, best=())
