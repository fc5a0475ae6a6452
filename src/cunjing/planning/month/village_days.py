"""Chosen days as people read them: with a car, a reason, and what is unusual about them."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from cunjing.planning.month.days import Month, Pair
from cunjing.planning.month.model import Note, VillageDay, Visit
from cunjing.planning.month.options import Options
from cunjing.planning.month.reasons import WEEKDAYS, NoteCause, day_word


def village_days(
    month: Month,
    chosen: Iterable[tuple[Pair, date]],
    decided: frozenset[tuple[Pair, date]],
) -> list[VillageDay]:
    """Sorted by day, person and village; cars are handed out in that order."""
    free: dict[tuple[str | None, date], list[str]] = {}
    ordered = sorted(chosen, key=lambda item: (item[1], item[0].staff_id, item[0].village_code))
    days = []
    for pair, day in ordered:
        unit = month.officers[pair.staff_id].unit_code
        cars = free.setdefault((unit, day), _cars_of(month, unit))
        days.append(
            VillageDay(
                day=day,
                staff_id=pair.staff_id,
                village_code=pair.village_code,
                car_id=cars.pop(0) if cars else None,
                fixed=(pair, day) in decided,
                reason=_reason(month, day, fixed=(pair, day) in decided),
            )
        )
    return days


def with_counts(days: Sequence[VillageDay], visits: Iterable[Visit]) -> tuple[VillageDay, ...]:
    """The days with how many households are planned said in the reason."""
    counts = Counter((visit.day, visit.staff_id, visit.village_code) for visit in visits)
    said = []
    for item in days:
        count = counts[item.day, item.staff_id, item.village_code]
        words = f"走访{count}户" if count else "没有排走访的户"
        said.append(replace(item, reason=f"{item.reason}；{words}"))
    return tuple(said)


def crowding_notes(month: Month, days: Sequence[VillageDay], options: Options) -> Iterator[Note]:
    """Decided days too close to each other, and days with more village days than cars."""
    of_pair: dict[tuple[str, str], list[VillageDay]] = defaultdict(list)
    for item in days:
        of_pair[item.staff_id, item.village_code].append(item)
    for own in of_pair.values():
        for one, other in itertools.pairwise(own):
            apart = (other.day - one.day).days
            if apart < options.spacing:
                text = f"与{day_word(one.day)}只隔{apart}天，按人工定下的进村保留"
                yield _note(NoteCause.FIXED_CLOSE, other, text)
    have_cars = {car.unit_code for car in month.problem.cars}
    for item in days:
        if item.car_id is None and month.officers[item.staff_id].unit_code in have_cars:
            text = f"{day_word(item.day)}车不够，按人工定下的进村保留，请另想办法出行"
            yield replace(_note(NoteCause.CARS_SHORT, item, text), missing=1)


def _cars_of(month: Month, unit: str | None) -> list[str]:
    return sorted(car.car_id for car in month.problem.cars if car.unit_code == unit)


def _reason(month: Month, day: date, *, fixed: bool) -> str:
    fact = month.facts.get(day)
    words = [f"周{WEEKDAYS[day.weekday()]}"]
    if fixed:
        words.append("人工定下")
    if fact is not None and fact.market:
        words.append("赶集日")
    if fact is not None and fact.festival:
        words.append("节日")
    return "，".join(words)


def _note(cause: NoteCause, item: VillageDay, text: str) -> Note:
    return Note(
        cause=cause,
        text=text,
        staff_id=item.staff_id,
        village_code=item.village_code,
        day=item.day,
    )
