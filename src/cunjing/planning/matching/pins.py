"""What the pins of a problem settle before anything is optimised.

A pin is the chief's word: the village goes to that member of staff and nobody else. What cannot be
is not forced: two people pinned to one village, a pair that is not allowed, more pins than slots.
Such a village stays vacant, with the reason, and everything else is matched around it.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from cunjing.planning.matching.problem import NOBODY, Flags, Indices, Ints, Problem


@dataclass(frozen=True, slots=True)
class Settled:
    """holder: of each village that is pinned soundly, else `NOBODY`. free: villages still to be
    matched. used: slots of each member of staff that pins take. reasons: village -> why its pin
    cannot be (Chinese)."""

    holder: Indices
    free: Flags
    used: Ints
    reasons: dict[int, str]


def settle_pins(problem: Problem) -> Settled:
    """What pins fix. Pins beyond somebody's slots fall from the dearest, then the last code."""
    holder = np.full(len(problem.villages), NOBODY, dtype=np.int32)
    free = np.ones(len(problem.villages), dtype=np.bool_)
    reasons: dict[int, str] = {}
    wanted: dict[int, list[int]] = defaultdict(list)
    for village, staff in problem.pins:
        wanted[village].append(staff)
        free[village] = False
    sound: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for village, people in sorted(wanted.items()):
        names = "、".join(problem.staff[one] for one in people)
        pair = problem.pair_of(village, people[0])
        if len(people) > 1:
            reasons[village] = f"同时指定给{names}，请只留一个"
        elif pair is None:
            reasons[village] = f"指定给{names}，但这一对不允许"
        else:
            sound[people[0]].append((int(problem.pair_points[pair]), village))
    used = np.zeros(len(problem.staff), dtype=np.int64)
    for staff, villages in sound.items():
        most = int(problem.capacity[staff])
        for place, (_, village) in enumerate(sorted(villages)):
            if place < most:
                holder[village] = staff
                used[staff] += 1
            else:
                reasons[village] = (
                    f"指定给{problem.staff[staff]}的村有{len(villages)}个，最多能带{most}个"
                )
    return Settled(holder=holder, free=free, used=used, reasons=reasons)


def pinned_load(problem: Problem, settled: Settled, workload: Ints) -> Ints:
    """By staff: the work of the villages that are pinned to them."""
    load = np.zeros(len(problem.staff), dtype=np.int64)
    fixed = settled.holder != NOBODY
    np.add.at(load, settled.holder[fixed], workload[fixed])
    return load
