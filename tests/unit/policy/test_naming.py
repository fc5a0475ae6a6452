"""What bears a table's name is read or refused, never passed over."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cunjing.policy.errors import InputError
from cunjing.policy.facts import open_facts

from .folders import sound_folder

ABSENCES = "staff_id,kind,date_from,date_to\nS1,leave,2026-09-01,2026-09-10\n"


def _linked(path: Path) -> None:
    path.symlink_to("nowhere.csv")


def _written(path: Path) -> None:
    path.write_text(ABSENCES, encoding="utf-8")


SPOILT: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "capital letters": ("Absences.csv", _written, "应为 absences.csv"),
    "a suffix in capitals": ("absences.CSV", _written, "应为 absences.csv"),
    "Parquet in capitals": ("absences.Parquet", _written, "应为 absences.parquet"),
    "a folder in capitals": ("Absences", Path.mkdir, "应为 absences"),
    "a folder called a file": ("absences.csv", Path.mkdir, "不是能读的文件"),
    "a link to nothing": ("absences.parquet", _linked, "不是能读的文件"),
    "a pipe": ("absences.csv", os.mkfifo, "不是能读的文件"),
    "no suffix": ("absences", _written, "应为 absences.csv 或 absences.parquet"),
    "a link to no folder": ("absences", _linked, "应为 absences.csv"),
}


def refused(folder: Path) -> list[str]:
    """What is found wrong, each as a person reads it."""
    with pytest.raises(InputError) as caught:
        open_facts(folder)
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize("case", SPOILT)
def test_what_would_be_passed_over_is_refused(tmp_path: Path, case: str) -> None:
    name, make, words = SPOILT[case]
    make(sound_folder(tmp_path) / name)
    (finding,) = refused(tmp_path)
    assert finding.startswith(f"{name}：")
    assert words in finding


def test_a_name_in_another_encoding_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("县".encode("gbk"))
    folder.mkdir()
    (finding,) = refused(sound_folder(folder))
    assert finding.startswith(f"{folder}：名字不是 UTF-8 编码的")
    part = os.fsdecode("县.parquet".encode("gbk"))
    (sound_folder(tmp_path) / "absences").mkdir()
    (tmp_path / "absences" / part).write_bytes(b"PAR1")
    assert refused(tmp_path)[0].startswith(f"absences/{part}：名字不是 UTF-8 编码的")


def test_a_required_table_under_another_name_is_not_called_missing_too(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    (tmp_path / "events.csv").rename(tmp_path / "Events.CSV")
    assert refused(tmp_path) == ["Events.CSV：文件名要全用小写，应为 events.csv"]


def test_parts_are_held_to_the_same(tmp_path: Path) -> None:
    (sound_folder(tmp_path) / "sync").mkdir()
    (tmp_path / "sync" / "a.PARQUET").write_bytes(b"")
    (tmp_path / "sync" / "b.parquet").symlink_to("nowhere")
    first, second = refused(tmp_path)
    assert first == "sync/a.PARQUET：后缀要用小写，应为 .parquet"
    assert second.startswith("sync/b.parquet：不是能读的文件")


def test_a_link_to_a_file_and_what_is_no_table_are_left_alone(tmp_path: Path) -> None:
    folder, kept = tmp_path / "facts", tmp_path / "kept"
    folder.mkdir()
    kept.write_text(ABSENCES, encoding="utf-8")
    (sound_folder(folder) / "absences.csv").symlink_to(kept)
    (folder / "Notes.CSV").write_text("x", encoding="utf-8")
    (folder / "Readme.txt").symlink_to("nowhere")
    with open_facts(folder) as facts:
        assert facts.has("absences")
        assert facts.unread == ("Notes.CSV",)
