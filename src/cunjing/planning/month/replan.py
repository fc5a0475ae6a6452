"""A plan changed by a person: a village day moved or added; the rest stays if it can."""

from collections.abc import Sequence
from datetime import date

from cunjing.base.errors import FieldFault, invalid
from cunjing.planning.month.days import Month
from cunjing.planning.month.fixing import barrier_to
from cunjing.planning.month.model import FixedDay, MonthPlan, MonthProblem, VillageDay
from cunjing.planning.month.options import Options
from cunjing.planning.month.plan import plan_month
from cunjing.planning.month.reasons import ELSEWHERE, day_word


def fixed_days(plan: MonthPlan) -> tuple[FixedDay, ...]:
    """The days of a plan that somebody decided."""
    return tuple(
        FixedDay(staff_id=item.staff_id, village_code=item.village_code, day=item.day)
        for item in plan.days
        if item.fixed
    )


def replan(
    problem: MonthProblem,
    options: Options,
    *,
    plan: MonthPlan,
    fixed: Sequence[FixedDay],
    barred: Sequence[FixedDay] = (),
) -> MonthPlan:
    """Plan again around the days decided. Other days of `plan` stay unless they must move.

    `fixed` and `barred` are the whole lists: a day left out here is free again. To take a day away
    without choosing another, leave it out of `fixed` and put it into `barred`.
    """
    return plan_month(problem, options, fixed=fixed, barred=barred, previous=plan)


def move_day(
    problem: MonthProblem,
    options: Options,
    *,
    plan: MonthPlan,
    staff_id: str,
    village_code: str,
    from_day: date | None,
    to_day: date,
    barred: Sequence[FixedDay] = (),
) -> MonthPlan:
    """Move a village day to another date, or add one (`from_day` None), and fix it there.

    The day it leaves is not chosen again in this plan; to keep it so in later ones, remember it
    and hand it over as `barred`.

    Raises Problem 42201 naming `to_day` where the person cannot be in the village on that day or
    another village is fixed on it, and `from_day` where the plan has no such day.
    """
    moved = FixedDay(staff_id=staff_id, village_code=village_code, day=to_day)
    month = Month(problem)
    barrier = barrier_to(month, month.pairs, moved)
    if barrier is not None:
        raise invalid(
            "进村日没有改。",
            FieldFault("to_day", f"{day_word(to_day)}不能进这个村：{barrier}。请换一天。"),
        )
    kept = [item for item in fixed_days(plan) if not _is(item, staff_id, village_code, from_day)]
    if any(item.staff_id == staff_id and item.day == to_day and item != moved for item in kept):
        raise invalid(
            "进村日没有改。",
            FieldFault("to_day", f"{day_word(to_day)}{ELSEWHERE}，是人工定下的。请换一天。"),
        )
    left = []
    if from_day is not None:
        _check_planned(plan, staff_id, village_code, from_day)
        left = [FixedDay(staff_id=staff_id, village_code=village_code, day=from_day)]
    given_up = [item for item in (*barred, *left) if item != moved]
    return replan(problem, options, plan=plan, fixed=[*kept, moved], barred=given_up)


def _check_planned(plan: MonthPlan, staff_id: str, village_code: str, day: date) -> None:
    if not any(_is(item, staff_id, village_code, day) for item in plan.days):
        raise invalid(
            "进村日没有改。",
            FieldFault("from_day", f"计划里没有{day_word(day)}进这个村，请刷新后再试。"),
        )


def _is(item: FixedDay | VillageDay, staff_id: str, village_code: str, day: date | None) -> bool:
    return (item.staff_id, item.village_code, item.day) == (staff_id, village_code, day)
