"""Whatever a small station looks like, its plan passes the checker, twice the same."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st

from cunjing.base.errors import Problem
from cunjing.planning.month.checker import check_plan
from cunjing.planning.month.model import (
    Away,
    Car,
    DayFact,
    FixedDay,
    MonthProblem,
    Need,
    Officer,
    Place,
    Service,
)
from cunjing.planning.month.options import default_options
from cunjing.planning.month.plan import plan_month
from cunjing.planning.month.replan import move_day

OPTIONS = replace(default_options(), iterations=20, calendar_effort=0.05)
STAFF = ("S1", "S2", "S3")
VILLAGES = ("341102001201", "341102001202", "341102001203")
START = date(2026, 10, 1)

october = st.integers(0, 30).map(lambda offset: START + timedelta(days=offset))
around = st.integers(-5, 40).map(lambda offset: START + timedelta(days=offset))
staff_ids, village_codes = st.sampled_from(STAFF), st.sampled_from(VILLAGES)
degrees = st.one_of(st.none(), st.sampled_from((0.0, 0.001, 0.01, 0.02, 2.0)))


@st.composite
def aways(draw: st.DrawFn) -> Away:
    first = draw(around)
    return Away(
        date_from=first,
        date_to=first + timedelta(days=draw(st.integers(0, 12))),
        kind=draw(st.sampled_from(("leave", "duty", "县里集训"))),
    )


@st.composite
def services(draw: st.DrawFn) -> Service:
    first = draw(st.one_of(st.just(date(2026, 1, 1)), around))
    length = draw(st.one_of(st.none(), st.integers(0, 40)))
    return Service(
        staff_id=draw(staff_ids),
        village_code=draw(village_codes),
        role=draw(st.sampled_from(("liaison_officer", "village_auxiliary"))),
        valid_from=first,
        valid_to=None if length is None else first + timedelta(days=length),
    )


@st.composite
def needs(draw: st.DrawFn, household_id: str) -> Need:
    window = draw(st.one_of(st.none(), st.tuples(st.integers(420, 1100), st.integers(10, 300))))
    east, north = draw(degrees), draw(degrees)
    return Need(
        household_id=household_id,
        village_code=draw(village_codes),
        prize=draw(st.integers(0, 50)),
        hamlet_id=draw(st.sampled_from((None, "G1", "G2"))),
        fixed_date=draw(st.one_of(st.none(), around)),
        window_from=draw(st.sampled_from((None, window[0]))) if window else None,
        window_to=sum(window) if window else None,
        minutes=draw(st.one_of(st.none(), st.integers(1, 400))),
        longitude=None if east is None else 116 + east,
        latitude=None if north is None else 32 + north,
    )


@st.composite
def problems(draw: st.DrawFn) -> MonthProblem:
    officers = tuple(
        Officer(
            staff_id=staff_id,
            unit_code=draw(st.sampled_from((None, "U1", "U2"))),
            on_duty_from=draw(st.one_of(st.none(), around)),
            away=tuple(draw(st.lists(aways(), max_size=2))),
        )
        for staff_id in STAFF
    )
    count = draw(st.integers(0, 12))
    calendar = st.builds(
        DayFact, day=october, working=st.sampled_from((None, True, False)), market=st.booleans()
    )
    return MonthProblem(
        month="2026-10",
        units=("U1",),
        officers=officers,
        services=tuple(draw(st.lists(services(), max_size=5))),
        places=(Place(village_code=VILLAGES[0], longitude=116.0, latitude=32.0),),
        needs=tuple(draw(needs(f"H{index}")) for index in range(count)),
        calendar=tuple(draw(st.lists(calendar, max_size=12, unique_by=lambda fact: fact.day))),
        cars=tuple(
            Car(car_id=f"C{index}", unit_code=draw(st.sampled_from((None, "U1"))))
            for index in range(draw(st.integers(0, 2)))
        ),
    )


fixed_days = st.builds(FixedDay, staff_id=staff_ids, village_code=village_codes, day=around)


@settings(max_examples=60, deadline=None)
@given(problem=problems(), fixed=st.lists(fixed_days, max_size=4))
def test_every_plan_passes_the_checker(problem: MonthProblem, fixed: list[FixedDay]) -> None:
    plan = plan_month(problem, OPTIONS, fixed=fixed)
    assert check_plan(problem, plan, OPTIONS) == []
    assert plan_month(problem, OPTIONS, fixed=fixed) == plan


@settings(max_examples=40, deadline=None)
@given(problem=problems(), data=st.data(), to_day=october)
def test_a_moved_day_is_there_and_the_plan_still_passes(
    problem: MonthProblem, data: st.DataObject, to_day: date
) -> None:
    plan = plan_month(problem, OPTIONS)
    if not plan.days:
        return
    day = data.draw(st.sampled_from(plan.days))
    who = {"staff_id": day.staff_id, "village_code": day.village_code}
    try:
        moved = move_day(problem, OPTIONS, plan=plan, **who, from_day=day.day, to_day=to_day)
    except Problem:
        event("the day is refused")
        return
    assert check_plan(problem, moved, OPTIONS) == []
    places = {(item.staff_id, item.village_code, item.day) for item in moved.days}
    assert (day.staff_id, day.village_code, to_day) in places
    assert to_day == day.day or (day.staff_id, day.village_code, day.day) not in places
