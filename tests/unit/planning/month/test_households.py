"""Tours of a village: within their hours, never worse than what they begin with."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from benchmarks import _planning_month as bench
from tests.support.month_plans import QUICK, VILLAGE, need, october

from cunjing.planning.month.households import solve_households
from cunjing.planning.month.insertion import fill, insert_by_worth
from cunjing.planning.month.model import Need, Place
from cunjing.planning.month.work import Tour, VillageWork, shifts_of


def work_of(*needs: Need, days: Sequence[int] = (9, 15)) -> VillageWork:
    return VillageWork(
        place=Place(village_code=VILLAGE),
        needs=needs,
        shifts=shifts_of([(october(day), "S1") for day in days], QUICK),
        options=QUICK,
    )


def visited(work: VillageWork, tours: Sequence[Tour]) -> list[str]:
    return sorted(work.needs[index].household_id for tour in tours for index in tour.needs)


def test_a_village_day_is_two_shifts_around_lunch() -> None:
    shifts = shifts_of([(october(9), "S1")], QUICK)
    assert [(shift.start, shift.end) for shift in shifts] == [(510, 720), (840, 1050)]


def test_without_lunch_there_is_one_break_less() -> None:
    morning_only = replace(QUICK, lunch_to=QUICK.end)
    assert len(shifts_of([(october(9), "S1")], morning_only)) == 1


def test_a_visit_waits_for_its_window() -> None:
    work = work_of(need(window_from=600))
    stops = work.timed(work.shifts[0], [0])
    assert stops is not None
    assert (stops[0].arrive, stops[0].leave) == (600, 630)


@pytest.mark.parametrize(
    "facts",
    [
        {"window_to": 540},
        {"window_from": 690},
        {"minutes": 200},
        {"fixed_date": october(10)},
    ],
)
def test_a_visit_that_breaks_an_hour_or_date_is_none(facts: dict[str, object]) -> None:
    work = work_of(need(**facts))
    assert work.timed(work.shifts[0], [0]) is None


def test_the_way_back_counts() -> None:
    work = work_of(need(minutes=186), need("H2", minutes=187))
    assert (work.may(0, work.shifts[0]), work.may(1, work.shifts[0])) == (True, False)


def test_an_agreed_day_goes_before_every_prize() -> None:
    rich = [need(f"H{count}", 80, minutes=180) for count in range(4)]
    work = work_of(*rich, need("AGREED", 1, minutes=180, fixed_date=october(9)))
    assert "AGREED" in visited(work, solve_households(work))


def test_a_household_without_a_prize_is_not_visited() -> None:
    work = work_of(need("H1", 0), need("H2", 1))
    assert visited(work, solve_households(work)) == ["H2"]


def test_two_people_in_a_village_visit_nobody_twice() -> None:
    shifts = shifts_of([(october(9), "S1"), (october(9), "S2")], QUICK)
    needs = [need(f"H{count:02}", window_from=540) for count in range(20)]
    work = VillageWork(place=Place(village_code=VILLAGE), needs=needs, shifts=shifts, options=QUICK)
    found = visited(work, solve_households(work))
    assert len(found) == len(set(found)) > 10


def test_kept_tours_stay_and_get_what_fits_besides() -> None:
    work = work_of(need("H1"), need("H2"), need("H3"), days=(9,))
    kept = {work.shifts[0]: [1], work.shifts[1]: []}
    tours = solve_households(work, kept)
    assert 1 in tours[0].needs
    assert visited(work, tours) == ["H1", "H2", "H3"]


@pytest.mark.parametrize("seed", range(4))
def test_the_search_is_never_behind_the_insertion(seed: int) -> None:
    work = bench.village(seed, 40, 2000)
    begun = [Tour(shift) for shift in work.shifts]
    insert_by_worth(work, range(40), begun)
    fill(work, range(40), begun)
    found = solve_households(work)
    worth = [
        sum(work.worth(index) for tour in tours for index in tour.needs) for tours in (begun, found)
    ]
    assert worth[1] >= worth[0] > 0


def test_nothing_left_out_would_fit_between_the_others() -> None:
    work = bench.village(11, 60, 2000)
    tours = solve_households(work)
    placed = {index for tour in tours for index in tour.needs}
    for index in set(range(60)) - placed:
        for tour in tours:
            for place in range(len(tour.needs) + 1):
                order = [*tour.needs[:place], index, *tour.needs[place:]]
                assert work.timed(tour.shift, order) is None
