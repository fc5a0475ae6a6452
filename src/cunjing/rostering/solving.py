"""From a draft's facts to the matcher and back: priced pairs, options, reasons, certificates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cunjing.base.clock import local_date
from cunjing.base.errors import conflict
from cunjing.planning.matching.certificate import certify
from cunjing.planning.matching.change import Option, option_at
from cunjing.planning.matching.inputs import Inputs
from cunjing.planning.matching.prices import INFINITE
from cunjing.planning.matching.problem import NOBODY, Problem
from cunjing.planning.matching.reasons import Reasons
from cunjing.planning.matching.weighed import Weighed, weigh
from cunjing.policy.enums import Role
from cunjing.policy.errors import RequestError
from cunjing.policy.records import (
    AdjacencyRow,
    BanRow,
    CandidateRow,
    PinRow,
    PostingRow,
    StaffRow,
    UnitRow,
    VillageFeatureRow,
    VillageRow,
    WishRow,
)
from cunjing.policy.revision import FIELDS
from cunjing.rostering.match_input import Tables, unpacked
from cunjing.rostering.models import MatchDraft
from cunjing.rostering.programme import known_policy

DISTANCE = "距离"
"""What the points by kilometre are called; the other rules are called as in the policy file."""

_CALLED = {**FIELDS, "per_km": DISTANCE}


@dataclass(frozen=True, slots=True)
class Part:
    """One rule and what it speaks for a pair: points above zero for it, below against."""

    label: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody who may serve a village: what forcing it would cost the whole plan, and why.
    `chosen`: the plan has it so."""

    staff_id: str
    chosen: bool
    extra: int
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One village of a plan; `points` speak for the pair, 0 where nobody holds it."""

    village_code: str
    staff_id: str | None
    points: int
    changed: bool


@dataclass(frozen=True)
class Ground:
    """What a draft is computed on, weighed by its policy; pairs somebody insists on are pinned."""

    weighed: Weighed
    problem: Problem
    about: Mapping[str, str]

    def parts(self, *, staff_id: str, village_code: str) -> list[Part]:
        """What each rule of the policy says of a pair, the weightiest first."""
        reasons, _ban = self.weighed.reasons(staff=staff_id, village=village_code)
        parts = [Part(_CALLED[one.rule], -one.points) for one in reasons]
        return sorted(parts, key=lambda part: -abs(part.points))

    def refusals(self, *, staff_id: str, village_code: str) -> list[str]:
        """Why a pair is not allowed at all; empty where it is."""
        _reasons, ban = self.weighed.reasons(staff=staff_id, village=village_code)
        return [] if ban is None else [str(ban.value)]

    def points(self, *, staff_id: str, village_code: str) -> int:
        """What all rules together speak for an allowed pair; 0 for any other."""
        pair = self.problem.pair_of(
            self.problem.villages.index(village_code), self.problem.staff.index(staff_id)
        )
        return 0 if pair is None else -int(self.problem.pair_points[pair])

    def check_possible(self, *, staff_id: str, village_code: str) -> None:
        """Raise Problem (409) with the reason where a person cannot get a village."""
        if village_code not in self.problem.villages or staff_id not in self.problem.staff:
            raise conflict("草案里没有这个村或这个人。")
        refusals = self.refusals(staff_id=staff_id, village_code=village_code)
        if refusals:
            raise conflict(f"不能这样安排：{'；'.join(refusals)}。")
        if not self.problem.capacity[self.problem.staff.index(staff_id)]:
            raise conflict("此人没有名额：可包村数已满、填为0，或将离岗。")


@dataclass(frozen=True)
class Solved:
    """The cheapest plan at one price of change, with the answers to why not."""

    option: Option
    about: Mapping[str, str]

    @cached_property
    def reasons(self) -> Reasons:
        """What every other choice would cost."""
        return Reasons(self.option.problem, self.option.solution)

    @property
    def certificate(self) -> dict[str, Any]:
        """The proof that no plan is cheaper, as `certificate.json` has it."""
        solution = self.option.solution
        proof = certify(
            self.option.problem,
            solution,
            primal=solution.primal,
            about=self.about,
            balance=None,
            digests={},
        )
        return proof.as_dict()


def ground_of(draft: MatchDraft) -> Ground:
    """What a draft was computed on. Raises Problem (409) where its policy does not say how."""
    policy = known_policy(draft.policy_id)
    if policy is None:
        raise conflict(f"方案 {draft.policy_id} 已不在本版本中，请重新匹配。")
    day = local_date(draft.made_at)
    try:
        weighed = weigh(inputs_of(unpacked(draft.facts)), policy, role=Role(draft.role), day=day)
    except RequestError as error:
        raise conflict(f"{error}。请换一个方案或岗位。") from error
    about = {"policy": policy.id, "policy_digest": policy.digest, "role": draft.role}
    return Ground(
        weighed=weighed,
        problem=_insisted(weighed.problem, forced=draft.forced),
        about={**about, "as_of": day.isoformat()},
    )


def solved_at(ground: Ground, *, stability: int) -> Solved:
    """The cheapest plan at a price for every village that changes hands."""
    return Solved(option=option_at(ground.problem, stability=stability), about=ground.about)


def lines_of(ground: Ground, solved: Solved, *, before: Mapping[str, str | None]) -> list[Line]:
    """The plan village by village. A village changes where somebody else is to hold it, and where
    its holder's end is laid down already (`before` names nobody then)."""
    problem, holder = ground.problem, solved.option.solution.holder
    lines = []
    for place, code in enumerate(problem.villages):
        number = int(holder[place])
        staff = None if number == NOBODY else problem.staff[number]
        lines.append(
            Line(
                village_code=code,
                staff_id=staff,
                points=ground.points(staff_id=staff, village_code=code) if staff else 0,
                changed=staff != before.get(code),
            )
        )
    return lines


def best_for(ground: Ground, solved: Solved, *, village_code: str, count: int) -> list[Choice]:
    """Who may serve a village, those first who cost the whole plan least."""
    problem = ground.problem
    place = problem.villages.index(village_code)
    start, stop = int(problem.first_pair[place]), int(problem.first_pair[place + 1])
    extra = solved.reasons.extra[start:stop]
    people, points = problem.pair_staff[start:stop], problem.pair_points[start:stop]
    holder = int(solved.option.solution.holder[place])
    order = np.lexsort((people, points, people != holder, extra))[:count]
    found = []
    for number in order:
        if extra[number] >= INFINITE:
            break
        staff = problem.staff[int(people[number])]
        found.append(
            Choice(
                staff_id=staff,
                chosen=int(people[number]) == holder,
                extra=int(extra[number]),
                parts=ground.parts(staff_id=staff, village_code=village_code),
            )
        )
    return found


def _insisted(problem: Problem, *, forced: Sequence[Sequence[str]]) -> Problem:
    """The problem with the pairs somebody insists on in place of what was laid down before."""
    if not forced:
        return problem
    villages = {problem.villages.index(code): problem.staff.index(staff) for code, staff in forced}
    kept = [pin for pin in problem.pins if pin[0] not in villages]
    return replace(problem, pins=tuple(sorted([*kept, *villages.items()])))


def inputs_of(tables: Tables) -> Inputs:
    """The tables as the matcher's rows: both are in the contract's column order."""
    return Inputs(
        villages=_rows(tables, VillageRow),
        staff=_rows(tables, StaffRow),
        postings=_rows(tables, PostingRow),
        candidates=_rows(tables, CandidateRow),
        units=_rows(tables, UnitRow),
        adjacency=_rows(tables, AdjacencyRow),
        wishes=_rows(tables, WishRow),
        features=_rows(tables, VillageFeatureRow),
        pins=_rows(tables, PinRow),
        bans=_rows(tables, BanRow),
    )


def _rows(tables: Tables, kind: Any) -> tuple[Any, ...]:
    return tuple(kind(*row) for row in tables[kind.table])
