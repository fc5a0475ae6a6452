"""Who should follow whom over the next months, so that nobody stays longer than the policy allows
and no village is left: the matching of each month's first day, changing only what has to change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cunjing.planning.matching.change import Option, option_at
from cunjing.planning.matching.inputs import Inputs
from cunjing.planning.matching.problem import NOBODY
from cunjing.planning.matching.weighed import weigh
from cunjing.policy.enums import Role
from cunjing.policy.model import Policy
from cunjing.policy.records import PostingRow

KEEP = 1000
"""The price of a change: above what any rule weighs, below what a vacancy costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One village that changes hands on a day. `before` None: it stood vacant; `after` None: nobody
    may follow, the village falls vacant."""

    day: date
    village_code: str
    before: str | None
    after: str | None


def rotation_plan(
    inputs: Inputs, policy: Policy, *, role: Role, days: Sequence[date]
) -> list[Handover]:
    """The handovers of each of `days` in turn, each planned on what those before have made of it.

    A village that stands vacant on the first day and stays so is not listed.
    """
    found: list[Handover] = []
    for day in days:
        weighed = weigh(inputs, policy, role=role, day=day)
        option = option_at(weighed.problem, stability=KEEP)
        changes = _changes(option, day=day)
        found += changes
        inputs = replace(inputs, postings=_carried_out(inputs.postings, changes, role=role))
    return found


def _changes(option: Option, *, day: date) -> list[Handover]:
    problem, holder = option.problem, option.solution.holder
    changes = []
    for place, code in enumerate(problem.villages):
        before, after = int(problem.current[place]), int(holder[place])
        if before != after:
            changes.append(
                Handover(
                    day=day,
                    village_code=code,
                    before=None if before == NOBODY else problem.staff[before],
                    after=None if after == NOBODY else problem.staff[after],
                )
            )
    return changes


def _carried_out(
    postings: Sequence[PostingRow], changes: Sequence[Handover], *, role: Role
) -> tuple[PostingRow, ...]:
    """The postings as they are once the handovers have happened."""
    left = {change.village_code: change.day for change in changes}
    kept = [_ended(row, on=left.get(row.village_code), role=role) for row in postings]
    opened = [
        PostingRow(
            posting_id=f"{change.village_code}/{change.day}",
            village_code=change.village_code,
            staff_id=change.after,
            role=role,
            valid_from=change.day,
            valid_to=None,
        )
        for change in changes
        if change.after is not None
    ]
    return (*kept, *opened)


def _ended(row: PostingRow, *, on: date | None, role: Role) -> PostingRow:
    lasting = row.valid_to is None or (on is not None and row.valid_to > on)
    if on is None or row.role != role or not lasting or row.valid_from >= on:
        return row
    return replace(row, valid_to=on)
