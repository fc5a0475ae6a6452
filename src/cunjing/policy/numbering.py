"""Objects numbered within their village: a help for the engine, of which no verdict depends.

`events.object_no` counts the different `object_id` of a village from 0. Where a folder has it, the
DuckDB engine adds up the objects of a posting as bits instead of texts.
"""

from collections.abc import Iterator

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.checks import SHOWN, raw_name
from cunjing.policy.errors import Finding
from cunjing.policy.source import Source

OBJECT_NO = "object_no"

NUMBERED = (
    "CASE WHEN object_id IS NOT NULL AND village_code IS NOT NULL THEN "
    "dense_rank() OVER (PARTITION BY village_code ORDER BY object_id NULLS LAST) - 1 END"
)
"""SQL of the numbers of a table of events: by the order of the ids."""

_NEEDED = (
    "object_id IS NOT NULL AND object_id::VARCHAR <> '' "
    "AND village_code IS NOT NULL AND village_code::VARCHAR <> ''"
)
_MISSING = "没有编号：有 object_id 和 village_code 的记录都要编号，或整列空着"
_NOTHING = "没有 object_id 或 village_code 的记录不编号"
_COLUMNS = ("village_code", "object_id")


def check_numbers(connection: duckdb.DuckDBPyConnection, source: Source) -> Iterator[Finding]:
    """Numbers that are missing, below 0, where no object is, or not one for one object."""
    if source.table.name != "events" or not source.has_values(OBJECT_NO):
        return
    raw, number = raw_name(source), source.typed(source.table.column(OBJECT_NO))
    if connection.execute(f"SELECT count({number}) FROM {raw}").fetchone() == (0,):  # noqa: S608
        return
    if not all(source.has_values(name) for name in _COLUMNS):
        query = f"SELECT * FROM {raw} WHERE {number} IS NOT NULL"  # noqa: S608
        yield from _named(connection, source, query, _NOTHING)
        return
    for bad, told in (
        (f"({_NEEDED}) AND {number} IS NULL", _MISSING),
        (f"NOT ({_NEEDED}) AND {number} IS NOT NULL", _NOTHING),
        (f"{number} < 0", "编号从 0 起"),
    ):
        query = f"SELECT * FROM {raw} WHERE coalesce({bad}, false)"  # noqa: S608
        yield from _named(connection, source, query, told)
    if _one_to_one(connection, raw=raw, number=number):
        return
    for other, told in (
        (number, "这个编号在同一个村里指了不同的对象"),
        ("object_id", "同一个对象在同一个村里有不同的编号"),
    ):
        kept = "object_id" if other == number else number
        query = (
            f"SELECT * FROM {raw} WHERE {_NEEDED} "  # noqa: S608
            f"QUALIFY min({kept}) OVER (PARTITION BY village_code, {other}) <> {kept}"
        )
        yield from _named(connection, source, query, told)


def _one_to_one(connection: duckdb.DuckDBPyConnection, *, raw: str, number: str) -> bool:
    """Whether numbers and objects of a village are pairs. Counted by hash, as keys are."""
    pairs, numbers, objects = (
        f"(SELECT count(*) FROM (SELECT DISTINCT hash({what}) FROM {raw} WHERE {_NEEDED}))"  # noqa: S608
        for what in (
            f"village_code, {number}, object_id",
            f"village_code, {number}",
            "village_code, object_id",
        )
    )
    row = connection.execute(f"SELECT {pairs} = {numbers} AND {pairs} = {objects}").fetchone()
    return bool(row and row[0])


def _named(
    connection: duckdb.DuckDBPyConnection, source: Source, query: str, told: str
) -> Iterator[Finding]:
    count = connection.execute(f"SELECT count(*) FROM ({query})").fetchone() or (0,)  # noqa: S608
    if not count[0]:
        return
    rows = connection.execute(
        f'SELECT {source.part_sql}, rn, "{OBJECT_NO}"::VARCHAR FROM ({query}) '  # noqa: S608
        f"ORDER BY ALL LIMIT {SHOWN}"
    ).fetchall()
    for part, rn, value in rows:
        yield Finding(part, rn, OBJECT_NO, f"“{value}”{told}" if value else told)
    if count[0] > len(rows):
        more = f"还有 {count[0] - len(rows)} 行有同样的问题"
        yield Finding(source.path.name, None, OBJECT_NO, more)
