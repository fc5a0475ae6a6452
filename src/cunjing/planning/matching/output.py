"""A match as a folder: the plan, the vacancies with their reasons, the proof, the priced inputs."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cunjing.base.folders import whole_folder
from cunjing.planning.matching.balanced import Balanced
from cunjing.planning.matching.certificate import NAME, certify, file_digest, json_text
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
from cunjing.planning.matching.priced import write_inputs
from cunjing.planning.matching.problem import NOBODY, Indices, Problem
from cunjing.planning.matching.solution import Solution
from cunjing.planning.matching.weighed import Weighed
from cunjing.policy.errors import RequestError


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written. `solution` is the cheapest plan, with its prices; `balanced`, where balance
    was asked for, the plan that counts. `weighed` tells the reasons of a plan made from facts;
    `about` is said in the certificate."""

    problem: Problem
    solution: Solution
    weighed: Weighed | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    balanced: Balanced | None = None

    @property
    def holder(self) -> Indices:
        """Staff of each village, or `NOBODY`."""
        return self.solution.holder if self.balanced is None else self.balanced.holder

    @property
    def primal(self) -> int:
        """What it costs."""
        return self.solution.primal if self.balanced is None else self.balanced.points

    @property
    def vacant(self) -> list[int]:
        """Villages nobody holds."""
        return [int(village) for village in np.flatnonzero(self.holder == NOBODY)]

    @property
    def moved(self) -> int:
        """How many villages change hands."""
        current = self.problem.current
        return int(((current != NOBODY) & (current != self.holder)).sum())


def write_match(folder: Path, plan: Plan) -> None:
    """Write the folder whole or not at all. RequestError when it holds something else."""
    with result_folder(folder, mark=NAME) as inside:
        write_inputs(inside, plan.problem)
        _write(inside / ASSIGNMENT, ASSIGNMENT_COLUMNS, assignment_rows(plan))
        _write(inside / VACANT, VACANT_COLUMNS, sorted(vacancy_reasons(plan).items()))
        if plan.weighed is not None:
            _write(inside / REASONS, REASON_COLUMNS, _reason_rows(plan, plan.weighed))
        if plan.balanced is not None:
            loads = zip(plan.problem.villages, plan.balanced.workload.tolist(), strict=True)
            _write(inside / WORKLOAD, WORKLOAD_COLUMNS, loads)
        digests = {path.name: file_digest(path) for path in inside.iterdir()}
        certificate = certify(
            plan.problem,
            plan.solution,
            primal=plan.primal,
            about=plan.about,
            balance=None if plan.balanced is None else plan.balanced.as_dict(),
            digests=digests,
        )
        (inside / NAME).write_text(json_text(certificate), encoding="utf-8", newline="")


def assignment_rows(plan: Plan) -> Iterator[tuple[str, str, int, str]]:
    """The villages that are served, by code, with the points of the pair and whether they change
    hands."""
    problem, holder = plan.problem, plan.holder
    served = np.flatnonzero(holder != NOBODY).astype(np.int32)
    points = problem.pair_points[problem.pairs_of(served, holder[served])].tolist()
    moved = problem.moves(served, holder[served]).tolist()
    people = holder[served].tolist()
    for village, staff, price, away in zip(served.tolist(), people, points, moved, strict=True):
        changed = "true" if away else "false"
        yield problem.villages[village], problem.staff[staff], price, changed


def vacancy_reasons(plan: Plan) -> dict[str, str]:
    """Why each vacant village is vacant, in Chinese."""
    problem, holder = plan.problem, plan.holder
    count = np.bincount(holder[holder != NOBODY], minlength=len(problem.staff))
    spare = count < problem.capacity
    reasons = {}
    for village in plan.vacant:
        code = problem.villages[village]
        start, stop = int(problem.first_pair[village]), int(problem.first_pair[village + 1])
        people = problem.pair_staff[start:stop]
        if village in plan.solution.settled.reasons:
            reasons[code] = plan.solution.settled.reasons[village] + _ban_of_pin(plan, village)
        elif not len(people):
            reasons[code] = _nobody_may(plan, code)
        elif not spare[people].any():
            reasons[code] = f"可以去的{len(people)}人名额都已用完"
        else:
            reasons[code] = "派人比空着的分值更高"
    return reasons


def _ban_of_pin(plan: Plan, village: int) -> str:
    """Why the only one a village is pinned to may not serve it; empty where that is not why."""
    people = [one for place, one in plan.problem.pins if place == village]
    if plan.weighed is None or len(people) != 1:
        return ""
    staff, code = plan.problem.staff[people[0]], plan.problem.villages[village]
    ban = plan.weighed.reasons(staff=staff, village=code)[1]
    return "" if ban is None else f"：{ban}"


def _nobody_may(plan: Plan, code: str) -> str:
    """Why nobody may serve a village: how many for which reason."""
    if plan.weighed is None or not plan.weighed.people:
        return "没有一个人可以去"
    bans = Counter(plan.weighed.reasons(staff=one, village=code)[1] for one in plan.problem.staff)
    if None in bans:
        return "指定先空着"
    said = "；".join(f"{ban}{number}人" for ban, number in bans.most_common() if ban)
    return f"没有一个人可以去：{said}"


def _reason_rows(plan: Plan, weighed: Weighed) -> Iterator[tuple[str, str, str, int]]:
    for code, staff, _, _ in assignment_rows(plan):
        for reason in weighed.reasons(staff=staff, village=code)[0]:
            yield code, staff, reason.rule, reason.points


@contextmanager
def result_folder(folder: Path, *, mark: str) -> Iterator[Path]:
    """A folder beside `folder` that takes its place at the end. One that is there already is
    replaced when it is empty or holds the file `mark`, which such folders have; else RequestError.
    """
    if not folder.name:
        raise RequestError(f"“{folder}”不是文件夹名，请检查 --out")
    if folder.exists() and not _replaceable(folder, mark):
        raise RequestError(f"“{folder}”已经存在，又不是以前的结果，请换个名字")
    try:
        with whole_folder(folder) as fresh:
            fresh.mkdir(parents=True)
            yield fresh
    except OSError as error:
        raise RequestError(f"写不了“{folder}”，请检查权限和空间（{error.strerror}）") from error


def _replaceable(folder: Path, mark: str) -> bool:
    return folder.is_dir() and ((folder / mark).is_file() or not any(folder.iterdir()))


def _write(path: Path, names: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
