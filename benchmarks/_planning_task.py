"""One measurement of matching in a process of its own, so that its memory is its own.

`python -m benchmarks._planning_task PLACE WAY`: prints one JSON object.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks._planning_data import PLACES, VACANT, as_json, counties, problem_of
from cunjing.planning.matching.problem import NOBODY, Indices, Problem
from cunjing.planning.matching.solution import cost_of

CP_SAT_SECONDS = 20
_MEGABYTE = 1024
_T = TypeVar("_T")


def main() -> None:
    """Measure one way of matching one place."""
    place, way = sys.argv[1:]
    measured = WAYS[way](PLACES[place])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MEGABYTE
    print(as_json({"place": place, "way": way, "megabytes": peak, **measured}))


def ours(prefix: str) -> dict[str, object]:
    """Solve, then write the folder and verify it in a process of its own."""
    from cunjing.planning.matching.output import Plan, write_match  # noqa: PLC0415 - measured apart
    from cunjing.planning.matching.solve import solve  # noqa: PLC0415 - as above

    problem = problem_of(prefix)
    (seconds, processor), solution = timed(lambda: solve(problem))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        write_match(out, Plan(problem, solution))
        verify, verify_processor = _verified(out)
    return {
        **_said(problem, solution.holder, seconds, processor),
        "gap": solution.gap,
        "rounds": solution.rounds,
        "verify": verify,
        "verify_processor": verify_processor,
    }


def greedy(prefix: str) -> dict[str, object]:
    """The cheapest pair first, as long as its village is free and its officer has a slot."""
    problem = problem_of(prefix)

    def match() -> Indices:
        holder = np.full(len(problem.villages), NOBODY, dtype=np.int32)
        used = [0] * len(problem.staff)
        room = problem.capacity.tolist()
        order = np.argsort(problem.pair_points, kind="stable")
        villages, staff = problem.pair_village[order], problem.pair_staff[order]
        for village, one in zip(villages.tolist(), staff.tolist(), strict=True):
            if holder[village] == NOBODY and used[one] < room[one]:
                holder[village] = one
                used[one] += 1
        return holder

    (seconds, processor), holder = timed(match)
    return _said(problem, holder, seconds, processor)


def dense(prefix: str) -> dict[str, object]:
    """SciPy's `linear_sum_assignment`, county by county: a column for each slot and vacancy."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - only this way needs it

    problem = problem_of(prefix)
    holder = np.full(len(problem.villages), NOBODY, dtype=np.int32)

    def match() -> Indices:
        first_village = first_staff = 0
        for county in counties(prefix):
            officers, count = county.points.shape
            owner = np.repeat(np.arange(officers), county.capacity)
            slots = problem.slot_points[problem.first_slot[first_staff] :][: len(owner)]
            table = np.full((count, len(owner) + count), VACANT, dtype=np.float64)
            table[:, : len(owner)] = county.points[owner].T + slots
            rows, columns = linear_sum_assignment(table)
            served = columns < len(owner)
            holder[rows[served] + first_village] = owner[columns[served]] + first_staff
            first_village, first_staff = first_village + count, first_staff + officers
        return holder

    (seconds, processor), _ = timed(match)
    return _said(problem, holder, seconds, processor)


def cp_sat(prefix: str) -> dict[str, object]:
    """CP-SAT with a boolean for each pair and slot, all pairs, for a limited time."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - only this way needs it

    problem = problem_of(prefix)
    model = cp_model.CpModel()
    takes = [model.new_bool_var("") for _ in problem.pair_points]
    slots = [model.new_bool_var("") for _ in problem.slot_points]
    empty = [model.new_bool_var("") for _ in problem.villages]
    bounds = problem.first_pair.tolist()
    for village in range(len(problem.villages)):
        model.add_exactly_one([*takes[bounds[village] : bounds[village + 1]], empty[village]])
    of_staff: list[list[cp_model.IntVar]] = [[] for _ in problem.staff]
    for take, one in zip(takes, problem.pair_staff.tolist(), strict=True):
        of_staff[one].append(take)
    rooms = problem.first_slot.tolist()
    for one, held in enumerate(of_staff):
        model.add(sum(held) == sum(slots[rooms[one] : rooms[one + 1]]))
    terms = [
        points * take for points, take in zip(problem.pair_points.tolist(), takes, strict=True)
    ]
    terms += [
        points * slot for points, slot in zip(problem.slot_points.tolist(), slots, strict=True)
    ]
    model.minimize(sum(terms) + VACANT * sum(empty))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = CP_SAT_SECONDS
    solver.parameters.num_workers = 2
    (seconds, processor), status = timed(lambda: solver.solve(model))
    holder = np.full(len(problem.villages), NOBODY, dtype=np.int32)
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        for pair, take in enumerate(takes):
            if solver.boolean_value(take):
                holder[problem.pair_village[pair]] = problem.pair_staff[pair]
    proven = status == cp_model.OPTIMAL
    return {**_said(problem, holder, seconds, processor), "proven": proven}


def questions(prefix: str) -> dict[str, object]:
    """Why not, every cell; an officer leaves, the median of seven; the options side by side."""
    from cunjing.planning.matching.change import frontier, option_at  # noqa: PLC0415 - as above
    from cunjing.planning.matching.reasons import Reasons  # noqa: PLC0415 - as above
    from cunjing.planning.matching.solve import solve  # noqa: PLC0415 - as above

    problem = problem_of(prefix)
    solution = solve(problem)
    whys = [timed(lambda: Reasons(problem, solution).extra)[0] for _ in range(7)]
    held = problem_of(prefix, held=True)
    leaves = []
    for number in range(7):
        gone = [held.staff[number * 3 % len(held.staff)]]
        leaves.append(timed(partial(option_at, held.without(gone), stability=10))[0])
    options = timed(lambda: frontier(held))[0]
    return {
        "cells": len(problem.pair_points),
        **_medians("why", whys),
        **_medians("leave", leaves),
        "frontier": options[0],
    }


def balance(prefix: str) -> dict[str, object]:
    """Workloads shared evenly, proven."""
    from cunjing.planning.matching.balance import solve_balanced  # noqa: PLC0415 - as above
    from cunjing.planning.matching.balanced import highest_of  # noqa: PLC0415 - as above
    from cunjing.planning.matching.solve import solve  # noqa: PLC0415 - as above

    problem = problem_of(prefix)
    workload = np.concatenate([county.workload for county in counties(prefix)])
    solution = solve(problem)
    (seconds, processor), found = timed(
        lambda: solve_balanced(problem, solution, workload=workload, price=10)
    )
    return {
        "seconds": seconds,
        "processor": processor,
        "proven": found.proven,
        "slack": found.slack,
        "before": highest_of(problem, solution.holder, workload),
        "after": found.highest,
        "points": found.points - solution.primal,
    }


def timed(work: Callable[[], _T]) -> tuple[tuple[float, float], _T]:
    """Seconds by the clock and of the processor, and what the work gave."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    return (time.perf_counter() - clock, time.process_time() - processor), result


def _verified(folder: Path) -> tuple[float, float]:
    """Seconds by the clock and of the processor of `match verify`, start of Python included."""
    command = [sys.executable, "-c", "import sys; from cunjing.cli import main; sys.exit(main())"]
    clock, before = time.perf_counter(), os.times()
    subprocess.run([*command, "match", "verify", str(folder)], check=True, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system
    return time.perf_counter() - clock, spent - before.children_user - before.children_system


def _said(problem: Problem, holder: Indices, seconds: float, processor: float) -> dict[str, object]:
    return {
        "villages": len(problem.villages),
        "officers": len(problem.staff),
        "pairs": len(problem.pair_points),
        "seconds": seconds,
        "processor": processor,
        "points": cost_of(problem, holder),
        "vacant": int((holder == NOBODY).sum()),
    }


def _medians(name: str, measured: list[tuple[float, float]]) -> dict[str, float]:
    """Of seconds by the clock and of the processor, each."""
    middle = len(measured) // 2
    clock, processor = (sorted(seconds)[middle] for seconds in zip(*measured, strict=True))
    return {name: clock, f"{name}_processor": processor}


WAYS: dict[str, Callable[[str], dict[str, object]]] = {
    "ours": ours,
    "greedy": greedy,
    "SciPy dense": dense,
    "CP-SAT": cp_sat,
    "questions": questions,
    "balance": balance,
}

if __name__ == "__main__":
    main()
