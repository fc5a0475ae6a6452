"""Work shared evenly: the cheapest plan plus a price for the highest workload, by hinted CP-SAT.

A village weighs what the policy's `load_*` numbers say; a person's workload is the sum over their
villages. Minimised is what the plan costs plus `price` for every unit of the highest workload.
Pairs that cannot be in any plan better than one already known, by the prices of a linear programme
(`load_prices`), are left out beforehand, which loses nothing and makes the proof short.
"""

import itertools
import math
import time

import numpy as np
from ortools.sat.python import cp_model

from cunjing.planning.matching.balanced import Balanced, highest_of
from cunjing.planning.matching.load_prices import load_prices
from cunjing.planning.matching.load_programme import SCALE
from cunjing.planning.matching.pins import pinned_load
from cunjing.planning.matching.problem import NOBODY, Indices, Ints, Problem
from cunjing.planning.matching.solution import Solution, cost_of, costs_of

SECONDS = 20.0
"""Time after which the best plan so far is taken, unproven."""


def solve_balanced(
    problem: Problem,
    solution: Solution,
    *,
    workload: Ints,
    price: int,
    seconds: float = SECONDS,
) -> Balanced:
    """The best plan by points and highest workload, of those that leave no more villages vacant
    than the cheapest. The same for the same problem as long as the time suffices.

    workload: by village, not negative; price: of each unit of the highest.
    """
    holder = improved(problem, solution, workload=workload, price=price)
    best = _value(problem, holder, workload=workload, price=price)
    lowest = _lowest_highest(problem, solution, workload)
    until = time.monotonic() + seconds
    bound = best
    for limit in range(highest_of(problem, solution.holder, workload) - 1, lowest - 1, -1):
        most = best - 1 - price * limit
        shown = load_prices(
            problem, solution, workload=workload, limit=limit, room=most - solution.primal
        )
        left = [_points(shown.least(end)) + price * end for end in range(lowest, limit + 1)]
        if min(left) >= best:
            break
        if left[-1] >= best:
            continue
        pairs = shown.within(most, limit=limit)
        tried = _Limited(problem, solution, pairs, workload=workload, limit=limit, most=most)
        found, least = tried.solve(hint=holder, seconds=until - time.monotonic())
        if found is not None:
            value = _value(problem, found, workload=workload, price=price)
            best, holder = min((best, holder), (value, found), key=lambda one: one[0])
        if not tried.settled:
            bound = min(best, least + price * limit, *left[:-1])
            break
    points, highest = cost_of(problem, holder), highest_of(problem, holder, workload)
    return Balanced(holder, workload, price, points, highest, min(bound, best))


def _value(problem: Problem, holder: Indices, *, workload: Ints, price: int) -> int:
    """What is minimised."""
    return cost_of(problem, holder) + price * highest_of(problem, holder, workload)


def _points(parts: int) -> int:
    """Whole points that parts of a point come to at least."""
    return -(-parts // SCALE)


def _lowest_highest(problem: Problem, solution: Solution, workload: Ints) -> int:
    """What the highest workload is at least when no more villages are vacant than now."""
    able = int((problem.capacity > 0).sum())
    served = np.sort(workload)[: len(workload) - len(solution.vacant)]
    return -(-int(served.sum()) // able) if able else 0


def improved(problem: Problem, solution: Solution, *, workload: Ints, price: int) -> Indices:
    """A good plan to start from: villages of the busiest move while the objective falls."""
    holder = solution.holder.copy()
    best = _value(problem, holder, workload=workload, price=price)
    while True:
        step = _best_step(problem, solution, holder, workload=workload, price=price)
        if step is None or step[0] >= best:
            return holder
        best, holder = step


def _best_step(
    problem: Problem, solution: Solution, holder: Indices, *, workload: Ints, price: int
) -> tuple[int, Indices] | None:
    """The best plan in which one village of the busiest goes to somebody else."""
    totals = np.zeros(len(problem.staff), dtype=np.int64)
    held = holder != NOBODY
    np.add.at(totals, holder[held], workload[held])
    busiest = int(np.argmax(totals)) if len(totals) else NOBODY
    count = np.bincount(holder[held], minlength=len(problem.staff))
    best: tuple[int, Indices] | None = None
    for village in np.flatnonzero((holder == busiest) & solution.settled.free):
        start, stop = int(problem.first_pair[village]), int(problem.first_pair[village + 1])
        for one in problem.pair_staff[start:stop].tolist():
            after = totals[one] + workload[village]
            if one == busiest or count[one] >= problem.capacity[one] or after >= totals[busiest]:
                continue
            changed = holder.copy()
            changed[village] = one
            value = _value(problem, changed, workload=workload, price=price)
            if best is None or value < best[0]:
                best = (value, changed)
    return best


class _Limited:
    """The cheapest plan over some pairs in which nobody has more work than a limit, if it costs at
    most so much. Booleans: a pair each, a vacancy for each free village, a slot each.
    """

    def __init__(
        self,
        problem: Problem,
        solution: Solution,
        pairs: Ints,
        *,
        workload: Ints,
        limit: int,
        most: int,
    ) -> None:
        self.settled = False
        self._model = cp_model.CpModel()
        self._problem, self._kept = problem, solution.settled
        self._beyond = most + 1
        self._pairs = pairs
        self._takes = [self._model.new_bool_var("") for _ in self._pairs]
        free = np.flatnonzero(solution.settled.free)
        self._empty = {int(village): self._model.new_bool_var("") for village in free}
        self._terms: list[cp_model.LinearExpr] = []
        vacant = int((solution.holder[free] == NOBODY).sum())
        self._model.add(cp_model.LinearExpr.sum(list(self._empty.values())) <= vacant)
        self._one_each()
        self._slots_and_loads(workload, limit)
        costs = costs_of(problem, self._pairs).tolist()
        self._terms += [cost * take for cost, take in zip(costs, self._takes, strict=True)]
        vacancy = problem.vacancy_costs()
        self._terms += [int(vacancy[village]) * empty for village, empty in self._empty.items()]
        fixed = cost_of(problem, solution.settled.holder, free=~solution.settled.free)
        self._model.minimize(cp_model.LinearExpr.sum(self._terms) + fixed)

    def solve(self, *, hint: Indices, seconds: float) -> tuple[Indices | None, int]:
        """A plan if there is one, and what any plan with this limit costs at least."""
        self._hint(hint)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1

        def enough(bound: float) -> None:
            if bound > self._beyond - 1:
                solver.stop_search()

        solver.best_bound_callback = enough
        status = solver.solve(self._model)
        bound = math.ceil(solver.best_objective_bound - 1e-6)
        found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
        beyond = status == cp_model.INFEASIBLE or bound >= self._beyond
        self.settled = beyond or status == cp_model.OPTIMAL
        least = self._beyond if beyond else min(bound, self._beyond)
        return (self._holder(solver) if found else None), least

    def _one_each(self) -> None:
        by_village: dict[int, list[cp_model.IntVar]] = {village: [] for village in self._empty}
        for pair, take in zip(self._pairs, self._takes, strict=True):
            by_village[int(self._problem.pair_village[pair])].append(take)
        for village, takes in by_village.items():
            self._model.add_exactly_one([*takes, self._empty[village]])

    def _slots_and_loads(self, workload: Ints, limit: int) -> None:
        problem, kept = self._problem, self._kept
        by_staff: dict[int, list[tuple[int, cp_model.IntVar]]] = {}
        for pair, take in zip(self._pairs, self._takes, strict=True):
            entry = (int(workload[problem.pair_village[pair]]), take)
            by_staff.setdefault(int(problem.pair_staff[pair]), []).append(entry)
        pinned = pinned_load(problem, kept, workload)
        for one, entries in by_staff.items():
            first = int(problem.first_slot[one] + kept.used[one])
            prices = problem.slot_points[first : int(problem.first_slot[one + 1])].tolist()
            used = [self._model.new_bool_var("") for _ in prices]
            self._model.add(sum(take for _, take in entries) == sum(used))
            for earlier, later in itertools.pairwise(used):
                self._model.add_implication(later, earlier)
            self._terms += [points * slot for points, slot in zip(prices, used, strict=True)]
            load = sum(weight * take for weight, take in entries)
            self._model.add(load <= limit - int(pinned[one]))

    def _hint(self, holder: Indices) -> None:
        problem = self._problem
        for pair, take in zip(self._pairs, self._takes, strict=True):
            taken = bool(holder[problem.pair_village[pair]] == problem.pair_staff[pair])
            self._model.add_hint(take, taken)
        for village, empty in self._empty.items():
            self._model.add_hint(empty, bool(holder[village] == NOBODY))

    def _holder(self, solver: cp_model.CpSolver) -> Indices:
        holder = self._kept.holder.copy()
        for pair, take in zip(self._pairs, self._takes, strict=True):
            if solver.boolean_value(take):
                holder[self._problem.pair_village[pair]] = self._problem.pair_staff[pair]
        return holder
