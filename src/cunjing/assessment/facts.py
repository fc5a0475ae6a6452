"""The facts folder written from the database: one Parquet file per table of the contract.

Same database state, same bytes, same digest: rows are ordered, nothing depends on the clock.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from cunjing.assessment.arrow import concealed, in_order, schema_of, table_of
from cunjing.assessment.facts_events import Progress, event_batches
from cunjing.assessment.facts_tables import Rows, small_tables
from cunjing.assessment.pseudonyms import Pseudonyms
from cunjing.assessment.reach import Reach
from cunjing.policy.soundness import FILE_NAME as CHECKED

Further = Callable[[Reach, set[str]], Iterable[tuple[str, Rows]]]
"""More tables of the contract for a reach and the ids of its people: what planning reads stands
above this package, which judges and knows nothing of it."""


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
    further: Further | None = None,
) -> Written:
    """Write every facts table that is judged into `folder`, which exists and is empty.

    `further` adds tables nobody is judged by. Ids are real without `pseudonyms`; names of people
    are never written.
    """
    rows = {"events": 0}
    seen_staff: set[str] = set()
    with pq.ParquetWriter(_file(folder, "events"), schema_of("events"), compression="zstd") as out:
        for batch in event_batches(reach=reach, progress=progress):
            seen_staff.update(pc.unique(batch.column("staff_id")).to_pylist())
            hidden = concealed(batch, name="events", pseudonyms=pseudonyms)
            out.write_table(in_order(hidden, name="events"))
            rows["events"] += batch.num_rows
    staff_ids: set[str] = set()
    for name, content in small_tables(reach=reach, seen_staff=seen_staff):
        rows[name] = _write(folder, name, content, pseudonyms=pseudonyms)
        if name == "staff":
            staff_ids = {str(row[0]) for row in content}
    for name, content in further(reach, staff_ids) if further else ():
        rows[name] = _write(folder, name, content, pseudonyms=pseudonyms)
    return Written(digest=folder_digest(folder), rows=rows)


def folder_digest(folder: Path) -> str:
    """SHA-256 over the sorted names of the files, each with its own SHA-256.

    Whatever lies there counts, as the engines would read it, too: a table written by hand, a folder
    of parts. Only the note that the folder was checked says nothing.
    """
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.name != CHECKED:
            whole.update(f"{path.name} {_digest(path)}\n".encode())
    return whole.hexdigest()


def _digest(path: Path) -> str:
    if not path.is_file():
        return "-"
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _write(folder: Path, name: str, content: Rows, *, pseudonyms: Pseudonyms | None) -> int:
    """Write one small table; returns how many rows it has."""
    hidden = concealed(table_of(name, content), name=name, pseudonyms=pseudonyms)
    pq.write_table(in_order(hidden, name=name), _file(folder, name), compression="zstd")
    count: int = hidden.num_rows
    return count


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
