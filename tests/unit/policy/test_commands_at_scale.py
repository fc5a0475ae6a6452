"""`assess` in the formats that never hold a nation's verdicts one by one."""

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pyarrow import parquet
from tests.support.county import county
from tests.support.facts_tables import write_folder

from cunjing.cli import BAD_INPUT, main
from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy import output
from cunjing.policy.periods import parse_period

SEPTEMBER = parse_period("2026-09")
Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of a few villages, one of them of another county."""
    place = tmp_path_factory.mktemp("facts")
    tables = county(villages=6, period=SEPTEMBER, seed=5)
    far = {"village_code": "532324100200", "name": "远村", "valid_from": date(2020, 1, 1)}
    write_folder(place, {**tables, "villages": [*tables["villages"], far]})
    return place


def assess(folder: Path, *more: str) -> list[str]:
    """The command on September."""
    asked = ["--policy", "suzhou-2021", "--facts", str(folder), "--period", "2026-09"]
    return ["assess", *asked, "--as-of", "2026-10-03", *more]


def test_counts_are_those_of_the_verdicts(folder: Path, capsys: Printed) -> None:
    assert main(assess(folder, "--format", "csv")) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    wanted = Counter((row["rule"], row["village_code"][:6], row["verdict"]) for row in rows)
    assert main(assess(folder, "--format", "counts")) == 0
    told = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(told[0]) == ["rule", "county_code", "verdict", "number"]
    counts = {(row["rule"], row["county_code"], row["verdict"]): int(row["number"]) for row in told}
    assert counts == wanted
    assert list(counts) == sorted(counts)
    assert {code for _, code, _ in counts} == {"532323", "532324"}


@pytest.mark.parametrize("rules", [(), ("--rule", "visit-log", "--rule", "visit-days")])
def test_engines_count_alike(folder: Path, capsys: Printed, rules: tuple[str, ...]) -> None:
    said = []
    for engine in ("duckdb", "reference"):
        assert main(assess(folder, "--format", "counts", "--engine", engine, *rules)) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert ("coverage-officer" in said[0]) is not bool(rules)


def test_counts_go_to_a_file(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    out = tmp_path / "counts.csv"
    assert main(assess(folder, "--format", "counts", "--out", str(out))) == 0
    assert capsys.readouterr().out == ""
    assert out.read_text("utf-8").startswith("rule,county_code,verdict,number\n")


def test_engines_write_the_same_file(folder: Path, tmp_path: Path) -> None:
    tables = []
    for engine in ("duckdb", "reference"):
        out = tmp_path / f"{engine}.parquet"
        more = ("--format", "parquet", "--engine", engine, "--out", str(out))
        assert main(assess(folder, *more)) == 0
        tables.append(parquet.read_table(out).drop_columns("engine"))
    assert tables[0].to_pylist() == tables[1].to_pylist()
    assert tables[0].schema.types == tables[1].schema.types


def test_the_engine_writes_the_file_itself(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "write_parquet", None)
    out = tmp_path / "verdicts.parquet"
    assert main(assess(folder, "--format", "parquet", "--out", str(out))) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["verdicts.parquet"]


@pytest.mark.parametrize("form", ["parquet", "counts"])
def test_a_file_that_cannot_be_written_is_said_in_words(
    folder: Path, tmp_path: Path, capsys: Printed, form: str
) -> None:
    out = tmp_path / "nowhere" / "verdicts"
    assert main(assess(folder, "--format", form, "--out", str(out))) == BAD_INPUT
    said = f"命令：写不了“{out}”，请检查文件夹、权限和空间（No such file or directory）\n"
    assert capsys.readouterr().err == said


def test_a_file_that_stood_there_stays_when_the_new_one_fails(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "verdicts.parquet"
    out.write_text("earlier", "utf-8")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cunjing.policy.duck.session.Session.write", fail)
    assert main(assess(folder, "--format", "parquet", "--out", str(out))) == BAD_INPUT
    assert out.read_text("utf-8") == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["verdicts.parquet"]


def test_no_room_left_to_work_in_is_told(
    folder: Path, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise duckdb.OutOfMemoryException("failed to offload data block")

    monkeypatch.setattr("cunjing.policy.duck.session.Session.write", fail)
    out = tmp_path / "verdicts.parquet"
    assert main(assess(folder, "--format", "parquet", "--out", str(out))) == BAD_INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("命令：内存不够，临时文件夹（TMPDIR，一般是 /tmp）也放不下了")
    assert list(tmp_path.iterdir()) == []
