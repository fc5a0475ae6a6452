"""Why this, why not that: the exact price of every other choice, and who would have to move.

To force a village on somebody is to send one unit of flow round a cycle: the village changes hands,
the new holder makes room along the cheapest chain of moves that ends where the old holder gained
some. The price is that of the cycle; the pair's reduced cost alone leaves out what the old holder's
room is worth on the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cunjing.planning.matching.parts import part_with
from cunjing.planning.matching.prices import INFINITE, Prices
from cunjing.planning.matching.problem import NOBODY, Flags, Indices, Ints, Problem
from cunjing.planning.matching.solution import Solution


@dataclass(frozen=True, slots=True)
class Move:
    """A village that would change hands. Staff and villages as in the problem; None = vacant."""

    village: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One officer × village; staff None: the village left vacant, `points` then its price.

    allowed: the pair may be. chosen: it is in the plan. extra: what the whole plan would cost more
    if it were forced, all moves included; None where it cannot be. tie: as good as the plan. moves:
    who would change, the forced village first.
    """

    staff: str | None
    village: str
    points: int | None
    allowed: bool
    chosen: bool
    extra: int | None
    moves: tuple[Move, ...] = ()

    @property
    def tie(self) -> bool:
        """Whether it would cost nothing more and is only not the one that was picked."""
        return self.extra == 0 and not self.chosen


def reasons_near(problem: Problem, solution: Solution, *, village: str) -> "Reasons":
    """The answers about one village: of whoever may have to move for it, not of a whole province.

    Whom its problem does not have may not serve the village. KeyError for an unknown village.
    """
    place = Reasons.index_in(problem.villages, village)
    part = part_with(problem, solution.settled, place)
    inside = np.full(len(problem.staff) + 1, NOBODY, dtype=np.int32)
    inside[part.staff] = np.arange(len(part.staff), dtype=np.int32)
    near = replace(
        solution,
        holder=inside[solution.holder[part.villages]],
        prices=Prices(
            village=solution.prices.village[part.villages],
            staff=solution.prices.staff[part.staff],
        ),
        settled=part.settled,
    )
    return Reasons(part.problem, near)


class Reasons:
    """The answers of one solution. Cheap to make; `extra` of a county takes milliseconds.

    Memory grows with the square of the staff: ask about a county, not about a province.
    """

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.solution = solution
        self._costs = problem.pair_costs()
        self._end = len(problem.staff)

    @cached_property
    def extra(self) -> Ints:
        """By pair of the problem: what forcing it would cost more; 0 for those chosen; `INFINITE`
        where it cannot be (the village is pinned elsewhere, or pins fill all slots)."""
        problem, holder = self.problem, self.solution.holder
        villages, staff = problem.pair_village, problem.pair_staff
        before = holder[villages]
        spot = np.where(before == NOBODY, self._end, before)
        leaving = np.where(before == NOBODY, problem.vacancy_costs()[villages], 0)
        leaving = leaving + np.where(before == NOBODY, 0, self._held_cost[villages])
        way = self._ways[staff, spot]
        price = np.where(way >= INFINITE, INFINITE, self._costs - leaving + way)
        price = np.where(self.solution.settled.free[villages], price, INFINITE)
        return np.where(before == staff, 0, price)

    def why_not(self, *, staff: str, village: str) -> WhyNot:
        """One cell, with the chain of moves. KeyError for a name the problem does not have."""
        one, place = (
            self.index_in(self.problem.staff, staff),
            self.index_in(self.problem.villages, village),
        )
        pair = self.problem.pair_of(place, one)
        chosen = int(self.solution.holder[place]) == one
        if pair is None:
            return WhyNot(staff, village, None, allowed=False, chosen=False, extra=None)
        extra = int(self.extra[pair])
        points = int(self.problem.pair_points[pair])
        possible = extra < INFINITE
        moves = tuple(self._moves(one, place)) if possible and not chosen else ()
        return WhyNot(
            staff,
            village,
            points,
            allowed=True,
            chosen=chosen,
            extra=extra if possible else None,
            moves=moves,
        )

    def left_vacant(self, *, village: str) -> WhyNot:
        """What leaving a village vacant would cost, and who of its holder's room would move. None
        where a pin holds it. KeyError for a name the problem does not have."""
        place = self.index_in(self.problem.villages, village)
        before, points = int(self.solution.holder[place]), int(self.problem.vacancy[place])
        chosen = before == NOBODY
        possible = chosen or bool(self.solution.settled.free[place])
        extra = 0
        if possible and not chosen:
            extra = int(self.problem.vacancy_costs()[place] - self._held_cost[place])
            extra += int(self._ways[self._end, before])
        return WhyNot(
            None,
            village,
            points,
            allowed=True,
            chosen=chosen,
            extra=extra if possible else None,
            moves=tuple(self._moves(self._end, place)) if possible and not chosen else (),
        )

    @cached_property
    def _held_cost(self) -> Ints:
        """What each village's own pair costs; 0 where it is vacant."""
        cost = np.zeros(len(self.problem.villages), dtype=np.int64)
        held = self._held
        cost[self.problem.pair_village[held]] = self._costs[held]
        return cost

    @cached_property
    def _held(self) -> Flags:
        problem = self.problem
        held: Flags = self.solution.holder[problem.pair_village] == problem.pair_staff
        return held

    @cached_property
    def _steps(self) -> tuple[Ints, Indices]:
        """Square matrices over staff and, last, the pool of free slots and vacancies: the cheapest
        step by which one who got a village too many hands one on, and the village (`NOBODY`: a slot
        is taken or given back)."""
        problem, solution = self.problem, self.solution
        size = self._end + 1
        step = np.full((size, size), INFINITE, dtype=np.int64)
        with_village = np.full((size, size), NOBODY, dtype=np.int32)
        free = solution.settled.free[problem.pair_village]
        spot = np.where(solution.holder == NOBODY, self._end, solution.holder)
        left = np.where(solution.holder == NOBODY, problem.vacancy_costs(), self._held_cost)
        usable = free & (solution.settled.used < problem.capacity)[problem.pair_staff] & ~self._held
        pairs = np.flatnonzero(usable)
        villages = problem.pair_village[pairs]
        _lowest(
            step,
            with_village,
            rows=spot[villages],
            columns=problem.pair_staff[pairs],
            values=self._costs[pairs] - left[villages],
            villages=villages,
        )
        moving = np.flatnonzero((solution.holder != NOBODY) & solution.settled.free)
        _lowest(
            step,
            with_village,
            rows=solution.holder[moving],
            columns=np.full(len(moving), self._end, dtype=np.int32),
            values=problem.vacancy_costs()[moving] - self._held_cost[moving],
            villages=moving.astype(np.int32),
        )
        self._slot_steps(step, with_village)
        np.fill_diagonal(step, 0)
        return step, with_village

    def _slot_steps(self, step: Ints, with_village: Indices) -> None:
        problem, holder = self.problem, self.solution.holder
        count = np.bincount(holder[holder != NOBODY], minlength=self._end)
        spare = np.flatnonzero(count < problem.capacity)
        price = problem.slot_points[problem.first_slot[spare] + count[spare]]
        better = price <= step[spare, self._end]
        step[spare[better], self._end] = price[better]
        with_village[spare[better], self._end] = NOBODY
        used = np.flatnonzero(count > self.solution.settled.used)
        back = -problem.slot_points[problem.first_slot[used] + count[used] - 1]
        better = back <= step[self._end, used]
        step[self._end, used[better]] = back[better]
        with_village[self._end, used[better]] = NOBODY

    @cached_property
    def _ways(self) -> Ints:
        """The cheapest chain from each to each (Floyd and Warshall, a row at a time)."""
        way = self._steps[0].copy()
        for middle in range(self._end + 1):
            np.minimum(way, way[:, middle, None] + way[None, middle, :], out=way)
        way[way > INFINITE // 2] = INFINITE
        return way

    def _moves(self, staff: int, village: int) -> Iterator[Move]:
        before = int(self.solution.holder[village])
        yield self._move(village, before, staff)
        target = self._end if before == NOBODY else before
        for here, there in self._chain(staff, target):
            moved = int(self._steps[1][here, there])
            if moved != NOBODY:
                yield self._move(moved, here, there)

    def _chain(self, start: int, target: int) -> list[tuple[int, int]]:
        """Of the cheapest chains one of the fewest steps."""
        step, way = self._steps[0], self._ways
        came: dict[int, int] = {start: start}
        ring = [start]
        while target not in came:
            following: list[int] = []
            for here in ring:
                tight = step[here] + way[:, target] == way[here, target]
                for there in np.flatnonzero(tight & (step[here] < INFINITE)):
                    if int(there) not in came:
                        came[int(there)] = here
                        following.append(int(there))
            ring = following
        chain: list[tuple[int, int]] = []
        while target != start:
            chain.append((came[target], target))
            target = came[target]
        return chain[::-1]

    def _move(self, village: int, before: int, after: int) -> Move:
        return Move(
            village=self.problem.villages[village],
            before=self._name(before),
            after=self._name(after),
        )

    def _name(self, staff: int) -> str | None:
        return None if staff in {NOBODY, self._end} else self.problem.staff[staff]

    @staticmethod
    def index_in(names: tuple[str, ...], name: str) -> int:
        """Where a name stands. KeyError where it does not."""
        try:
            return names.index(name)
        except ValueError:
            raise KeyError(name) from None


def _lowest(
    step: Ints,
    with_village: Indices,
    *,
    rows: Indices,
    columns: Indices,
    values: Ints,
    villages: Indices,
) -> None:
    """Write the lowest value of each cell, of equal ones the first village's."""
    order = np.lexsort((villages, values, columns, rows))
    rows, columns, values, villages = rows[order], columns[order], values[order], villages[order]
    cell = rows.astype(np.int64) * len(step) + columns
    first = np.concatenate(([True], cell[1:] != cell[:-1])) if len(cell) else np.zeros(0, bool)
    rows, columns, values, villages = rows[first], columns[first], values[first], villages[first]
    better = values < step[rows, columns]
    rows, columns = rows[better], columns[better]
    step[rows, columns] = values[better]
    with_village[rows, columns] = villages[better]
