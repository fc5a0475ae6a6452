"""Matching and month plans, to read: drafts, vacancies, a unit's month. All of it advice."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest, require
from cunjing.api.fields import ShownMoment, UnitCode
from cunjing.api.paging import Page, PageQuery, page_of, slice_of
from cunjing.api.problems import READ_REFUSALS
from cunjing.base.clock import today
from cunjing.kernel.permissions import Permission
from cunjing.planning.month.options import clock
from cunjing.policy.periods import parse_period
from cunjing.rostering.models import (
    AgreedVisit,
    DraftCause,
    DraftOption,
    DraftState,
    MatchDraft,
    PlanCall,
    PlanDay,
)
from cunjing.rostering.queries import agreed, drafts, plans
from cunjing.rostering.queries.vacancies import Vacancy, board
from cunjing.staffing.models import OFFICER_ROLES, StaffRole

router = Router(tags=["rostering"])
Month = Annotated[str, Field(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")]
OFFICERS = sorted(OFFICER_ROLES)


class DraftOut(BaseModel):
    """A matching of a unit's villages with its people in one role; no posting rests on it until it
    is accepted. `chosen` is the price for every village that changes hands, in points."""

    id: UUID
    unit_code: str
    role: StaffRole
    policy_id: str
    cause: DraftCause
    about_staff_id: UUID | None
    state: DraftState
    chosen: int
    chosen_balanced: bool
    starts_on: date
    made_at: ShownMoment
    made_by_name: str
    closed_at: ShownMoment | None


class OptionOut(BaseModel):
    """The best matching at one price of change. `gap`: what a better one might still be lower by;
    0: there is none. `highest`: the highest workload of anybody, in the policy's units."""

    stability: int
    balanced: bool
    total: int
    moved: int
    vacant: int
    gap: int
    highest: int


class DraftLineOut(BaseModel):
    """One village of the chosen option; null where nobody holds it. `points` speak for the pair."""

    village_code: str
    before_staff_id: UUID | None
    staff_id: UUID | None
    points: int
    changed: bool
    forced: bool


class DraftDetailOut(BaseModel):
    """A draft with all its options and the lines of the chosen one."""

    draft: DraftOut
    options: list[OptionOut]
    lines: list[DraftLineOut]


class FitOut(BaseModel):
    """Somebody who may serve the village, and what that costs the whole plan more."""

    staff_id: UUID
    staff_name: str
    extra: int


class VacancyOut(BaseModel):
    """A village nobody serves, or soon nobody, and those who would fit best, the best first.

    `why_nobody` says why none is proposed anywhere, empty otherwise.
    """

    village_code: str
    village_name: str
    soon: bool
    since: date
    unit_code: str
    best: list[FitOut]
    why_nobody: str


class CallOut(BaseModel):
    """A household to call on; times of day in Shanghai."""

    household_id: UUID
    arrive: str
    leave: str
    reason: str


class PlanDayOut(BaseModel):
    """One person's planned day in one village; `moved` where somebody decided on it."""

    id: UUID
    day: date
    planned_on: date
    moved: bool
    staff_id: UUID
    staff_name: str
    village_code: str
    village_name: str
    reason: str
    calls: list[CallOut]


class AgreedOut(BaseModel):
    """A day agreed with a household; empty times where any will do, `minutes` null as usual."""

    id: UUID
    household_id: UUID
    village_code: str
    staff_id: UUID
    day: date
    window_from: str
    window_to: str
    minutes: int | None


class VacanciesQuery(PageQuery):
    """Villages with nobody in any of `role` (repeatable; default: the officers' roles), now or
    within so many days."""

    role: Annotated[list[StaffRole], Field(min_length=1)] = OFFICERS
    within_days: Annotated[int, Field(ge=0, le=366)] = 60


class MonthQuery(PageQuery):
    """`month`: 2026-09."""

    month: Month


@router.get("/drafts", response={200: Page[DraftOut], **READ_REFUSALS})
def list_drafts(request: ApiRequest, query: Query[PageQuery]) -> Page[DraftOut]:
    """The drafts of the units one may match, the newest first."""
    require(actor=request.auth, permission=Permission.ROSTER_EDIT)
    rows = drafts.drafts(actor=request.auth)
    return page_of(rows, order=("-made_at", "id"), of="drafts", query=query, shape=_draft)


@router.get("/drafts/{draft_id}", response={200: DraftDetailOut, **READ_REFUSALS})
def get_draft(request: ApiRequest, draft_id: UUID) -> DraftDetailOut:
    """One draft with its options and who is proposed where."""
    kept = drafts.kept_draft(actor=request.auth, draft_id=draft_id)
    before = {row[0]: row[2] for row in kept.draft.basis}
    forced = {row[0] for row in kept.draft.forced}
    return DraftDetailOut(
        draft=_draft(kept.draft),
        options=[_option(one) for one in kept.options],
        lines=[
            DraftLineOut(
                village_code=line["village"],
                before_staff_id=before.get(line["village"]),
                staff_id=line["staff"],
                points=line["points"],
                changed=line["changed"],
                forced=line["village"] in forced,
            )
            for line in kept.chosen.lines
        ],
    )


@router.get("/vacancies", response={200: Page[VacancyOut], **READ_REFUSALS})
def list_vacancies(request: ApiRequest, query: Query[VacanciesQuery]) -> Page[VacancyOut]:
    """Villages nobody serves or will serve, with the three who would fit best, by village."""
    require(actor=request.auth, permission=Permission.ROSTER_EDIT)
    shown = board(actor=request.auth, roles=query.role, within_days=query.within_days, on=today())
    return slice_of(
        sorted(shown.rows, key=_place),
        key=_place,
        of="vacancies",
        query=query,
        shape=lambda row: _vacancy(row, trouble=shown.trouble),
    )


@router.get("/units/{unit_code}/month-plan", response={200: Page[PlanDayOut], **READ_REFUSALS})
def list_plan_days(
    request: ApiRequest, unit_code: Path[UnitCode], query: Query[MonthQuery]
) -> Page[PlanDayOut]:
    """The planned village days of a unit's month, by day; none where the month was not planned."""
    plan = plans.plan_of(actor=request.auth, unit_code=unit_code, month=query.month)
    days = plans.days_of(actor=request.auth, plan=plan) if plan else []
    return slice_of(sorted(days, key=_when), key=_when, of="plan-days", query=query, shape=_day)


@router.get("/units/{unit_code}/agreed-visits", response={200: Page[AgreedOut], **READ_REFUSALS})
def list_agreed_visits(
    request: ApiRequest, unit_code: Path[UnitCode], query: Query[MonthQuery]
) -> Page[AgreedOut]:
    """The days of a month agreed with households of a unit's villages."""
    rows = agreed.agreed_of_unit(
        actor=request.auth, unit_code=unit_code, period=parse_period(query.month)
    )
    return slice_of(sorted(rows, key=_when), key=_when, of="agreed", query=query, shape=_agreed)


def _place(row: Vacancy) -> tuple[str, ...]:
    return (row.village.code,)


def _when(row: PlanDay | AgreedVisit) -> tuple[str, ...]:
    return row.day.isoformat(), str(row.pk)


def _draft(draft: MatchDraft) -> DraftOut:
    return DraftOut(
        id=draft.pk,
        unit_code=draft.unit_id,
        role=StaffRole(draft.role),
        policy_id=draft.policy_id,
        cause=DraftCause(draft.cause),
        about_staff_id=draft.about_id,
        state=DraftState(draft.state),
        chosen=draft.chosen,
        chosen_balanced=draft.chosen_balanced,
        starts_on=draft.starts_on,
        made_at=draft.made_at,
        made_by_name=draft.made_by_name,
        closed_at=draft.closed_at,
    )


def _option(option: DraftOption) -> OptionOut:
    return OptionOut(
        stability=option.stability,
        balanced=option.balanced,
        total=option.total,
        moved=option.moved,
        vacant=option.vacant,
        gap=option.gap,
        highest=option.highest,
    )


def _vacancy(row: Vacancy, *, trouble: str) -> VacancyOut:
    return VacancyOut(
        village_code=row.village.code,
        village_name=row.village.name,
        soon=row.soon,
        since=row.village.since,
        unit_code=row.unit.code if row.unit else "",
        best=[
            FitOut(staff_id=fit.staff.pk, staff_name=fit.staff.name, extra=fit.choice.extra)
            for fit in row.best
        ],
        why_nobody=trouble,
    )


def _day(row: PlanDay) -> PlanDayOut:
    return PlanDayOut(
        id=row.pk,
        day=row.day,
        planned_on=row.planned_on,
        moved=row.moved_at is not None,
        staff_id=row.staff_id,
        staff_name=row.staff.name,
        village_code=row.village_id,
        village_name=row.village.name,
        reason=row.reason,
        calls=[_call(call) for call in row.calls.all()],
    )


def _call(call: PlanCall) -> CallOut:
    return CallOut(
        household_id=call.household_id,
        arrive=clock(call.arrive),
        leave=clock(call.leave),
        reason=call.reason,
    )


def _agreed(row: AgreedVisit) -> AgreedOut:
    return AgreedOut(
        id=row.pk,
        household_id=row.household_id,
        village_code=row.household.village_id,
        staff_id=row.staff_id,
        day=row.day,
        window_from="" if row.window_from is None else clock(row.window_from),
        window_to="" if row.window_to is None else clock(row.window_to),
        minutes=row.minutes,
    )
