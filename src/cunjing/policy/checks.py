"""Checks of facts as SQL, so that a nation-month of Parquet is checked as fast as it is read.

Every check is one SQL condition that is true for a bad row of the table's `raw` view. Statements
are put together from names of the contract and of views made here, and from quoted words of the
policy, never from what stands in a table: hence no S608 (SQL made of text).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.errors import Finding
from cunjing.policy.source import (
    ALL_NULL,
    DATE_SHAPE,
    INSTANT_SHAPE,
    Source,
    first_undecodable_line,
    quoted,
    type_hint,
)
from cunjing.policy.tables import TABLES, Column, ColumnType

SHOWN = 5
"""How many bad rows are named for each check."""

_WORTH_STATISTICS = 1024 * 1024
"""Bytes of a file from which on a statement of its own costs less than reading a column."""

_DAY = 24 * 60 * 60 * 1_000_000
"""Microseconds of a day."""

_BOUNDS = {
    ColumnType.DATE: ("DATE", "0001-01-01", "9999-12-31"),
    ColumnType.INSTANT: (
        "TIMESTAMPTZ",
        "0001-01-01 00:00:00+00",
        "9999-12-31 15:59:59.999999+00",
    ),
    ColumnType.INTEGER: ("BIGINT", "-9223372036854775808", "9223372036854775807"),
}
"""What a cell may lie between: days, and times as read in Shanghai, of the years 1 to 9999."""


@dataclass(frozen=True, slots=True)
class Check:
    """`bad` is the SQL condition; `shown` the SQL of the offending value; `message` what to do."""

    column: str
    bad: str
    shown: str
    message: str


def check_values(connection: duckdb.DuckDBPyConnection, source: Source) -> Iterator[Finding]:
    """Required cells, types, closed lists, patterns and intervals of one table."""
    checks = [check for column in source.table.columns for check in _column_checks(source, column)]
    checks += _interval_checks(source)
    ranges = list(_range_checks(source))
    if source.bytes < _WORTH_STATISTICS:
        checks, ranges = [*checks, *ranges], []
    if not checks:
        return
    counts = ", ".join(f"count(*) FILTER (WHERE {check.bad})" for check in checks)
    raw = raw_name(source)
    found = connection.execute(f"SELECT {counts} FROM {raw}").fetchone() or ()  # noqa: S608
    for check, count in zip(checks, found, strict=True):
        if count:
            rows = connection.execute(
                f"SELECT {source.part_sql}, rn, {check.shown} FROM {raw} "  # noqa: S608
                f"WHERE {check.bad} ORDER BY ALL LIMIT {SHOWN}"
            ).fetchall()
            yield from _findings(source, check, rows, count)
    for check in ranges:
        yield from _check_alone(connection, source, check)


def check_key(connection: duckdb.DuckDBPyConnection, source: Source) -> Iterator[Finding]:
    """A key that occurs twice. Counted by hash first: exact keys of a nation would not fit."""
    raw, key = raw_name(source), _key(source)
    hashes = f"(SELECT DISTINCT hash({key}) FROM {raw})"  # noqa: S608
    counts = f"count(*), (SELECT count(*) FROM {hashes})"  # noqa: S608
    row = connection.execute(f"SELECT {counts} FROM {raw}").fetchone()  # noqa: S608
    total, distinct = row or (0, 0)
    if distinct == total:
        return
    names = "、".join(source.table.key)
    place = f"({source.part_sql}, rn)"
    first = f"(SELECT *, min({place}) OVER (PARTITION BY {key}) AS first FROM {raw})"  # noqa: S608
    rows = connection.execute(
        f"SELECT {source.part_sql}, rn, first[1], first[2], {_label(source)}, "  # noqa: S608
        f"count(*) OVER () FROM {first} WHERE {place} <> first ORDER BY ALL LIMIT {SHOWN}"
    ).fetchall()
    for part, rn, earlier_part, earlier, value, _ in rows:
        where = "" if part == earlier_part else f" {earlier_part} "
        yield Finding(part, rn, names, f"“{value}”与{where}第{earlier}行重复，每个只能出现一次")
    # Two keys may share a hash: then no row is to be named, and none is left.
    yield from _more(source, names, left=rows[0][-1] - len(rows) if rows else 0)


def check_references(connection: duckdb.DuckDBPyConnection, source: Source) -> Iterator[Finding]:
    """Values that name a village, staff member or group the facts do not have."""
    for column in source.table.columns:
        if column.references is None or column.name not in source.found:
            continue
        target = TABLES[column.references]
        own, other = f'"{column.name}"::VARCHAR', f'"{target.key[0]}"'
        # A null is in no list, not even in an empty one; only a value can name what is missing.
        bad = f'{own} IS NOT NULL AND {own} NOT IN (SELECT {other} FROM "{target.name}")'  # noqa: S608
        check = Check(column.name, bad, own, f"在 {target.name} 表里没有，请补上或改正")
        yield from _check_alone(connection, source, check)


def check_tree(connection: duckdb.DuckDBPyConnection, source: Source) -> Iterator[Finding]:
    """Rows that are their own ancestor.

    A parent there is none of has been named as a reference. A key may be there twice: a row that is
    below itself by one of its two parents ends the search too.
    """
    if source.table.tree is None or source.table.tree not in source.found:
        return
    key, parent, raw = source.table.key[0], source.table.tree, raw_name(source)
    rows = connection.execute(
        f"WITH RECURSIVE sound(id) AS (SELECT {key} FROM {raw} WHERE {parent} IS NULL "  # noqa: S608
        f"OR {parent} NOT IN (SELECT {key} FROM {raw}) "
        f"UNION SELECT t.{key} FROM {raw} t JOIN sound ON t.{parent} = sound.id) "
        f"SELECT {source.part_sql}, rn, {key} FROM {raw} "
        f"WHERE {key} NOT IN (SELECT id FROM sound) ORDER BY ALL"
    ).fetchall()
    for part, rn, value in rows[:SHOWN]:
        yield Finding(part, rn, parent, f"“{value}”的上级绕回了自己")
    yield from _more(source, parent, left=len(rows) - SHOWN)


def check_marks(
    connection: duckdb.DuckDBPyConnection, source: Source, *, item: str, allowed: Collection[str]
) -> Iterator[Finding]:
    """Marks of an item whose value is on no scale of the policy."""
    scale = ", ".join(quoted(value) for value in sorted(allowed))
    bad = f"item = {quoted(item)} AND value NOT IN ({scale})"
    check = Check(
        "value", bad, "value", f"不是政策里的等次，应为以下之一：{'、'.join(sorted(allowed))}"
    )
    rows = connection.execute(
        f"SELECT {source.part_sql}, rn, value FROM {raw_name(source)} "  # noqa: S608
        f"WHERE {bad} ORDER BY ALL"
    ).fetchall()
    yield from _findings(source, check, rows[:SHOWN], len(rows))


def raw_name(source: Source) -> str:
    """The name of the view or table holding a source's rows as found."""
    return f'"raw_{source.table.name}"'


def diagnose_csv(source: Source, error: duckdb.Error) -> Finding:
    """Why a CSV whose rows are sound (see `csv_rows`) cannot be read: mostly its encoding."""
    row = first_undecodable_line(source.path)
    if row is not None:
        return Finding(source.path.name, row, None, "不是 UTF-8 编码，请另存为“CSV UTF-8”")
    first = str(error).splitlines()[0]
    return Finding(source.path.name, None, None, f"文件读不出来（{first}）")


def _column_checks(source: Source, column: Column) -> Iterator[Check]:
    native = source.found.get(column.name)
    if native is None:
        return
    name = f'"{column.name}"'
    text = f"{name}::VARCHAR"
    if column.required:
        bad = f"{name} IS NULL OR {text} = ''" if native == "VARCHAR" else f"{name} IS NULL"
        yield Check(column.name, bad, "''", "必填，不能空着")
    hint = f"应为{type_hint(column)}"
    present = f"{text} <> ''" if column.required else "true"
    if column.enum:
        allowed = ", ".join(quoted(item) for item in column.enum)
        yield Check(column.name, f"{present} AND {text} NOT IN ({allowed})", text, hint)
    elif column.pattern is not None:
        bad = f"{present} AND NOT regexp_full_match({text}, {quoted(column.pattern)})"
        yield Check(column.name, bad, text, hint)
    elif column.type is not ColumnType.TEXT and native == "VARCHAR":
        bad = f"{name} <> '' AND NOT {_well_formed(source, column)}"
        yield Check(column.name, bad, text, hint)


def _well_formed(source: Source, column: Column) -> str:
    name = f'"{column.name}"'
    shape = {
        ColumnType.DATE: DATE_SHAPE,
        ColumnType.INSTANT: INSTANT_SHAPE,
        ColumnType.BOOLEAN: "true|false",
        ColumnType.INTEGER: "-?[0-9]+",
        ColumnType.DECIMAL: "-?[0-9]+([.][0-9]+)?",
    }[column.type]
    matches = f"regexp_full_match({name}, {quoted(shape)})"
    if column.type not in _BOUNDS:
        return f"({matches} AND {source.typed(column)} IS NOT NULL)"
    kind, low, high = _BOUNDS[column.type]
    value = f"TRY_CAST({name} AS {kind})"
    inside = f"{value} BETWEEN {kind} '{low}' AND {kind} '{high}'"
    return f"({matches} AND coalesce({inside}, false))"


def _range_checks(source: Source) -> Iterator[Check]:
    """Typed Parquet cells outside the bounds. Each side alone, so that the statistics of a large
    file answer it without reading the column."""
    for column in source.table.columns:
        native = source.found.get(column.name)
        if native in {None, "VARCHAR", ALL_NULL} or column.type not in _BOUNDS:
            continue
        name, message = source.comparable(column), f"应为{type_hint(column)}"
        kind, low, high = _BOUNDS[column.type]
        bad = [f"{name} < {kind} '{low}'", f"{name} > {kind} '{high}'"]
        if column.type is ColumnType.DATE and native != "DATE":
            bad.append(f"({source.microseconds(column)}) % {_DAY} <> 0")
        for condition in bad:
            yield Check(column.name, condition, f"{name}::VARCHAR", message)


def _check_alone(
    connection: duckdb.DuckDBPyConnection, source: Source, check: Check
) -> Iterator[Finding]:
    where = f"FROM {raw_name(source)} WHERE {check.bad}"
    count = connection.execute(f"SELECT count(*) {where}").fetchone()
    if count and count[0]:
        rows = connection.execute(
            f"SELECT {source.part_sql}, rn, {check.shown} {where} ORDER BY ALL LIMIT {SHOWN}"
        ).fetchall()
        yield from _findings(source, check, rows, count[0])


def _interval_checks(source: Source) -> Iterator[Check]:
    interval = source.table.interval
    if interval is None or any(name not in source.found for name in interval):
        return
    start, end = (source.typed(source.table.column(name)) for name in interval)
    message = f"早于“{interval[0]}”列，止期（不含当日）不能早于起期"
    yield Check(interval[1], f"{end} < {start}", f'"{interval[1]}"::VARCHAR', message)


def _findings(
    source: Source, check: Check, rows: list[tuple[str, int, str]], count: int
) -> Iterator[Finding]:
    for part, rn, value in rows:
        text = f"“{value}”{check.message}" if value else check.message
        yield Finding(part, rn, check.column, text)
    yield from _more(source, check.column, left=count - len(rows))


def _more(source: Source, column: str, *, left: int) -> Iterator[Finding]:
    if left > 0:
        yield Finding(source.path.name, None, column, f"还有 {left} 行有同样的问题")


def _key(source: Source) -> str:
    return ", ".join(source.typed(source.table.column(name)) for name in source.table.key)


def _label(source: Source) -> str:
    parts = ", ".join(
        f"{source.typed(source.table.column(name))}::VARCHAR" for name in source.table.key
    )
    return f"concat_ws(' ', {parts})"
