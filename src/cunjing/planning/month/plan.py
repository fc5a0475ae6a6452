"""A month's plan: the calendar of every unit, then the households of every village."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from cunjing.planning.month.calendar import Wishes, solve_calendar
from cunjing.planning.month.days import Month, Pair
from cunjing.planning.month.fixing import accepted
from cunjing.planning.month.model import (
    FixedDay,
    LeftOut,
    MonthPlan,
    MonthProblem,
    Need,
    Note,
    Place,
    VillageDay,
)
from cunjing.planning.month.options import Options
from cunjing.planning.month.reasons import NoteCause
from cunjing.planning.month.shortfalls import Shortfalls
from cunjing.planning.month.village_days import crowding_notes, village_days, with_counts
from cunjing.planning.month.villages import VillagePart, plan_village

_Chosen = frozenset[tuple[Pair, date]]


def plan_month(
    problem: MonthProblem,
    options: Options,
    *,
    fixed: Sequence[FixedDay] = (),
    barred: Sequence[FixedDay] = (),
    previous: MonthPlan | None = None,
    begins: date | None = None,
) -> MonthPlan:
    """Plan a month. Same input and seed, same plan; a wish that cannot be met becomes a note.

    `fixed` are days somebody decided; they stay, also on a rest day, too close or without a car,
    with a note; one on which the person cannot be in the village is refused with a note. `barred`
    are days somebody gave up. Days of `previous` are kept where they can be, and so are the visits
    of a village day that stays. Before `begins` no day is chosen, for it has passed; fixed ones
    stay there too.
    """
    month = Month(problem, barred=barred, begins=begins)
    pairs = tuple(pair for pair in month.pairs if pair.role in options.aims)
    decided, notes = accepted(month, pairs, fixed)
    chosen = _calendar(month, pairs, decided, previous, options)
    days = village_days(month, chosen, decided)
    parts = list(_villages(month, pairs, days, previous, options))
    visits = [visit for part in parts for visit in part.visits]
    notes += [note for part in parts for note in part.notes]
    notes += crowding_notes(month, days, options)
    notes += Shortfalls(
        month=month, days=days, cars=_cars(problem), options=options, pairs=pairs
    ).notes()
    notes += _about_the_month(month, pairs)
    return MonthPlan(
        month=problem.month,
        units=problem.units,
        seed=options.seed,
        days=with_counts(days, visits),
        visits=tuple(sorted(visits, key=lambda item: (item.day, item.staff_id, item.order))),
        left_out=_left_out(parts),
        notes=tuple(sorted(notes, key=_note_order)),
    )


def _left_out(parts: Sequence[VillagePart]) -> tuple[LeftOut, ...]:
    """Every village's, by village and household."""
    found = (item for part in parts for item in part.left_out)
    return tuple(sorted(found, key=lambda item: (item.village_code, item.household_id)))


def _calendar(
    month: Month,
    pairs: Sequence[Pair],
    decided: _Chosen,
    previous: MonthPlan | None,
    options: Options,
) -> _Chosen:
    """The village days of every unit; units share nothing, so each is solved alone."""
    units: dict[str | None, list[Pair]] = defaultdict(list)
    for pair in pairs:
        units[month.officers[pair.staff_id].unit_code].append(pair)
    cars = _cars(month.problem)
    chosen: set[tuple[Pair, date]] = set()
    for unit, own in units.items():
        wishes = _wishes(month, tuple(own), decided, previous, cars.get(unit))
        chosen |= solve_calendar(month, wishes, options)
    return frozenset(chosen)


def _wishes(
    month: Month,
    pairs: tuple[Pair, ...],
    decided: _Chosen,
    previous: MonthPlan | None,
    cars: int | None,
) -> Wishes:
    open_days = {
        pair: tuple(day for day in month.days if month.barrier(pair, day) is None) for pair in pairs
    }
    before = {
        (item.staff_id, item.village_code, item.day) for item in (previous.days if previous else ())
    }
    agreed = Counter(
        (need.village_code, need.fixed_date)
        for need in month.problem.needs
        if need.fixed_date is not None and need.prize > 0
    )
    return Wishes(
        pairs=pairs,
        open_days=open_days,
        fixed=frozenset(item for item in decided if item[0] in open_days),
        kept=frozenset(
            (pair, day)
            for pair, days in open_days.items()
            for day in days
            if (pair.staff_id, pair.village_code, day) in before
        ),
        agreed=agreed,
        cars=cars,
    )


def _villages(
    month: Month,
    pairs: Sequence[Pair],
    days: Sequence[VillageDay],
    previous: MonthPlan | None,
    options: Options,
) -> Iterator[VillagePart]:
    places = {place.village_code: place for place in month.problem.places}
    needs: dict[str, list[Need]] = defaultdict(list)
    for need in month.problem.needs:
        needs[need.village_code].append(need)
    for code in sorted({pair.village_code for pair in pairs} | set(needs)):
        yield plan_village(
            month=month,
            place=places.get(code, Place(village_code=code)),
            needs=needs[code],
            days=[item for item in days if item.village_code == code],
            pairs=[pair for pair in pairs if pair.village_code == code],
            previous=previous,
            options=options,
        )


def _cars(problem: MonthProblem) -> Mapping[str | None, int]:
    return Counter(car.unit_code for car in problem.cars)


def _about_the_month(month: Month, pairs: Sequence[Pair]) -> Iterator[Note]:
    if not month.has_table:
        text = (
            f"还没有{month.period.start.year}年的放假安排，按周一至周五上班；请在calendar表里补上"
        )
        yield Note(cause=NoteCause.NO_TABLE, text=text)
    if not pairs:
        text = "本月没有人包村，没有可排的进村；请检查任职（postings）和单位"
        yield Note(cause=NoteCause.NO_SERVICE, text=text)


def _note_order(note: Note) -> tuple[str, str, str, str, str]:
    return (
        note.staff_id or "",
        note.village_code or "",
        note.cause,
        note.day.isoformat() if note.day else "",
        note.text,
    )
