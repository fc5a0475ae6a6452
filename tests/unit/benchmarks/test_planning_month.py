"""The month benchmark plans what it says, and its greedy ways keep the hours."""

from dataclasses import replace

from benchmarks import _planning_month as bench
from tests.support.month_plans import QUICK

from cunjing.planning.month.checker import check_plan
from cunjing.planning.month.plan import plan_month


def test_a_station_is_planned_without_faults() -> None:
    station = bench.station(3, 4)
    small = replace(station, needs=station.needs[::4])
    plan = plan_month(small, QUICK)
    assert len(plan.days) >= 4
    assert check_plan(small, plan, QUICK) == []


def test_ours_is_never_behind_the_insertion_it_begins_with() -> None:
    rows = list(bench.households({"hills": 2000}, sizes=(30,), seeds=range(2)))
    assert [row.ours >= row.insertion > 0 for row in rows] == [True]
    assert rows[0].listing > 0


def test_the_greedy_tours_keep_the_hours() -> None:
    work = bench.village(1, 30, 2000)
    for tours in (bench.insertion_tours(work), bench.listed_tours(work)):
        assert all(work.timed(tour.shift, tour.needs) is not None for tour in tours)
        visited = [index for tour in tours for index in tour.needs]
        assert len(visited) == len(set(visited)) > 5


def test_the_report_says_how_far_above_greedy() -> None:
    rows = [bench.Row("plain", 40, 110, 100, 88, 0.2)]
    county = bench.Stations(
        stations=2, officers=4, villages=5, calendar_seconds=1.0, plan_seconds=2.0, faults=0
    )
    text = "\n".join(bench.report(rows, county))
    assert "| plain | 40 | 110 | +10.0 % | +25.0 % | 0.20 |" in text
    assert "0.50 s an officer; 0 faults" in text
