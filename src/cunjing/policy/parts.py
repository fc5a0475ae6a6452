"""Tables in parts: a folder `NAME/` whose Parquet files together are the table.

All parts have the columns of the first, in whatever order, of the same types: read together, cells
of another column would be lost without a word, and times without a zone would be taken for UTC.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.errors import Finding
from cunjing.policy.naming import readable_name

_SHOWN = 5


def parts_of(folder: Path) -> tuple[Path, ...] | None:
    """The parts in a folder, sorted by name; None where there is no such folder."""
    if not folder.is_dir():
        return None
    return tuple(sorted(path for path in folder.glob("*.parquet") if path.is_file()))


def part_name(path: Path) -> str:
    """A part as a person knows it: `events/NAME.parquet`."""
    return f"{path.parent.name}/{path.name}"


def check_parts(
    database: duckdb.DuckDBPyConnection, parts: Sequence[Path], *, files_sql: str
) -> Iterator[Finding]:
    """Parts that cannot be read, or whose columns are not those of the first."""
    try:
        rows = database.execute(_DIFFERENCES.format(files=files_sql), [parts[0].name]).fetchall()
    except duckdb.Error:
        yield from _unreadable(database, parts)
        return
    first = part_name(parts[0])
    for file, column, kind, wanted in rows[:_SHOWN]:
        yield Finding(
            part_name(parts[0].with_name(file)), None, column, _difference(kind, wanted, first)
        )
    if len(rows) > _SHOWN:
        more = f"还有 {len(rows) - _SHOWN} 处与 {first} 不同"
        yield Finding(parts[0].parent.name, None, None, more)


_DIFFERENCES = """
WITH found AS (
    SELECT
        parse_filename(file_name, false, 'forward_slash') AS part,
        name,
        coalesce(duckdb_type, 'STRUCT') AS kind
    FROM parquet_schema({files})
    WHERE column_id > 0
), wanted AS (
    SELECT f.part, w.name, w.kind
    FROM (SELECT DISTINCT part FROM found) f, found w
    WHERE w.part = $1
)
SELECT coalesce(f.part, w.part), coalesce(f.name, w.name), f.kind, w.kind
FROM found f FULL JOIN wanted w ON w.part = f.part AND w.name = f.name
WHERE f.kind IS DISTINCT FROM w.kind
ORDER BY ALL
"""


def _difference(kind: str | None, wanted: str | None, first: str) -> str:
    if kind is None:
        return f"缺少这一列，{first} 里有；各个文件的列要一样"
    if wanted is None:
        return f"{first} 里没有这一列；各个文件的列要一样"
    return f"列的类型是 {kind}，{first} 里是 {wanted}；各个文件的列要一样"


def _unreadable(database: duckdb.DuckDBPyConnection, parts: Sequence[Path]) -> Iterator[Finding]:
    for part in parts:
        try:
            database.execute("SELECT count(*) FROM parquet_schema(?)", [readable_name(part)])
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            message = f"文件读不出来，可能不完整或格式不对（{first}）"
            yield Finding(part_name(part), None, None, message)
