"""Village days of one unit by CP-SAT: who is in which village on which day.

Hard: a person is in one village a day; leave, posting and rest days; spacing; cars. What is asked
for in a month and in its parts is soft, dearer than every preference, so there is always a plan.
One worker, a fixed seed and a limit in deterministic time: the same input gives the same days.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ortools.sat.python import cp_model

from cunjing.planning.month.days import Month, Pair
from cunjing.planning.month.options import Aim, Options

_MISSING = 1000
_APPOINTMENT_DAY = 300
_APPOINTMENT = 20
_KEPT = 200
_EXTRA = 60
_MARKET = 20
_FESTIVAL = 15
_CROWDED = 8
_SAME_WEEKDAY = 5
_BUSY_WEEKDAY = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one unit's calendar is made from.

    `fixed` and `kept` hold (pair, day): decided by a person; and of the plan before. `agreed`
    counts the households of a village with an appointment on a day. `cars` None = not limited.
    """

    pairs: tuple[Pair, ...]
    open_days: Mapping[Pair, tuple[date, ...]]
    fixed: frozenset[tuple[Pair, date]]
    kept: frozenset[tuple[Pair, date]]
    agreed: Mapping[tuple[str, date], int]
    cars: int | None


def solve_calendar(month: Month, wishes: Wishes, options: Options) -> frozenset[tuple[Pair, date]]:
    """The village days, the fixed ones among them.

    Should the search end before its proof, a day that could simply be added is added, so that
    whatever is missing has a reason.
    """
    model = _Model(month, wishes, options)
    model.add_rules()
    model.add_preferences()
    return first_days(month, replace(wishes, fixed=model.solve()), options)


def target(aim: Aim, month: Month) -> int:
    """How many village days a month are wished of a role."""
    parts = sum(1 for _ in month.period.sub_periods(aim.part))
    return max(aim.month_days, aim.each_part * parts)


class _Model:
    def __init__(self, month: Month, wishes: Wishes, options: Options) -> None:
        self._month, self._wishes, self._options = month, wishes, options
        self._model = cp_model.CpModel()
        self._cost: list[cp_model.LinearExprT] = []
        self._days: dict[tuple[Pair, date], cp_model.IntVar] = {}
        self._of_pair: dict[Pair, dict[date, cp_model.IntVar]] = defaultdict(dict)
        self._of_day: dict[date, list[cp_model.IntVar]] = defaultdict(list)
        open_days = ((pair, day) for pair in wishes.pairs for day in wishes.open_days[pair])
        for pair, day in sorted({*open_days, *wishes.fixed}, key=_order):
            chosen = self._model.new_bool_var("")
            self._days[pair, day] = chosen
            self._of_pair[pair][day] = chosen
            self._of_day[day].append(chosen)
            if (pair, day) in wishes.fixed:
                self._model.add(chosen == 1)

    def add_rules(self) -> None:
        """One village a day, spacing, cars."""
        by_person: dict[tuple[str, date], list[cp_model.IntVar]] = defaultdict(list)
        for (pair, day), chosen in self._days.items():
            by_person[pair.staff_id, day].append(chosen)
        for several in by_person.values():
            if len(several) > 1:
                self._model.add_at_most_one(several)
        for pair in self._wishes.pairs:
            self._add_spacing(pair)
        if self._wishes.cars is not None:
            for day, several in self._of_day.items():
                decided = sum(on == day for _, on in self._wishes.fixed)
                self._model.add(sum(several) <= max(self._wishes.cars, decided))

    def _add_spacing(self, pair: Pair) -> None:
        decided = [day for on, day in self._wishes.fixed if on == pair]
        free = {day: var for day, var in self._of_pair[pair].items() if day not in decided}
        for day, chosen in free.items():
            if any(abs((day - other).days) < self._options.spacing for other in decided):
                self._model.add(chosen == 0)
        for day in self._month.days:
            last = day + timedelta(days=self._options.spacing)
            window = [chosen for on, chosen in free.items() if day <= on < last]
            if len(window) > 1:
                self._model.add_at_most_one(window)

    def add_preferences(self) -> None:
        """What is asked for, then what is liked."""
        for pair in self._wishes.pairs:
            self._add_aim(pair, self._options.aims[pair.role])
            self._add_weekdays(pair)
        for (pair, day), chosen in self._days.items():
            gain = self._liking(pair, day)
            if gain:
                self._cost.append(-gain * chosen)
        self._add_evenness()

    def _add_aim(self, pair: Pair, aim: Aim) -> None:
        days = self._of_pair[pair]
        for start, end in self._month.period.sub_periods(aim.part):
            inside = [chosen for day, chosen in days.items() if start <= day < end]
            self._charge(aim.each_part - sum(inside), most=aim.each_part, price=_MISSING)
        total, wanted = sum(days.values()), target(aim, self._month)
        self._charge(aim.month_days - total, most=aim.month_days, price=_MISSING)
        self._charge(total - wanted, most=len(days), price=_EXTRA)

    def _add_weekdays(self, pair: Pair) -> None:
        weekdays: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for day, chosen in self._of_pair[pair].items():
            weekdays[day.weekday()].append(chosen)
        for several in weekdays.values():
            self._charge(sum(several) - 1, most=len(several), price=_SAME_WEEKDAY)

    def _add_evenness(self) -> None:
        wanted = sum(
            min(target(self._options.aims[pair.role], self._month), len(self._of_pair[pair]))
            for pair in self._wishes.pairs
        )
        fair = -(-wanted // max(1, len(self._of_day)))
        weekdays: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for day, several in self._of_day.items():
            weekdays[day.weekday()] += several
            self._charge(sum(several) - fair, most=len(several), price=_CROWDED)
        working = Counter(day.weekday() for day in self._of_day)
        for weekday, several in weekdays.items():
            share = -(-wanted * working[weekday] // max(1, len(self._of_day)))
            self._charge(sum(several) - share, most=len(several), price=_BUSY_WEEKDAY)

    def _charge(self, over: cp_model.LinearExprT, *, most: int, price: int) -> None:
        """Pay `price` for each unit that `over` is above 0."""
        if most <= 0 or isinstance(over, int):
            if isinstance(over, int) and over > 0:
                self._cost.append(price * over)
            return
        charged = self._model.new_int_var(0, most, "")
        self._model.add(charged >= over)
        self._cost.append(price * charged)

    def _liking(self, pair: Pair, day: date) -> int:
        fact = self._month.facts.get(day)
        agreed = self._wishes.agreed.get((pair.village_code, day), 0)
        gain = (_APPOINTMENT_DAY + _APPOINTMENT * agreed) if agreed else 0
        gain += _KEPT if (pair, day) in self._wishes.kept else 0
        if fact is not None:
            gain += _MARKET * fact.market + _FESTIVAL * fact.festival
        return gain

    def solve(self) -> frozenset[tuple[Pair, date]]:
        self._model.minimize(sum(self._cost))
        self._hint()
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self._options.seed
        solver.parameters.max_deterministic_time = self._options.calendar_effort
        status = solver.solve(self._model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return self._wishes.fixed
        return frozenset(key for key, var in self._days.items() if solver.boolean_value(var))

    def _hint(self) -> None:
        begun = first_days(self._month, self._wishes, self._options)
        for key, var in self._days.items():
            self._model.add_hint(var, key in begun)


def first_days(month: Month, wishes: Wishes, options: Options) -> frozenset[tuple[Pair, date]]:
    """Days taken one by one, the least crowded first: where the solver starts."""
    begun = _Begun(wishes, options)
    for pair in wishes.pairs:
        aim = options.aims[pair.role]
        for start, end in month.period.sub_periods(aim.part):
            inside = [day for day in wishes.open_days[pair] if start <= day < end]
            have = sum(start <= day < end for day in begun.of_pair[pair])
            for _ in range(aim.each_part - have):
                begun.take_best(pair, inside)
    return frozenset((pair, day) for pair, days in begun.of_pair.items() for day in days)


class _Begun:
    """A calendar as it fills."""

    def __init__(self, wishes: Wishes, options: Options) -> None:
        self._wishes, self._options = wishes, options
        self.of_pair: dict[Pair, set[date]] = defaultdict(set)
        self._busy: set[tuple[str, date]] = set()
        self._crowd: Counter[date] = Counter()
        for pair, day in sorted(wishes.fixed, key=_order):
            self._take(pair, day)

    def take_best(self, pair: Pair, days: Iterable[date]) -> None:
        """The least crowded of the days that fit, if one does."""
        fits = (day for day in days if self._fits(pair, day))
        best = min(fits, key=lambda day: (self._crowd[day], day), default=None)
        if best is not None:
            self._take(pair, best)

    def _take(self, pair: Pair, day: date) -> None:
        self.of_pair[pair].add(day)
        self._busy.add((pair.staff_id, day))
        self._crowd[day] += 1

    def _fits(self, pair: Pair, day: date) -> bool:
        cars, spacing = self._wishes.cars, self._options.spacing
        if (pair.staff_id, day) in self._busy or (cars is not None and self._crowd[day] >= cars):
            return False
        return all(abs((on - day).days) >= spacing for on in self.of_pair[pair])


def _order(item: tuple[Pair, date]) -> tuple[str, str, date]:
    return (item[0].staff_id, item[0].village_code, item[1])
