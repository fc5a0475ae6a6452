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

    Empty where one range would do, or where row groups share more villages than the last of one
    and the first of the next: then every range would read every row. Where in which file a row
    group stands does not matter.
    """
    groups = connection.execute(
        "SELECT stats_min_value, stats_max_value, row_group_num_rows "  # noqa: S608
        f"FROM parquet_metadata({source.files_sql}) "
        "WHERE path_in_schema = 'village_code' ORDER BY stats_min_value, stats_max_value"
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
    waiting, cut = 0, _FIRST
    for first, _, rows in groups:
        if first is not None and first > cut and waiting >= rows_at_a_time:
            yield first
            waiting, cut = 0, first
        waiting += rows
