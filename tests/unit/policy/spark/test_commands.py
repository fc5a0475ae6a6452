"""`--engine spark` on the command line: alone, and on a master with two workers."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.support.county import county
from tests.support.facts_tables import write_folder
from tests.support.spark_cluster import cluster

from cunjing.cli import main
from cunjing.policy.periods import parse_period
from cunjing.policy.spark import views

pytestmark = pytest.mark.spark

ASKED = ("--policy", "bozhou-2014", "--period", "2026-09", "--as-of", "2026-10-03")


def cunjing(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `cunjing` as a process of its own."""
    return subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-c",
            "import sys; from cunjing.cli import main; sys.exit(main())",
            *words,
        ],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


def assess(folder: Path, engine: str, **environment: str) -> list[dict[str, Any]]:
    """The verdicts, without the name of the engine; nothing else was said."""
    flags = ("--facts", folder, "--engine", engine, "--format", "json")
    done = cunjing("assess", *ASKED, *flags, **environment)
    assert (done.returncode, done.stderr) == (0, "")
    verdicts: list[dict[str, Any]] = json.loads(done.stdout)
    assert {verdict.pop("engine") for verdict in verdicts} == {engine}
    return verdicts


def write_county(folder: Path, *, villages: int) -> dict[str, list[dict[str, Any]]]:
    """A county's month as CSV; returns its tables."""
    tables = county(villages=villages, period=parse_period("2026-09"), seed=7)
    write_folder(folder, tables)
    return tables


def test_on_this_machine_it_says_what_the_default_engine_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_county(tmp_path, villages=20)
    found = assess(tmp_path, "duckdb")
    assert assess(tmp_path, "spark") == found
    asked = (*ASKED, "--facts", str(tmp_path), "--rule", found[0]["rule"])
    asked += ("--subject", found[0]["subject"])
    told = cunjing("explain", *asked, "--engine", "duckdb")
    # In this process, whose Java runs: that a process of its own starts one has been seen.
    assert main(["explain", *asked, "--engine", "spark"]) == 0
    assert capsys.readouterr() == (told.stdout, "")


def test_on_a_master_with_two_workers_too(tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    folder.mkdir()
    tables = write_county(folder, villages=1500)
    _as_parquet(folder, tables["events"])
    (tmp_path / "spark").mkdir()
    with cluster(tmp_path / "spark", workers=2) as running:
        found = assess(folder, "spark", CUNJING_SPARK_MASTER=running.master)
        worked = [list(worker.glob("app-*/*/stderr")) for worker in running.workers]
    assert found == assess(folder, "duckdb")
    assert all(worked)


def test_a_master_that_does_not_answer_is_named(tmp_path: Path) -> None:
    write_county(tmp_path, villages=1)
    flags = ("--facts", tmp_path, "--engine", "spark")
    done = cunjing("assess", *ASKED, *flags, CUNJING_SPARK_MASTER="nonsense://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Spark（nonsense://127.0.0.1:9）没有启动" in done.stderr


def _as_parquet(folder: Path, events: list[Mapping[str, Any]]) -> None:
    """The events as a file that the workers read."""
    assert len(events) > views.SMALL
    (folder / "events.csv").unlink()
    columns = {
        name: pa.array([row.get(name) for row in events])
        for name in sorted({name for row in events for name in row})
    }
    for name in columns.keys() & {"received_at", "voided_at"}:
        columns[name] = columns[name].cast(pa.timestamp("us", "UTC"))
    rows_a_group = len(events) // 4
    pq.write_table(pa.table(columns), folder / "events.parquet", row_group_size=rows_a_group)
