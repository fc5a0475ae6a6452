"""What the statistics of a Parquet file's row groups tell without reading a row."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.source import Source, parquet_scan

_FIRST, _LAST = "", "\x7f"
"""Below and above every village code."""

RowGroup = tuple[str, str, int]
"""Least and greatest village code, and the number of rows."""


def village_ranges(
    connection: duckdb.DuckDBPyConnection, source: Source, *, rows_at_a_time: int
) -> tuple[tuple[str, str], ...]:
    """Half-open ranges of village codes of about so many rows each, covering all codes.

    Empty where one range would do, or where the rows lie so mixed that reading range by range would
    read half of them again, or more. Where in which file a row group stands does not matter.
    """
    groups = connection.execute(
        "SELECT stats_min_value, stats_max_value, row_group_num_rows "  # noqa: S608
        f"FROM parquet_metadata({source.files_sql}) WHERE path_in_schema = 'village_code' "
        "AND stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL ORDER BY ALL"
    ).fetchall()
    cuts = list(_cuts(groups, rows_at_a_time))
    if not cuts or _read(groups, cuts) * 2 >= sum(rows for _, _, rows in groups) * 3:
        return ()
    return tuple(pairwise([_FIRST, *cuts, _LAST]))


def greatest(connection: duckdb.DuckDBPyConnection, source: Source, *, column: str) -> int | None:
    """The greatest value of a column of integers; None where it has none.

    Of a Parquet file from the statistics of its row groups, where all of them have some; of numbers
    as texts they name the last in the order of texts.
    """
    if not source.is_csv and source.found[column] != "VARCHAR":
        known = connection.execute(
            "SELECT max(stats_max_value::BIGINT), "  # noqa: S608
            "bool_and(stats_max_value IS NOT NULL OR stats_null_count = num_values) "
            f"FROM parquet_metadata({source.files_sql}) WHERE path_in_schema = $1",
            [column],
        ).fetchone()
        if known and known[1]:
            return None if known[0] is None else int(known[0])
    row = connection.execute(f'SELECT max("{column}") FROM events').fetchone()  # noqa: S608
    return int(row[0]) if row and row[0] is not None else None


def has_no_nulls(connection: duckdb.DuckDBPyConnection, source: Source, *, column: str) -> bool:
    """Whether every event has a value in a column. Of a Parquet file its row groups have to say so,
    and texts, of which an empty one is none, do not count."""
    query = f'SELECT count(*) = count("{column}") FROM events'  # noqa: S608
    if not source.is_csv:
        if source.found.get(column) == "VARCHAR":
            return False
        query = (
            "SELECT coalesce(bool_and(coalesce(stats_null_count = 0, false)), false) "  # noqa: S608
            f"FROM parquet_metadata({source.files_sql}) WHERE path_in_schema = '{column}'"
        )
    row = connection.execute(query).fetchone()
    return bool(row and row[0])


def emptied_columns(connection: duckdb.DuckDBPyConnection, source: Source) -> frozenset[str]:
    """Columns of a Parquet table with an empty text where null is meant: optional ones that hold a
    code, a reference or one of a list. Free texts and texts of days are read so in any case.

    An empty text is the least there is, so row groups that know their least text answer.
    """
    asked = [
        column.name
        for column in source.table.columns
        if not (source.is_csv or column.required)
        and source.found.get(column.name) == "VARCHAR"
        and (column.enum or column.pattern or column.references)
    ]
    if not asked:
        return frozenset()
    least = connection.execute(
        "SELECT path_in_schema, coalesce(bool_or(stats_min_value = ''), false), "  # noqa: S608
        "bool_and(stats_min_value IS NOT NULL OR coalesce(stats_null_count = num_values, false)) "
        f"FROM parquet_metadata({source.files_sql}) WHERE list_contains($1, path_in_schema) "
        "GROUP BY ALL",
        [asked],
    ).fetchall()
    return frozenset(
        name
        for name, found, known in least
        if found or (not known and _holds_empty(connection, source, name))
    )


def _holds_empty(connection: duckdb.DuckDBPyConnection, source: Source, column: str) -> bool:
    scan = f"FROM {parquet_scan(source.files_sql)}"
    query = f"SELECT 1 {scan} WHERE \"{column}\" = '' LIMIT 1"
    return connection.execute(query).fetchone() is not None


def _cuts(groups: Iterable[RowGroup], rows_at_a_time: int) -> Iterator[str]:
    """The first villages of the row groups that start a range."""
    waiting, cut = 0, _FIRST
    for first, _, rows in groups:
        if first > cut and waiting >= rows_at_a_time:
            yield first
            waiting, cut = 0, first
        waiting += rows


def _read(groups: Iterable[RowGroup], cuts: Sequence[str]) -> int:
    """Rows of the groups each range looks into; a village two ranges share is not looked for."""
    return sum(
        rows * (1 + max(0, bisect_left(cuts, last) - bisect_right(cuts, first)))
        for first, last, rows in groups
    )
