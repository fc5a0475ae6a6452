"""How far it is between the households of a village and its office, with what is known of them.

Index 0 is the office; then the needs in the order given. Metres and minutes are rounded up.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cunjing.planning.month.model import Need, Place
from cunjing.planning.month.options import Options

Matrix = npt.NDArray[np.int64]
_METRES_A_DEGREE = 111_320.0
_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ways:
    """Square matrices over office and needs. `doubted` are needs whose coordinates were ignored."""

    metres: Matrix
    minutes: Matrix
    doubted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    point: _Point | None
    exact: bool
    hamlet: str | None


def ways(place: Place, needs: Sequence[Need], options: Options) -> Ways:
    """The ways of one village. Coordinates are never required.

    Both ends known: straight distance with the detour. A household without coordinates stands at
    the middle of its hamlet's others; if the hamlet has none, a household of the same hamlet is
    `within_hamlet` away and everything else `between_hamlets`.
    """
    points = _believed([_point(place), *map(_point, needs)], options)
    doubted = tuple(
        need.household_id
        for need, point in zip(needs, points[1:], strict=True)
        if point is None and _point(need) is not None
    )
    spots = _spots(points, needs)
    metres = np.zeros((len(spots), len(spots)), dtype=np.int64)
    for row, one in enumerate(spots):
        for column in range(row):
            metres[row, column] = metres[column, row] = _metres(one, spots[column], options)
    minutes = -(-metres // options.metres_a_minute)
    return Ways(metres=metres, minutes=minutes, doubted=doubted)


def _point(item: Place | Need) -> _Point | None:
    if item.longitude is None or item.latitude is None:
        return None
    return (item.longitude, item.latitude)


def _believed(points: Sequence[_Point | None], options: Options) -> list[_Point | None]:
    known = [point for point in points if point is not None]
    if not known:
        return list(points)
    middle = (
        statistics.median(point[0] for point in known),
        statistics.median(point[1] for point in known),
    )
    return [
        point if point is not None and _straight(point, middle) <= options.believed else None
        for point in points
    ]


def _spots(points: Sequence[_Point | None], needs: Sequence[Need]) -> list[_Spot]:
    hamlets: dict[str, list[_Point]] = defaultdict(list)
    for need, point in zip(needs, points[1:], strict=True):
        if point is not None and need.hamlet_id is not None:
            hamlets[need.hamlet_id].append(point)
    middles = {name: _middle(found) for name, found in hamlets.items()}
    known = [point for point in points[1:] if point is not None]
    office = points[0] or (_middle(known) if known else None)
    spots = [_Spot(office, points[0] is not None, None)]
    for need, point in zip(needs, points[1:], strict=True):
        stand_in = middles.get(need.hamlet_id) if need.hamlet_id is not None else None
        spots.append(_Spot(point or stand_in, point is not None, need.hamlet_id))
    return spots


def _metres(one: _Spot, other: _Spot, options: Options) -> int:
    same = one.hamlet is not None and one.hamlet == other.hamlet
    if one.point is None or other.point is None:
        return options.within_hamlet if same else options.between_hamlets
    metres = math.ceil(_straight(one.point, other.point) * options.detour_percent / 100)
    return metres if one.exact and other.exact else max(metres, options.within_hamlet)


def _middle(points: Sequence[_Point]) -> _Point:
    count = len(points)
    return (sum(point[0] for point in points) / count, sum(point[1] for point in points) / count)


def _straight(one: _Point, other: _Point) -> float:
    """Metres between two points a village apart; the earth is flat there."""
    across = math.cos(math.radians((one[1] + other[1]) / 2))
    east = (one[0] - other[0]) * _METRES_A_DEGREE * across
    north = (one[1] - other[1]) * _METRES_A_DEGREE
    return math.hypot(east, north)
