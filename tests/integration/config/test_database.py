"""A command on a new, an old and a ready database, each as its own process."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

CUNJING = Path(sys.executable).with_name("cunjing")


def cunjing(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "CUNJING_VAR": str(folder), "CUNJING_DATABASE_URL": ""}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(  # noqa: S603 - it starts our own program
        [CUNJING, *words], env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_an_empty_database_is_made_and_the_command_goes_on(tmp_path: Path) -> None:
    done = cunjing(tmp_path, "assessment", "list")
    assert done.returncode == 0
    assert "正在建立" in done.stderr
    again = cunjing(tmp_path, "assessment", "list")
    assert (again.returncode, again.stderr) == (0, "")


def test_a_database_of_an_older_version_is_left_alone(tmp_path: Path) -> None:
    cunjing(tmp_path, "assessment", "list")
    with sqlite3.connect(tmp_path / "cunjing.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'matters'")
    done = cunjing(tmp_path, "assessment", "list")
    assert done.returncode == 2
    assert "先备份" in done.stderr
    assert done.stdout == ""
