"""The limit: DuckDB reads the columns the engine needs, every value, and does nothing with them.

`count(col)` would be answered from the footer, so texts are asked for the sum of their lengths and
everything else for its maximum: of what forces each page to be decoded, the cheapest (a hash of
every value costs a tenth more).
"""

from pathlib import Path

import duckdb

from benchmarks._policy_task import Answer, Task, run

TEXTS = {
    "events": ["kind", "village_code", "staff_id", "object_id"],
    "postings": ["posting_id", "village_code", "staff_id", "role"],
    "villages": ["village_code"],
    "absences": ["staff_id"],
    "sync": ["staff_id"],
}
OTHERS = {
    "events": ["local_date", "occurred_at", "received_at", "void"],
    "postings": ["valid_from", "valid_to"],
    "villages": [],
    "absences": ["date_from", "date_to"],
    "sync": ["last_sync_at"],
}


def scan_sql(table: str, folder: Path) -> str:
    """One statement that reads every value of the columns the engine reads of a table."""
    asked = [f"sum(strlen({column}))" for column in TEXTS[table]]
    # As text: a time in a zone would load a library on its way to Python.
    asked += [f"max({column})::VARCHAR" for column in OTHERS[table]]
    return f"SELECT {', '.join(asked)} FROM '{folder / table}.parquet'"  # noqa: S608


def measure(_: Task, folder: Path) -> Answer:
    """Read it all; there is nothing to count."""
    with duckdb.connect() as database:
        for table in TEXTS:
            database.execute(scan_sql(table, folder)).fetchall()
    return Answer(counts={})


if __name__ == "__main__":
    run(measure)
