"""Facts folders of Parquet files as others write them: sorted or not, in parts, in row groups."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet
from tests.support.facts_tables import Rows, Tables

from cunjing.policy.tables import TABLES, ColumnType

_ARROW = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INSTANT: pa.timestamp("us", tz="UTC"),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DECIMAL: pa.float64(),
}


def write_parquet_folder(
    folder: Path, tables: Tables, *, parts: Mapping[str, int] | None = None, group_rows: int = 1000
) -> Path:
    """Every table as `NAME.parquet`, or as so many `parts` in a folder `NAME`; returns the folder.

    Rows keep their order and are dealt to the parts in runs; `group_rows` go into a row group.
    """
    for name, rows in tables.items():
        number = (parts or {}).get(name, 0)
        if number:
            (folder / name).mkdir(parents=True)
        size = -(-len(rows) // max(number, 1)) or 1
        for part in range(max(number, 1)):
            file = folder / name / f"{part:03}.parquet" if number else folder / f"{name}.parquet"
            write_part(file, name, rows[part * size : (part + 1) * size], group_rows=group_rows)
    return folder


def write_part(file: Path, table: str, rows: Rows, *, group_rows: int = 1000) -> None:
    """One Parquet file with all columns of the table, typed."""
    columns = {
        column.name: pa.array([row.get(column.name) for row in rows], _ARROW[column.type])
        for column in TABLES[table].columns
    }
    parquet.write_table(pa.table(columns), file, row_group_size=group_rows)


def by_village(rows: Rows) -> list[Mapping[str, Any]]:
    """Events as an export writes them: by village, date and id, those of no village last."""
    return sorted(
        rows, key=lambda row: (row.get("village_code") or "~", row["local_date"], row["event_id"])
    )
