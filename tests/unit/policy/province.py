"""Two counties as they send their facts, and a province that gathers them."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.support.county import county
from tests.support.facts_tables import write_folder
from tests.support.parquet_folders import write_parquet_folder

from cunjing.cli import BAD_INPUT, main
from cunjing.policy import duck
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.verdict import Verdict

SEPTEMBER = parse_period("2026-09")
AS_OF = start_of_day(date(2026, 10, 3))
Tables = dict[str, list[dict[str, Any]]]
Printed = pytest.CaptureFixture[str]
Change = Callable[[Tables], None]


def _of(prefix: str, name: str, cell: Any) -> Any:
    codes = {"village_code", "home_village_code", "township_code", "division_code"}
    ids = {"staff_id", "posting_id", "event_id"}
    if cell is None:
        return None
    if name in codes:
        return f"{prefix}{cell[6:]}"
    return f"{prefix}-{cell}" if name in ids else cell


def made(prefix: str, *, villages: int = 4) -> Tables:
    """A county whose codes begin so, with a station; its ids are its own."""
    tables = county(villages=villages, period=SEPTEMBER, seed=int(prefix))
    station = {"unit_code": f"{prefix}-1", "kind": "station", "division_code": "532323100"}
    tables["units"] = [station]
    return {
        table: [{name: _of(prefix, name, cell) for name, cell in row.items()} for row in rows]
        for table, rows in tables.items()
    }


EAST, WEST = "430181", "430182"


def sent(place: Path) -> dict[str, Path]:
    """The folders of two sound counties, the east in CSV, the west in Parquet and by date."""
    folders = {name: place / "sent" / name for name in ("east", "west")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    write_folder(folders["east"], made(EAST))
    write_parquet_folder(folders["west"], made(WEST), parts={"events": 2})
    return folders


def changed(folder: Path, prefix: str, change: Change) -> Path:
    """The county written anew with a change."""
    tables = made(prefix)
    change(tables)
    shutil.rmtree(folder)
    folder.mkdir()
    write_folder(folder, tables)
    return folder


def gathered(out: Path, *folders: Path, more: tuple[str, ...] = ()) -> Path:
    """The folder after a run that went well."""
    assert main(["facts", "gather", *map(str, folders), "--out", str(out), *more]) == 0
    return out


def refused(printed: Printed, out: Path, *folders: Path, more: tuple[str, ...] = ()) -> list[str]:
    """What is said when nothing is gathered."""
    before = contents(out)
    asked = ["facts", "gather", *map(str, folders), "--out", str(out), *more]
    assert main(asked) == BAD_INPUT
    said = printed.readouterr()
    assert said.out == ""
    assert contents(out) == before
    assert [path for path in out.parent.iterdir() if path.name.startswith(".")] == []
    return said.err.splitlines()


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and time of change."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in files
    }


def judged(*folders: Path) -> list[Verdict]:
    """All verdicts of September on the folders one by one."""
    found: list[Verdict] = []
    for folder in folders:
        with open_facts(folder) as facts:
            found += duck.evaluate(
                policy=load_policy("suzhou-2021"), facts=facts, period=SEPTEMBER, as_of=AS_OF
            )
    return sorted(found, key=lambda verdict: (verdict.rule, verdict.subject))


def take_a_village(tables: Tables) -> None:
    tables["villages"].append(made(EAST)["villages"][0])


def take_one_that_was_renamed(tables: Tables) -> None:
    row = made(EAST)["villages"][0]
    tables["villages"].append({**row, "valid_from": date(2020, 1, 1)})


def take_a_person(tables: Tables) -> None:
    tables["staff"].append({**made(EAST)["staff"][0], "home_village_code": None})


def take_an_event(tables: Tables) -> None:
    tables["events"][0]["event_id"] = made(EAST)["events"][0]["event_id"]


def add_a_visit(tables: Tables) -> None:
    tables["events"].append({**tables["events"][0], "event_id": f"{EAST}-late", "void": None})
