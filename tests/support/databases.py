"""Databases of a PostgreSQL that was just started."""

import psycopg
from psycopg import sql


def create_database(url: str) -> str:
    """Make the database an address names: the server comes with its own only; the address."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return url
