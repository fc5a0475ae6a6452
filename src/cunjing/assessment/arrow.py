"""From rows of the database to Arrow tables typed as the facts contract says."""

from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from cunjing.assessment.pseudonyms import Pseudonyms
from cunjing.policy.tables import TABLES, ColumnType

_TYPES = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INSTANT: pa.timestamp("us", tz="UTC"),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DECIMAL: pa.float64(),
}

PERSONAL = {
    "staff": ("staff_id",),
    "postings": ("posting_id", "staff_id"),
    "absences": ("staff_id",),
    "hamlets": ("hamlet_id",),
    "events": ("event_id", "staff_id", "object_id", "log_id"),
    "matters": ("matter_id",),
    "sync": ("staff_id",),
    "candidates": ("staff_id",),
    "wishes": ("staff_id",),
    "pins": ("staff_id",),
    "bans": ("staff_id",),
    "needs": ("household_id", "hamlet_id"),
}
"""Columns that carry ids of the product, which an export for others replaces by pseudonyms."""


def schema_of(name: str) -> pa.Schema:
    """The Arrow schema of a facts table: the contract's columns in its order."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in TABLES[name].columns])


def table_of(name: str, rows: Iterable[Sequence[object]]) -> pa.Table:
    """A facts table from rows in the contract's column order; an empty text is null."""
    schema = schema_of(name)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table(
        [
            pa.array([None if value == "" else value for value in values], field.type)
            for values, field in zip(columns, schema, strict=True)
        ],
        schema=schema,
    )


def concealed(table: pa.Table, *, name: str, pseudonyms: Pseudonyms | None) -> pa.Table:
    """The table with its ids replaced; unchanged without `pseudonyms`."""
    if pseudonyms is None:
        return table
    for column in PERSONAL.get(name, ()):
        place = table.schema.get_field_index(column)
        stand_ins = _each(table.column(column), pseudonyms.of)
        table = table.set_column(place, table.schema.field(place), stand_ins)
    return table


def in_order(table: pa.Table, *, name: str) -> pa.Table:
    """Rows by village where the table has one, then by date, then by key: the same every time."""
    names = table.schema.names
    leading = [column for column in ("village_code", "local_date") if column in names]
    keys = [*leading, *(column for column in TABLES[name].key if column not in leading)]
    return table.sort_by([(key, "ascending") for key in keys])


def instants(texts: pa.Array, *, zone_suffix: str) -> pa.Array:
    """UTC times from database text, whose `zone_suffix` (`+00` or nothing) is cut off."""
    if zone_suffix:
        texts = pc.utf8_slice_codeunits(texts, 0, -len(zone_suffix))
    return pc.assume_timezone(pc.cast(texts, pa.timestamp("us")), "UTC")


def hyphenated(texts: pa.Array) -> pa.Array:
    """UUIDs in their usual writing; SQLite keeps them as 32 bare digits."""
    pieces = [pc.utf8_slice_codeunits(texts, start, stop) for start, stop in _UUID_PIECES]
    return pc.binary_join_element_wise(*pieces, "-")


_UUID_PIECES = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))


def _each(values: pa.ChunkedArray, change: Callable[[str], str]) -> pa.Array:
    encoded = values.combine_chunks().dictionary_encode()
    changed = pa.array([change(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pc.take(changed, encoded.indices)
