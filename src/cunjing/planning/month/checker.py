"""A plan held against the facts without the solvers: what in it cannot be or must not be.

Written apart from the planner on purpose: it reads only the problem, the plan and the numbers, and
works out holidays, hours and ways in its own, slower manner. Days a person decided may break a rest
day, the spacing and the cars, but never leave, posting or month.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import chinese_calendar

from cunjing.planning.month.model import (
    MonthPlan,
    MonthProblem,
    Need,
    Officer,
    VillageDay,
    Visit,
)
from cunjing.planning.month.options import Options

_METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `table` is `days`, `visits` or `left_out`; `index` its row from 0."""

    table: str
    index: int
    column: str
    message: str


def check_plan(problem: MonthProblem, plan: MonthPlan, options: Options) -> list[Fault]:
    """Everything wrong with a plan, in the order of its rows; empty where it is sound."""
    check = _Check(problem, plan, options)
    faults = [*check.days(), *check.visits(), *check.left_out()]
    return sorted(faults, key=lambda item: (item.table, item.index, item.column, item.message))


class _Check:
    def __init__(self, problem: MonthProblem, plan: MonthPlan, options: Options) -> None:
        self._problem, self._plan, self._options = problem, plan, options
        self._officers: Mapping[str, Officer] = {item.staff_id: item for item in problem.officers}
        self._needs: Mapping[str, Need] = {item.household_id: item for item in problem.needs}
        self._declared = {fact.day: fact.working for fact in problem.calendar}

    def days(self) -> Iterator[Fault]:
        for index, item in enumerate(self._plan.days):
            for column, message in self._day(item):
                yield Fault("days", index, column, message)
        yield from self._one_village_a_day()
        yield from self._spacing()
        yield from self._cars()

    def _day(self, item: VillageDay) -> Iterator[tuple[str, str]]:
        if item.day.strftime("%Y-%m") != self._problem.month:
            yield "date", "不在计划的月份里"
        serves = any(
            one.staff_id == item.staff_id
            and one.village_code == item.village_code
            and one.valid_from <= item.day
            and (one.valid_to is None or item.day < one.valid_to)
            for one in self._problem.services
        )
        if not serves:
            yield "village_code", "这天此人不包这个村"
        officer = self._officers.get(item.staff_id)
        if officer is None:
            yield "staff_id", "不在这个单位的人员里"
            return
        if officer.on_duty_from is not None and item.day < officer.on_duty_from:
            yield "date", "这天还没有到岗"
        if officer.on_duty_to is not None and item.day >= officer.on_duty_to:
            yield "date", "这天已经离岗"
        if any(away.date_from <= item.day < away.date_to for away in officer.away):
            yield "date", "这天此人请假或另有安排"
        if not item.fixed and not self._works(item.day):
            yield "date", "这天是休息日"

    def _works(self, day: date) -> bool:
        declared = self._declared.get(day)
        if declared is not None:
            return declared
        try:
            return day in chinese_calendar.get_workdays(day, day)
        except NotImplementedError:
            return day.isoweekday() <= 5

    def _one_village_a_day(self) -> Iterator[Fault]:
        seen: set[tuple[str, date]] = set()
        for index, item in enumerate(self._plan.days):
            if (item.staff_id, item.day) in seen:
                yield Fault("days", index, "date", "一天排了两次进村")
            seen.add((item.staff_id, item.day))

    def _spacing(self) -> Iterator[Fault]:
        for index, item in enumerate(self._plan.days):
            for other in self._plan.days[:index]:
                same = other.staff_id == item.staff_id and other.village_code == item.village_code
                near = abs((item.day - other.day).days) < self._options.spacing
                if same and near and not (item.fixed and other.fixed):
                    yield Fault("days", index, "date", f"离{other.day}的进村太近")

    def _cars(self) -> Iterator[Fault]:
        owned: dict[str | None, set[str]] = defaultdict(set)
        for car in self._problem.cars:
            owned[car.unit_code].add(car.car_id)
        used: set[tuple[str, date]] = set()
        out: Counter[tuple[str | None, date]] = Counter()
        for index, item in enumerate(self._plan.days):
            officer = self._officers.get(item.staff_id)
            unit = officer.unit_code if officer is not None else None
            out[unit, item.day] += 1
            if item.car_id is not None:
                if item.car_id not in owned[unit]:
                    yield Fault("days", index, "car_id", "不是这个单位的车")
                if (item.car_id, item.day) in used:
                    yield Fault("days", index, "car_id", "这辆车这天已经派出")
                used.add((item.car_id, item.day))
        yield from self._too_many(owned, out)

    def _too_many(
        self, owned: Mapping[str | None, set[str]], out: Mapping[tuple[str | None, date], int]
    ) -> Iterator[Fault]:
        for index, item in enumerate(self._plan.days):
            officer = self._officers.get(item.staff_id)
            unit = officer.unit_code if officer is not None else None
            if owned.get(unit) and not item.fixed and out[unit, item.day] > len(owned[unit]):
                yield Fault("days", index, "car_id", "这天进村的人比车多")

    def visits(self) -> Iterator[Fault]:
        planned = {(item.day, item.staff_id, item.village_code) for item in self._plan.days}
        households: Counter[str] = Counter()
        for index, visit in enumerate(self._plan.visits):
            households[visit.household_id] += 1
            if households[visit.household_id] > 1:
                yield Fault("visits", index, "household_id", "这户一个月里排了不止一次")
            if (visit.day, visit.staff_id, visit.village_code) not in planned:
                yield Fault("visits", index, "date", "这天没有排这个人进这个村")
            for column, message in self._visit(visit):
                yield Fault("visits", index, column, message)
        yield from self._ways()

    def _visit(self, visit: Visit) -> Iterator[tuple[str, str]]:
        need, options = self._needs.get(visit.household_id), self._options
        if need is None or need.village_code != visit.village_code:
            yield "household_id", "这个村的 needs 表里没有这户"
            return
        if need.fixed_date is not None and need.fixed_date != visit.day:
            yield "date", f"约的是{need.fixed_date}"
        if visit.leave - visit.arrive != (need.minutes or options.minutes):
            yield "leave", "时长与 needs 表不符"
        if need.window_from is not None and visit.arrive < need.window_from:
            yield "arrive", "早于这户方便的时间"
        if need.window_to is not None and visit.leave > need.window_to:
            yield "leave", "晚于这户方便的时间"
        if visit.arrive < options.start or visit.leave > options.end:
            yield "arrive", "不在工作时间里"
        if visit.arrive < options.lunch_to and visit.leave > options.lunch_from:
            yield "arrive", "占了午休"

    def _ways(self) -> Iterator[Fault]:
        """From the office, from one household to the next, and back, before and after lunch."""
        halves: dict[tuple[date, str, bool], list[tuple[int, Visit]]] = defaultdict(list)
        for index, visit in enumerate(self._plan.visits):
            if visit.household_id in self._needs:
                morning = visit.arrive < self._options.lunch_from
                halves[visit.day, visit.staff_id, morning].append((index, visit))
        for (_, _, morning), rows in halves.items():
            yield from self._half(sorted(rows, key=lambda row: row[1].arrive), morning=morning)

    def _half(self, rows: list[tuple[int, Visit]], *, morning: bool) -> Iterator[Fault]:
        options = self._options
        now, here = (options.start if morning else options.lunch_to), None
        ends = options.lunch_from if morning else options.end
        atlas = _Atlas(self._problem, options, rows[0][1].village_code)
        orders = [visit.order for _, visit in rows]
        if orders != sorted(set(orders)):
            yield Fault("visits", rows[0][0], "order", "顺序与时间不符")
        for index, visit in rows:
            need = self._needs[visit.household_id]
            if visit.arrive < now + atlas.minutes(here, need):
                yield Fault("visits", index, "arrive", "从上一处走不到")
            now, here = visit.leave, need
        if here is not None and now + atlas.minutes(here, None) > ends:
            yield Fault("visits", rows[-1][0], "leave", "回村部已过了时间")

    def left_out(self) -> Iterator[Fault]:
        visited = {visit.household_id for visit in self._plan.visits}
        said: set[str] = set()
        for index, item in enumerate(self._plan.left_out):
            if item.household_id in visited or item.household_id in said:
                yield Fault("left_out", index, "household_id", "这户已在别处列出")
            said.add(item.household_id)
            if item.household_id not in self._needs:
                yield Fault("left_out", index, "household_id", "needs 表里没有这户")
            if not item.reason:
                yield Fault("left_out", index, "reason", "没有说明原因")
        for household_id in sorted(set(self._needs) - visited - said):
            row = len(self._plan.left_out)
            yield Fault("left_out", row, "household_id", f"“{household_id}”既没有排也没有说明原因")


class _Atlas:
    """Minutes between the households of a village (None = its office), worked out one by one."""

    def __init__(self, problem: MonthProblem, options: Options, village_code: str) -> None:
        self._options = options
        place = next((item for item in problem.places if item.village_code == village_code), None)
        needs = [need for need in problem.needs if need.village_code == village_code]
        raw: dict[str | None, tuple[float, float]] = {}
        if place is not None and place.longitude is not None and place.latitude is not None:
            raw[None] = (place.longitude, place.latitude)
        for need in needs:
            if need.longitude is not None and need.latitude is not None:
                raw[need.household_id] = (need.longitude, need.latitude)
        centre = (_median(p[0] for p in raw.values()), _median(p[1] for p in raw.values()))
        self._exact = {k: p for k, p in raw.items() if _apart(p, centre) <= options.believed}
        self._about = self._stand_ins(needs)

    def _stand_ins(self, needs: Iterable[Need]) -> dict[str | None, tuple[float, float]]:
        hamlets: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for need in needs:
            if need.hamlet_id is not None and need.household_id in self._exact:
                hamlets[need.hamlet_id].append(self._exact[need.household_id])
        found: dict[str | None, tuple[float, float]] = {}
        for need in needs:
            if need.household_id not in self._exact and need.hamlet_id in hamlets:
                found[need.household_id] = _mean(hamlets[need.hamlet_id])
        homes = [self._exact[key] for key in sorted(k for k in self._exact if k is not None)]
        if None not in self._exact and homes:
            found[None] = _mean(homes)
        return found

    def minutes(self, one: Need | None, other: Need | None) -> int:
        """Whole minutes, rounded up; 0 from the office to itself."""
        if one is None and other is None:
            return 0
        return math.ceil(self._metres(one, other) / self._options.metres_a_minute)

    def _metres(self, one: Need | None, other: Need | None) -> int:
        keys = [None if need is None else need.household_id for need in (one, other)]
        spots = [self._exact.get(key) or self._about.get(key) for key in keys]
        hamlets = {None if need is None else need.hamlet_id for need in (one, other)}
        if spots[0] is None or spots[1] is None:
            neighbours = len(hamlets) == 1 and None not in hamlets
            return self._options.within_hamlet if neighbours else self._options.between_hamlets
        straight = _apart(spots[0], spots[1])
        metres = math.ceil(straight * self._options.detour_percent / 100)
        known = all(key in self._exact for key in keys)
        return metres if known else max(metres, self._options.within_hamlet)


def _median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _mean(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    found = list(points)
    return (sum(p[0] for p in found) / len(found), sum(p[1] for p in found) / len(found))


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    across = math.cos(math.radians((one[1] + other[1]) / 2))
    east = (one[0] - other[0]) * _METRES_A_DEGREE * across
    return math.hypot(east, (one[1] - other[1]) * _METRES_A_DEGREE)
