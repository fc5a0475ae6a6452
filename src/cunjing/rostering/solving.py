"""From a draft's facts to the matcher and back: priced pairs, options, reasons, certificates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cunjing.base.clock import local_date
from cunjing.base.errors import conflict
from cunjing.planning.matching.balance import solve_balanced
from cunjing.planning.matching.balanced import Balanced, highest_of
from cunjing.planning.matching.certificate import certify
from cunjing.planning.matching.change import Option, option_at
from cunjing.planning.matching.inputs import Inputs
from cunjing.planning.matching.output import Plan
from cunjing.planning.matching.prices import INFINITE
from cunjing.planning.matching.problem import NOBODY, Problem
from cunjing.planning.matching.reasons import Reasons
from cunjing.planning.matching.solution import cost_of
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
from cunjing.rostering.models import DraftOption, MatchDraft
from cunjing.rostering.programme import known_policy

DISTANCE = "距离"
"""What the points by kilometre are called; the other rules are called as in the policy file."""

_CALLED = {**FIELDS, "per_km": DISTANCE}

SECONDS = 5.0
"""How long somebody waits for work to be shared evenly; what is not proven by then is said."""


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

    def check_possible(self, *, staff_id: str | None, village_code: str) -> None:
        """Raise Problem (409) with the reason where a person cannot get a village; any may be left
        vacant (None)."""
        if village_code not in self.problem.villages:
            raise conflict("草案里没有这个村。")
        if staff_id is None:
            return
        if staff_id not in self.problem.staff:
            raise conflict("草案里没有这个人。")
        refusals = self.refusals(staff_id=staff_id, village_code=village_code)
        if refusals:
            raise conflict(f"不能这样安排：{'；'.join(refusals)}。")
        if not self.problem.capacity[self.problem.staff.index(staff_id)]:
            raise conflict("此人没有名额：可包村数已满、填为0，或将离岗。")


@dataclass(frozen=True)
class Solved:
    """The cheapest plan at one price of change, with the answers to why not; where work was to be
    shared evenly, the plan that counts is `balanced`."""

    option: Option
    ground: Ground
    balanced: Balanced | None = None

    @cached_property
    def reasons(self) -> Reasons:
        """What every other choice would cost, measured at the cheapest plan."""
        return Reasons(self.option.problem, self.option.solution)

    @property
    def plan(self) -> Plan:
        """The plan as a folder of files has it."""
        return Plan(
            self.option.problem,
            self.option.solution,
            weighed=self.ground.weighed,
            about=self.ground.about,
            balanced=self.balanced,
        )

    @property
    def highest(self) -> int:
        """The highest workload of anybody, in the policy's units."""
        return highest_of(self.option.problem, self.plan.holder, self.ground.weighed.workload())

    @property
    def gap(self) -> int:
        """What a better plan might still be lower by; 0: there is none."""
        return self.option.solution.gap if self.balanced is None else self.balanced.slack

    @property
    def certificate(self) -> dict[str, Any]:
        """The proof that no plan is cheaper, as `certificate.json` has it."""
        plan = self.plan
        proof = certify(
            plan.problem,
            plan.solution,
            primal=plan.primal,
            about=plan.about,
            balance=None if self.balanced is None else self.balanced.as_dict(),
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
        raise conflict(f"{error.findings[0].message}。请换一个方案或岗位。") from error
    about = {"policy": policy.id, "policy_digest": policy.digest, "role": draft.role}
    return Ground(
        weighed=weighed,
        problem=_insisted(weighed.problem, forced=draft.forced),
        about={**about, "as_of": day.isoformat()},
    )


def solved_at(ground: Ground, *, stability: int, balance: bool = False) -> Solved:
    """The cheapest plan at a price for every village that changes hands; with `balance` the one
    that also keeps the highest workload low, at the policy's price for it."""
    solved = Solved(option=option_at(ground.problem, stability=stability), ground=ground)
    if not balance:
        return solved
    balanced = solve_balanced(
        solved.option.problem,
        solved.option.solution,
        workload=ground.weighed.workload(),
        price=ground.weighed.scales.matching.balance,
        seconds=SECONDS,
    )
    return replace(solved, balanced=balanced)


def kept_plan(ground: Ground, option: DraftOption) -> Solved:
    """The plan a draft keeps, with the proof made again.

    Raises Problem (409) where it would come out otherwise today: the policy's weights changed.
    """
    solved = solved_at(ground, stability=option.stability)
    staff_of = {one: place for place, one in enumerate(ground.problem.staff)}
    kept = [staff_of[line["staff"]] if line["staff"] else NOBODY for line in option.lines]
    holder = np.array(kept, dtype=np.int32)
    if option.balanced:
        balanced = Balanced(
            holder=holder,
            workload=ground.weighed.workload(),
            price=ground.weighed.scales.matching.balance,
            points=option.total,
            highest=option.highest,
            bound=0,
        )
        bound = balanced.objective - option.gap
        solved = replace(solved, balanced=replace(balanced, bound=bound))
    plan = solved.plan
    if (cost_of(plan.problem, holder), solved.highest) != (plan.primal, option.highest) or (
        plan.holder != holder
    ).any():
        raise conflict("方案的权重在草案生成后变过，证明对不上了。请重新匹配。")
    return solved


def lines_of(ground: Ground, solved: Solved, *, before: Mapping[str, str | None]) -> list[Line]:
    """The plan village by village. A village changes where somebody else is to hold it, and where
    its holder's end is laid down already (`before` names nobody then)."""
    problem, holder = ground.problem, solved.plan.holder
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


def _insisted(problem: Problem, *, forced: Sequence[Sequence[str | None]]) -> Problem:
    """The problem with the pairs and vacancies somebody insists on in place of what was laid down
    before."""
    if not forced:
        return problem
    problem = problem.left_vacant(str(code) for code, staff in forced if staff is None)
    villages = {
        problem.villages.index(str(code)): problem.staff.index(staff)
        for code, staff in forced
        if staff is not None
    }
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
