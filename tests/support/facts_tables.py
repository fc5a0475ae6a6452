"""Facts made in memory from plain rows: what `open_facts` gives, without files or their checks."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from cunjing.policy.facts import TIMED, Facts
from cunjing.policy.periods import as_utc_naive
from cunjing.policy.source import Source, empty_sql
from cunjing.policy.tables import TABLES, ColumnType, Table

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]
"""Table name -> rows -> column -> cell (dates, aware times, bools, ints, text); absent = null."""

_ARROW = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INSTANT: pa.timestamp("us"),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DECIMAL: pa.float64(),
}


class Memory:
    """One database whose tables are emptied and filled again for every world."""

    def __init__(self) -> None:
        self._database = duckdb.connect(config={"threads": 1})
        for name, table in TABLES.items():
            self._database.execute(f'CREATE TABLE "{name}" AS {empty_sql(table)}')
        self._database.execute(TIMED)
        self._filled: set[str] = set()

    def load(self, tables: Tables) -> Facts:
        """Facts of these tables until the next `load`; a table not named has no file."""
        for name in self._filled:
            self._database.execute(f'TRUNCATE "{name}"')
        self._filled = {name for name, rows in tables.items() if rows}
        for name in self._filled:
            self._database.register("incoming", _arrow(TABLES[name], tables[name]))
            self._database.execute(f'INSERT INTO "{name}" FROM incoming')
            self._database.unregister("incoming")
        sources = {
            name: Source(TABLES[name], Path(f"{name}.csv"), dict.fromkeys(TABLES[name].names, ""))
            for name in tables
        }
        return Facts(folder=Path(), database=self._database, sources=sources, unread=())

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


@contextmanager
def facts_of(tables: Tables) -> Iterator[Facts]:
    """Facts of one world."""
    memory = Memory()
    yield memory.load(tables)
    memory.close()


def write_folder(folder: Path, tables: Tables) -> None:
    """The same world as a facts folder of CSV files."""
    for name, rows in tables.items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(TABLES[name].names)
        for row in rows:
            writer.writerow([_written(row.get(column)) for column in TABLES[name].names])
        (folder / f"{name}.csv").write_text(text.getvalue(), "utf-8")


def _arrow(table: Table, rows: Rows) -> pa.Table:
    return pa.table(
        {
            column.name: pa.array(
                [_held(row.get(column.name)) for row in rows], _ARROW[column.type]
            )
            for column in table.columns
        }
    )


def _held(cell: object) -> object:
    return as_utc_naive(cell) if isinstance(cell, datetime) else cell


def _written(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case date() | datetime():
            return cell.isoformat()
        case _:
            return str(cell)
