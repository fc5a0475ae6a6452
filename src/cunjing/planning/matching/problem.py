"""A matching problem: villages, staff, priced pairs, slots of rising price, prices of vacancies.

All points are integers and costs: the lower, the better. A plan costs the points of its pairs, of
the slots each member of staff uses (the first n for n villages), of every village left vacant, and
`stability` for every village whose holder is not its `current` one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cunjing.policy.errors import RequestError

Ints = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

NOBODY = -1
"""The index of no member of staff: the village is vacant, or had no holder."""

NO_PAIR = -1
"""The index of no pair: it is not allowed."""

MOST_POINTS = 1_000_000_000
"""Points are between minus this and this, so that no sum of them leaves 64 bits."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be matched.

    `villages` (codes) and `staff` (ids) are sorted; everything else counts in their indices. Pairs
    are sorted by village, then staff; those of village v are `first_pair[v]:first_pair[v + 1]`.
    Slots of staff s are `first_slot[s]:first_slot[s + 1]`, their points never falling. `current`
    and `pinned` name a member of staff for each village, or `NOBODY`.
    """

    villages: tuple[str, ...]
    staff: tuple[str, ...]
    first_pair: Ints
    pair_village: Indices
    pair_staff: Indices
    pair_points: Ints
    first_slot: Ints
    slot_points: Ints
    vacancy: Ints
    current: Indices
    pins: tuple[tuple[int, int], ...] = ()
    stability: int = 0

    @property
    def capacity(self) -> Ints:
        """How many villages each member of staff can have."""
        return np.diff(self.first_slot)

    def pair_costs(self, start: int = 0, stop: int | None = None) -> Ints:
        """The points of the pairs from `start` to `stop`, the price of moving included."""
        points = self.pair_points[start:stop]
        if self.stability == 0:
            return points
        villages = self.pair_village[start:stop]
        moved = self.moves(villages, self.pair_staff[start:stop])
        return points + np.where(moved, self.stability, 0)

    def vacancy_costs(self) -> Ints:
        """The points of leaving each village vacant, the price of moving included."""
        return self.vacancy + np.where(self.current != NOBODY, self.stability, 0)

    def moves(self, villages: Indices, holders: Indices) -> Flags:
        """Whether a village with this holder has changed hands (one that had nobody never has)."""
        held = self.current[villages]
        moved: Flags = (held != NOBODY) & (held != holders)
        return moved

    def pair_of(self, village: int, staff: int) -> int | None:
        """The index of a pair; None when it is not allowed."""
        start, stop = int(self.first_pair[village]), int(self.first_pair[village + 1])
        place = start + int(np.searchsorted(self.pair_staff[start:stop], staff))
        return place if place < stop and int(self.pair_staff[place]) == staff else None

    def pairs_of(self, villages: Indices, staff: Indices) -> Ints:
        """The index of each pair; `NO_PAIR` where it is not allowed. Neither may be `NOBODY`."""
        low, high = self.first_pair[villages], self.first_pair[villages + 1]
        end = high
        while (open_ones := low < high).any():
            middle = (low + high) // 2
            before = np.zeros(len(low), dtype=np.bool_)
            before[open_ones] = self.pair_staff[middle[open_ones]] < staff[open_ones]
            low = np.where(before, middle + 1, low)
            high = np.where(before | ~open_ones, high, middle)
        found = np.full(len(low), NO_PAIR, dtype=np.int64)
        inside = np.flatnonzero(low < end)
        inside = inside[self.pair_staff[low[inside]] == staff[inside]]
        found[inside] = low[inside]
        return found

    def at_price(self, stability: int) -> "Problem":
        """The same with another price for every village that changes hands."""
        return replace(self, stability=stability)

    def without(self, staff: Iterable[str]) -> "Problem":
        """The same without some of the staff: no slots, so no villages."""
        gone = set(staff)
        if unknown := sorted(gone - set(self.staff)):
            raise RequestError(f"没有这些人：{'、'.join(unknown)}")
        keep = np.array([one not in gone for one in self.staff], dtype=np.bool_)
        counts = np.where(keep, self.capacity, 0)
        owner = np.repeat(np.arange(len(self.staff)), self.capacity)
        return replace(
            self,
            first_slot=starts(counts),
            slot_points=self.slot_points[keep[owner]],
            pins=tuple(pin for pin in self.pins if keep[pin[1]]),
        )

    def left_vacant(self, villages: Iterable[str]) -> "Problem":
        """The same with these villages left vacant: nobody may serve them, whatever pins say."""
        gone = {self.villages.index(code) for code in villages}
        keep = ~np.isin(self.pair_village, sorted(gone))
        return replace(
            self,
            first_pair=starts(np.bincount(self.pair_village[keep], minlength=len(self.villages))),
            pair_village=self.pair_village[keep],
            pair_staff=self.pair_staff[keep],
            pair_points=self.pair_points[keep],
            pins=tuple(pin for pin in self.pins if pin[0] not in gone),
        )


@dataclass(frozen=True, slots=True)
class Pairs:
    """Priced pairs, in indices of villages and staff, in any order."""

    village: Indices
    staff: Indices
    points: Ints

    def in_order(self, *, villages: Sequence[str], staff: Sequence[str]) -> "Pairs":
        """By village, then staff. RequestError for a pair that stands twice."""
        key = self.village.astype(np.int64) * max(len(staff), 1) + self.staff
        if (key[1:] > key[:-1]).all():
            return self
        order = np.argsort(key, kind="stable")
        key = key[order]
        twice = order[np.flatnonzero(key[1:] == key[:-1])]
        if len(twice):
            village, one = villages[self.village[twice[0]]], staff[self.staff[twice[0]]]
            raise RequestError(f"{one} 与 {village} 写了两次，每一对只能有一行")
        return Pairs(self.village[order], self.staff[order], self.points[order])


def make_problem(
    *,
    pairs: Iterable[tuple[str, str, int]],
    slots: Mapping[str, Sequence[int]],
    vacant: int | Mapping[str, int],
    villages: Iterable[str] = (),
    pins: Iterable[tuple[str, str]] = (),
    current: Mapping[str, str] | None = None,
    stability: int = 0,
) -> Problem:
    """A problem from plain values.

    pairs: (staff id, village code, points), each pair once; only these are allowed. slots: staff id
    -> points of the first, second, … village, never falling; who has none gets no village. vacant:
    points of leaving a village vacant, one for all or by village. villages: those to be served
    beside the ones pairs and pins name. pins: (staff id, village code) that must be; what cannot is
    vacant. current: village code -> its holder. Raises RequestError in Chinese.
    """
    rows, pinned = list(pairs), sorted(set(pins))
    codes = sorted({*villages, *(row[1] for row in rows), *(pin[1] for pin in pinned)})
    people = sorted({*slots, *(row[0] for row in rows), *(pin[0] for pin in pinned)})
    village_of = {code: number for number, code in enumerate(codes)}
    staff_of = {one: number for number, one in enumerate(people)}
    table = np.array(
        [(village_of[code], staff_of[one], points) for one, code, points in rows], dtype=np.int64
    ).reshape(-1, 3)
    prices = [vacant if isinstance(vacant, int) else vacant[code] for code in codes]
    holders = [staff_of.get((current or {}).get(code, ""), NOBODY) for code in codes]
    return from_arrays(
        villages=tuple(codes),
        staff=tuple(people),
        pairs=Pairs(table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2]),
        slots=[list(slots.get(one, ())) for one in people],
        vacancy=np.array(prices, dtype=np.int64),
        current=np.array(holders, dtype=np.int32),
        pins=tuple((village_of[code], staff_of[one]) for one, code in pinned),
        stability=stability,
    )


def from_arrays(
    *,
    villages: tuple[str, ...],
    staff: tuple[str, ...],
    pairs: Pairs,
    slots: Sequence[Sequence[int]],
    vacancy: Ints,
    current: Indices | None = None,
    pins: tuple[tuple[int, int], ...] = (),
    stability: int = 0,
) -> Problem:
    """A problem from arrays. Raises RequestError in Chinese.

    `villages` and `staff` are sorted; `slots` has one list for each member of staff.
    """
    pairs = pairs.in_order(villages=villages, staff=staff)
    slot_points = np.array([price for points in slots for price in points], dtype=np.int64)
    _check(staff, slots, slot_points, (pairs.points, slot_points, vacancy, np.array([stability])))
    return Problem(
        villages=villages,
        staff=staff,
        first_pair=starts(np.bincount(pairs.village, minlength=len(villages))),
        pair_village=pairs.village.astype(np.int32, copy=False),
        pair_staff=pairs.staff.astype(np.int32, copy=False),
        pair_points=pairs.points.astype(np.int64, copy=False),
        first_slot=starts(np.array([len(points) for points in slots], dtype=np.int64)),
        slot_points=slot_points,
        vacancy=vacancy,
        current=np.full(len(villages), NOBODY, dtype=np.int32) if current is None else current,
        pins=pins,
        stability=stability,
    )


def _check(
    staff: Sequence[str],
    slots: Sequence[Sequence[int]],
    slot_points: Ints,
    every_points: Iterable[Ints],
) -> None:
    owner = np.repeat(np.arange(len(slots)), [len(points) for points in slots])
    falls = (slot_points[1:] < slot_points[:-1]) & (owner[1:] == owner[:-1])
    for place in np.flatnonzero(falls)[:1]:
        raise RequestError(f"{staff[owner[place]]} 的名额分值不能越往后越低，请改 slots")
    for many in every_points:
        if len(many) and int(np.abs(many).max()) > MOST_POINTS:
            raise RequestError(f"分值应在 -{MOST_POINTS} 至 {MOST_POINTS} 之间")


def begins(sorted_values: npt.NDArray[np.integer[Any]]) -> Ints:
    """Where each run of equal values begins."""
    if not len(sorted_values):
        return np.zeros(0, dtype=np.int64)
    first = np.concatenate(([True], sorted_values[1:] != sorted_values[:-1]))
    return np.flatnonzero(first).astype(np.int64)


def starts(counts: Ints) -> Ints:
    """Where each of so many begins, and where the last ends."""
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
