"""Tours seen one by one are put together for the most worth, each where it can be."""

from collections.abc import Sequence

from tests.support.month_plans import QUICK, VILLAGE, need, october

from cunjing.planning.month.model import Need, Place
from cunjing.planning.month.packing import TourPool
from cunjing.planning.month.work import Tour, VillageWork, shifts_of


def work_of(*needs: Need) -> VillageWork:
    return VillageWork(
        place=Place(village_code=VILLAGE),
        needs=needs,
        shifts=shifts_of([(october(day), "S1") for day in (9, 15)], QUICK),
        options=QUICK,
    )


def packed(work: VillageWork, seen: Sequence[tuple[int, list[int]]]) -> list[list[int]]:
    pool = TourPool(work)
    for shift, order in seen:
        pool.add(work.shifts[shift], order)
    return [tour.needs for tour in pool.best([Tour(shift) for shift in work.shifts])]


def test_the_best_tours_that_share_nobody_go_together() -> None:
    work = work_of(need("H0", 10), need("H1", 20), need("H2", 30), need("H3", 5))
    found = packed(work, [(0, [0, 1]), (0, [1, 2]), (2, [0]), (1, [3]), (1, [2, 3])])
    assert sorted(sorted(order) for order in found) == [[], [], [0, 1], [2, 3]]


def test_a_tour_of_one_morning_may_be_walked_on_another() -> None:
    work = work_of(need("H0"), need("H1"))
    found = packed(work, [(0, [0]), (0, [1])])
    assert found[0] + found[2] in ([0, 1], [1, 0])
    assert found[1] == found[3] == []


def test_an_agreed_day_is_kept() -> None:
    dated = [need(f"H{place}", fixed_date=october(15)) for place in range(2)]
    work = work_of(*dated, need("H2"))
    found = packed(work, [(2, [0]), (2, [1]), (2, [2]), (0, [2])])
    assert found[2] in ([0], [1])
    assert found[0] == [2]


def test_what_breaks_an_hour_is_not_seen() -> None:
    work = work_of(need("H0", window_to=540))
    assert packed(work, [(1, [0]), (0, [])]) == [[], [], [], []]


def test_what_there_is_already_is_never_lost() -> None:
    work = work_of(need("H0"), need("H1"))
    have = [Tour(work.shifts[0], [0, 1]), *(Tour(shift) for shift in work.shifts[1:])]
    pool = TourPool(work)
    pool.add(work.shifts[1], [1])
    assert sum(len(tour.needs) for tour in pool.best(have)) == 2
