"""Where one facts table comes from: its file, its columns as found, and the SQL that types them."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.errors import Finding
from cunjing.policy.naming import misnamed, readable_name
from cunjing.policy.parts import check_parts, part_name, parts_of
from cunjing.policy.tables import Column, ColumnType, Table

DATE_SHAPE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT_SHAPE = (
    DATE_SHAPE + "[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
    "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
)
ALL_NULL = "NULL"
"""The type of a Parquet column in which every cell is null, whatever type it is declared with."""

_SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DATE: "DATE",
    ColumnType.INSTANT: "TIMESTAMP",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DECIMAL: "DOUBLE",
}
_INTEGERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(\d+,0\)")
_NATIVE = {
    ColumnType.TEXT: re.compile(r"VARCHAR|ENUM\(.*\)|" + _INTEGERS.pattern, re.DOTALL),
    ColumnType.INTEGER: re.compile("VARCHAR|" + _INTEGERS.pattern),
    ColumnType.DATE: re.compile("VARCHAR|DATE|TIMESTAMP(_S|_MS|_NS)?"),
    ColumnType.INSTANT: re.compile("VARCHAR|TIMESTAMP WITH TIME ZONE|TIMESTAMPTZ_NS"),
    ColumnType.BOOLEAN: re.compile("VARCHAR|BOOLEAN"),
    ColumnType.DECIMAL: re.compile(r"VARCHAR|DOUBLE|FLOAT|DECIMAL\(.*\)|" + _INTEGERS.pattern),
}

_NANOSECONDS = {"TIMESTAMPTZ_NS": "::TIMESTAMPTZ", "TIMESTAMP_NS": "::TIMESTAMP"}


@dataclass(frozen=True, slots=True)
class Source:
    """A table's file with its columns as found: name -> SQL type (all VARCHAR in a CSV).

    `path` is the file, or the folder whose Parquet files, the `parts`, together are the table.
    `emptied` are the columns in which an empty text stands for null (see `emptied_columns`).
    """

    table: Table
    path: Path
    found: dict[str, str]
    parts: tuple[Path, ...] = ()
    emptied: frozenset[str] = frozenset()

    @property
    def is_csv(self) -> bool:
        """Whether the file is a CSV (else Parquet)."""
        return self.path.suffix == ".csv"

    @property
    def raw_sql(self) -> str:
        """SELECT of the columns as found plus `rn`, the row as a person counts it, and, of a table
        in parts, `part`, the file."""
        names = ", ".join(map(self._as_found, self.found))
        if self.is_csv:
            columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.found)
            scan = (
                f"read_csv({self.files_sql}, auto_detect=false, header=true, delim=',', "
                f"quote='\"', escape='\"', nullstr='', hive_partitioning=false, "
                f"columns={{{columns}}})"
            )
            return f"SELECT row_number() OVER () + 1 AS rn, {names} FROM {scan}"  # noqa: S608
        options, part = ["file_row_number=true"], ""
        if self.parts:
            options.append("filename=true")
            part = f"{quoted(self.path.name + '/')} || {FILE_NAME} AS part, "
        scan = parquet_scan(self.files_sql, *options)
        return f"SELECT file_row_number + 1 AS rn, {part}{names} FROM {scan}"  # noqa: S608

    def _as_found(self, name: str) -> str:
        return f'nullif("{name}", \'\') AS "{name}"' if name in self.emptied else f'"{name}"'

    @property
    def files_sql(self) -> str:
        """The file, or files, as an SQL literal."""
        return listed(self.parts) if self.parts else quoted(readable_name(self.path))

    @property
    def part_sql(self) -> str:
        """SQL of the name of the file a row is in, as a person knows it."""
        return "part" if self.parts else quoted(self.path.name)

    @property
    def bytes(self) -> int:
        """The size of all of it."""
        return sum(path.stat().st_size for path in self.parts or (self.path,))

    def has_values(self, column: str) -> bool:
        """Whether the file has the column, and a Parquet file a value in it."""
        return self.found.get(column) not in {None, ALL_NULL}

    def typed(self, column: Column) -> str:
        """SQL expression for a column of the contract, typed; NULL where the file lacks it."""
        sql_type = _SQL_TYPES[column.type]
        native = self.found.get(column.name)
        if native in {None, ALL_NULL}:
            return f"NULL::{sql_type}"
        if column.type is ColumnType.INSTANT:
            return f"make_timestamp({self.microseconds(column)})"
        name = f'"{column.name}"'
        if native == "VARCHAR":
            return _from_text(name, column)
        return f"{name}::{sql_type}"

    def microseconds(self, column: Column) -> str:
        """SQL expression for a time in microseconds since 1970, UTC; NULL where there is none.

        Of a Parquet file it is there as stored, where a TIMESTAMP has to be made for each row. What
        is finer is cut off, before 1970 too: a cast would round it, and a day's last nanosecond
        would lie in the next.
        """
        native = self.found.get(column.name)
        if native in {None, ALL_NULL}:
            return "NULL::BIGINT"
        if native == "VARCHAR":
            return f'epoch_us(TRY_CAST("{column.name}" AS TIMESTAMPTZ))'
        if native in _NANOSECONDS:
            whole = f'epoch_ns("{column.name}")'
            return f"CASE WHEN {whole} < 0 THEN ({whole} + 1) // 1000 - 1 ELSE {whole} // 1000 END"
        return f'epoch_us("{column.name}")'

    def comparable(self, column: Column) -> str:
        """SQL of a Parquet column as found, in a type that compares with literals.

        Nanoseconds, which data frames write by default, compare with nothing coarser. The cast
        rounds, but statistics answer it.
        """
        return f'"{column.name}"{_NANOSECONDS.get(self.found[column.name], "")}'

    def typed_columns(self) -> str:
        """The SELECT list of the whole table in the contract's order and types."""
        return ", ".join(
            f'{self.typed(column)} AS "{column.name}"' for column in self.table.columns
        )


def empty_sql(table: Table) -> str:
    """SELECT of a missing optional table: right columns and types, no rows."""
    columns = ", ".join(
        f'NULL::{_SQL_TYPES[column.type]} AS "{column.name}"' for column in table.columns
    )
    return f"SELECT {columns} WHERE false"


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(files: Iterable[Path]) -> str:
    """Files as an SQL literal."""
    return f"[{', '.join(quoted(readable_name(file)) for file in files)}]"


FILE_NAME = "parse_filename(filename, false, 'forward_slash')"
"""SQL of the name of the file a row is in, without its folder: `\\` is a letter of a name, it
does not part folders."""


def parquet_scan(files_sql: str, *options: str) -> str:
    """SQL that reads Parquet files, and nothing from what folders are called: one called
    `kind=patrol` would make every event a patrol."""
    return f"read_parquet({', '.join([files_sql, 'hive_partitioning=false', *options])})"


def _from_text(name: str, column: Column) -> str:
    if column.type is ColumnType.TEXT:
        free = not (column.required or column.enum or column.pattern or column.references)
        return f"nullif({name}, '')" if free else name
    return f"TRY_CAST({name} AS {_SQL_TYPES[column.type]})"


def find_sources(
    folder: Path, tables: dict[str, Table], *, database: duckdb.DuckDBPyConnection
) -> Iterator[Source | Finding]:
    """The file of every table that has one, or what is wrong with its name or presence."""
    spoilt = list(misnamed(folder, tables))
    yield from (finding for _, finding in spoilt)
    left = tables.keys() - {name for name, _ in spoilt}
    for name, table in ((name, table) for name, table in tables.items() if name in left):
        paths = [
            path for suffix in (".parquet", ".csv") if (path := folder / (name + suffix)).is_file()
        ]
        if (parts := parts_of(folder / name)) is not None:
            paths.append(folder / name)
        if len(paths) > 1:
            yield Finding(paths[1].name, None, None, f"与 {paths[0].name} 并存，只能留一个")
        elif paths:
            yield from _describe(paths[0], table, database, parts or ())
        elif table.required:
            yield Finding(
                f"{name}.csv", None, None, f"缺少必备的表，应有 {name}.csv 或 {name}.parquet"
            )


def first_undecodable_line(path: Path) -> int | None:
    """The first line of a file that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return None


def _describe(
    path: Path, table: Table, database: duckdb.DuckDBPyConnection, parts: tuple[Path, ...]
) -> Iterator[Source | Finding]:
    if path.is_dir() and not parts:
        yield Finding(path.name, None, None, "文件夹里没有 .parquet 文件")
        return
    source = Source(table=table, path=path, found={}, parts=parts)
    if parts and (different := list(check_parts(database, parts, files_sql=source.files_sql))):
        yield from different
        return
    try:
        columns = _csv_columns(path) if source.is_csv else _parquet_columns(source, database)
    except UnicodeDecodeError:
        row = first_undecodable_line(path)
        yield Finding(path.name, row, None, "不是 UTF-8 编码，请另存为“CSV UTF-8”")
        return
    except (csv.Error, duckdb.Error, OSError) as error:
        first = str(error).splitlines()[0]
        yield Finding(path.name, None, None, f"文件读不出来，可能不完整或格式不对（{first}）")
        return
    if not columns:
        yield Finding(path.name, 1, None, f"文件是空的，第一行应是表头：{'、'.join(table.names)}")
        return
    findings = list(_check_header(source, columns))
    yield from findings
    if not findings:
        yield replace(source, found=dict(columns))


def _csv_columns(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file, strict=True), [])
    return [(name, "VARCHAR") for name in header]


def _parquet_columns(source: Source, database: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Names and types; ALL_NULL for columns without values, which writers give any type."""
    scan = f"FROM {parquet_scan(source.files_sql)}"
    described = database.execute(f"DESCRIBE {scan}").fetchall()
    columns = {str(row[0]): str(row[1]) for row in described}
    asked = [
        column.name
        for column in source.table.columns
        if column.name in columns and not _NATIVE[column.type].fullmatch(columns[column.name])
    ]
    if asked:
        cells = ", ".join(f'count("{name}")' for name in asked)
        counts = database.execute(f"SELECT {cells} {scan}").fetchone() or ()
        columns |= {name: ALL_NULL for name, count in zip(asked, counts, strict=True) if not count}
    return list(columns.items())


def _check_header(source: Source, columns: list[tuple[str, str]]) -> Iterator[Finding]:
    table, names = source.table, [name for name, _ in columns]
    file = part_name(source.parts[0]) if source.parts else source.path.name
    row = 1 if source.is_csv else None
    for name in dict.fromkeys(names):
        if name not in table.names:
            expected = "、".join(table.names)
            yield Finding(file, row, name, f"没有这一列，本表的列是：{expected}")
        elif names.count(name) > 1:
            yield Finding(file, row, name, "列名重复，每列只能出现一次")
    for column in table.columns:
        if column.required and column.name not in names:
            yield Finding(file, row, column.name, "缺少必填的列")
    for name, native in columns:
        if name not in table.names or native == ALL_NULL:
            continue
        if not _NATIVE[table.column(name).type].fullmatch(native):
            hint = type_hint(table.column(name))
            yield Finding(file, None, name, f"列的类型是 {native}，应为{hint}")


def type_hint(column: Column) -> str:
    """What a column holds, in Chinese."""
    if column.enum:
        return "以下之一：" + "、".join(column.enum)
    if column.hint:
        return column.hint
    return {
        ColumnType.TEXT: "文本",
        ColumnType.INTEGER: "整数",
        ColumnType.DATE: "真实存在的日期，写作 2026-09-01",
        ColumnType.INSTANT: "带时区的时间，写作 2026-09-01T09:30:00+08:00",
        ColumnType.BOOLEAN: "true 或 false",
        ColumnType.DECIMAL: "小数",
    }[column.type]
