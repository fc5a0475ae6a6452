"""The cheapest matching over some of the pairs, by min-cost flow (OR-Tools)."""

import numpy as np
from ortools.graph.python import min_cost_flow

from cunjing.planning.matching.pins import Settled
from cunjing.planning.matching.problem import Indices, Ints, Problem


def match_over(problem: Problem, settled: Settled, *, pairs: Ints, costs: Ints) -> Indices:
    """The holder of each village, pinned ones included, when only `pairs` (indices of villages
    still free, `costs` in their order) may be used. Vacancies keep it feasible."""
    villages, staff = len(problem.villages), len(problem.staff)
    free = np.flatnonzero(settled.free).astype(np.int64)
    ends = problem.pair_staff[pairs].astype(np.int64) + villages
    starts = problem.pair_village[pairs].astype(np.int64)
    owners, amounts, prices = free_slots(problem, settled)
    sink = villages + staff
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((starts, free, owners + villages)),
        np.concatenate((ends, np.full(len(free) + len(owners), sink, dtype=np.int64))),
        np.concatenate((np.ones(len(pairs) + len(free), dtype=np.int64), amounts)),
        np.concatenate((costs, problem.vacancy_costs()[free], prices)),
    )
    flow.set_nodes_supplies(
        np.concatenate((free, [sink])), np.concatenate((np.ones(len(free)), [-len(free)]))
    )
    status = flow.solve()
    if status != flow.OPTIMAL:  # pragma: no cover - vacancies make every problem feasible
        raise AssertionError(status)
    taken = flow.flows(arcs)[: len(pairs)] > 0
    holder = settled.holder.copy()
    holder[starts[taken]] = problem.pair_staff[pairs[taken]]
    return holder


def free_slots(problem: Problem, settled: Settled) -> tuple[Ints, Ints, Ints]:
    """Slots that pins leave, those of one person and price together: owner, number, points."""
    owner = np.repeat(np.arange(len(problem.staff), dtype=np.int64), problem.capacity)
    place = np.arange(len(owner)) - problem.first_slot[owner]
    left = place >= settled.used[owner]
    owner, points = owner[left], problem.slot_points[left]
    if not len(owner):
        return owner, owner, owner
    other = (owner[1:] != owner[:-1]) | (points[1:] != points[:-1])
    firsts = np.flatnonzero(np.concatenate(([True], other)))
    return owner[firsts], np.diff(np.append(firsts, len(owner))), points[firsts]
