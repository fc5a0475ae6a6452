"""Month plans beside greedy ones, and the calendar of a county's stations.

`./run bench planning`, or alone `python -m benchmarks._planning_month`. Households: villages of
three terrains and three sizes from fixed seeds, each with three village days; ours beside a greedy
insertion by prize for each minute added, and beside a person with a list, who goes on to the
household of the highest prize for each minute until nothing fits. Calendars: the stations of a
county of 23 townships and 301 villages, each solved with its cars, leave and market days.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cunjing.planning.month.checker import check_plan
from cunjing.planning.month.households import solve_households
from cunjing.planning.month.insertion import fill, insert_by_worth
from cunjing.planning.month.model import (
    Away,
    Car,
    DayFact,
    MonthPlan,
    MonthProblem,
    Need,
    Officer,
    Place,
    Service,
)
from cunjing.planning.month.options import default_options
from cunjing.planning.month.plan import plan_month
from cunjing.planning.month.work import Tour, VillageWork, shifts_of

MONTH, START = "2026-10", date(2026, 10, 1)
DAYS = (date(2026, 10, 9), date(2026, 10, 15), date(2026, 10, 23))
TERRAINS: Mapping[str, int] = {"plain": 1000, "hills": 2000, "mountains": 4000}
"""Metres from the office within which the hamlets of a village lie, each way."""
SIZES = (40, 80, 120)
"""Households that need a visit."""
SEEDS = range(3)
TOWNSHIPS, VILLAGES = 23, 301
_METRES_A_DEGREE = 111_320
_PRIZES = (5, 10, 20, 30, 50, 80)
_LENGTHS = (15, 20, 30, 30, 45, 60)
_WINDOWS = ((510, 600), (540, 660), (600, 720), (840, 930), (960, 1050))
_OPTIONS = default_options()


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of village: prize collected by each way, and processor seconds a village."""

    terrain: str
    households: int
    ours: int
    insertion: int
    listing: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Stations:
    """The calendars of all stations together, and whole months with households."""

    stations: int
    officers: int
    villages: int
    calendar_seconds: float
    plan_seconds: float
    faults: int

    @property
    def seconds_an_officer(self) -> float:
        """Processor seconds of a whole month, calendar and households, for one officer."""
        return self.plan_seconds / self.officers


def households(
    terrains: Mapping[str, int] = TERRAINS,
    sizes: Sequence[int] = SIZES,
    seeds: Sequence[int] = SEEDS,
) -> Iterator[Row]:
    """A row for each terrain and size."""
    for terrain, spread in terrains.items():
        for size in sizes:
            works = [village(seed, size, spread) for seed in seeds]
            began = time.process_time()
            ours = sum(_prize(work, solve_households(work)) for work in works)
            seconds = (time.process_time() - began) / len(works)
            insertion = sum(_prize(work, insertion_tours(work)) for work in works)
            listing = sum(_prize(work, listed_tours(work)) for work in works)
            yield Row(terrain, size, ours, insertion, listing, seconds)


def stations(townships: int = TOWNSHIPS, villages: int = VILLAGES) -> Stations:
    """Plan every station of a county alone; processor seconds in all."""
    problems = [
        station(number, villages // townships + int(number < villages % townships))
        for number in range(townships)
    ]
    calendars = _seconds(lambda: [plan_month(_bare(one), _OPTIONS) for one in problems])
    plans: list[MonthPlan] = []
    whole = _seconds(lambda: plans.extend(plan_month(one, _OPTIONS) for one in problems))
    faults = [
        fault
        for one, plan in zip(problems, plans, strict=True)
        for fault in check_plan(one, plan, _OPTIONS)
    ]
    return Stations(
        stations=townships,
        officers=sum(len(one.officers) for one in problems),
        villages=villages,
        calendar_seconds=calendars,
        plan_seconds=whole,
        faults=len(faults),
    )


def insertion_tours(work: VillageWork) -> list[Tour]:
    """Greedy insertion: again and again the household with the most prize for a minute added."""
    tours = [Tour(shift) for shift in work.shifts]
    everybody = range(len(work.needs))
    insert_by_worth(work, everybody, tours)
    fill(work, everybody, tours)
    return tours


def listed_tours(work: VillageWork) -> list[Tour]:
    """A person with a list: on to the most prize for a minute, until nothing fits any more."""
    tours = [Tour(shift) for shift in work.shifts]
    left = set(range(len(work.needs)))
    for tour in tours:
        now = tour.shift.start
        while steps := [_step(work, tour, index, now) for index in sorted(left)]:
            rate, index, then = max(steps)
            if rate == 0:
                break
            tour.needs.append(-index)
            left.discard(-index)
            now = then
    return tours


def station(number: int, villages: int) -> MonthProblem:
    """A station with an officer for every village or two, two or three cars, leave, a market."""
    rng = random.Random(number)  # noqa: S311 - a data set, no secret
    unit = f"U{number:02}"
    codes = [f"4115260{number:02}{index:03}" for index in range(200, 200 + villages)]
    officers = [f"{unit}-{index:02}" for index in range(max(1, villages * 3 // 4))]
    needs = [need for code in codes for need in _needs(rng, code, rng.randint(40, 80), 2000)]
    return MonthProblem(
        month=MONTH,
        units=(unit,),
        officers=tuple(
            Officer(staff_id=name, unit_code=unit, away=_away(rng)) for name in officers
        ),
        services=tuple(
            Service(
                staff_id=officers[index % len(officers)],
                village_code=code,
                role="liaison_officer",
                valid_from=date(2026, 1, 1),
            )
            for index, code in enumerate(codes)
        ),
        places=tuple(Place(village_code=code, longitude=116.0, latitude=32.0) for code in codes),
        needs=tuple(needs),
        calendar=tuple(
            DayFact(day=START + timedelta(days=day), market=True)
            for day in range(number % 5, 31, 5)
        ),
        cars=tuple(Car(car_id=f"{unit}-{index}", unit_code=unit) for index in range(3)),
    )


def report(rows: Sequence[Row], county: Stations) -> list[str]:
    """Lines of Markdown: the tables, what they come to, then the targets, met or MISSED."""
    lines = [
        "| Village | Households | Ours: prize | Above insertion | Above a list | CPU s |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.terrain} | {row.households} | {row.ours} | {_above(row.ours, row.insertion)} "
        f"| {_above(row.ours, row.listing)} | {row.seconds:.2f} |"
        for row in rows
    ]
    ours, insertion = sum(row.ours for row in rows), sum(row.insertion for row in rows)
    listing = sum(row.listing for row in rows)
    lines += [
        f"| **all** | | {ours} | **{_above(ours, insertion)}** | **{_above(ours, listing)}** "
        f"| {sum(row.seconds for row in rows) / len(rows):.2f} |",
        "",
        f"{county.stations} stations, {county.villages} villages, {county.officers} officers: "
        f"calendars {county.calendar_seconds:.1f} s in all; calendar and households "
        f"{county.seconds_an_officer:.2f} s an officer; {county.faults} faults by the checker "
        "(processor seconds).",
        "",
        *(line for line, _ in _targets(rows, county)),
    ]
    return lines


def meets(rows: Sequence[Row], county: Stations) -> bool:
    """Whether every target is met."""
    return all(met for _, met in _targets(rows, county))


def _targets(rows: Sequence[Row], county: Stations) -> Iterator[tuple[str, bool]]:
    ours, insertion = sum(row.ours for row in rows), sum(row.insertion for row in rows)
    yield _target(
        "a month's plan at least 8 % above the greedy insertion",
        100 * ours >= 108 * insertion,
        _above(ours, insertion),
    )
    officer, calendars = county.seconds_an_officer, county.calendar_seconds
    yield _target("in at most 0.4 s of the processor an officer", officer <= 0.4, f"{officer:.2f}")
    yield _target("the county's calendars in at most 30 s", calendars <= 30, f"{calendars:.1f} s")
    yield _target("no fault by the checker", county.faults == 0, f"{county.faults}")


def _target(name: str, met: bool, said: str) -> tuple[str, bool]:
    return f"- {'met' if met else '**MISSED**'}: {name} — {said}", met


def main() -> None:
    """Measure and print."""
    print("\n".join(report(list(households()), stations())))


def _step(work: VillageWork, tour: Tour, index: int, now: int) -> tuple[float, int, int]:
    """Prize for a minute of going on to a household (0: it cannot be), and when one leaves it."""
    stops = work.timed(tour.shift, [*tour.needs, index])
    if stops is None:
        return 0.0, -index, now
    return work.worth(index) / max(1, stops[-1].leave - now), -index, stops[-1].leave


def _above(ours: int, theirs: int) -> str:
    return f"{100 * (ours / theirs - 1):+.1f} %"


def _prize(work: VillageWork, tours: Sequence[Tour]) -> int:
    return sum(work.needs[index].prize for tour in tours for index in tour.needs)


def village(seed: int, size: int, spread: int) -> VillageWork:
    """A village of so many households within so many metres, with three village days."""
    rng = random.Random(f"{seed} {size} {spread}")  # noqa: S311 - a data set, no secret
    needs = list(_needs(rng, "341102001201", size, spread))
    place = Place(village_code="341102001201", longitude=116.0, latitude=32.0)
    shifts = shifts_of([(day, "S1") for day in DAYS], _OPTIONS)
    return VillageWork(place=place, needs=needs, shifts=shifts, options=_OPTIONS)


def _needs(rng: random.Random, code: str, size: int, spread: int) -> Iterator[Need]:
    """Households in four to nine hamlets; two in five have hours, one in twelve an agreed day."""
    reach = spread / _METRES_A_DEGREE
    hamlets = [
        (116 + rng.uniform(-reach, reach), 32 + rng.uniform(-reach, reach))
        for _ in range(rng.randint(4, 9))
    ]
    for index in range(size):
        hamlet = rng.randrange(len(hamlets))
        window = rng.choice(_WINDOWS) if rng.random() < 0.4 else (None, None)
        yield Need(
            household_id=f"{code}-{index:03}",
            village_code=code,
            prize=rng.choice(_PRIZES),
            hamlet_id=f"{code}-{hamlet}",
            fixed_date=rng.choice(DAYS) if rng.random() < 1 / 12 else None,
            window_from=window[0],
            window_to=window[1],
            minutes=rng.choice(_LENGTHS),
            longitude=hamlets[hamlet][0] + rng.gauss(0, 0.001),
            latitude=hamlets[hamlet][1] + rng.gauss(0, 0.001),
        )


def _away(rng: random.Random) -> tuple[Away, ...]:
    if rng.random() > 0.4:
        return ()
    first = START + timedelta(days=rng.randint(0, 28))
    return (
        Away(date_from=first, date_to=first + timedelta(days=rng.randint(1, 10)), kind="leave"),
    )


def _bare(problem: MonthProblem) -> MonthProblem:
    """The station without households but those with an agreed day, which the calendar looks at."""
    return MonthProblem(
        month=problem.month,
        units=problem.units,
        officers=problem.officers,
        services=problem.services,
        calendar=problem.calendar,
        cars=problem.cars,
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
