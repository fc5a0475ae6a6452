"""How many days of a period somebody was there, and what that makes of what is asked of them.

Looked up when a verdict is explained, whatever engine gave it: whoever reads that less was asked,
or nothing, can add it up again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cunjing.policy.duck.subject import find_attendance
from cunjing.policy.enums import Operator, VerdictKind
from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import Period, start_of_day
from cunjing.policy.records import AbsenceRow, PostingRow
from cunjing.policy.reference_world import World, available_days, days_in_period, world_of
from cunjing.policy.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Attendance:
    """A posting in a period: `posted` of its `whole` days, of these `absent` away.

    `since` and `until` (exclusive, None = open) are the posting's, `away` the absences (half-open)
    that touch it in the period; those that overlap take a day off once.
    """

    whole: int
    posted: int
    absent: int
    since: date
    until: date | None
    away: tuple[tuple[date, date], ...] = ()

    @property
    def available(self) -> int:
        """The days that count."""
        return self.posted - self.absent


def attendance(facts: Facts, *, rule: Rule, subject: str, period: Period) -> Attendance | None:
    """A posting's; None where a rule asks no less of whoever was not there, or there is none."""
    if not rule.prorated:
        return None
    return attendances(facts, postings=[subject], period=period).get(subject)


def attendances(
    facts: Facts, *, postings: Sequence[str], period: Period
) -> Mapping[str, Attendance]:
    """That of each of these postings, by its id; without those that are not there."""
    held, away = find_attendance(facts, postings=postings)
    rows: dict[type, list[Any]] = {PostingRow: held, AbsenceRow: away}
    world = world_of(
        lambda record: rows.get(record, []),
        has_sync=False,
        period=period,
        as_of=start_of_day(period.end),
    )
    each = ((subject, _of_posting(world, subject)) for subject in postings)
    return {subject: there for subject, there in each if there is not None}


def _of_posting(world: World, subject: str) -> Attendance | None:
    posting = next((one for one in world.postings if one.posting_id == subject), None)
    if posting is None:
        return None
    period = world.period
    posted = days_in_period(start=posting.valid_from, end=posting.valid_to, period=period)
    away = {
        (item.date_from, item.date_to)
        for item in world.absences_of[posting.staff_id]
        if any(item.date_from <= day < item.date_to for day in posted)
    }
    return Attendance(
        whole=period.days,
        posted=len(posted),
        absent=len(posted) - available_days(world, posting),
        since=posting.valid_from,
        until=posting.valid_to,
        away=tuple(sorted(away)),
    )


def worked_out(
    policy: Policy, rule: Rule, verdict: Verdict, *, period: Period, there: Attendance
) -> str:
    """The sum behind `exempt`, or behind a threshold of less; empty where nothing was taken off."""
    if there.available == there.whole:
        return ""
    least = policy.minimum_days[period.kind]
    days = f"本期共{there.whole}天，任职{there.posted}天"
    if there.absent:
        days += f"，其中请假{there.absent}天，在岗{there.available}天"
    if verdict.verdict is VerdictKind.EXEMPT:
        return f"{days}；不足{least}天，免考"
    full = verdict.threshold_full
    if rule.operator is not Operator.AT_LEAST or not isinstance(full, int):
        return ""
    quotient, rest = divmod(full * there.available, there.whole)
    division = f"{full}×{there.available}÷{there.whole}＝{quotient}"
    if rest:
        division += f"余{rest}，有余数进一"
    return f"{days}；{division}，应有{verdict.threshold}{rule.unit}"
