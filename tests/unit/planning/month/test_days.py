"""Working days and what keeps somebody from a village."""

from datetime import date

import pytest
from tests.support.month_plans import OTHER, VILLAGE, leave, october, officer, problem, service

from cunjing.planning.month.days import Month, Pair
from cunjing.planning.month.model import DayFact, FixedDay

PAIR = Pair("S1", VILLAGE, "liaison_officer")


def test_holidays_rest_and_make_up_days_work() -> None:
    working = [day.day for day in sorted(Month(problem()).working)]
    assert working[:4] == [8, 9, 10, 12]


def test_the_countys_word_goes_before_the_national_table() -> None:
    county = (DayFact(day=october(10), working=False), DayFact(day=october(11), working=True))
    working = {day.day for day in Month(problem(calendar=county)).working}
    assert (10 in working, 11 in working) == (False, True)


@pytest.mark.parametrize(
    ("asked", "day", "barrier"),
    [
        (problem(), 8, None),
        (problem(), 1, "休息日"),
        (problem(services=[service(valid_from=october(9))]), 8, "不在任期内"),
        (problem(services=[service(valid_to=october(8))]), 8, "不在任期内"),
        (problem(officers=[officer(on_duty_from=october(9))]), 8, "不在岗"),
        (problem(officers=[officer(on_duty_to=october(8))]), 8, "不在岗"),
        (problem(officers=[officer("S1", leave(8, 8, "duty"))]), 8, "值班"),
        (problem(officers=[officer("S1", leave(8, 8, "县里集训"))]), 8, "县里集训"),
        (problem(officers=[officer("S1", leave(7, 7))]), 8, None),
    ],
)
def test_what_is_in_the_way_is_named(asked: object, day: int, barrier: str | None) -> None:
    assert Month(asked).barrier(PAIR, october(day)) == barrier  # type: ignore[arg-type]


def test_a_day_given_up_is_in_the_way() -> None:
    gone = FixedDay(staff_id="S1", village_code=VILLAGE, day=october(8))
    month = Month(problem(), barred=[gone])
    assert month.barrier(PAIR, october(8)) == "人工改掉了这天"
    assert month.hard_barrier(PAIR, october(8)) is None


def test_a_day_gone_by_is_said_to_be_past_and_may_have_been_walked() -> None:
    month = Month(problem(), begins=october(9))
    assert month.barrier(PAIR, october(8)) == "已经过去"
    assert month.barrier(PAIR, october(9)) is None
    assert month.hard_barrier(PAIR, october(8)) is None


def test_only_villages_served_on_a_day_of_the_month_are_planned() -> None:
    services = [
        service(valid_to=date(2026, 10, 1)),
        service(valid_from=date(2026, 11, 1)),
        service(valid_from=october(5), valid_to=october(5)),
        service(village_code=OTHER, valid_from=date(2026, 10, 31)),
    ]
    assert [pair.village_code for pair in Month(problem(services=services)).pairs] == [OTHER]


def test_two_postings_in_one_village_are_one_pair() -> None:
    services = [service(valid_to=october(15)), service(valid_from=october(15))]
    assert len(Month(problem(services=services)).pairs) == 1
