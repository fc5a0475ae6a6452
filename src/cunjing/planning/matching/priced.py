"""The priced inputs of a match as files: what a problem is read from, and the copies kept of it.

`pairs.csv` staff_id,village_code,points · `slots.csv` staff_id,slot,points · `villages.csv`
village_code,points (what a vacancy costs) · `pins.csv` staff_id,village_code · `current.csv`
village_code,staff_id. Beyond a million pairs the copy is `pairs.parquet`, of the same columns.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from cunjing.planning.matching.problem import (
    NOBODY,
    Indices,
    Ints,
    Pairs,
    Problem,
    begins,
    from_arrays,
)
from cunjing.planning.matching.tables import Columns, Texts
from cunjing.policy.errors import Finding, InputError

PAIRS, PAIRS_PARQUET = "pairs.csv", "pairs.parquet"
SLOTS, VILLAGES, PINS, CURRENT = "slots.csv", "villages.csv", "pins.csv", "current.csv"
INPUTS = (PAIRS, PAIRS_PARQUET, SLOTS, VILLAGES, PINS, CURRENT)
"""Every priced input there may be."""

MANY_PAIRS = 1_000_000
"""Pairs from which on they are kept as Parquet."""

_PAIR_COLUMNS = ("staff_id", "village_code", "points")


def read_problem(
    files: Mapping[str, Path], *, vacant: int | None = None, stability: int = 0
) -> Problem:
    """A problem from its files by name; `pairs` and `slots` are needed, the others may be missing.

    Villages are those of `villages.csv`, pairs and pins; one that `villages.csv` does not price
    costs `vacant`. Raises InputError.
    """
    rows = _pair_columns(files)
    slots = _slots(files[SLOTS])
    prices = _prices(files.get(VILLAGES))
    pinned = _two(files.get(PINS), "staff_id", "village_code")
    held = dict(_two(files.get(CURRENT), "village_code", "staff_id", once="village_code"))
    codes = sorted({*rows[1].values, *prices, *(code for _, code in pinned)})
    people = sorted({*rows[0].values, *slots, *(one for one, _ in pinned)})
    village_of = {code: place for place, code in enumerate(codes)}
    staff_of = {one: place for place, one in enumerate(people)}
    unpriced = [code for code in codes if code not in prices]
    if unpriced and vacant is None:
        raise InputError(
            [Finding(VILLAGES, None, None, f"没有写 {unpriced[0]} 空缺的分值，请补上")]
        )
    current = np.full(len(codes), NOBODY, dtype=np.int32)
    for code, one in held.items():
        if code in village_of:
            current[village_of[code]] = staff_of.get(one, NOBODY)
    return from_arrays(
        villages=tuple(codes),
        staff=tuple(people),
        pairs=Pairs(_placed(rows[1], village_of), _placed(rows[0], staff_of), rows[2]),
        slots=[slots.get(one, []) for one in people],
        vacancy=np.array([prices.get(code, vacant or 0) for code in codes], dtype=np.int64),
        current=current,
        pins=tuple(sorted((village_of[code], staff_of[one]) for one, code in pinned)),
        stability=stability,
    )


def write_inputs(folder: Path, problem: Problem) -> None:
    """Copies of all that is priced: from these alone the same problem is read again."""
    if len(problem.pair_points) > MANY_PAIRS:
        _write_parquet(folder / PAIRS_PARQUET, problem)
    else:
        _write(folder / PAIRS, _PAIR_COLUMNS, _pair_rows(problem))
    _write(folder / SLOTS, ("staff_id", "slot", "points"), _slot_rows(problem))
    prices = zip(problem.villages, problem.vacancy.tolist(), strict=True)
    _write(folder / VILLAGES, ("village_code", "points"), prices)
    if problem.pins:
        pins = ((problem.staff[one], problem.villages[village]) for village, one in problem.pins)
        _write(folder / PINS, ("staff_id", "village_code"), pins)
    held = np.flatnonzero(problem.current != NOBODY)
    if len(held):
        current = ((problem.villages[v], problem.staff[problem.current[v]]) for v in held)
        _write(folder / CURRENT, ("village_code", "staff_id"), current)


def _pair_columns(files: Mapping[str, Path]) -> tuple[Texts, Texts, Ints]:
    if PAIRS_PARQUET in files:
        return _read_parquet(files[PAIRS_PARQUET])
    columns = Columns(files[PAIRS], _PAIR_COLUMNS)
    columns.once("staff_id", "village_code")
    return columns.texts("staff_id"), columns.texts("village_code"), columns.integers("points")


def _slots(path: Path) -> dict[str, list[int]]:
    columns = Columns(path, ("staff_id", "slot", "points"))
    staff, numbers = columns.texts("staff_id"), columns.integers("slot", lowest=1)
    points = columns.integers("points")
    columns.once("staff_id", "slot")
    order = np.lexsort((numbers, staff.codes))
    owner, prices = staff.codes[order], points[order]
    falls = (owner[1:] == owner[:-1]) & (prices[1:] < prices[:-1])
    if falling := sorted(staff.values[code] for code in owner[1:][falls]):
        message = f"{falling[0]} 的名额分值不能越往后越低"
        raise InputError([Finding(path.name, None, "points", message)])
    parts = np.split(prices, np.flatnonzero(owner[1:] != owner[:-1]) + 1)
    named = (staff.values[code] for code in owner[begins(owner)].tolist())
    return dict(zip(named, (part.tolist() for part in parts), strict=True)) if len(owner) else {}


def _prices(path: Path | None) -> dict[str, int]:
    if path is None:
        return {}
    columns = Columns(path, ("village_code", "points"))
    columns.once("village_code")
    codes, points = columns.texts("village_code"), columns.integers("points")
    return {codes.values[code]: int(price) for code, price in zip(codes.codes, points, strict=True)}


def _two(
    path: Path | None, first: str, second: str, *, once: str | None = None
) -> list[tuple[str, str]]:
    if path is None:
        return []
    columns = Columns(path, (first, second))
    columns.once(*((once,) if once else (first, second)))
    one, other = columns.texts(first), columns.texts(second)
    return [(one.values[a], other.values[b]) for a, b in zip(one.codes, other.codes, strict=True)]


def _placed(column: Texts, places: Mapping[str, int]) -> Indices:
    table = np.array([places[value] for value in column.values], dtype=np.int32)
    return table[column.codes] if len(table) else np.zeros(0, dtype=np.int32)


def _pair_rows(problem: Problem) -> Iterable[tuple[str, str, int]]:
    for village, staff, points in zip(
        problem.pair_village.tolist(),
        problem.pair_staff.tolist(),
        problem.pair_points.tolist(),
        strict=True,
    ):
        yield problem.staff[staff], problem.villages[village], points


def _slot_rows(problem: Problem) -> Iterable[tuple[str, int, int]]:
    for place, one in enumerate(problem.staff):
        start, stop = int(problem.first_slot[place]), int(problem.first_slot[place + 1])
        for number, points in enumerate(problem.slot_points[start:stop].tolist(), start=1):
            yield one, number, points


def _write(path: Path, names: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


def _write_parquet(path: Path, problem: Problem) -> None:
    named = {
        "staff_id": (problem.pair_staff, problem.staff),
        "village_code": (problem.pair_village, problem.villages),
    }
    columns = {
        name: pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(values, pa.string()))
        for name, (codes, values) in named.items()
    }
    table = pa.table({**columns, "points": pa.array(problem.pair_points)})
    parquet.write_table(table, path, compression="zstd")


def _read_parquet(path: Path) -> tuple[Texts, Texts, Ints]:
    names = ["staff_id", "village_code"]
    try:
        table = parquet.ParquetFile(path, read_dictionary=names).read(use_threads=False)
        found = []
        for name in names:
            column = table.column(name).unify_dictionaries().combine_chunks()
            codes = np.from_dlpack(column.indices).astype(np.int32, copy=False)
            found.append(Texts(tuple(column.dictionary.to_pylist()), codes))
        points = np.from_dlpack(table.column("points").combine_chunks())
    except (pa.ArrowException, KeyError, OSError, ValueError) as error:
        raise InputError([Finding(path.name, None, None, "文件读不出来，或列不对")]) from error
    return found[0], found[1], points.astype(np.int64, copy=False)
