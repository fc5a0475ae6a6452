"""Starts-with that uses an index on both databases."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Value
from django.db.models.lookups import StartsWith
from django.db.models.sql.compiler import SQLCompiler

_LAST = chr(0x10FFFF)


class Prefix(StartsWith):
    """`filter(Prefix(F("name"), "天台"))`.

    PostgreSQL serves LIKE 'x%' from an index with pattern operators. SQLite cannot use an index for
    Django's LIKE … ESCAPE; its text order is that of bytes, so a half-open range says the same.
    """

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        """A range of the column: from the prefix up to the prefix and the last character."""
        column, values = self.process_lhs(compiler, connection)
        text = self.rhs.value if isinstance(self.rhs, Value) else self.rhs
        return f"({column} >= %s AND {column} < %s)", [*values, text, *values, f"{text}{_LAST}"]
