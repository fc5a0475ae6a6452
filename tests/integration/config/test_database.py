"""A command on a new, an old and a ready database, each as its own process."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.own_database
CUNJING = Path(sys.executable).with_name("cunjing")
NAME = "cunjing.sqlite3"


class Made(NamedTuple):
    """A folder, and how the first command called with it ended."""

    folder: Path
    done: "subprocess.CompletedProcess[str]"


def cunjing(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "CUNJING_VAR": str(folder), "CUNJING_DATABASE_URL": ""}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(  # noqa: S603 - it starts our own program
        [CUNJING, *words], env=env, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A folder that was empty when a command was called with it."""
    folder = tmp_path_factory.mktemp("made")
    return Made(folder, cunjing(folder, "assessment", "list"))


def test_an_empty_database_is_made_and_the_command_goes_on(made: Made) -> None:
    assert made.done.returncode == 0
    assert "正在建立" in made.done.stderr
    again = cunjing(made.folder, "assessment", "list")
    assert (again.returncode, again.stderr) == (0, "")


def test_a_database_of_an_older_version_is_left_alone(made: Made, tmp_path: Path) -> None:
    shutil.copy(made.folder / NAME, tmp_path)
    with sqlite3.connect(tmp_path / NAME) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'matters'")
    done = cunjing(tmp_path, "assessment", "list")
    assert done.returncode == 2
    assert "先备份" in done.stderr
    assert done.stdout == ""
