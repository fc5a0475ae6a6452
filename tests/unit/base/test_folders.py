"""A folder is there whole, or as it was before."""

from pathlib import Path

import pytest

from cunjing.base.folders import whole_folder


def write(out: Path, text: str, *, fails: str = "") -> None:
    with whole_folder(out) as fresh:
        fresh.mkdir()
        (fresh / "a").write_text(text)
        if fails:
            raise ValueError(fails)


def test_what_was_there_is_replaced_and_nothing_is_left_beside(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "1")
    (out / "b").write_text("old")
    write(out, "2")
    assert {path.name: path.read_text() for path in out.iterdir()} == {"a": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failure_while_writing_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "1")
    with pytest.raises(ValueError, match="half"):
        write(out, "2", fails="half")
    assert (out / "a").read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_was_there_comes_back_where_the_new_one_cannot_be_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write(out, "1")
    rename = Path.rename

    def refusing(here: Path, there: Path) -> Path:
        if there == out and not here.name.endswith(".former"):
            raise OSError("no room")
        return rename(here, there)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(OSError, match="no room"):
        write(out, "2")
    assert (out / "a").read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
