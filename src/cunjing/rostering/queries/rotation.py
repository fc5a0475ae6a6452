"""When auxiliaries have served one village as long as the policy allows (Suzhou 二(二))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.models import UnitKind, Village
from cunjing.planning.matching.weighed import tenure_limit, tenure_limits
from cunjing.planning.rotation.plan import RotationPlan, plan_rotation
from cunjing.planning.tenures import Tenure, complete_months, full_on, tenures_of
from cunjing.policy.enums import Role
from cunjing.policy.model import DatedThreshold, Policy
from cunjing.policy.periods import add_months
from cunjing.policy.records import PostingRow
from cunjing.rostering.access import matching_units
from cunjing.rostering.match_input import match_tables
from cunjing.rostering.programme import matching_policies
from cunjing.rostering.solving import inputs_of
from cunjing.staffing.models import Staff, StaffRole

AHEAD = 12


class Stay(StrEnum):
    """How a month of somebody in a village stands to the limit."""

    SERVING = "serving"
    OVER = "over"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationRow:
    """One auxiliary in one village: since when, how many complete months, the day from which they
    have been there for as long as allowed (None: no limit in force by then), and how each month
    ahead stands to that."""

    village: Village
    staff: Staff
    since: date
    months: int
    due: date | None
    overdue: bool
    stays: Sequence[Stay]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One village that should change hands on a day, and why; None for nobody, then why nobody."""

    day: date
    village: Village
    before: Staff | None
    after: Staff | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The next twelve months of the actor's auxiliaries, those due first first, and who should
    follow whom so that nobody stays too long."""

    policy: Policy
    limit: int
    months: Sequence[date]
    rows: Sequence[RotationRow]
    proposals: Sequence[Proposal]


def rotating_policies(*, on: date) -> list[Policy]:
    """The shipped policies that limit on a day how long an auxiliary serves one village."""
    return [policy for policy in matching_policies() if limit_of(policy, on=on) is not None]


def limit_of(policy: Policy, *, on: date) -> int | None:
    """The months a policy allows an auxiliary in one village; None where it sets no limit."""
    entry = policy.matching_for(Role.VILLAGE_AUXILIARY)
    return None if entry is None else tenure_limit(policy, entry, day=on)


def _limits(policy: Policy) -> Sequence[DatedThreshold]:
    entry = policy.matching_for(Role.VILLAGE_AUXILIARY)
    return () if entry is None else tenure_limits(policy, entry)


def timeline(*, actor: Actor, policy: Policy, on: date) -> Timeline:
    """Who serves which village over the next twelve months if nothing is changed."""
    first = on.replace(day=1)
    months = [add_months(first, number) for number in range(AHEAD)]
    limits = _limits(policy)
    area = jurisdiction_of(actor=actor, permission=Permission.ROSTER_EDIT)
    found = Posting.objects.filter(area.q("village_id"), role=StaffRole.VILLAGE_AUXILIARY)
    tenures = [
        tenure
        for tenure in tenures_of(_posting_rows(found), role=Role.VILLAGE_AUXILIARY)
        if tenure.holds_on(on)
    ]
    people = Staff.objects.select_related("unit").in_bulk([UUID(one.staff) for one in tenures])
    villages = Village.objects.select_related("township").in_bulk([one.village for one in tenures])
    rows = []
    for tenure in tenures:
        due = full_on(tenure, limits=limits)
        rows.append(
            RotationRow(
                village=villages[tenure.village],
                staff=people[UUID(tenure.staff)],
                since=tenure.start,
                months=complete_months(tenure.start, on),
                due=due,
                overdue=due is not None and due <= on,
                stays=[_stay(tenure, due=due, month=month) for month in months],
            )
        )
    rows.sort(key=lambda row: (row.due or date.max, row.village.code))
    return Timeline(
        policy=policy,
        limit=limit_of(policy, on=on) or 0,
        months=months,
        rows=rows,
        proposals=_proposals(actor=actor, policy=policy, rows=rows, on=on),
    )


def _proposals(
    *, actor: Actor, policy: Policy, rows: Sequence[RotationRow], on: date
) -> list[Proposal]:
    """The handovers among the villages that have an auxiliary; the others are a matter of matching.

    From the first of next month on, unit by unit: a county whole, else each station.
    """
    units = matching_units(actor=actor)
    wide = [unit for unit in units if unit.kind == UnitKind.COUNTY]
    served = {row.village.code: row.village for row in rows}
    plans = []
    for unit in wide or units:
        tables = match_tables(
            unit=unit, role=StaffRole.VILLAGE_AUXILIARY, others=(), on=on, only=served
        )
        if tables["villages"] and tables["candidates"]:
            plans.append(
                plan_rotation(
                    inputs_of(tables),
                    policy,
                    role=Role.VILLAGE_AUXILIARY,
                    # Today's postings change no more: a month that begins today is not planned.
                    day=on + timedelta(days=1),
                    months=AHEAD - 1,
                )
            )
    return _named(plans, villages=served)


def _named(plans: Sequence[RotationPlan], *, villages: Mapping[str, Village]) -> list[Proposal]:
    """The handovers of all plans by day, with the people in place of their ids."""
    why = {(bare.month, bare.village): bare.reason for plan in plans for bare in plan.uncovered}
    changes = sorted(
        (change for plan in plans for change in plan.handovers),
        key=lambda change: (change.day, change.village),
    )
    people = Staff.objects.in_bulk(
        {UUID(one) for change in changes for one in (change.before, change.after) if one}
    )
    return [
        Proposal(
            day=change.day,
            village=villages[change.village],
            before=people[UUID(change.before)] if change.before else None,
            after=people[UUID(change.after)] if change.after else None,
            reason=change.reason
            if change.after
            else why.get((change.day, change.village), change.reason),
        )
        for change in changes
    ]


def _stay(tenure: Tenure, *, due: date | None, month: date) -> Stay:
    """How a month stands, by its last day."""
    last = add_months(month, 1)
    if tenure.end is not None and tenure.end < last:
        return Stay.ENDED
    return Stay.OVER if due is not None and due < last else Stay.SERVING


def _posting_rows(found: QuerySet[Posting]) -> list[PostingRow]:
    rows = found.values_list("id", "village_id", "staff_id", "role", "valid_from", "valid_to")
    return [
        PostingRow(str(key), village, str(staff), role, start, end)
        for key, village, staff, role, start, end in rows
    ]
