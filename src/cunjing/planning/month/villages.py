"""The visits of one village's days, and why its other households are not visited."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cunjing.planning.month.days import Month, Pair
from cunjing.planning.month.households import solve_households
from cunjing.planning.month.left_out import Leaving
from cunjing.planning.month.model import (
    LeftOut,
    MonthPlan,
    Need,
    Note,
    Place,
    VillageDay,
    Visit,
)
from cunjing.planning.month.options import Options
from cunjing.planning.month.reasons import NoteCause
from cunjing.planning.month.work import Shift, Tour, VillageWork, shifts_of


@dataclass(frozen=True, slots=True)
class VillagePart:
    """What a plan says of one village's households."""

    visits: tuple[Visit, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...]


def plan_village(
    *,
    month: Month,
    place: Place,
    needs: Sequence[Need],
    days: Sequence[VillageDay],
    pairs: Sequence[Pair],
    previous: MonthPlan | None,
    options: Options,
) -> VillagePart:
    """Plan the households of a village. `days`, `needs` and `pairs` are this village's alone."""
    ordered = sorted(needs, key=lambda need: need.household_id)
    shifts = shifts_of(((item.day, item.staff_id) for item in days), options)
    work = VillageWork(place=place, needs=ordered, shifts=shifts, options=options)
    tours = solve_households(work, _kept(work, days, previous))
    visits = _visits(work, tours, place.village_code)
    visited = {visit.household_id for visit in visits}
    leaving = Leaving(month=month, pairs=pairs, work=work, options=options)
    left_out = [leaving.explain(need) for need in ordered if need.household_id not in visited]
    return VillagePart(
        visits=tuple(visits),
        left_out=tuple(left_out),
        notes=(*_doubts(work, place.village_code), *_few(pairs, visits, left_out, options)),
    )


def _kept(
    work: VillageWork, days: Sequence[VillageDay], previous: MonthPlan | None
) -> dict[Shift, list[int]]:
    """Tours of the plan before on days that stay, unless an appointment has come between."""
    if previous is None:
        return {}
    now = {(item.day, item.staff_id, item.village_code) for item in days}
    before = {(item.day, item.staff_id, item.village_code) for item in previous.days} & now
    index_of = {need.household_id: index for index, need in enumerate(work.needs)}
    visits: dict[tuple[date, str], list[Visit]] = defaultdict(list)
    for visit in previous.visits:
        if (visit.day, visit.staff_id, visit.village_code) in before:
            visits[visit.day, visit.staff_id].append(visit)
    stay = {(day, staff_id) for day, staff_id, _ in before}
    tours = {
        shift: [
            index_of[visit.household_id]
            for visit in sorted(visits[shift.day, shift.staff_id], key=lambda item: item.order)
            if visit.household_id in index_of and shift.start <= visit.arrive < shift.end
        ]
        for shift in work.shifts
        if (shift.day, shift.staff_id) in stay
    }
    placed = {index for order in tours.values() for index in order}
    new = {
        need.fixed_date
        for index, need in enumerate(work.needs)
        if need.fixed_date is not None and need.prize > 0 and index not in placed
    }
    return {
        shift: order
        for shift, order in tours.items()
        if shift.day not in new and work.timed(shift, order) is not None
    }


def _visits(work: VillageWork, tours: Sequence[Tour], village_code: str) -> list[Visit]:
    ranks = _ranks(work)
    orders: dict[tuple[date, str], int] = defaultdict(int)
    visits = []
    for tour in tours:
        for stop in work.timed(tour.shift, tour.needs) or ():
            need, key = work.needs[stop.need], (tour.shift.day, tour.shift.staff_id)
            orders[key] += 1
            visits.append(
                Visit(
                    day=tour.shift.day,
                    staff_id=tour.shift.staff_id,
                    village_code=village_code,
                    household_id=need.household_id,
                    order=orders[key],
                    arrive=stop.arrive,
                    leave=stop.leave,
                    reason=_reason(need, ranks[stop.need], len(ranks)),
                )
            )
    return visits


def _ranks(work: VillageWork) -> Mapping[int, int]:
    """Needs with a prize, from the most needed; equals share a rank."""
    prizes = sorted((need.prize for need in work.needs if need.prize > 0), reverse=True)
    return {
        index: prizes.index(need.prize) + 1
        for index, need in enumerate(work.needs)
        if need.prize > 0
    }


def _reason(need: Need, rank: int, of: int) -> str:
    words = ["已约好这天"] if need.fixed_date is not None else []
    words.append(f"需要程度{need.prize}，在本村{of}户中排第{rank}")
    return "；".join(words)


def _doubts(work: VillageWork, village_code: str) -> list[Note]:
    doubted = work.ways.doubted
    if not doubted:
        return []
    text = f"有{len(doubted)}户的坐标离村太远，没有采用，按自然组估算路程，请核对坐标"
    return [Note(cause=NoteCause.NOT_BELIEVED, text=text, village_code=village_code)]


def _few(
    pairs: Sequence[Pair],
    visits: Sequence[Visit],
    left_out: Sequence[LeftOut],
    options: Options,
) -> list[Note]:
    notes = []
    for pair in pairs:
        wanted = options.aims[pair.role].households
        have = sum(visit.staff_id == pair.staff_id for visit in visits)
        if have < wanted:
            why = "其余的户排不下，原因逐户列出" if left_out else "需要走访的户都排上了"
            notes.append(
                Note(
                    cause=NoteCause.HOUSEHOLDS_SHORT,
                    text=f"本月排了{have}户，要求{wanted}户；{why}",
                    staff_id=pair.staff_id,
                    village_code=pair.village_code,
                    missing=wanted - have,
                )
            )
    return notes
