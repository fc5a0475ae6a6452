"""A step is skipped only when exactly what it was made from is unchanged."""

from pathlib import Path

import pytest
from tools.runner import paths, stamps


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "STAMPS", tmp_path / "stamps")


def _file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def test_the_digest_depends_on_names_bytes_and_words_but_not_on_order(tmp_path: Path) -> None:
    one, two = _file(tmp_path, "one", "1"), _file(tmp_path, "two", "2")
    before = stamps.digest(files=[one, two], words=["x"])
    assert stamps.digest(files=[two, one], words=["x"]) == before
    assert stamps.digest(files=[one, two], words=["y"]) != before
    assert stamps.digest(files=[one], words=["x"]) != before
    one.write_text("changed")
    assert stamps.digest(files=[one, two], words=["x"]) != before


def test_a_stamp_is_read_back_until_it_is_forgotten() -> None:
    stamps.write("step", {"digest": "d"})
    assert stamps.read("step") == {"digest": "d"}
    stamps.forget("step")
    assert stamps.read("step") == {}


@pytest.mark.parametrize("content", ["", "{", "[1]"])
def test_a_damaged_stamp_counts_as_none(content: str) -> None:
    paths.STAMPS.mkdir()
    (paths.STAMPS / "step").write_text(content)
    assert stamps.read("step") == {}
