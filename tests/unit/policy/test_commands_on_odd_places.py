"""Names in another encoding, as Chinese ones come out of an archive packed on Windows; a standard
output that takes nothing."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cunjing.cli import BAD_INPUT, OUR_FAULT, main

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


def test_a_full_disk_under_standard_output_is_told() -> None:
    program = "import sys; from cunjing.cli import main; sys.exit(main())"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", program, "policy", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    told = "结果没有写完，请检查标准输出所在的磁盘的空间（No space left on device）\n"
    assert (done.returncode, done.stderr) == (BAD_INPUT, told)


def test_a_standard_output_that_is_closed_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["policy", "list"]) == BAD_INPUT
    assert capsys.readouterr().err == "标准输出是关着的，没有地方写结果\n"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_temporary_folder_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("cunjing.policy.commands.list_policies", fail)
    assert main(["policy", "list"]) == BAD_INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(
        "临时文件夹（TMPDIR，一般是 /tmp）：读写不了，请检查路径、权限和空间（"
    )


def test_what_else_the_system_refuses_without_a_name_is_our_fault(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    monkeypatch.setattr("cunjing.policy.commands.list_policies", fail)
    assert main(["policy", "list"]) == OUR_FAULT
    assert "这不是您的错" in capsys.readouterr().err
