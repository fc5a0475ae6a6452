"""The linear programme of a matching in which nobody has more work than a limit, and its prices."""

from dataclasses import dataclass

import numpy as np
from ortools.linear_solver.python import model_builder

from cunjing.planning.matching.pins import pinned_load
from cunjing.planning.matching.problem import NOBODY, Ints, Problem
from cunjing.planning.matching.solution import Solution, costs_of

SCALE = 1 << 16
"""Prices count in so many parts of a point."""

_Sum = model_builder.LinearExpr


@dataclass(frozen=True, slots=True)
class Found:
    """Prices in parts of a point: village, what each costs at the margin; staff, a village more on
    somebody; load, a unit more of somebody's work (not below 0); vacancy, one more of them."""

    village: Ints
    staff: Ints
    load: Ints
    vacancy: int


class Programme:
    """The cheapest plan over some pairs that may be cut in pieces."""

    def __init__(
        self, problem: Problem, solution: Solution, pairs: Ints, *, workload: Ints, limit: int
    ) -> None:
        self._problem, self._settled = problem, solution.settled
        self._model = model_builder.Model()  # type: ignore[no-untyped-call]  # of OR-Tools
        self._terms: list[model_builder.Variable] = []
        self._costs: list[float] = []
        self._of_staff: dict[int, list[tuple[int, model_builder.Variable]]] = {}
        free = np.flatnonzero(solution.settled.free)
        self._one_each(free, pairs)
        empty, most = self._terms[: len(free)], int((solution.holder[free] == NOBODY).sum())
        self._vacancies = self._model.add(_Sum.sum(empty) <= most)
        self._slots_and_loads(workload=workload, limit=limit)
        self._model.minimize(_Sum.weighted_sum(self._terms, self._costs))

    def solve(self) -> Found | None:
        """The prices; None where there is no such plan."""
        solver = model_builder.Solver("glop")
        if solver.solve(self._model) != model_builder.SolveStatus.OPTIMAL:
            return None
        village = np.zeros(len(self._problem.villages), dtype=np.int64)
        staff, load = (np.zeros(len(self._problem.staff), dtype=np.int64) for _ in range(2))
        for place, row in self._village_rows.items():
            village[place] = round(SCALE * solver.dual_value(row))
        for one, row in self._slot_rows.items():
            staff[one] = max(self._first_slot[one], -round(SCALE * solver.dual_value(row)))
        for one, row in self._load_rows.items():
            load[one] = max(0, -round(SCALE * solver.dual_value(row)))
        return Found(
            village, staff, load, max(0, -round(SCALE * solver.dual_value(self._vacancies)))
        )

    def _one_each(self, free: Ints, pairs: Ints) -> None:
        problem = self._problem
        vacancies = problem.vacancy_costs()[free].tolist()
        of_village = {
            village: [self._add(price)]
            for village, price in zip(free.tolist(), vacancies, strict=True)
        }
        villages, staff = problem.pair_village[pairs].tolist(), problem.pair_staff[pairs].tolist()
        costs = costs_of(problem, pairs).tolist()
        for village, one, cost in zip(villages, staff, costs, strict=True):
            take = self._add(cost)
            of_village[village].append(take)
            self._of_staff.setdefault(one, []).append((village, take))
        self._village_rows = {
            village: self._model.add(_Sum.sum(terms) == 1) for village, terms in of_village.items()
        }

    def _slots_and_loads(self, *, workload: Ints, limit: int) -> None:
        """A price below that of somebody's first slot would show nothing: it is raised to it."""
        problem = self._problem
        pinned = pinned_load(problem, self._settled, workload)
        self._first_slot: dict[int, int] = {}
        self._slot_rows: dict[int, model_builder.LinearConstraint] = {}
        self._load_rows: dict[int, model_builder.LinearConstraint] = {}
        for one, taken in self._of_staff.items():
            first = int(problem.first_slot[one] + self._settled.used[one])
            prices = problem.slot_points[first : int(problem.first_slot[one + 1])].tolist()
            self._first_slot[one] = SCALE * prices[0]
            slots, takes = [self._add(price) for price in prices], [take for _, take in taken]
            self._slot_rows[one] = self._model.add(_Sum.sum(takes) - _Sum.sum(slots) == 0)
            work = _Sum.weighted_sum(takes, [int(workload[village]) for village, _ in taken])
            self._load_rows[one] = self._model.add(work <= limit - int(pinned[one]))

    def _add(self, cost: int) -> model_builder.Variable:
        term = self._model.new_num_var(0, 1, "")
        self._terms.append(term)
        self._costs.append(cost)
        return term
