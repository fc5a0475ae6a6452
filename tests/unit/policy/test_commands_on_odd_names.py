"""Names in another encoding, as Chinese ones come out of an archive packed on Windows."""

import os
from pathlib import Path

import pytest

from .folders import sound_folder
from .test_commands import assess, explain, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound folder of facts."""
    place = tmp_path / "facts"
    place.mkdir()
    return sound_folder(place)


def test_names_in_another_encoding_are_shown_and_not_stumbled_over(folder: Path) -> None:
    stray = os.fsdecode("备注.csv".encode("gbk"))
    (folder / stray).write_text("x")
    done = assess(folder, "--format", "counts")
    assert (done.returncode, done.stderr.count("不是已知的表，没有读")) == (0, 1)
    assert "\\udcb1" in done.stderr
    done = assess(folder, "--rule", stray)
    assert (done.returncode, done.stdout) == (2, "")
    assert "没有规则" in done.stderr
    done = explain(folder, "--rule", "visit-days", "--subject", stray)
    assert (done.returncode, done.stdout) == (2, "")
    assert "没有对象" in done.stderr


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_results_go_where_a_name_is_in_another_encoding_or_it_is_told(
    folder: Path, tmp_path: Path, engine: str
) -> None:
    place = tmp_path / os.fsdecode("县".encode("gbk"))
    place.mkdir()
    words = ("--engine", engine, "--as-of", "2026-10-08")
    asked = ("assess", "--policy", "bozhou-2014", "--facts", str(folder), "--period", "2026-09")
    assert run(*asked, *words, "--format", "csv", "--out", str(place / "out.csv")).returncode == 0
    done = run(*asked, *words, "--format", "parquet", "--out", str(place / "out.parquet"))
    assert (done.returncode, "不是 UTF-8 编码的" in done.stderr) == (2, True)
    assert [path.name for path in place.iterdir()] == ["out.csv"]
    # From within the folder nobody has to name it.
    done = run(*asked, *words, "--format", "parquet", "--out", "out.parquet", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in place.iterdir()} == {"out.csv", "out.parquet"}
