"""What judging imports is compiled, whatever Python is told about keeping what it compiles."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.runner import bytecode, paths


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one module of ours and two of others."""
    for name in ("src/cunjing/ours.py", "venv/lib/python3.11/site-packages/yaml/theirs.py"):
        module = tmp_path / name
        module.parent.mkdir(parents=True)
        module.write_text("NUMBER = 1\n", "utf-8")
    (tmp_path / "venv/lib/python3.11/site-packages/large.py").touch()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "VENV", tmp_path / "venv")
    monkeypatch.setattr(paths, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(paths, "LOGS", tmp_path / "logs")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    return tmp_path


def _compiled(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(source)))


def test_our_modules_and_what_they_import_are_compiled(checkout: Path) -> None:
    bytecode.ensure()
    packages = checkout / "venv/lib/python3.11/site-packages"
    assert _compiled(checkout / "src/cunjing/ours.py").is_file()
    assert _compiled(packages / "yaml/theirs.py").is_file()
    assert not _compiled(packages / "large.py").exists()


def test_what_has_changed_is_compiled_again(checkout: Path) -> None:
    source = checkout / "src/cunjing/ours.py"
    bytecode.ensure()
    before = _compiled(source).read_bytes()
    bytecode.ensure()
    assert _compiled(source).read_bytes() == before
    source.write_text("NUMBER = 2\n", "utf-8")
    os.utime(source, (later := source.stat().st_mtime + 10, later))
    bytecode.ensure()
    assert _compiled(source).read_bytes() != before


def test_what_is_started_keeps_what_it_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    module = tmp_path / "started.py"
    module.touch()
    bytecode.keep()
    subprocess.run([sys.executable, "-S", "-c", "import started"], cwd=tmp_path, check=True)
    assert _compiled(module).is_file()
