"""A facts folder: opened, checked whole, then read by DuckDB or as plain typed rows.

`open_facts` raises `InputError` naming file, row, column and what is expected; what it returns is
sound. `Facts.connect` gives DuckDB a view (Parquet) or table (CSV) for every table of the contract,
typed as `tables.ColumnType` says, empty where an optional file is missing; times are TIMESTAMP in
UTC. `Facts.rows` gives the same rows as Python objects.
"""

import tempfile
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from cunjing.policy import checks, numbering
from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.csv_rows import check_rows
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.naming import check_folder, in_another_format
from cunjing.policy.row_groups import (
    emptied_columns,
    greatest,
    has_no_nulls,
    village_ranges,
)
from cunjing.policy.soundness import EMPTIED, State, known_sound, remember_sound, state_of
from cunjing.policy.source import Source, empty_sql, find_sources
from cunjing.policy.tables import TABLES

_BATCH = 10_000
_UNREADABLE = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.IOException,
    duckdb.SerializationException,
)
_KEPT_RAW = frozenset({"marks"})
_ROWS_AT_A_TIME = 1_000_000
"""Events added up at a time: a nation's month then stays under half a gigabyte."""

_MOST_OBJECTS = 4096
"""Objects of one village told apart by bits: half a kilobyte for each posting added up."""

_WORTH_THREADS = 4 * 1024 * 1024
"""Bytes of facts from which on threads save more time than they cost processor time."""

TIMED = "CREATE VIEW events_timed AS SELECT *, epoch_us(received_at) AS received_us FROM events"
"""Events with the moment of receipt in microseconds as well: of a Parquet file it is there as
stored, and a nation's are compared without a time being made of each."""

_R = TypeVar("_R")


class Facts:
    """A sound facts folder. Close it, or use it in a `with`."""

    def __init__(
        self,
        *,
        folder: Path,
        database: duckdb.DuckDBPyConnection,
        sources: dict[str, Source],
        unread: tuple[str, ...],
        state: State | None = None,
    ) -> None:
        self.folder = folder
        self.unread = unread
        self._state = state or {}
        self._database = database
        self._sources = sources

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    def has(self, table: str) -> bool:
        """Whether the folder has this table's file, be it without rows."""
        return table in self._sources

    def empties(self, table: str) -> bool:
        """Whether the table's file has empty texts that are read as null."""
        return table in self._sources and bool(self._sources[table].emptied)

    def path(self, table: str) -> Path | None:
        """The table's file, if it has one."""
        source = self._sources.get(table)
        return source.path if source else None

    def files(self) -> Iterator[Path]:
        """All files that were read."""
        for source in self._sources.values():
            yield from source.parts or (source.path,)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the checked tables; the caller may close it."""
        return self._database.cursor()

    def ranges(self) -> tuple[tuple[str, str], ...]:
        """Half-open ranges of village codes that together hold all events naming a village, each
        about `_ROWS_AT_A_TIME`; empty where the events are few or not in the order of villages."""
        source = self._sources.get("events")
        if source is None or source.is_csv:
            return ()
        with self.connect() as connection:
            return village_ranges(connection, source, rows_at_a_time=_ROWS_AT_A_TIME)

    def most_object_no(self) -> int | None:
        """The greatest number of an object within its village; None where objects have none, or
        so many that a bit for each would cost more than their ids."""
        source = self._sources.get("events")
        if source is None or not source.has_values("object_no"):
            return None
        with self.connect() as connection:
            most = greatest(connection, source, column="object_no")
        return most if most is not None and most < _MOST_OBJECTS else None

    def always_has(self, column: str) -> bool:
        """Whether every event has a value in this column."""
        source = self._sources.get("events")
        if source is None:
            return True
        with self.connect() as connection:
            return has_no_nulls(connection, source, column=column)

    def dates_villages(self) -> bool:
        """Whether a village says from or until when it is there."""
        source = self._sources["villages"]
        return source.has_values("valid_from") or source.has_values("valid_to")

    def has_few_events(self) -> bool:
        """Whether all events together are no more than are added up at a time."""
        with self.connect() as connection:
            row = connection.execute("SELECT count(*) FROM events").fetchone() or (0,)
        return bool(row[0] <= _ROWS_AT_A_TIME)

    def remember(self) -> None:
        """Note in the folder that it is sound, so that it opens at once next time."""
        remember_sound(self.folder, self._state)

    def check_marks(self, *, item: str, allowed: Collection[str]) -> None:
        """InputError naming the rows whose mark of `item` is not one of `allowed`."""
        source = self._sources.get("marks")
        if source is None:
            return
        with self.connect() as connection:
            findings = list(checks.check_marks(connection, source, item=item, allowed=allowed))
        if findings:
            raise InputError(findings)

    def rows(self, record: type[_R]) -> Iterator[_R]:
        """The table of `record` (see `records`) row by row, in no particular order."""
        table = TABLES[record.table]  # type: ignore[attr-defined]
        with self.connect() as connection:
            cursor = connection.execute(f'SELECT * FROM "{table.name}"')  # noqa: S608
            while batch := cursor.fetchmany(_BATCH):
                yield from typed(record, batch)


def typed(record: type[_R], rows: Iterable[Sequence[object]]) -> Iterator[_R]:
    """Rows of the table of `record`, cells in its order, as Python objects."""
    return (record(*(_aware(cell) for cell in row)) for row in rows)


def open_facts(folder: Path, *, memory_limit: str = "400MB", anew: bool = False) -> Facts:
    """Open and check a folder. Raises InputError; then nothing of it may be evaluated.

    A folder remembered as sound (see `soundness`) whose files are as they were is not checked
    again, unless `anew` is asked for.
    """
    if (fault := check_folder(folder)) is not None:
        raise InputError([fault])
    database = _connected(folder, memory_limit=memory_limit)
    try:
        found = list(find_sources(folder, TABLES, database=database))
        findings = [item for item in found if isinstance(item, Finding)]
        sources = {item.table.name: item for item in found if isinstance(item, Source)}
        state = state_of(folder, sources.values())
        known = None if findings or anew else known_sound(folder, state, sources=sources)
        _note_emptied(database, sources, state, known=known)
        findings += _read_each(database, sources, checking=known is None)
        if not findings:
            _create_typed(database, sources)
        if not findings and known is None:
            findings += _check_together(database, sources)
        _drop_raw(database, sources)
        if findings:
            raise InputError(findings)
        database.execute("SET GLOBAL preserve_insertion_order = false")
    except BaseException:
        database.close()
        raise
    unread = _unread(folder, sources)
    return Facts(folder=folder, database=database, sources=sources, unread=unread, state=state)


def _connected(folder: Path, *, memory_limit: str) -> duckdb.DuckDBPyConnection:
    spill = Path(tempfile.gettempdir()) / f"cunjing-{uuid.uuid4().hex}"
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(spill),
    }
    if _size(folder) < _WORTH_THREADS:
        config["threads"] = 1
    database = duckdb.connect(config=config)
    # The footer of a nation's file takes milliseconds to read, in every statement that looks there.
    database.execute("SET GLOBAL parquet_metadata_cache = true")
    return database


def _note_emptied(
    database: duckdb.DuckDBPyConnection,
    sources: dict[str, Source],
    state: State,
    *,
    known: dict[str, list[str]] | None,
) -> None:
    """Note in each source, and in the state, which columns hold empty texts: as noted before, since
    the statistics of a nation's files take a tenth of a second."""
    for name, source in sources.items():
        try:
            emptied = frozenset(known[name] if known else emptied_columns(database, source))
        except duckdb.Error as error:
            if not _is_of_the_file(error):
                raise
            continue  # it is told where the file is read, right after
        sources[name] = replace(source, emptied=emptied)
    state[EMPTIED] = {name: sorted(source.emptied) for name, source in sources.items()}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _read_each(
    database: duckdb.DuckDBPyConnection, sources: dict[str, Source], *, checking: bool
) -> list[Finding]:
    findings: list[Finding] = []
    for source in sources.values():
        kind = "TABLE" if source.is_csv else "VIEW"
        if checking and source.is_csv:
            fault = check_rows(source.path, width=len(source.found))
            if fault is not None:
                findings.append(fault)
                continue
        try:
            database.execute(f"CREATE {kind} {checks.raw_name(source)} AS {source.raw_sql}")
            if checking:
                findings += checks.check_values(database, source)
        except duckdb.Error as error:
            if not _is_of_the_file(error):
                raise
            findings.append(_unreadable(source, error))
    return findings


def _is_of_the_file(error: duckdb.Error) -> bool:
    """Whether a file is to blame, not us; of a torn header DuckDB says no more than that."""
    return isinstance(error, _UNREADABLE) or type(error) is duckdb.Error


def _check_together(
    database: duckdb.DuckDBPyConnection, sources: dict[str, Source]
) -> list[Finding]:
    findings: list[Finding] = []
    for source in sources.values():
        try:
            findings += checks.check_key(database, source)
            findings += checks.check_references(database, source)
            findings += checks.check_tree(database, source)
            findings += numbering.check_numbers(database, source)
        except duckdb.Error as error:
            if not _is_of_the_file(error):
                raise
            findings.append(_unreadable(source, error))
    return findings


def _drop_raw(database: duckdb.DuckDBPyConnection, sources: dict[str, Source]) -> None:
    for source in sources.values():
        if source.is_csv and source.table.name not in _KEPT_RAW:
            database.execute(f"DROP TABLE IF EXISTS {checks.raw_name(source)}")


def _create_typed(database: duckdb.DuckDBPyConnection, sources: dict[str, Source]) -> None:
    for name, table in TABLES.items():
        source = sources.get(name)
        if source is None:
            database.execute(f'CREATE VIEW "{name}" AS {empty_sql(table)}')
            continue
        kind = "TABLE" if source.is_csv else "VIEW"
        raw = checks.raw_name(source)
        database.execute(
            f'CREATE {kind} "{name}" AS SELECT {source.typed_columns()} FROM {raw}'  # noqa: S608
        )
    events = sources.get("events")
    database.execute(TIMED if events is None or events.is_csv else _timed_as_stored(events))


def _timed_as_stored(events: Source) -> str:
    received = events.microseconds(events.table.column("received_at"))
    columns, raw = events.typed_columns(), checks.raw_name(events)
    return f"CREATE VIEW events_timed AS SELECT {columns}, {received} AS received_us FROM {raw}"  # noqa: S608 - the contract's columns and a name of our own; nothing of a file's content


def _unreadable(source: Source, error: duckdb.Error) -> Finding:
    if source.is_csv:
        return checks.diagnose_csv(source, error)
    first = str(error).splitlines()[0]
    return Finding(source.path.name, None, None, f"文件读不出来，可能不完整（{first}）")


def _unread(folder: Path, sources: dict[str, Source]) -> tuple[str, ...]:
    known = {path for source in sources.values() for path in source.parts or (source.path,)}
    files = {path for pattern in ("*", "*/*") for path in folder.glob(pattern) if path.is_file()}
    unread = (path for path in files - known if _is_called_data(path, folder))
    return tuple(sorted(path.relative_to(folder).as_posix() for path in unread))


def _is_called_data(path: Path, folder: Path) -> bool:
    """Whether whoever put a file there may take it for a table, or for a part of one."""
    name = path.name if path.parent == folder else path.parent.name + path.suffix
    known = path.suffix.lower() in {".csv", ".parquet"}
    return known or in_another_format(name, TABLES) is not None


def _aware(cell: object) -> object:
    return cell.replace(tzinfo=UTC) if isinstance(cell, datetime) else cell
