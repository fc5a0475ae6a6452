"""The facts and the rules of one evaluation as tables: Ibis sees their names and types, Spark holds
the rows.

A small table goes to Spark as rows. Of a large one Spark reads the Parquet file itself, on as many
machines as it has; what it could not read the same way (CSV, texts for dates, nanoseconds) DuckDB
writes as such a file first.
"""

import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from cunjing.policy.facts import Facts
from cunjing.policy.spark.session import collected, started
from cunjing.policy.tables import TABLES, Column, ColumnType, Table

Row = Mapping[str, str | int | bool | None]

SMALL = 50_000
"""Rows up to which a table is handed over by the program that evaluates."""

_PATTERN = re.compile(r"[][{}*?\\]")
"""What Spark takes for a pattern of names."""

_ARROW = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INSTANT: pa.timestamp("us", tz="UTC"),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DECIMAL: pa.float64(),
}
_IBIS = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "int64",
    ColumnType.DATE: "date",
    ColumnType.INSTANT: "timestamp",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DECIMAL: "float64",
}

_FITTING: dict[ColumnType, Callable[[pa.DataType], bool]] = {
    ColumnType.TEXT: lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind),
    ColumnType.INTEGER: pa.types.is_int64,
    ColumnType.DATE: pa.types.is_date32,
    ColumnType.INSTANT: lambda kind: (
        pa.types.is_timestamp(kind) and kind.tz is not None and kind.unit in ("ms", "us")
    ),
    ColumnType.BOOLEAN: pa.types.is_boolean,
    ColumnType.DECIMAL: pa.types.is_float64,
}
"""What a column of a Parquet file is, as PyArrow says, where Spark reads what DuckDB reads."""

_LITTLE = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.leafNodeDefaultParallelism": "1",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""How Spark plans for rows it was handed: in one part, and without compiling. For files it plans as
it is set up."""

_DEEPEST = """
WITH RECURSIVE climb(above, depth) AS (
    SELECT parent_id, 1 FROM groups WHERE parent_id IS NOT NULL
    UNION
    SELECT g.parent_id, c.depth + 1
    FROM climb c JOIN groups g ON g.group_id = c.above
    WHERE g.parent_id IS NOT NULL
)
SELECT coalesce(max(depth), 0) FROM climb
"""


class Views(AbstractContextManager["Views"]):
    """Temporary views on Spark. Close it, or use it in a `with`."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._spark = started()
        self._mark = uuid.uuid4().hex
        self._tables: dict[str, ir.Table] = {}
        self._folder: Path | None = None
        self._plan_for_little(True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in self._tables:
            self._spark.session.catalog.dropTempView(self._view(name))
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def fact(self, name: str) -> ir.Table:
        """A table of the facts, its columns in the contract's order and types."""
        if name not in self._tables:
            table = TABLES[name]
            little = self._count(table) <= SMALL
            read = self._handed_over if little else self._read_by_spark
            self._tables[name] = read(table)
        return self._tables[name]

    def rows(self, name: str, schema: Mapping[str, str], rows: Sequence[Row]) -> ir.Table:
        """A table of these rows; a column a row does not have is null."""
        typed = ibis.schema(schema)
        table = pa.Table.from_pylist(
            [{**dict.fromkeys(schema), **row} for row in rows], schema=typed.to_pyarrow()
        )
        self._spark.session.createDataFrame(table).createOrReplaceTempView(self._view(name))
        self._tables[name] = ibis.table(typed, name=self._view(name))
        return self._tables[name]

    def collect(self, expression: ir.Table) -> Iterator[dict[str, Any]]:
        """The rows of an expression over these tables, in no particular order."""
        frame = self._spark.session.sql(self._spark.ibis.compile(expression))
        for batch in collected(frame).to_batches():
            yield from batch.to_pylist()

    def deepest_tree(self) -> int:
        """How many groups stand above the deepest one."""
        with self.facts.connect() as connection:
            found = connection.execute(_DEEPEST).fetchone()
        return int(found[0]) if found else 0

    def _view(self, name: str) -> str:
        return f"{name}_{self._mark}"

    def _count(self, table: Table) -> int:
        with self.facts.connect() as connection:
            found = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()  # noqa: S608
        return int(found[0]) if found else 0

    def _handed_over(self, table: Table) -> ir.Table:
        """The table as rows the program has read itself."""
        with self.facts.connect() as connection:
            found = connection.execute(f'SELECT * FROM "{table.name}"').fetchall()  # noqa: S608
        cells = list(zip(*found, strict=True)) or [()] * len(table.columns)
        held = {
            column.name: pa.array(cells[number], _ARROW[column.type])
            for number, column in enumerate(table.columns)
        }
        rows = self._spark.session.createDataFrame(pa.table(held))
        rows.createOrReplaceTempView(self._view(table.name))
        schema = {column.name: _IBIS[column.type] for column in table.columns}
        return ibis.table(schema, name=self._view(table.name))

    def _read_by_spark(self, table: Table) -> ir.Table:
        """The table as Spark reads it from its file."""
        self._plan_for_little(False)
        paths = [path.resolve() for path in _parquet_files(self.facts.path(table.name))]
        if not paths or self.facts.empties(table.name) or not _read_alike(paths, table):
            paths = [self._rewritten(table)]
        found = self._spark.session.read.parquet(*map(_address, paths))
        found.createOrReplaceTempView(self._view(table.name))
        held = {column.name: column for column in table.columns if column.name in found.columns}
        raw = ibis.table(
            {name: _IBIS[column.type] for name, column in held.items()}, name=self._view(table.name)
        )
        return raw.select(**{column.name: _typed(raw, column) for column in table.columns})

    def _rewritten(self, table: Table) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="cunjing-facts-"))
        path = self._folder / f"{table.name}.parquet"
        columns = ", ".join(
            f'"{column.name}" AT TIME ZONE \'UTC\' AS "{column.name}"'
            if column.type is ColumnType.INSTANT
            else f'"{column.name}"'
            for column in table.columns
        )
        with self.facts.connect() as connection:
            connection.execute(f"COPY (SELECT {columns} FROM \"{table.name}\") TO '{path}'")  # noqa: S608
        return path

    def _plan_for_little(self, little: bool) -> None:
        conf = self._spark.session.conf
        for name, value in _LITTLE.items():
            if little:
                conf.set(name, value)
            else:
                conf.unset(name)


def _parquet_files(path: Path | None) -> list[Path]:
    """The Parquet files of a table, which may be a folder of them; none for anything else."""
    if path is not None and path.is_dir():
        return sorted(path.glob("*.parquet"))
    return [path] if path is not None and path.suffix == ".parquet" else []


def _address(path: Path) -> str:
    """A file, from the root on, as Spark takes it: nothing encoded, for it decodes nothing, and the
    signs of a pattern escaped."""
    return "file://" + _PATTERN.sub(r"\\\g<0>", str(path))


def _read_alike(paths: Sequence[Path], table: Table) -> bool:
    """Whether Spark reads the Parquet files as DuckDB's typed view of them does."""
    schemas = [pq.read_schema(path) for path in paths]
    return all(
        schema.names == schemas[0].names
        and all(_FITTING[table.column(field.name).type](field.type) for field in schema)
        for schema in schemas
    )


def _typed(raw: ir.Table, column: Column) -> ir.Value:
    """A column of a file: null where the file lacks it, and where a free text is empty."""
    if column.name not in raw.columns:
        return ibis.null(_IBIS[column.type])
    bound = column.required or column.enum or column.pattern or column.references
    if column.type is ColumnType.TEXT and not bound:
        return raw[column.name].nullif("")
    return raw[column.name]
