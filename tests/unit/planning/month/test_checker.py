"""The checker finds each kind of fault in a plan that was sound."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.support.month_plans import (
    OTHER,
    QUICK,
    UNIT,
    VILLAGE,
    leave,
    need,
    october,
    officer,
    problem,
    service,
)

from cunjing.planning.month.checker import check_plan
from cunjing.planning.month.model import (
    Car,
    DayFact,
    LeftOut,
    MonthPlan,
    MonthProblem,
    VillageDay,
    Visit,
)

Change = Callable[[MonthPlan], MonthPlan]

PROBLEM: MonthProblem = problem(
    need("H1", minutes=60),
    need("H2", fixed_date=october(13)),
    need("H3", window_from=9 * 60, window_to=10 * 60),
    officers=[officer("S1", leave(20, 20)), officer("S2")],
    services=[service("S1"), service("S2", OTHER, valid_to=october(25))],
    cars=(Car(car_id="C1", unit_code=UNIT),),
    calendar=(DayFact(day=october(21), working=False),),
)


def day(number: int, staff_id: str = "S1", village_code: str = VILLAGE, **more: Any) -> VillageDay:
    facts = {"car_id": "C1", **more}
    return VillageDay(day=october(number), staff_id=staff_id, village_code=village_code, **facts)


def visit(household_id: str, arrive: int, minutes: int, order: int, number: int = 13) -> Visit:
    return Visit(
        day=october(number),
        staff_id="S1",
        village_code=VILLAGE,
        household_id=household_id,
        order=order,
        arrive=arrive,
        leave=arrive + minutes,
    )


SOUND = MonthPlan(
    month="2026-10",
    units=(UNIT,),
    seed=1,
    days=(day(9), day(13), day(22), day(23, "S2", OTHER)),
    visits=(visit("H3", 9 * 60, 30, 1), visit("H2", 9 * 60 + 32, 30, 2)),
    left_out=(LeftOut(household_id="H1", village_code=VILLAGE, cause="no_time", reason="满"),),
)


def days(*added: VillageDay) -> Change:
    return lambda plan: replace(plan, days=(*plan.days, *added))


def visits(*all_: Visit) -> Change:
    return lambda plan: replace(plan, visits=all_)


def left_out(*all_: LeftOut) -> Change:
    return lambda plan: replace(plan, left_out=all_)


def test_a_sound_plan_has_no_fault() -> None:
    assert check_plan(PROBLEM, SOUND, QUICK) == []


@pytest.mark.parametrize(
    ("change", "column", "message"),
    [
        (days(day(28, "S2", OTHER)), "village_code", "这天此人不包这个村"),
        (days(day(28, "S9")), "staff_id", "不在这个单位的人员里"),
        (days(day(20)), "date", "这天此人请假或另有安排"),
        (days(day(17)), "date", "这天是休息日"),
        (days(day(21)), "date", "这天是休息日"),
        (days(day(13, fixed=True)), "date", "一天排了两次进村"),
        (days(day(12)), "date", "离2026-10-13的进村太近"),
        (days(day(9, "S2", OTHER, car_id=None)), "car_id", "这天进村的人比车多"),
        (days(day(9, "S2", OTHER)), "car_id", "这辆车这天已经派出"),
        (days(day(28, car_id="C9")), "car_id", "不是这个单位的车"),
        (
            visits(visit("H2", 530, 30, 1), visit("H2", 570, 30, 2)),
            "household_id",
            "这户一个月里排了不止一次",
        ),
        (visits(visit("H3", 540, 30, 1, number=14)), "date", "这天没有排这个人进这个村"),
        (visits(visit("H9", 540, 30, 1)), "household_id", "这个村的 needs 表里没有这户"),
        (visits(visit("H2", 540, 30, 1, number=9)), "date", "约的是2026-10-13"),
        (visits(visit("H2", 540, 20, 1)), "leave", "时长与 needs 表不符"),
        (visits(visit("H3", 535, 30, 1)), "arrive", "早于这户方便的时间"),
        (visits(visit("H3", 580, 30, 1)), "leave", "晚于这户方便的时间"),
        (visits(visit("H1", 480, 60, 1)), "arrive", "不在工作时间里"),
        (visits(visit("H1", 700, 60, 1)), "arrive", "占了午休"),
        (visits(visit("H3", 540, 30, 1), visit("H2", 571, 30, 2)), "arrive", "从上一处走不到"),
        (visits(visit("H1", 511, 60, 1)), "arrive", "从上一处走不到"),
        (visits(visit("H1", 655, 60, 1)), "leave", "回村部已过了时间"),
        (visits(visit("H3", 540, 30, 2), visit("H2", 575, 30, 1)), "order", "顺序与时间不符"),
        (left_out(), "household_id", "“H1”既没有排也没有说明原因"),
        (
            left_out(
                SOUND.left_out[0],
                LeftOut(household_id="H2", village_code=VILLAGE, cause="no_time", reason="满"),
            ),
            "household_id",
            "这户已在别处列出",
        ),
        (left_out(replace(SOUND.left_out[0], reason="")), "reason", "没有说明原因"),
    ],
)
def test_each_fault_is_found(change: Change, column: str, message: str) -> None:
    faults = check_plan(PROBLEM, change(SOUND), QUICK)
    assert (column, message) in [(fault.column, fault.message) for fault in faults]


def test_a_plan_of_another_month_is_found() -> None:
    september = replace(PROBLEM, month="2026-09")
    assert "不在计划的月份里" in {fault.message for fault in check_plan(september, SOUND, QUICK)}


def test_who_is_not_on_duty_yet_or_any_more_is_found() -> None:
    people = [
        officer("S1", on_duty_from=october(10), on_duty_to=october(22)),
        officer("S2"),
    ]
    faults = check_plan(replace(PROBLEM, officers=tuple(people)), SOUND, QUICK)
    assert [(fault.index, fault.message) for fault in faults] == [
        (0, "这天还没有到岗"),
        (2, "这天已经离岗"),
    ]


def test_decided_days_may_be_close_or_restful_and_beyond_the_cars() -> None:
    plan = replace(
        SOUND,
        days=(
            day(13, fixed=True),
            day(13, "S2", OTHER, fixed=True, car_id=None),
            day(14, fixed=True),
            day(17, fixed=True),
        ),
    )
    assert check_plan(PROBLEM, plan, QUICK) == []
