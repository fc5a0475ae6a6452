"""Facts from a PostgreSQL schema whose tables have the names and columns of the contract.

For whoever keeps the facts of many counties in a database: `--facts postgresql://…/db?schema=facts`.
The tables (or views) are read in one snapshot into a folder that is checked like any other and gone
afterwards; the database is only read. Rows are counted in the order of the table's key.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from cunjing.policy.errors import Finding, InputError, RequestError
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.tables import TABLES, ColumnType, Table

DEFAULT_SCHEMA = "facts"

_UNREADABLE = "从数据库读不出事实，请检查 --facts 里的地址和读的权限（{}）"

_COLUMNS = """
SELECT c.relname, a.attname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0
    AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
"""
"""Also those the user may not read: the information schema would pass over them, and a table that
is passed over is an empty one."""
_AS_TEXT = {ColumnType.BOOLEAN: "{}::boolean::text", ColumnType.INSTANT: "{}::timestamptz"}


@contextmanager
def open_postgres_facts(address: str) -> Iterator[Facts]:
    """The facts of a schema (`?schema=NAME`, else `facts`), checked.

    Raises InputError with table, row and column, and RequestError where the database cannot be
    reached or has no such schema.
    """
    try:
        plain, schema = _parted(address)
    except ValueError as error:
        raise RequestError(_UNREADABLE.format(error)) from error
    with tempfile.TemporaryDirectory(prefix="cunjing-facts-") as place:
        try:
            with psycopg.connect(plain, options="-c TimeZone=UTC -c DateStyle=ISO") as connection:
                connection.read_only = True
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                _copy_all(connection, schema, Path(place))
        except psycopg.Error as error:
            raise RequestError(_UNREADABLE.format(str(error).strip().splitlines()[0])) from error
        with open_facts(Path(place)) as facts:
            yield facts


def _parted(address: str) -> tuple[str, str]:
    """The address without our own parameter, and the schema it names."""
    parts = urlsplit(address)
    given = parse_qsl(parts.query)
    schema = dict(given).get("schema", DEFAULT_SCHEMA)
    kept = urlencode([pair for pair in given if pair[0] != "schema"])
    return urlunsplit(parts._replace(query=kept)), schema


def _copy_all(connection: psycopg.Connection[Any], schema: str, folder: Path) -> None:
    found: dict[str, list[str]] = {}
    for name, column in connection.execute(_COLUMNS, [schema]):
        found.setdefault(name, []).append(column)
    if not found:
        raise RequestError(f"数据库里没有模式“{schema}”，或其中没有可读的表")
    misnamed = [name for name in found if name not in TABLES and name.lower() in TABLES]
    if misnamed:
        raise InputError(
            [Finding(name, None, None, f"表名要全用小写，应为 {name.lower()}") for name in misnamed]
        )
    for name, columns in found.items():
        if name in TABLES:
            _copy(connection, schema, TABLES[name], columns, folder / f"{name}.csv")


def _copy(
    connection: psycopg.Connection[Any],
    schema: str,
    table: Table,
    columns: list[str],
    path: Path,
) -> None:
    types = {column.name: column.type for column in table.columns}
    cells = [
        sql.SQL(_AS_TEXT.get(types.get(name, ColumnType.TEXT), "{}") + " AS {}").format(
            sql.Identifier(name), sql.Identifier(name)
        )
        for name in columns
    ]
    order = [sql.Identifier(name) for name in table.key if name in columns]
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT (FORMAT csv, HEADER)").format(
        sql.SQL(", ").join(cells),
        sql.Identifier(schema, table.name),
        sql.SQL(", ").join(order) if order else sql.SQL("1"),
    )
    with path.open("wb") as file, connection.cursor().copy(query) as copy:
        for block in copy:
            file.write(block)
