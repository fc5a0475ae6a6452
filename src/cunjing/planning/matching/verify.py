"""`match verify`: is a match folder sound and its plan the cheapest? From its files, no solver.

Every check is done whatever the others say, so that a file changed together with its digest is
still refused by the arithmetic.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cunjing.planning.matching.certificate import (
    FORMAT,
    NAME,
    Certificate,
    digest_of,
    file_digest,
)
from cunjing.planning.matching.layout import (
    ASSIGNMENT,
    ASSIGNMENT_COLUMNS,
    REASON_COLUMNS,
    REASONS,
    VACANT,
    VACANT_COLUMNS,
    WORKLOAD,
    WORKLOAD_COLUMNS,
)
from cunjing.planning.matching.pins import Settled, settle_pins
from cunjing.planning.matching.priced import INPUTS, PAIRS, PAIRS_PARQUET, SLOTS, read_problem
from cunjing.planning.matching.prices import INFINITE, Prices, dual_value
from cunjing.planning.matching.problem import NO_PAIR, NOBODY, Indices, Ints, Problem
from cunjing.planning.matching.solution import Solution, cost_of
from cunjing.policy.errors import Finding, InputError

_KEYS = {"format", "about", "stability", "primal", "dual", "gap", "balance", "potentials"}
_KEYS |= {"digests", "digest"}
_AT_A_TIME = 1_000_000
_FIRST_ROW = 2
_INFINITE = int(INFINITE)


@dataclass(frozen=True, slots=True)
class Verified:
    """A sound folder: what its certificate says, what was matched, who holds each village."""

    certificate: Certificate
    problem: Problem
    holder: Indices

    @property
    def solution(self) -> Solution:
        """The plan with its proof; of a balanced plan there is none."""
        return Solution(
            holder=self.holder,
            prices=self.certificate.prices_for(self.problem),
            settled=settle_pins(self.problem),
            primal=self.certificate.primal,
            dual=self.certificate.dual,
            rounds=0,
        )


def verify_match(folder: Path) -> Certificate:
    """The certificate of a sound folder. InputError with everything that is wrong."""
    return verified(folder).certificate


def verified(folder: Path) -> Verified:
    """A sound folder, read. InputError with everything that is wrong."""
    said = _load(folder)
    certificate = _certificate(said)
    findings = [*_digests(folder, said, certificate)]
    try:
        problem = _problem(folder, certificate)
        holder = _holder(folder, problem)
        findings += _optimal(problem, holder, certificate)
        findings += _reasons(folder)
        findings += _balance(folder, problem, holder, certificate)
    except InputError as error:
        raise InputError([*findings, *error.findings]) from error
    if findings:
        raise InputError(findings)
    return Verified(certificate, problem, holder)


def _load(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError([Finding(NAME, None, None, f"“{folder}”里没有这个文件")]) from error
    except (ValueError, RecursionError) as error:
        raise InputError([Finding(NAME, None, None, "不是 JSON，文件可能被改过")]) from error
    if not isinstance(said, dict) or set(said) != _KEYS or said["format"] != FORMAT:
        raise InputError([Finding(NAME, None, None, f"不是 {FORMAT} 格式的证书")])
    return said


def _certificate(said: dict[str, Any]) -> Certificate:
    try:
        potentials = said["potentials"]
        certificate = Certificate(
            stability=said["stability"],
            primal=said["primal"],
            dual=said["dual"],
            villages=dict(potentials["villages"]),
            staff=dict(potentials["staff"]),
            digests=dict(said["digests"]),
            about=dict(said["about"]),
            balance=None if said["balance"] is None else dict(said["balance"]),
        )
        numbers = [certificate.stability, certificate.primal, certificate.dual, said["gap"]]
        numbers += certificate.villages.values()
        numbers += (certificate.balance or {}).values()
        numbers += (price for price in certificate.staff.values() if price is not None)
    except (TypeError, KeyError, ValueError) as error:
        raise InputError([Finding(NAME, None, None, "内容不全，文件可能被改过")]) from error
    whole = set(map(type, numbers)) == {int}
    if not whole or max(map(abs, numbers)) >= _INFINITE:
        raise InputError([Finding(NAME, None, None, "分值应都是整数，文件可能被改过")])
    texts = [*certificate.about, *certificate.about.values(), *certificate.digests.values()]
    if certificate.stability < 0 or not all(isinstance(text, str) for text in texts):
        raise InputError([Finding(NAME, None, None, "内容不对，文件可能被改过")])
    return certificate


def _digests(folder: Path, said: dict[str, Any], certificate: Certificate) -> Iterator[Finding]:
    if said["digest"] != digest_of({key: said[key] for key in said if key != "digest"}):
        yield Finding(NAME, None, "digest", "证书被改过：与它自己的摘要不符", noun="键")
    gap = certificate.primal - certificate.dual
    if said["gap"] != gap or gap < 0 or (gap > 0 and certificate.balance is None):
        yield Finding(NAME, None, "gap", "差距不是 0，没有证明是最优", noun="键")
    known = {*INPUTS, ASSIGNMENT, VACANT, REASONS, WORKLOAD}
    present = {path.name for path in folder.iterdir()} - {NAME}
    for name in sorted(known & present - set(certificate.digests)):
        yield Finding(name, None, None, "证书里没有这个文件，是后来放进来的")
    for name, digest in sorted(certificate.digests.items()):
        if name not in known:
            yield Finding(NAME, None, name, "不是这种结果里的文件", noun="键")
        elif name not in present:
            yield Finding(name, None, None, "文件不见了")
        elif not (folder / name).is_file() or file_digest(folder / name) != digest:
            yield Finding(name, None, None, "与证书里的摘要不符，文件被改过")


def _problem(folder: Path, certificate: Certificate) -> Problem:
    files = {name: folder / name for name in INPUTS if (folder / name).is_file()}
    if SLOTS not in files or not {PAIRS, PAIRS_PARQUET} & set(files):
        raise InputError([Finding(SLOTS, None, None, "缺少 pairs 或 slots，无法核对")])
    return read_problem(files, stability=certificate.stability)


def _holder(folder: Path, problem: Problem) -> Indices:
    """Who holds which village by the two result files; InputError for what they may not say."""
    served = _rows(folder / ASSIGNMENT, ASSIGNMENT_COLUMNS)
    empty = _rows(folder / VACANT, VACANT_COLUMNS)
    village = _places([cells[0] for cells in served], problem.villages)
    staff = _places([cells[1] for cells in served], problem.staff)
    known = (village != NOBODY) & (staff != NOBODY)
    pair = np.full(len(served), NO_PAIR, dtype=np.int64)
    pair[known] = problem.pairs_of(village[known], staff[known])
    for row in np.flatnonzero(pair == NO_PAIR)[:1].tolist():
        raise _wrong(ASSIGNMENT, row, "staff_id", f"{served[row][1]} 不能去 {served[row][0]}")
    for row in _again(village)[:1].tolist():
        raise _wrong(ASSIGNMENT, row, "village_code", f"{served[row][0]} 写了两次")
    for row in _unlike(served, 2, map(str, problem.pair_points[pair].tolist()))[:1]:
        raise _wrong(ASSIGNMENT, row, "points", "与 pairs 里的分值不符")
    moved = problem.moves(village, staff).tolist()
    for row in _unlike(served, 3, ("true" if one else "false" for one in moved))[:1]:
        raise _wrong(ASSIGNMENT, row, "changed", "与 current 对不上")
    holder = np.full(len(problem.villages), NOBODY, dtype=np.int32)
    holder[village] = staff
    vacant = _places([cells[0] for cells in empty], problem.villages)
    for row in np.flatnonzero((vacant == NOBODY) | (holder[vacant] != NOBODY))[:1].tolist():
        raise _wrong(VACANT, row, "village_code", f"{empty[row][0]} 已经有人，或者没有这个村")
    for row in _again(vacant)[:1].tolist():
        raise _wrong(VACANT, row, "village_code", f"{empty[row][0]} 写了两次")
    named = np.zeros(len(holder), dtype=np.bool_)
    named[village] = named[vacant] = True
    for place in np.flatnonzero(~named)[:1]:
        message = f"没有 {problem.villages[place]}，每个村都要有人或者写明空缺"
        raise InputError([Finding(ASSIGNMENT, None, None, message)])
    return holder


def _places(names: Sequence[str], known: Sequence[str]) -> Indices:
    """Where each name stands among the known ones; `NOBODY` where it does not."""
    place_of = dict(zip(known, range(len(known)), strict=True))
    return np.array([place_of.get(name, NOBODY) for name in names], dtype=np.int32)


def _again(places: Indices) -> Ints:
    """The rows that name what an earlier row names."""
    # Not by `np.unique`, which loads masked arrays first: a twentieth of the whole command.
    order = np.argsort(places, kind="stable")
    again = places[order][1:] == places[order][:-1]
    return np.sort(order[1:][again])


def _unlike(rows: Sequence[list[str]], column: int, expected: Iterable[str]) -> list[int]:
    """The rows whose cell is another than it should be."""
    pairs = enumerate(zip(rows, expected, strict=True))
    return [row for row, (cells, text) in pairs if cells[column] != text]


def _wrong(file: str, row: int, column: str, message: str) -> InputError:
    return InputError([Finding(file, row + _FIRST_ROW, column, message)])


def _rows(path: Path, names: tuple[str, ...]) -> list[list[str]]:
    """The rows below the header, each with as many cells; InputError where it is otherwise."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise InputError([Finding(path.name, None, None, "文件打不开或读不出来")]) from error
    if not rows or rows[0] != list(names):
        raise InputError([Finding(path.name, 1, None, f"表头应是：{'、'.join(names)}")])
    widths = list(map(len, rows))
    for number in np.flatnonzero(np.array(widths) != len(names))[:1].tolist():
        raise InputError([Finding(path.name, number + 1, None, f"应有 {len(names)} 格")])
    return rows[1:]


def _optimal(problem: Problem, holder: Indices, certificate: Certificate) -> Iterator[Finding]:
    """Feasible, as dear as said, and no dearer than the prices prove."""
    settled = settle_pins(problem)
    count = np.bincount(holder[holder != NOBODY], minlength=len(problem.staff))
    for staff in np.flatnonzero(count > problem.capacity)[:1]:
        message = f"{problem.staff[staff]} 的村多于名额"
        yield Finding(ASSIGNMENT, None, "staff_id", message)
    for village in np.flatnonzero(~settled.free & (holder != settled.holder))[:1]:
        message = f"{problem.villages[village]} 没有照 pins 办"
        yield Finding(ASSIGNMENT, None, "village_code", message)
    if cost_of(problem, holder) != certificate.primal:
        yield Finding(NAME, None, "primal", "与方案的总分不符", noun="键")
    try:
        prices = certificate.prices_for(problem)
    except KeyError as error:
        yield Finding(NAME, None, "potentials", f"没有 {error.args[0]} 的价格", noun="键")
        return
    priced = {one for one, price in certificate.staff.items() if price is not None}
    if set(certificate.villages) - set(problem.villages) or priced - set(problem.staff):
        yield Finding(NAME, None, "potentials", "有不在这个问题里的村或人", noun="键")
    yield from _proof(problem, settled, prices, certificate)


def _proof(
    problem: Problem, settled: Settled, prices: Prices, certificate: Certificate
) -> Iterator[Finding]:
    left = settled.used < problem.capacity
    if (left & (prices.staff >= INFINITE)).any():
        yield Finding(NAME, None, "potentials", "还有名额的人没有价格，证明不成立", noun="键")
        return
    if (prices.village > problem.vacancy_costs())[settled.free].any():
        yield Finding(NAME, None, "potentials", "有村的价格高于空缺，证明不成立", noun="键")
    for start in range(0, len(problem.pair_points), _AT_A_TIME):
        part = slice(start, start + _AT_A_TIME)
        villages, staff = problem.pair_village[part], problem.pair_staff[part]
        reduced = problem.pair_costs(part.start, part.stop) + prices.staff[staff]
        cheaper = (reduced < prices.village[villages]) & settled.free[villages] & left[staff]
        if cheaper.any():
            pair = int(np.flatnonzero(cheaper)[0])
            one, code = problem.staff[staff[pair]], problem.villages[villages[pair]]
            message = f"{one} 去 {code} 比价格允许的更便宜，证明不成立"
            yield Finding(NAME, None, "potentials", message, noun="键")
            break
    fixed = cost_of(problem, settled.holder, free=~settled.free)
    if fixed + dual_value(problem, settled, prices) != certificate.dual:
        yield Finding(NAME, None, "dual", "与价格加起来的不符", noun="键")


def _reasons(folder: Path) -> Iterator[Finding]:
    """The points by rule add up to those of the pair."""
    if not (folder / REASONS).is_file():
        return
    total = Counter[tuple[str, str]]()
    for row, (code, staff, _, points) in enumerate(_rows(folder / REASONS, REASON_COLUMNS)):
        if re.fullmatch(r"-?[0-9]{1,10}", points) is None:
            raise _wrong(REASONS, row, "points", "应为整数")
        total[code, staff] += int(points)
    served = _rows(folder / ASSIGNMENT, ASSIGNMENT_COLUMNS)
    for row, (code, staff, points, _) in enumerate(served, start=_FIRST_ROW):
        if total.pop((code, staff), 0) != int(points):
            yield Finding(REASONS, None, "points", f"{code} 的各项加起来不是第{row}行的分值")
    for code, _ in sorted(total):
        yield Finding(REASONS, None, "village_code", f"{code} 没有派给这个人")


def _balance(
    folder: Path, problem: Problem, holder: Indices, certificate: Certificate
) -> Iterator[Finding]:
    """What a balanced plan says of workloads; that no plan is better is CP-SAT's word."""
    said = certificate.balance
    if said is None:
        return
    loads = {cells[0]: cells[1] for cells in _rows(folder / WORKLOAD, WORKLOAD_COLUMNS)}
    total = Counter[str]()
    for code, staff in zip(problem.villages, holder.tolist(), strict=True):
        load = loads.pop(code, "")
        if not re.fullmatch("[0-9]{1,10}", load):
            raise InputError([Finding(WORKLOAD, None, "load", f"{code} 的工作量应为整数")])
        if staff != NOBODY:
            total[problem.staff[staff]] += int(load)
    highest = max(total.values(), default=0)
    sound = {
        "price": said.get("price"),
        "highest": highest,
        "objective": certificate.primal + (said.get("price") or 0) * highest,
        "bound": said.get("bound"),
    }
    if loads or said != sound or (said["bound"] or 0) > (sound["objective"] or 0):
        yield Finding(NAME, None, "balance", "与工作量对不上", noun="键")
