"""A plan as a folder of files: written whole or not at all, and read back to be checked."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from cunjing.base.folders import whole_folder
from cunjing.planning.month.model import (
    LeftOut,
    MonthPlan,
    MonthProblem,
    Note,
    VillageDay,
    Visit,
)
from cunjing.planning.month.options import Aim, Options, clock, parse_clock
from cunjing.policy.errors import Finding, InputError, RequestError
from cunjing.policy.model import Policy
from cunjing.policy.output import csv_text
from cunjing.policy.periods import SubPeriodKind

SUMMARY = "plan.json"
_DAYS = ("date", "staff_id", "village_code", "car_id", "fixed", "reason")
_VISITS = (
    "date",
    "staff_id",
    "village_code",
    "household_id",
    "order",
    "arrive",
    "leave",
    "reason",
)
_LEFT_OUT = ("household_id", "village_code", "cause", "reason")
_MOST = 1_000_000_000
_FORMULA = tuple("=+-@\t\r")
_R = TypeVar("_R")
_NOTES = ("cause", "staff_id", "village_code", "date", "missing", "text")


def digest_of(problem: MonthProblem) -> str:
    """SHA-256 of what a plan was made from; the same for CSV and Parquet."""
    text = json.dumps(asdict(problem), default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def write_plan(
    out: Path, plan: MonthPlan, *, problem: MonthProblem, options: Options, policy: Policy | None
) -> None:
    """Write the folder. RequestError where it holds something that is no plan, or cannot be."""
    if out.exists() and not _replaceable(out):
        raise RequestError(f"“{out}”已经有别的内容，请换个文件夹")
    try:
        with whole_folder(out) as staged:
            staged.mkdir(parents=True)
            for name, text in _texts(plan, problem=problem, options=options, policy=policy):
                (staged / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise RequestError(
            f"写不了“{out}”，请检查文件夹、权限和空间（{error.strerror}）"
        ) from error


def read_plan(folder: Path) -> tuple[MonthPlan, Options, str]:
    """A plan with its options and the digest of what it was made from.

    InputError naming file, row and column of what cannot be read.
    """
    summary = _summary(folder / SUMMARY)
    plan = MonthPlan(
        month=summary["month"],
        units=tuple(summary["units"]),
        seed=summary["seed"],
        days=tuple(_rows(folder / "days.csv", _DAYS, _day)),
        visits=tuple(_rows(folder / "visits.csv", _VISITS, _visit)),
        left_out=tuple(_rows(folder / "left_out.csv", _LEFT_OUT, _left_out)),
    )
    return plan, _options(summary["options"]), summary["digest"]


def _texts(
    plan: MonthPlan, *, problem: MonthProblem, options: Options, policy: Policy | None
) -> Iterator[tuple[str, str]]:
    yield "days.csv", csv_text(_DAYS, (_day_cells(item) for item in plan.days))
    yield "visits.csv", csv_text(_VISITS, (_visit_cells(item) for item in plan.visits))
    yield "left_out.csv", csv_text(_LEFT_OUT, (asdict(item) for item in plan.left_out))
    yield "notes.csv", csv_text(_NOTES, (_note_cells(item) for item in plan.notes))
    counts = {name: len(getattr(plan, name)) for name in ("days", "visits", "left_out", "notes")}
    summary = {
        "advice": plan.advice,
        "month": plan.month,
        "units": list(plan.units),
        "policy": None if policy is None else {"id": policy.id, "digest": policy.digest},
        "digest": digest_of(problem),
        "seed": plan.seed,
        "counts": counts,
        "options": asdict(options),
    }
    yield SUMMARY, json.dumps(summary, ensure_ascii=False, indent=1) + "\n"


def _day_cells(item: VillageDay) -> Mapping[str, object]:
    cells = asdict(item)
    return {**cells, "date": item.day, "fixed": "true" if item.fixed else "false"}


def _visit_cells(item: Visit) -> Mapping[str, object]:
    cells = asdict(item)
    return {**cells, "date": item.day, "arrive": clock(item.arrive), "leave": clock(item.leave)}


def _note_cells(item: Note) -> Mapping[str, object]:
    return {**asdict(item), "date": item.day}


def _replaceable(out: Path) -> bool:
    """Whether a folder is empty or holds an earlier plan and nothing else."""
    if not out.is_dir():
        return False
    names = {path.name for path in out.iterdir()}
    ours = {"days.csv", "visits.csv", "left_out.csv", "notes.csv", SUMMARY}
    return not names or (SUMMARY in names and names <= ours)


def _summary(path: Path) -> dict[str, Any]:
    wanted = {"month": str, "units": list, "seed": int, "digest": str, "options": dict}
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            [Finding(path.name, None, None, "读不出来，请指向 cunjing plan 写出的文件夹")]
        ) from error
    for name, kind in wanted.items():
        if not isinstance(found, dict) or not isinstance(found.get(name), kind):
            raise InputError([Finding(path.name, None, name, "缺少或读不出来，请重新排计划")])
    if not all(isinstance(unit, str) for unit in found["units"]):
        raise InputError([Finding(path.name, None, "units", "应是单位代码，请重新排计划")])
    return dict(found)


def _options(raw: Mapping[str, Any]) -> Options:
    """Options as they were written: every number a number, nothing missing, nothing else."""
    try:
        aims = {
            role: Aim(**{**aim, "part": SubPeriodKind(aim["part"])})
            for role, aim in raw["aims"].items()
        }
        options = Options(**{**raw, "aims": aims})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _bad_options() from error
    numbers = [getattr(options, name) for name in raw if name != "aims"]
    for aim in aims.values():
        numbers += [aim.month_days, aim.each_part, aim.households]
    if not all(_is_number(number) for number in numbers):
        raise _bad_options()
    if min(options.spacing, options.minutes, options.metres_a_minute) < 1:
        raise _bad_options()
    return options


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST


def _bad_options() -> InputError:
    return InputError([Finding(SUMMARY, None, "options", "读不出来，请重新排计划")])


def _rows(
    path: Path, columns: Sequence[str], build: Callable[[Mapping[str, str]], _R]
) -> Iterator[_R]:
    """Every row built; InputError naming the first row and column that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            if tuple(next(reader, ())) != tuple(columns):
                expected = "、".join(columns)
                raise InputError([Finding(path.name, 1, None, f"表头应为：{expected}")])
            for number, cells in enumerate(reader, start=2):
                yield _built(path.name, number, dict(zip(columns, cells, strict=False)), build)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError([Finding(path.name, None, None, f"文件读不出来（{error}）")]) from error


def _built(
    name: str, number: int, cells: Mapping[str, str], build: Callable[[Mapping[str, str]], _R]
) -> _R:
    wrong = next((column for column, good in _SHAPES.items() if not good(cells.get(column))), None)
    if wrong is not None:
        raise InputError([Finding(name, number, wrong, f"“{cells[wrong]}”读不出来，请改正")])
    try:
        return build(cells)
    except KeyError as error:
        raise InputError([Finding(name, number, str(error.args[0]), "这一格缺了")]) from error


def _reads(parse: Callable[[str], object]) -> Callable[[str | None], bool]:
    def good(cell: str | None) -> bool:
        if cell is None:
            return True
        try:
            parse(cell)
        except ValueError:
            return False
        return True

    return good


_SHAPES: Mapping[str, Callable[[str | None], bool]] = {
    "date": _reads(date.fromisoformat),
    "fixed": lambda cell: cell in (None, "true", "false"),
    "order": _reads(int),
    "arrive": _reads(parse_clock),
    "leave": _reads(parse_clock),
}


def _plain(cell: str) -> str:
    """An id without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _day(cells: Mapping[str, str]) -> VillageDay:
    return VillageDay(
        day=date.fromisoformat(cells["date"]),
        staff_id=_plain(cells["staff_id"]),
        village_code=cells["village_code"],
        car_id=_plain(cells["car_id"]) or None,
        fixed=cells["fixed"] == "true",
        reason=cells["reason"],
    )


def _visit(cells: Mapping[str, str]) -> Visit:
    return Visit(
        day=date.fromisoformat(cells["date"]),
        staff_id=_plain(cells["staff_id"]),
        village_code=cells["village_code"],
        household_id=_plain(cells["household_id"]),
        order=int(cells["order"]),
        arrive=parse_clock(cells["arrive"]),
        leave=parse_clock(cells["leave"]),
        reason=cells["reason"],
    )


def _left_out(cells: Mapping[str, str]) -> LeftOut:
    return LeftOut(
        household_id=_plain(cells["household_id"]),
        village_code=cells["village_code"],
        cause=cells["cause"],
        reason=cells["reason"],
    )
