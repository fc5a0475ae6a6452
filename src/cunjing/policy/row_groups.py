"""Where the villages of a Parquet file lie, from the statistics of its row groups alone."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.source import Source

_FIRST, _LAST = "", "\x7f"
"""Below and above every village code."""

RowGroup = tuple[str | None, str | None, int]
"""Least and greatest village code (null where no row names one), and the number of rows."""


def village_ranges(
    connection: duckdb.DuckDBPyConnection, source: Source, *, rows_at_a_time: int
) -> tuple[tuple[str, str], ...]:
    """Half-open ranges of village codes of about so many rows each, covering all codes.

    Empty where one range would do, or where the rows do not lie in the order of villages: then
    every range would read every row.
    """
    groups = connection.execute(
        "SELECT stats_min_value, stats_max_value, row_group_num_rows "  # noqa: S608
        f"FROM parquet_metadata({source.files_sql}) "
        "WHERE path_in_schema = 'village_code' ORDER BY file_name, row_group_id"
    ).fetchall()
    named = [group for group in groups if group[0] is not None]
    if not _in_order(named):
        return ()
    cuts = [_FIRST, *_cuts(named, rows_at_a_time), _LAST]
    return tuple(pairwise(cuts)) if len(cuts) > 2 else ()


def _in_order(groups: Iterable[RowGroup]) -> bool:
    return all(
        above is not None and below is not None and above <= below
        for (_, above, _), (below, _, _) in pairwise(groups)
    )


def _cuts(groups: Iterable[RowGroup], rows_at_a_time: int) -> Iterator[str]:
    """The first villages of the row groups that start a range."""
    waiting = 0
    for first, _, rows in groups:
        if first is not None and waiting >= rows_at_a_time:
            yield first
            waiting = 0
        waiting += rows
