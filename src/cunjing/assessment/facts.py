"""The facts folder written from the database: one Parquet file per table of the contract.

Same database state, same bytes, same digest: rows are ordered, nothing depends on the clock.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from cunjing.assessment.arrow import concealed, in_order, schema_of, table_of
from cunjing.assessment.facts_events import Progress, event_batches
from cunjing.assessment.facts_tables import small_tables
from cunjing.assessment.pseudonyms import Pseudonyms
from cunjing.assessment.reach import Reach


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: digest of the folder and the number of rows of each table."""

    digest: str
    rows: dict[str, int]


def write_facts(
    *,
    folder: Path,
    reach: Reach,
    pseudonyms: Pseudonyms | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write every facts table the product has into `folder`, which exists and is empty.

    Ids are real without `pseudonyms`; names of people are never written.
    """
    rows = {"events": 0}
    seen_staff: set[str] = set()
    with pq.ParquetWriter(_file(folder, "events"), schema_of("events"), compression="zstd") as out:
        for batch in event_batches(reach=reach, progress=progress):
            seen_staff.update(pc.unique(batch.column("staff_id")).to_pylist())
            hidden = concealed(batch, name="events", pseudonyms=pseudonyms)
            out.write_table(in_order(hidden, name="events"))
            rows["events"] += batch.num_rows
    for name, content in small_tables(reach=reach, seen_staff=seen_staff):
        hidden = concealed(table_of(name, content), name=name, pseudonyms=pseudonyms)
        pq.write_table(in_order(hidden, name=name), _file(folder, name), compression="zstd")
        rows[name] = hidden.num_rows
    return Written(digest=folder_digest(folder), rows=rows)


def folder_digest(folder: Path) -> str:
    """SHA-256 over the sorted names of the Parquet files, each with its own SHA-256."""
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        whole.update(f"{path.name} {digest}\n".encode())
    return whole.hexdigest()


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
