"""A month's plan: what is wished is planned, what cannot be is explained, and twice is the same."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support.month_plans import (
    OTHER,
    QUICK,
    UNIT,
    VILLAGE,
    days_of,
    leave,
    need,
    october,
    officer,
    problem,
    service,
)

from cunjing.planning.month.checker import check_plan
from cunjing.planning.month.model import Car, DayFact, FixedDay, MonthPlan, MonthProblem
from cunjing.planning.month.plan import plan_month


def notes_of(plan: MonthPlan) -> list[tuple[str, str]]:
    return [(note.cause, note.text) for note in plan.notes]


def left(plan: MonthPlan, household_id: str = "H1") -> tuple[str, str]:
    return next(
        (item.cause, item.reason) for item in plan.left_out if item.household_id == household_id
    )


def fixed(day: int, village_code: str = VILLAGE) -> FixedDay:
    return FixedDay(staff_id="S1", village_code=village_code, day=october(day))


def test_each_ten_days_have_a_village_day_on_a_working_day() -> None:
    plan = plan_month(problem(), QUICK)
    first, second, third = days_of(plan)
    assert 8 <= first <= 10 < second <= 20 < third <= 31
    assert notes_of(plan) == []
    assert check_plan(problem(), plan, QUICK) == []


def test_leave_in_a_whole_part_is_named() -> None:
    asked = problem(officers=[officer("S1", leave(1, 10))])
    plan = plan_month(asked, QUICK)
    assert notes_of(plan) == [("part_short", "上旬少1天进村，没有可用的日子：请假")]


def test_what_passed_before_the_month_was_planned_is_named_as_past() -> None:
    plan = plan_month(problem(), QUICK, fixed=[fixed(9)], begins=october(12))
    assert [day for day in days_of(plan) if day < 12] == [9]
    assert notes_of(plan) == []
    plan = plan_month(problem(), QUICK, begins=october(12))
    assert all(day >= 12 for day in days_of(plan))
    assert notes_of(plan) == [("part_short", "上旬少1天进村，没有可用的日子：已经过去")]


def test_holidays_alone_are_named_as_rest_days() -> None:
    county = [DayFact(day=october(day), working=False) for day in range(1, 11)]
    plan = plan_month(problem(calendar=tuple(county)), QUICK)
    assert notes_of(plan) == [("part_short", "上旬少1天进村，没有可用的日子：休息日")]


def test_the_county_may_make_a_holiday_a_working_day() -> None:
    county = (
        *(DayFact(day=october(day), working=False) for day in (8, 9, 10)),
        DayFact(day=october(3), working=True),
    )
    assert days_of(plan_month(problem(calendar=county), QUICK))[0] == 3


def test_market_and_festival_days_are_preferred() -> None:
    county = (DayFact(day=october(14), market=True), DayFact(day=october(23), festival=True))
    plan = plan_month(problem(calendar=county), QUICK)
    assert days_of(plan)[1:] == [14, 23]
    assert "赶集日" in plan.days[1].reason
    assert "节日" in plan.days[2].reason


def test_one_car_sends_one_person_a_day() -> None:
    asked = problem(
        officers=[officer("S1"), officer("S2")],
        services=[service("S1"), service("S2", OTHER)],
        cars=(Car(car_id="C1", unit_code=UNIT),),
    )
    plan = plan_month(asked, QUICK)
    assert len({item.day for item in plan.days}) == len(plan.days) == 6
    assert {item.car_id for item in plan.days} == {"C1"}


def test_too_few_cars_are_named() -> None:
    county = tuple(DayFact(day=october(day), working=day == 12) for day in range(11, 21))
    asked = problem(
        officers=[officer("S1"), officer("S2")],
        services=[service("S1"), service("S2", OTHER)],
        cars=(Car(car_id="C1", unit_code=UNIT),),
        calendar=county,
    )
    texts = [text for _, text in notes_of(plan_month(asked, QUICK))]
    assert texts == ["中旬少1天进村，可用的日子排不进：没有车"]


def test_a_person_of_two_villages_is_in_one_a_day() -> None:
    asked = problem(services=[service("S1"), service("S1", OTHER)])
    plan = plan_month(asked, QUICK)
    assert len(days_of(plan)) == len(days_of(plan, village_code=OTHER)) == 3
    assert not set(days_of(plan)) & set(days_of(plan, village_code=OTHER))


def test_a_second_village_without_a_day_left_is_named() -> None:
    county = tuple(DayFact(day=october(day), working=day == 12) for day in range(11, 21))
    asked = problem(services=[service("S1"), service("S1", OTHER)], calendar=county)
    texts = [text for _, text in notes_of(plan_month(asked, QUICK))]
    assert texts == ["中旬少1天进村，可用的日子排不进：去了别的村"]


def test_spacing_is_kept_where_parts_meet() -> None:
    county = tuple(DayFact(day=october(day), working=day in {10, 11}) for day in range(1, 21))
    plan = plan_month(problem(calendar=county), QUICK)
    assert [text for _, text in notes_of(plan)] == [
        "上旬少1天进村，可用的日子排不进：离另一次进村太近"
    ] or [text for _, text in notes_of(plan)] == [
        "中旬少1天进村，可用的日子排不进：离另一次进村太近"
    ]


def test_parts_before_a_posting_begins_are_not_asked_for() -> None:
    asked = problem(services=[service(valid_from=october(15))])
    plan = plan_month(asked, QUICK)
    assert notes_of(plan) == []
    assert [day >= 15 for day in days_of(plan)] == [True, True]


def test_an_appointment_draws_a_village_day() -> None:
    asked = problem(need(fixed_date=october(13)))
    plan = plan_month(asked, QUICK)
    assert 13 in days_of(plan)
    assert [(visit.day.day, visit.reason) for visit in plan.visits] == [
        (13, "已约好这天；需要程度10，在本村1户中排第1")
    ]


@pytest.mark.parametrize(
    ("facts", "cause", "reason"),
    [
        ({"prize": 0}, "not_needed", "需要程度是0，本月不用走访"),
        ({"fixed_date": date(2026, 11, 2)}, "date_outside", "约在2026-11-02，不在本月"),
        ({"fixed_date": october(3)}, "date_rest", "约在10月3日，是休息日，请改约或定下这天进村"),
        ({"fixed_date": october(28)}, "date_away", "约在10月28日，当天去不了：培训"),
        ({"minutes": 300}, "too_long", "要300分钟，半天排不下，请分次或减少时间"),
        (
            {"window_from": 18 * 60, "window_to": 20 * 60},
            "window",
            "只能在18:00至20:00走访，除去午休和路程，工作时间里排不下30分钟",
        ),
        (
            {"window_from": 12 * 60, "window_to": 14 * 60},
            "window",
            "只能在12:00至14:00走访，除去午休和路程，工作时间里排不下30分钟",
        ),
    ],
)
def test_why_a_household_is_left_out(facts: dict[str, object], cause: str, reason: str) -> None:
    asked = problem(need(**facts), officers=[officer("S1", leave(26, 30, "training"))])
    assert left(plan_month(asked, QUICK)) == (cause, reason)


def test_a_household_of_a_village_without_anybody_is_named() -> None:
    plan = plan_month(problem(need(village_code=OTHER)), QUICK)
    assert left(plan) == ("nobody", "本月没有人包这个村")


def test_a_village_without_a_day_is_named() -> None:
    asked = problem(need(), officers=[officer("S1", leave(1, 31))])
    assert left(plan_month(asked, QUICK)) == ("no_day", "本月没有排上进村的日子")


def test_an_agreed_day_given_to_another_village_is_named() -> None:
    services = [service("S1"), service("S1", OTHER)]
    asked = problem(need(fixed_date=october(13)), services=services)
    plan = plan_month(asked, QUICK, fixed=[fixed(13, OTHER)])
    assert left(plan) == (
        "date_not_visited",
        "约在10月13日，当天没有排上进村，请改约或定下这天进村",
    )


def test_two_appointments_at_one_hour_clash() -> None:
    hours = {"fixed_date": october(13), "window_from": 9 * 60, "window_to": 9 * 60 + 30}
    plan = plan_month(problem(need("H1", 10, **hours), need("H2", 20, **hours)), QUICK)
    assert [visit.household_id for visit in plan.visits] == ["H2"]
    assert left(plan) == (
        "date_clash",
        "约在10月13日，与当天更需要的走访在时间上冲突，请改约",
    )


def test_full_days_take_the_most_needed() -> None:
    asked = problem(*(need(f"H{rank:02}", rank, minutes=180) for rank in range(1, 21)))
    plan = plan_month(asked, QUICK)
    visited = {visit.household_id for visit in plan.visits}
    assert visited == {f"H{rank:02}" for rank in range(15, 21)}
    assert left(plan, "H14") == ("no_time", "进村的日子都排满了，排上的是更需要或更顺路的户")


def test_few_households_are_spread_over_the_days() -> None:
    plan = plan_month(problem(*(need(f"H{count}") for count in range(9))), QUICK)
    per_day = [sum(visit.day == item.day for visit in plan.visits) for item in plan.days]
    assert sum(per_day) == 9
    assert max(per_day) <= 6


def test_households_fewer_than_asked_for_are_counted() -> None:
    aims = {role: replace(aim, households=20) for role, aim in QUICK.aims.items()}
    plan = plan_month(problem(need()), replace(QUICK, aims=aims))
    assert notes_of(plan) == [("households_short", "本月排了1户，要求20户；需要走访的户都排上了")]


def test_a_decided_rest_day_stays_and_is_said() -> None:
    plan = plan_month(problem(), QUICK, fixed=[fixed(17)])
    assert 17 in days_of(plan)
    assert ("fixed_rest", "10月17日是休息日，按人工定下的进村保留") in notes_of(plan)
    assert check_plan(problem(), plan, QUICK) == []


def test_decided_days_close_to_each_other_stay_and_are_said() -> None:
    plan = plan_month(problem(), QUICK, fixed=[fixed(13), fixed(14)])
    assert {13, 14} <= set(days_of(plan))
    assert ("fixed_close", "与10月13日只隔1天，按人工定下的进村保留") in notes_of(plan)


def test_a_decided_day_on_leave_is_refused_with_a_reason() -> None:
    asked = problem(officers=[officer("S1", leave(13, 13, "sick"))])
    plan = plan_month(asked, QUICK, fixed=[fixed(13)])
    assert 13 not in days_of(plan)
    assert notes_of(plan) == [("fixed_refused", "10月13日定下的进村没有采用：病假")]


def test_decided_days_beyond_the_cars_stay_and_are_said() -> None:
    asked = problem(
        officers=[officer("S1"), officer("S2")],
        services=[service("S1"), service("S2", OTHER)],
        cars=(Car(car_id="C1", unit_code=UNIT),),
    )
    both = [fixed(13), FixedDay(staff_id="S2", village_code=OTHER, day=october(13))]
    plan = plan_month(asked, QUICK, fixed=both)
    assert [note.missing for note in plan.notes if note.cause == "cars_short"] == [1]
    assert check_plan(asked, plan, QUICK) == []


def test_years_without_a_national_table_are_planned_and_said() -> None:
    asked = MonthProblem(month="2031-03", units=(), officers=(officer(),), services=(service(),))
    plan = plan_month(asked, QUICK)
    assert [note.cause for note in plan.notes] == ["no_table"]
    assert all(item.day.weekday() < 5 for item in plan.days)


def test_nobody_to_plan_for_is_said() -> None:
    plan = plan_month(problem(officers=[], services=[]), QUICK)
    assert [note.cause for note in plan.notes] == ["no_service"]


def test_units_do_not_share_cars() -> None:
    asked = problem(
        officers=[officer("S1"), officer("S2", unit_code="U2")],
        services=[service("S1"), service("S2", OTHER)],
        cars=(Car(car_id="C1", unit_code=UNIT), Car(car_id="C2", unit_code="U2")),
    )
    plan = plan_month(asked, QUICK)
    assert {(item.staff_id, item.car_id) for item in plan.days} == {("S1", "C1"), ("S2", "C2")}


def test_the_same_seed_gives_the_same_plan() -> None:
    needs = [
        need(f"H{rank}", rank % 7, minutes=20 + rank, window_from=540 if rank % 3 else None)
        for rank in range(40)
    ]
    asked = problem(*needs, services=[service("S1"), service("S1", OTHER)])
    assert plan_month(asked, QUICK) == plan_month(asked, QUICK)
