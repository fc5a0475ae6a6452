"""The rotation of a role over the coming months (A8: never long in one village).

Month after month, on its first day: whoever has served as long as the policy allows, or whose duty
ends within the month, must hand over. The villages are matched anew with a high price for every one
that changes hands, so that few others move; swaps happen on one day and leave no gap. Where that
leaves a village uncovered, the months are walked again with tenures ended some months earlier,
which gives people to swap with. The walk that leaves the fewest village-months uncovered is taken,
of equal ones the one with the fewest moves.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cunjing.planning.matching.inputs import Inputs
from cunjing.planning.matching.problem import NOBODY
from cunjing.planning.matching.solve import solve
from cunjing.planning.matching.weighed import Weighed, matching_of, tenure_limits, weigh
from cunjing.planning.matching.weighing import Ban
from cunjing.planning.tenures import full_on, tenures_of
from cunjing.policy.enums import Role
from cunjing.policy.model import DatedThreshold, Policy
from cunjing.policy.periods import add_months
from cunjing.policy.records import PostingRow

MONTHS = 12
PRICE_OF_MOVING = 1_000
"""Points for every village that changes hands: above what weights and distances differ by."""

EARLIER = (0, 1, 3, 6)
"""Months before their limit that tenures end in the walks tried, one after the other."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A village changes hands on a day; None = nobody. reason: why (Chinese)."""

    day: date
    village: str
    before: str | None
    after: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A village nobody serves in the month that begins on a day, and why (Chinese)."""

    month: date
    village: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """Whoever holds a village today and will have served as long as the policy allows, from when on
    they are to hand over at the next first of a month."""

    staff: str
    village: str
    reached: date


@dataclass(frozen=True, slots=True)
class RotationPlan:
    """handovers by day and village; uncovered by month and village; postings: those that the plan
    ends with, so that it can be judged like real ones. early: months tenures were ended earlier."""

    handovers: tuple[Handover, ...]
    uncovered: tuple[Uncovered, ...]
    deadlines: tuple[Deadline, ...]
    postings: tuple[PostingRow, ...]
    months: tuple[date, ...]
    early: int

    @property
    def possible(self) -> bool:
        """Whether every village is covered all the time."""
        return not self.uncovered


def plan_rotation(
    inputs: Inputs, policy: Policy, *, role: Role, day: date, months: int = MONTHS
) -> RotationPlan:
    """The rotation from the first of the month after `day` on (from `day` if it is a first).

    RequestError where the policy's matching has no entry for the role.
    """
    limits = tenure_limits(policy, matching_of(policy, role))
    shortest = min((one.value for one in limits if isinstance(one.value, int)), default=None)
    first = day if day.day == 1 else add_months(day.replace(day=1), 1)
    days = tuple(add_months(first, number) for number in range(months))
    best: RotationPlan | None = None
    for early in EARLIER if shortest is not None else (0,):
        if shortest is not None and early >= shortest:
            break
        walked = _walk(inputs, policy, role=role, days=days, early=early)
        plan = replace(walked, deadlines=_deadlines(inputs, role, limits, day=day, until=days[-1]))
        if best is None or _worth(plan) < _worth(best):
            best = plan
        if best.possible:
            break
    if best is None:  # pragma: no cover - there is always a walk with nothing earlier
        raise AssertionError(limits)
    return best


def _worth(plan: RotationPlan) -> tuple[int, int]:
    return len(plan.uncovered), len(plan.handovers)


def _walk(
    inputs: Inputs, policy: Policy, *, role: Role, days: Sequence[date], early: int
) -> RotationPlan:
    postings = list(inputs.postings)
    handovers: list[Handover] = []
    uncovered: list[Uncovered] = []
    for day in days:
        here = _present(replace(inputs, postings=tuple(postings)), role=role, day=day)
        held = _holders(postings, role=role, day=day)
        weighed = weigh(here, policy, role=role, day=day, stability=PRICE_OF_MOVING)
        due = _due(weighed, held)
        missing = [code for code in weighed.problem.villages if code not in held]
        if due or missing:
            if due and early:
                weighed = weigh(
                    here, policy, role=role, day=day, stability=PRICE_OF_MOVING, early=early
                )
            changed = list(_handovers(weighed, held, due, day=day))
            postings = list(_carried_out(postings, changed, role=role))
            handovers += changed
            held = _holders(postings, role=role, day=day)
        for code in weighed.problem.villages:
            if code not in held:
                uncovered.append(Uncovered(day, code, _why(weighed, code)))
    return RotationPlan(
        handovers=tuple(handovers),
        uncovered=tuple(uncovered),
        deadlines=(),
        postings=tuple(postings),
        months=tuple(days),
        early=early,
    )


def _present(inputs: Inputs, *, role: Role, day: date) -> Inputs:
    """Without those whose duty begins later or ends within the month."""
    end = add_months(day, 1)
    staff = tuple(row for row in inputs.staff if row.on_duty_to is None or row.on_duty_to >= end)
    return replace(inputs, staff=staff)


def _holders(postings: Sequence[PostingRow], *, role: Role, day: date) -> dict[str, str]:
    """Village -> who serves it on a day; of several who came last."""
    held: dict[str, tuple[date, str]] = {}
    for tenure in tenures_of(postings, role=role):
        if tenure.holds_on(day):
            held[tenure.village] = max(
                held.get(tenure.village, (date.min, "")), (tenure.start, tenure.staff)
            )
    return {code: staff for code, (_, staff) in held.items()}


def _due(weighed: Weighed, held: dict[str, str]) -> dict[str, str]:
    """Village -> why its holder must hand over."""
    due = {}
    for code, staff in sorted(held.items()):
        if code not in weighed.scales.ground.index:
            continue
        if staff not in weighed.people:
            due[code] = "本人离岗或不在候选人里"
            continue
        ban = weighed.reasons(staff=staff, village=code)[1]
        if ban is not None:
            due[code] = ban.value
    return due


def _handovers(
    weighed: Weighed, held: dict[str, str], due: dict[str, str], *, day: date
) -> Iterator[Handover]:
    problem, holder = weighed.problem, solve(weighed.problem).holder
    for place, code in enumerate(problem.villages):
        after = None if holder[place] == NOBODY else problem.staff[int(holder[place])]
        before = held.get(code)
        if before == after:
            continue
        if code in due:
            reason = due[code]
        elif before is None:
            reason = "补上空缺"
        else:
            reason = "腾出人来，和别的村对调"
        yield Handover(day, code, before, after, reason)


def _carried_out(
    postings: Sequence[PostingRow], changed: Sequence[Handover], *, role: Role
) -> Iterator[PostingRow]:
    """The postings after the handovers of one day: the old one ends the day the new one starts."""
    moved = {handover.village: handover for handover in changed}
    for row in postings:
        handover = moved.get(row.village_code) if row.role == role else None
        going = row.valid_to is None or (handover and row.valid_to > handover.day)
        if handover and going and row.valid_from < handover.day:
            yield replace(row, valid_to=handover.day)
        elif handover is None or row.valid_from < handover.day or not going:
            yield row
    for handover in changed:
        if handover.after is not None:
            name = f"{handover.village}-{handover.day}"
            yield PostingRow(name, handover.village, handover.after, role, handover.day, None)


def _why(weighed: Weighed, code: str) -> str:
    bans = Counter(weighed.reasons(staff=one, village=code)[1] for one in weighed.problem.staff)
    able = bans.pop(None, 0)
    said = "；".join(
        f"{ban}{number}人" for ban, number in bans.most_common() if isinstance(ban, Ban)
    )
    if able:
        return f"可以去的{able}人都另有村" + (f"，其余：{said}" if said else "")
    return f"没有一个人可以去：{said}" if said else "没有候选人"


def _deadlines(
    inputs: Inputs, role: Role, limits: Sequence[DatedThreshold], *, day: date, until: date
) -> tuple[Deadline, ...]:
    """Those who reach the limit before the plan ends, the soonest first."""
    found = []
    for tenure in tenures_of(inputs.postings, role=role):
        reached = full_on(tenure, limits=limits)
        if reached is not None and tenure.holds_on(day) and reached < add_months(until, 1):
            found.append(Deadline(tenure.staff, tenure.village, reached))
    return tuple(sorted(found, key=lambda one: (one.reached, one.village)))
