"""Rows put in order by group and cost, the same on every machine."""

import numpy as np

from cunjing.planning.matching.problem import Indices, Ints, begins

_MOST = 1 << 62


def in_order(groups: Indices, costs: Ints) -> Ints:
    """The rows by group, then cost, then row. One sort of whole keys where they fit into 64 bits:
    a fifth of the time."""
    count = len(groups)
    if not count:
        return np.zeros(0, dtype=np.int64)
    low = int(costs.min())
    span = int(costs.max()) - low + 1
    if (int(groups.max()) + 1) * span * count >= _MOST:
        return np.lexsort((costs, groups))
    keys = (groups.astype(np.int64) * span + (costs - low)) * count + np.arange(count)
    keys.sort()
    return keys % count


def ranks(groups: Indices) -> Ints:
    """Of rows sorted by group: the how-manieth of its group each is, from 0."""
    firsts = begins(groups)
    sizes = np.diff(np.append(firsts, len(groups)))
    return np.arange(len(groups)) - np.repeat(firsts, sizes)
