"""Which Java is taken, and what stands in for one that lacks a module."""

import os
import subprocess
from pathlib import Path

import pytest

from cunjing.policy.errors import RequestError
from cunjing.policy.spark import java


def home(folder: Path, *, version: str, modules: str = "java.base jdk.incubator.vector") -> Path:
    """A Java that prints what it was started with."""
    (folder / "bin").mkdir(parents=True)
    program = folder / "bin/java"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    (folder / "release").write_text(f'JAVA_VERSION="{version}"\nMODULES="{modules}"\n')
    return folder


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(java, "_DEBIANS", tmp_path / "jvm")
    monkeypatch.setattr(java.importlib.util, "find_spec", lambda _: None)


def test_what_java_home_says_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home(tmp_path / "jvm/17", version="17.0.15")
    said = home(tmp_path / "said", version="21.0.8")
    monkeypatch.setenv("JAVA_HOME", str(said))
    assert java.java_home(tmp_path) == said


def test_a_java_that_is_too_old_or_too_new_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(home(tmp_path / "said", version="1.8.0_402")))
    shell = home(tmp_path / "shell", version="25")
    monkeypatch.setenv("PATH", str(shell / "bin"))
    fitting = home(tmp_path / "jvm/java-17-openjdk-amd64", version="17.0.15")
    home(tmp_path / "jvm/zulu-25", version="25.0.1")
    assert java.java_home(tmp_path) == fitting


def test_without_java_a_person_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="setup --spark"):
        java.java_home(tmp_path)


def test_a_java_without_the_module_is_not_asked_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trimmed = home(tmp_path / "trimmed", version="21.0.8", modules="java.base")
    monkeypatch.setenv("JAVA_HOME", str(trimmed))
    found = java.java_home(tmp_path / "scratch")
    words = ["-Xmx1g", "--add-modules=jdk.incubator.vector", "a b", "Main"]
    done = subprocess.run(  # noqa: S603 - our own script
        [found / "bin/java", *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": os.defpath},
    )
    assert done.stdout.splitlines() == ["-Xmx1g", "a b", "Main"]
