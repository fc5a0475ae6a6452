"""From facts and a policy to a problem: who may serve which village at what price, and why."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from cunjing.planning.matching.inputs import Inputs
from cunjing.planning.matching.problem import (
    NOBODY,
    Indices,
    Ints,
    Pairs,
    Problem,
    from_arrays,
)
from cunjing.planning.matching.weighing import Ban, Ground, Scales, make_ground
from cunjing.policy.enums import Role
from cunjing.policy.errors import RequestError
from cunjing.policy.matching import Matching
from cunjing.policy.model import DatedThreshold, Policy
from cunjing.policy.records import CandidateRow, StaffRow


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that speaks for a pair (points below zero) or against it."""

    rule: str
    points: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """A priced problem with what it came from. notes: what the result rests on (Chinese)."""

    problem: Problem
    scales: Scales
    people: dict[str, tuple[StaffRow, CandidateRow]]
    notes: tuple[str, ...]

    def reasons(self, *, staff: str, village: str) -> tuple[tuple[Reason, ...], Ban | None]:
        """Points by rule of one officer × village, those of 0 left out, and the ban if any.

        KeyError for whom or what the problem does not have."""
        place = self.scales.ground.index[village]
        scored = self.scales.score(*self.people[staff])
        found = ((rule, int(points[place])) for rule, points in sorted(scored.points.items()))
        return tuple(Reason(rule, points) for rule, points in found if points), scored.reason(place)

    def workload(self) -> Ints:
        """Each village's units of work by the policy's `load_*` numbers."""
        rules = self.scales.matching
        loads = [1] * len(self.problem.villages)
        for place, village in enumerate(self.scales.ground.villages):
            if feature := village.feature:
                troubles = (feature.disputes or 0) + (feature.hazards or 0)
                loads[place] += _units(feature.cases, each=rules.load_cases)
                loads[place] += _units(troubles, each=rules.load_troubles)
                loads[place] += _units(feature.population, each=rules.load_people)
        return np.array(loads, dtype=np.int64)


def _units(number: int | None, *, each: int) -> int:
    return (number or 0) // each if each else 0


def matching_of(policy: Policy, role: Role) -> Matching:
    """The policy's entry for a role. RequestError where it has none."""
    entry = policy.matching_for(role)
    if entry is None:
        known = "、".join(one for item in policy.matching for one in item.roles) or "没有"
        raise RequestError(f"政策 {policy.id} 的 matching 没有写 {role} 怎样挑人；写了的：{known}")
    return entry


def weigh(
    inputs: Inputs,
    policy: Policy,
    *,
    role: Role,
    day: date,
    stability: int = 0,
    early: int = 0,
) -> Weighed:
    """Every candidate of a role against every village that exists on a day.

    Candidates are the rows of `candidates` whose `staff.role` is the role and who are on duty.
    early: months before its limit at which a tenure counts as over.
    """
    rules = matching_of(policy, role)
    ground = make_ground(inputs, role=role, day=day)
    limit = tenure_limit(policy, rules, day=day)
    tenure_months = None if limit is None else limit - early
    scales = Scales(ground, rules, day=day, tenure_months=tenure_months)
    people = _people(inputs, role=role, day=day)
    ids = tuple(sorted(people))
    most = len(ground.villages)
    problem = from_arrays(
        villages=tuple(village.code for village in ground.villages),
        staff=ids,
        pairs=_pairs(scales, [people[one] for one in ids]),
        slots=[rules.slot_prices(min(people[one][1].capacity, most)) for one in ids],
        vacancy=np.full(len(ground.villages), rules.vacancy, dtype=np.int64),
        current=_current(ground, ids, day=day),
        pins=_pins(inputs, ground, ids),
        stability=stability,
    )
    return Weighed(problem, scales, people, tuple(_notes(inputs, ground, people, role=role)))


def _pairs(scales: Scales, people: list[tuple[StaffRow, CandidateRow]]) -> Pairs:
    villages = [np.zeros(0, dtype=np.int32)]
    staff = [np.zeros(0, dtype=np.int32)]
    points = [np.zeros(0, dtype=np.int64)]
    for number, one in enumerate(people):
        scored = scales.score(*one)
        allowed = np.flatnonzero(scored.ban == 0)
        villages.append(allowed.astype(np.int32))
        staff.append(np.full(len(allowed), number, dtype=np.int32))
        points.append(scored.total[allowed])
    return Pairs(np.concatenate(villages), np.concatenate(staff), np.concatenate(points))


def tenure_limit(policy: Policy, rules: Matching, *, day: date) -> int | None:
    """The months a policy allows in one village, as set on a day; None where it sets no limit."""
    held = (one.value for one in tenure_limits(policy, rules) if one.holds_on(day))
    limit = next(held, None)
    return limit if isinstance(limit, int) else None


def tenure_limits(policy: Policy, rules: Matching) -> tuple[DatedThreshold, ...]:
    """The months a policy allows in one village and when; empty where it sets no limit."""
    return () if rules.tenure is None else policy.parameter(rules.tenure).thresholds


def _people(inputs: Inputs, *, role: Role, day: date) -> dict[str, tuple[StaffRow, CandidateRow]]:
    staff = {row.staff_id: row for row in inputs.staff if row.role == role and _on_duty(row, day)}
    return {
        row.staff_id: (staff[row.staff_id], row)
        for row in inputs.candidates
        if row.staff_id in staff
    }


def _on_duty(row: StaffRow, day: date) -> bool:
    starts = row.on_duty_from is None or row.on_duty_from <= day
    return starts and (row.on_duty_to is None or day < row.on_duty_to)


def _current(ground: Ground, ids: tuple[str, ...], *, day: date) -> Indices:
    """The holder of each village on a day; of several the one who came last."""
    number = {one: place for place, one in enumerate(ids)}
    current = np.full(len(ground.villages), NOBODY, dtype=np.int32)
    since: dict[int, date] = {}
    for one in ids:
        for tenure in ground.tenures.get(one, ()):
            place = ground.index.get(tenure.village)
            if place is None or not tenure.holds_on(day):
                continue
            if place not in since or tenure.start > since[place]:
                since[place] = tenure.start
                current[place] = number[one]
    return current


def _pins(inputs: Inputs, ground: Ground, ids: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    number = {one: place for place, one in enumerate(ids)}
    return tuple(
        sorted(
            (ground.index[pin.village_code], number[pin.staff_id])
            for pin in inputs.pins
            if pin.village_code in ground.index and pin.staff_id in number
        )
    )


def _notes(
    inputs: Inputs,
    ground: Ground,
    people: dict[str, tuple[StaffRow, CandidateRow]],
    *,
    role: Role,
) -> list[str]:
    notes = []
    if not people:
        notes.append(f"candidates 表里没有在岗的 {role}，所有的村都会空缺")
    lost = [pin.staff_id for pin in inputs.pins if pin.staff_id not in people]
    if lost:
        notes.append(f"pins 里有{len(lost)}行的人不在候选人里，没有采用：{'、'.join(lost[:5])}")
    placeless = int(np.isnan(ground.longitude + ground.latitude).sum())
    if placeless:
        notes.append(f"有{placeless}个村没有坐标，距离按政策的 unknown_km 算")
    homeless = sum(one.longitude is None or one.latitude is None for _, one in people.values())
    if homeless:
        notes.append(f"有{homeless}名候选人没有坐标，距离按政策的 unknown_km 算")
    return notes
