"""A day dragged to another date: it stays there, the rest stays if it can."""

import pytest
from tests.support.month_plans import (
    OTHER,
    QUICK,
    VILLAGE,
    days_of,
    leave,
    need,
    october,
    officer,
    problem,
    service,
)

from cunjing.base.errors import Problem
from cunjing.planning.month.checker import check_plan
from cunjing.planning.month.model import FixedDay, MonthPlan, MonthProblem
from cunjing.planning.month.plan import plan_month
from cunjing.planning.month.replan import fixed_days, move_day, replan

ASKED: MonthProblem = problem(
    *(need(f"H{count:02}", 10 + count % 5) for count in range(60)),
    officers=[officer("S1", leave(28, 28)), officer("S2")],
    services=[service("S1"), service("S1", OTHER), service("S2")],
)
PLAN: MonthPlan = plan_month(ASKED, QUICK)


def move(plan: MonthPlan, from_day: int | None, to_day: int) -> MonthPlan:
    return move_day(
        ASKED,
        QUICK,
        plan=plan,
        staff_id="S1",
        village_code=VILLAGE,
        from_day=None if from_day is None else october(from_day),
        to_day=october(to_day),
    )


def free_day() -> int:
    """A working day in the last ten days on which S1 is in no village and far from the others."""
    taken = {*days_of(PLAN), *days_of(PLAN, village_code=OTHER)}
    return next(day for day in (22, 26, 23, 29, 30, 27) if day not in taken)


def test_the_moved_day_is_fixed_and_all_others_stay() -> None:
    last = days_of(PLAN)[-1]
    moved = move(PLAN, last, free_day())
    assert free_day() in days_of(moved)
    assert last not in days_of(moved)
    assert [item.day.day for item in fixed_days(moved)] == [free_day()]
    assert days_of(moved)[:2] == days_of(PLAN)[:2]
    for who, where in (("S1", OTHER), ("S2", VILLAGE)):
        assert days_of(moved, who, where) == days_of(PLAN, who, where)
    assert check_plan(ASKED, moved, QUICK) == []


def test_visits_of_days_that_stay_are_kept() -> None:
    last = days_of(PLAN)[-1]
    moved = move(PLAN, last, free_day())
    stay = {day for day in PLAN.days if day.day.day != last or day.staff_id != "S1"}
    keys = {(day.day, day.staff_id) for day in stay}
    before = {
        (v.day, v.staff_id, v.household_id) for v in PLAN.visits if (v.day, v.staff_id) in keys
    }
    after = {(v.day, v.staff_id, v.household_id) for v in moved.visits}
    assert before <= after


def test_a_day_can_be_added() -> None:
    added = move(PLAN, None, free_day())
    assert set(days_of(added)) >= {free_day()}


def test_days_moved_before_stay_where_they_were_put() -> None:
    first, _, last = days_of(PLAN)
    once = move(PLAN, last, free_day())
    target = next(
        day for day in (8, 9, 10) if day not in {first, *days_of(once, village_code=OTHER)}
    )
    twice = move(once, first, target)
    assert {item.day.day for item in fixed_days(twice)} == {free_day(), target}


@pytest.mark.parametrize(
    ("to_day", "message"),
    [(28, "10月28日不能进这个村：请假。请换一天。")],
)
def test_a_day_on_leave_is_refused(to_day: int, message: str) -> None:
    with pytest.raises(Problem) as refused:
        move(PLAN, days_of(PLAN)[0], to_day)
    assert [(fault.field, fault.message) for fault in refused.value.faults] == [("to_day", message)]


def test_a_day_fixed_for_another_village_is_refused() -> None:
    other = FixedDay(staff_id="S1", village_code=OTHER, day=october(free_day()))
    plan = replan(ASKED, QUICK, plan=PLAN, fixed=[other])
    with pytest.raises(Problem) as refused:
        move(plan, days_of(plan)[0], free_day())
    assert "去了别的村，是人工定下的" in refused.value.faults[0].message


def test_a_day_the_plan_does_not_have_is_refused() -> None:
    unplanned = next(day for day in range(8, 31) if day not in days_of(PLAN))
    with pytest.raises(Problem) as refused:
        move(PLAN, unplanned, free_day())
    assert refused.value.faults[0].field == "from_day"


def test_somebody_elses_village_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        move_day(
            ASKED,
            QUICK,
            plan=PLAN,
            staff_id="S2",
            village_code=OTHER,
            from_day=None,
            to_day=october(20),
        )
    assert "不在任期内" in refused.value.faults[0].message


def test_a_day_given_up_is_not_chosen_again() -> None:
    first = days_of(PLAN)[0]
    gone = FixedDay(staff_id="S1", village_code=VILLAGE, day=october(first))
    plan = replan(ASKED, QUICK, plan=PLAN, fixed=[], barred=[gone])
    assert first not in days_of(plan)


def test_without_a_change_the_plan_stays() -> None:
    again = replan(ASKED, QUICK, plan=PLAN, fixed=[])
    assert [(d.day, d.staff_id, d.village_code) for d in again.days] == [
        (d.day, d.staff_id, d.village_code) for d in PLAN.days
    ]
    assert {(v.day, v.staff_id, v.household_id) for v in again.visits} >= {
        (v.day, v.staff_id, v.household_id) for v in PLAN.visits
    }
