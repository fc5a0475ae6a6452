"""The engine as `assess --format parquet`: every verdict with its evidence digest, in a file.

The sums of the answer are read back from the file.
"""

import tempfile
from datetime import datetime
from pathlib import Path

from benchmarks._policy_task import Answer, Counts, Task, counted, run
from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.duck.session import Session
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period


def measure(task: Task, folder: Path) -> Answer:
    """Open facts known to be sound, evaluate the month, write the file."""
    with (
        tempfile.TemporaryDirectory() as place,
        open_facts(folder) as facts,
        Session(
            policy=load_policy(task.policy),
            facts=facts,
            period=parse_period(task.period),
            as_of=datetime.fromisoformat(task.as_of),
            digests=True,
        ) as session,
    ):
        file = Path(place) / "verdicts.parquet"
        session.write(file)
        return Answer(counts=_read_back(file))


def _read_back(file: Path) -> Counts:
    with duckdb.connect() as database:
        rows = database.execute(
            "SELECT rule, verdict, count(*), sum(coalesce(value, 0)), "  # noqa: S608
            "sum(coalesce(TRY_CAST(threshold AS BIGINT), 0)) "
            f"FROM '{file}' GROUP BY rule, verdict ORDER BY ALL"
        ).fetchall()
    return counted(rows)


if __name__ == "__main__":
    run(measure)
