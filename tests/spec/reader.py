"""Reads the spec files: paragraphs of plain text tables, with what both engines must answer.

A file is a list of specs. Each begins with `== title ==` and a line `RULE PERIOD as of WATERMARK`;
then come tables (a line with the table's name, a header row, rows; cells between bars; a rule of
dashes is decoration), the last of them `expect`: every row the rule has, in any order. A table that
is named and has no rows is an empty file; one not named is no file.

Villages are called A and B (one township), C (the next township) and D (another county) and exist
unless a `villages` table says otherwise; staff who are only mentioned exist and nothing more is
known of them, but that they are what they are posted as.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cunjing.policy.periods import start_of_day
from cunjing.policy.tables import TABLES, ColumnType

VILLAGES = {
    "A": "532323100201",
    "B": "532323100202",
    "C": "532323101201",
    "D": "532324100201",
}
_HEAD = re.compile(r"(?P<rule>\S+) (?P<period>\S+) as of (?P<as_of>\S+)")
_VILLAGE_COLUMNS = {"village_code", "home_village_code", "subject", "subject_id"}


@dataclass(frozen=True, slots=True)
class Spec:
    """One example: facts, a question, and the rows of the answer as they are written."""

    title: str
    rule: str
    period: str
    as_of: datetime
    tables: dict[str, list[dict[str, Any]]]
    expected: list[dict[str, str]]


def read_specs(path: Path) -> Iterator[Spec]:
    """Every spec of a file."""
    parts = re.split(r"^== (.+) ==$", path.read_text("utf-8"), flags=re.MULTILINE)
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        yield _spec(title, body)


def _spec(title: str, body: str) -> Spec:
    head, *blocks = [block.splitlines() for block in re.split(r"\n\s*\n", body.strip())]
    asked = _HEAD.fullmatch(head[0])
    if asked is None:
        raise ValueError(f"{title}: {head[0]}")
    texts = {block[0].strip(): _rows(block[1:]) for block in blocks}
    expected = texts.pop("expect")
    tables = {name: [_typed(name, row) for row in rows] for name, rows in texts.items()}
    return Spec(
        title=title,
        rule=asked["rule"],
        period=asked["period"],
        as_of=_moment(asked["as_of"]),
        tables=_with_the_obvious(tables),
        expected=[_unaliased(row) for row in expected],
    )


def _rows(lines: list[str]) -> list[dict[str, str]]:
    cells = [
        [cell.strip() for cell in line.split("|")]
        for line in lines
        if set(line.strip()) - set("-+ ")
    ]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def _unaliased(row: dict[str, str]) -> dict[str, str]:
    return {
        name: VILLAGES.get(cell, cell) if name in _VILLAGE_COLUMNS else cell
        for name, cell in row.items()
    }


def _typed(table: str, row: dict[str, str]) -> dict[str, Any]:
    read: dict[ColumnType, Callable[[str], Any]] = {
        ColumnType.TEXT: str,
        ColumnType.INTEGER: int,
        ColumnType.DECIMAL: float,
        ColumnType.DATE: date.fromisoformat,
        ColumnType.INSTANT: _moment,
        ColumnType.BOOLEAN: {"true": True, "false": False}.__getitem__,
    }
    return {
        name: read[TABLES[table].column(name).type](cell) if cell else None
        for name, cell in _unaliased(row).items()
    }


def _moment(text: str) -> datetime:
    """A time with offset; a bare date is its 00:00 in Shanghai."""
    return datetime.fromisoformat(text) if "T" in text else start_of_day(date.fromisoformat(text))


def _with_the_obvious(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The required tables, and villages and staff that are only mentioned."""
    tables = {"villages": [], "staff": [], "postings": [], "events": [], **tables}
    if not tables["villages"]:
        tables["villages"] = [{"village_code": code, "name": code} for code in VILLAGES.values()]
    for name in ("postings", "events", "absences", "sync"):
        for row in tables.get(name, ()):
            known = {person["staff_id"] for person in tables["staff"]}
            if row.get("staff_id") not in known | {None}:
                role = row.get("role", "liaison_officer")
                tables["staff"].append({"staff_id": row["staff_id"], "role": role})
    return tables
