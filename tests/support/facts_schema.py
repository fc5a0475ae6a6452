"""A PostgreSQL schema with the tables of the contract, filled with plain rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql
from tests.support.facts_tables import Tables

from cunjing.policy.tables import TABLES, ColumnType

SCHEMA = "facts"
_TYPES = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.DATE: "date",
    ColumnType.INSTANT: "timestamptz",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DECIMAL: "double precision",
}


def is_postgresql() -> bool:
    """Whether the tests run on PostgreSQL now."""
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("postgresql")


def address() -> str:
    """The server's address, as `--facts` takes it."""
    database = connection.settings_dict
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@{place}?schema={SCHEMA}"


@contextmanager
def connected() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, each statement committed."""
    plain = address().partition("?")[0]
    with psycopg.connect(plain, autocommit=True) as direct:
        yield direct


def fill(direct: psycopg.Connection[Any], tables: Tables) -> None:
    """The schema made anew with these tables; one that is not named does not exist."""
    direct.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    direct.execute(f"CREATE SCHEMA {SCHEMA}")
    for name, rows in tables.items():
        columns = TABLES[name].columns
        shape = ", ".join(f'"{column.name}" {_TYPES[column.type]}' for column in columns)
        direct.execute(f'CREATE TABLE {SCHEMA}."{name}" ({shape})')
        insert = sql.SQL("INSERT INTO {} VALUES ({})").format(
            sql.Identifier(SCHEMA, name), sql.SQL(", ").join([sql.Placeholder()] * len(columns))
        )
        for row in rows:
            direct.execute(insert, [row.get(column.name) for column in columns])
