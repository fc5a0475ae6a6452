"""A problem taken apart where nobody of one part may serve a village of another.

Counties of a province are such parts. Matched one by one they cost less time and memory, and
together they are the cheapest matching of the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from cunjing.planning.matching.pins import Settled
from cunjing.planning.matching.problem import NOBODY, Indices, Ints, Problem, starts

VILLAGES_TOGETHER = 1_000
"""Small parts are matched together up to about so many villages."""


@dataclass(frozen=True, slots=True)
class Part:
    """A problem of its own, what pins settle in it, and where it lies in the whole."""

    problem: Problem
    settled: Settled
    villages: Ints
    staff: Ints


def parts_of(problem: Problem, settled: Settled) -> Iterator[Part]:
    """The parts, small ones together; every village and member of staff with a slot is in one."""
    village_label, staff_label = _labels(problem)
    label, sizes = np.unique(village_label, return_counts=True)
    batch = np.zeros(len(problem.staff) + len(problem.villages) + 1, dtype=np.int64)
    batch[label] = np.cumsum(sizes) // VILLAGES_TOGETHER
    village_batch = batch[village_label]
    in_order = np.argsort(village_batch, kind="stable")
    bounds = np.searchsorted(village_batch[in_order], np.unique(village_batch))
    staff_batch = np.where(np.isin(staff_label, label), batch[staff_label], -1)
    for villages in np.split(in_order, bounds[1:]) if len(in_order) else []:
        number = village_batch[villages[0]]
        yield _part(problem, settled, villages, np.flatnonzero(staff_batch == number))


def part_with(problem: Problem, settled: Settled, village: int) -> Part:
    """The smallest part a village is in."""
    village_label, staff_label = _labels(problem)
    label = village_label[village]
    villages, staff = np.flatnonzero(village_label == label), np.flatnonzero(staff_label == label)
    return _part(problem, settled, villages, staff)


def _labels(problem: Problem) -> tuple[Ints, Ints]:
    """A number for each village and member of staff; the same where pairs connect them."""
    count = len(problem.staff)
    staff = np.arange(count, dtype=np.int64)
    village = np.arange(count, count + len(problem.villages), dtype=np.int64)
    paired = np.flatnonzero(np.diff(problem.first_pair))
    firsts = problem.first_pair[paired]
    while len(firsts):
        village[paired] = np.minimum.reduceat(staff[problem.pair_staff], firsts)
        lower = staff.copy()
        np.minimum.at(lower, problem.pair_staff, village[problem.pair_village])
        lower = lower[lower]
        if (lower == staff).all():
            break
        staff = lower
    for place, one in problem.pins:
        joined = min(village[place], staff[one])
        for labels in (village, staff):
            labels[np.isin(labels, (village[place], staff[one]))] = joined
    return village, staff


def _part(problem: Problem, settled: Settled, villages: Ints, staff: Ints) -> Part:
    place = np.full(len(problem.staff), NOBODY, dtype=np.int32)
    place[staff] = np.arange(len(staff), dtype=np.int32)
    counts = np.diff(problem.first_pair)[villages]
    pairs = _ranges(problem.first_pair[villages], counts)
    room = problem.capacity[staff]
    part = replace(
        problem,
        villages=tuple(problem.villages[village] for village in villages),
        staff=tuple(problem.staff[one] for one in staff),
        first_pair=starts(counts),
        pair_village=np.repeat(np.arange(len(villages), dtype=np.int32), counts),
        pair_staff=place[problem.pair_staff[pairs]],
        pair_points=problem.pair_points[pairs],
        first_slot=starts(room),
        slot_points=problem.slot_points[_ranges(problem.first_slot[staff], room)],
        vacancy=problem.vacancy[villages],
        current=_holders(problem.current[villages], place, outside=len(staff)),
        pins=(),
    )
    here = Settled(
        holder=_holders(settled.holder[villages], place, outside=NOBODY),
        free=settled.free[villages],
        used=settled.used[staff],
        reasons={},
    )
    return Part(part, here, villages, staff)


def _holders(holders: Indices, place: Indices, *, outside: int) -> Indices:
    """Holders in the part's numbers; one who is not in it is `outside`, and nobody is nobody."""
    named = np.where(holders == NOBODY, 0, holders)
    found = place[named] if len(place) else np.full(len(holders), NOBODY, dtype=np.int32)
    found = np.where(found == NOBODY, outside, found)
    return np.where(holders == NOBODY, NOBODY, found).astype(np.int32)


def _ranges(begin: Ints, counts: Ints) -> Ints:
    """All numbers from each beginning on, as many as its count."""
    offset = np.repeat(begin - starts(counts)[:-1], counts)
    return offset + np.arange(len(offset), dtype=np.int64)
