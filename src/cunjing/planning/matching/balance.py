"""Work shared evenly: the cheapest plan plus a price for the highest workload, by hinted CP-SAT.

A village weighs what the policy's `load_*` numbers say; a person's workload is the sum over their
villages. Minimised is what the plan costs plus `price` for every unit of the highest workload.
Pairs that cannot be in any plan better than one already known, by the prices of the unbalanced
optimum, are left out beforehand, which loses nothing and makes the proof short.
"""

import itertools
import math

import numpy as np
from ortools.sat.python import cp_model

from cunjing.planning.matching.balanced import Balanced, highest_of
from cunjing.planning.matching.prices import INFINITE
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
    """The best plan by points and highest workload. The same for the same problem as long as the
    time suffices. workload: by village, not negative; price: of each unit of the highest."""
    start = improved(problem, solution, workload=workload, price=price)
    known = cost_of(problem, start) + price * highest_of(problem, start, workload)
    pairs = _worth_keeping(problem, solution, room=known - solution.primal)
    model = _Model(problem, solution, workload=workload, price=price, pairs=pairs)
    model.hint(start)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(model.model)
    holder, bound = start, solution.primal
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        holder = model.holder(solver)
        bound = max(bound, math.ceil(solver.best_objective_bound - 1e-6))
    points, highest = cost_of(problem, holder), highest_of(problem, holder, workload)
    if status == cp_model.OPTIMAL:
        bound = points + price * highest
    return Balanced(holder, workload, price, points, highest, bound)


def improved(problem: Problem, solution: Solution, *, workload: Ints, price: int) -> Indices:
    """A good plan to start from: villages of the busiest move while the objective falls."""
    holder = solution.holder.copy()
    best = cost_of(problem, holder) + price * highest_of(problem, holder, workload)
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
            value = cost_of(problem, changed) + price * highest_of(problem, changed, workload)
            if best is None or value < best[0]:
                best = (value, changed)
    return best


def _worth_keeping(problem: Problem, solution: Solution, *, room: int) -> Ints:
    """Pairs that may be in a plan costing at most `room` above the cheapest."""
    prices = solution.prices
    staff, villages = problem.pair_staff, problem.pair_village
    reduced = problem.pair_costs() + prices.staff[staff] - prices.village[villages]
    usable = solution.settled.free[villages] & (prices.staff[staff] < INFINITE)
    return np.flatnonzero(usable & (reduced <= room))


class _Model:
    """The plan as booleans: a pair each, a vacancy for each free village, a slot each."""

    def __init__(
        self, problem: Problem, solution: Solution, *, workload: Ints, price: int, pairs: Ints
    ) -> None:
        self.model = cp_model.CpModel()
        self._problem, self._settled, self._pairs = problem, solution.settled, pairs
        self._takes = [self.model.new_bool_var("") for _ in pairs]
        self._free = np.flatnonzero(solution.settled.free)
        self._empty = {int(village): self.model.new_bool_var("") for village in self._free}
        self._terms: list[cp_model.LinearExpr] = []
        self._highest = self.model.new_int_var(0, int(workload.sum()), "")
        self._one_each()
        self._slots_and_loads(workload)
        costs = costs_of(problem, pairs).tolist()
        self._terms += [cost * take for cost, take in zip(costs, self._takes, strict=True)]
        vacancy = problem.vacancy_costs()
        self._terms += [int(vacancy[village]) * empty for village, empty in self._empty.items()]
        fixed = cost_of(problem, solution.settled.holder, free=~solution.settled.free)
        points = cp_model.LinearExpr.sum(self._terms)
        self.model.minimize(points + price * self._highest + fixed)

    def _one_each(self) -> None:
        by_village: dict[int, list[cp_model.IntVar]] = {int(v): [] for v in self._free}
        for pair, take in zip(self._pairs, self._takes, strict=True):
            by_village[int(self._problem.pair_village[pair])].append(take)
        for village, takes in by_village.items():
            self.model.add_exactly_one([*takes, self._empty[village]])

    def _slots_and_loads(self, workload: Ints) -> None:
        problem, settled = self._problem, self._settled
        by_staff: dict[int, list[tuple[int, cp_model.IntVar]]] = {}
        for pair, take in zip(self._pairs, self._takes, strict=True):
            entry = (int(workload[problem.pair_village[pair]]), take)
            by_staff.setdefault(int(problem.pair_staff[pair]), []).append(entry)
        pinned = np.zeros(len(problem.staff), dtype=np.int64)
        fixed = settled.holder != NOBODY
        np.add.at(pinned, settled.holder[fixed], workload[fixed])
        for one in range(len(problem.staff)):
            entries = by_staff.get(one, [])
            first = int(problem.first_slot[one] + settled.used[one])
            prices = problem.slot_points[first : int(problem.first_slot[one + 1])].tolist()
            used = [self.model.new_bool_var("") for _ in prices]
            self.model.add(sum(take for _, take in entries) == sum(used))
            for earlier, later in itertools.pairwise(used):
                self.model.add_implication(later, earlier)
            self._terms += [points * slot for points, slot in zip(prices, used, strict=True)]
            load = sum(weight * take for weight, take in entries)
            self.model.add(load + int(pinned[one]) <= self._highest)

    def hint(self, holder: Indices) -> None:
        """Begin with this plan."""
        problem = self._problem
        for pair, take in zip(self._pairs, self._takes, strict=True):
            self.model.add_hint(
                take, bool(holder[problem.pair_village[pair]] == problem.pair_staff[pair])
            )
        for village, empty in self._empty.items():
            self.model.add_hint(empty, bool(holder[village] == NOBODY))

    def holder(self, solver: cp_model.CpSolver) -> Indices:
        """The plan found."""
        holder = self._settled.holder.copy()
        for pair, take in zip(self._pairs, self._takes, strict=True):
            if solver.boolean_value(take):
                holder[self._problem.pair_village[pair]] = self._problem.pair_staff[pair]
        return holder
