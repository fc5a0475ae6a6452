"""The guide to backups, followed to the letter, brings everything back that it names."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from cunjing.photos import store

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs/how-to/back-up-and-restore.md").read_text("utf-8")
NEEDED = re.findall(r"`([^`]+)`", " ".join(re.findall(r"^\| (`.*?) \|", GUIDE, re.MULTILINE)))
"""The names below `CUNJING_VAR` without which something is lost; folders end with a stroke."""


def command(start: str) -> str:
    """The one command of the guide that starts so."""
    (found,) = [line for line in GUIDE.splitlines() if line.startswith(start)]
    return found


def follow(start: str, *, var: Path, backup: Path) -> None:
    """Do what the guide says, with this folder in the place of /backup."""
    said = command(start).replace("/backup/", f"{backup}/")
    said = said.replace(".venv/bin/python", sys.executable)
    environment = {**os.environ, "CUNJING_VAR": str(var)}
    subprocess.run(  # noqa: S603 - the guide's own words
        ["/bin/sh", "-ec", said], check=True, env=environment, timeout=60
    )


@pytest.fixture
def var(settings: Settings, tmp_path: Path) -> Path:
    """An installation: a database that is in use, every name of the guide, a photo."""
    settings.VAR = folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    for name in NEEDED:
        path = folder / name / "one" if name.endswith("/") else folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    with store.exclusive():
        store.keep(b"a picture")
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """The files that need a backup, by name."""
    every = [path for path in folder.rglob("*") if path.is_file()]
    names = {str(path.relative_to(folder)): path.read_bytes() for path in every}
    other = ("cunjing.sqlite3", "photos/lock")
    return {name: content for name, content in names.items() if not name.startswith(other)}


def test_the_guide_names_what_is_kept_in_files() -> None:
    assert {"facts/", "policies/", "photos/kept/", "secret-key", "sync-key.pem"} <= set(NEEDED)


def test_what_was_backed_up_is_there_after_a_restore(var: Path, tmp_path: Path) -> None:
    backup, again = tmp_path / "backup", tmp_path / "again"
    backup.mkdir()
    again.mkdir(mode=0o700)
    rows = sqlite3.connect(var / "cunjing.sqlite3")
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("CREATE TABLE line (text)")
    rows.execute("INSERT INTO line VALUES ('巡村')")
    rows.commit()
    follow(".venv/bin/python -c", var=var, backup=backup)
    follow('tar -C "$CUNJING_VAR" -czf', var=var, backup=backup)
    rows.close()
    follow("cp /backup/cunjing.sqlite3", var=again, backup=backup)
    follow('tar -C "$CUNJING_VAR" -xzf', var=again, backup=backup)
    assert files_in(again) == files_in(var)
    assert sqlite3.connect(again / "cunjing.sqlite3").execute(
        "SELECT text FROM line"
    ).fetchall() == [("巡村",)]
