"""A folder found sound is not checked again as long as nothing about it has changed."""

import json
import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from tests.support.parquet_folders import write_part

from cunjing.policy import checks, soundness
from cunjing.policy.commands import check_facts
from cunjing.policy.errors import InputError, RequestError
from cunjing.policy.facts import open_facts
from cunjing.policy.soundness import FILE_NAME

from .folders import SOUND, VILLAGE, sound_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound folder, remembered; its villages in parts."""
    sound_folder(tmp_path)
    (tmp_path / "villages.csv").unlink()
    (tmp_path / "villages").mkdir()
    for number, code in enumerate([VILLAGE, "532323100201"]):
        part = tmp_path / "villages" / f"{number}.parquet"
        write_part(part, "villages", [{"village_code": code, "name": code}])
    remember(tmp_path)
    return tmp_path


def remember(folder: Path) -> None:
    """Check the folder and note that it is sound."""
    check_facts(Namespace(folder=str(folder), remember=True))


def is_checked(folder: Path, *, anew: bool = False) -> bool:
    """Whether opening the folder looks at its rows."""
    with patch("cunjing.policy.facts.checks.check_values", wraps=checks.check_values) as check:
        open_facts(folder, anew=anew).close()
    return check.called


def test_an_unchanged_folder_is_not_checked_again(folder: Path) -> None:
    assert not is_checked(folder)


def test_it_is_when_asked_for(folder: Path) -> None:
    assert is_checked(folder, anew=True)


def test_a_folder_nobody_remembers_is_checked(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    assert is_checked(tmp_path)


def append(folder: Path) -> None:
    with (folder / "events.csv").open("a") as file:
        file.write(f"E3,village_visit,{VILLAGE},S1,2026-09-21,\n")


def rewrite_to_the_same_length(folder: Path) -> None:
    path = folder / "events.csv"
    path.write_text(path.read_text("utf-8").replace("2026-09-20", "2026-09-21"), "utf-8")


def touch_a_part(folder: Path) -> None:
    os.utime(folder / "villages" / "1.parquet", ns=(0, 0))


def add_a_table(folder: Path) -> None:
    (folder / "hamlets.csv").write_text(f"hamlet_id,village_code\nH1,{VILLAGE}\n", "utf-8")


def add_a_part(folder: Path) -> None:
    row = {"village_code": "532323100202", "name": "丙村"}
    write_part(folder / "villages" / "2.parquet", "villages", [row])


def remove_a_part(folder: Path) -> None:
    (folder / "villages" / "1.parquet").unlink()


def rename_a_part(folder: Path) -> None:
    (folder / "villages" / "1.parquet").rename(folder / "villages" / "9.parquet")


CHANGES: tuple[Callable[[Path], None], ...] = (
    append,
    rewrite_to_the_same_length,
    touch_a_part,
    add_a_table,
    add_a_part,
    remove_a_part,
    rename_a_part,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_folder_is_checked_again(folder: Path, change: Callable[[Path], None]) -> None:
    change(folder)
    assert is_checked(folder)
    remember(folder)
    assert not is_checked(folder)


def test_what_became_wrong_is_found(folder: Path) -> None:
    (folder / "staff.csv").write_text("staff_id,role\nS1,sheriff\n", "utf-8")
    with pytest.raises(InputError, match=r"staff\.csv：第2行，“role”列"):
        open_facts(folder)


def test_a_removed_table_is_missed(folder: Path) -> None:
    (folder / "postings.csv").unlink()
    with pytest.raises(InputError, match="缺少必备的表"):
        open_facts(folder)


def test_another_contract_is_checked_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "_AGAINST", "of another contract")
    assert is_checked(folder)
    remember(folder)
    assert not is_checked(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"{}", b"7", b'{"files": {}}', b"{", b"\xff\xfe", b"[" * 200_000],
    ids=lambda content: str(content[:12]),
)
def test_nonsense_is_no_memory(folder: Path, content: bytes) -> None:
    (folder / FILE_NAME).write_bytes(content)
    assert is_checked(folder)


@pytest.mark.parametrize(
    "emptied",
    [None, 7, "events", [], {}, {"events": []}, True]
    + [
        dict.fromkeys((*SOUND, "villages"), columns)
        for columns in (None, 7, "unit_code", {"unit_code": 1}, [7], [None], [["unit_code"]])
    ],
    ids=str,
)
def test_a_memory_that_says_nothing_sensible_of_empty_texts_is_none(
    folder: Path, emptied: object
) -> None:
    known = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    (folder / FILE_NAME).write_text(json.dumps({**known, "emptied": emptied}), encoding="utf-8")
    assert is_checked(folder)
    del known["emptied"]
    (folder / FILE_NAME).write_text(json.dumps(known), encoding="utf-8")
    assert is_checked(folder)


def test_a_memory_that_is_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / FILE_NAME).unlink()
    os.mkfifo(folder / FILE_NAME)
    assert is_checked(folder)


def test_a_memory_that_may_not_be_read_is_none(folder: Path) -> None:
    with patch.object(Path, "read_text", side_effect=PermissionError):
        assert is_checked(folder)


def test_a_memory_that_is_a_folder_is_none(folder: Path) -> None:
    (folder / FILE_NAME).unlink()
    (folder / FILE_NAME).mkdir()
    assert is_checked(folder)


def test_what_is_noted_is_every_file_with_its_size(folder: Path) -> None:
    noted = json.loads((folder / FILE_NAME).read_text("utf-8"))
    assert set(noted["files"]) == {
        *("events.csv", "postings.csv", "staff.csv"),
        *("villages/0.parquet", "villages/1.parquet"),
    }
    assert noted["files"]["staff.csv"][0] == len(SOUND["staff"].encode())


def test_what_changes_while_it_is_checked_is_not_sound(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    with open_facts(tmp_path) as facts:
        append(tmp_path)
        facts.remember()
    assert is_checked(tmp_path)


def test_an_unsound_folder_is_not_remembered(tmp_path: Path) -> None:
    sound_folder(tmp_path, staff="staff_id,role\nS1,sheriff\n")
    with pytest.raises(InputError, match="sheriff"):
        remember(tmp_path)
    assert not (tmp_path / FILE_NAME).exists()


def test_a_check_by_command_never_trusts_the_memory(folder: Path) -> None:
    state = json.loads((folder / FILE_NAME).read_text("utf-8"))
    text = "staff_id,role\nS1,sheriff\nS2,sheriff\n"
    (folder / "staff.csv").write_text(text, "utf-8")
    found = (folder / "staff.csv").stat()
    state["files"]["staff.csv"] = [found.st_size, found.st_mtime_ns]
    (folder / FILE_NAME).write_text(json.dumps(state), "utf-8")
    open_facts(folder).close()
    with pytest.raises(InputError, match="sheriff"):
        check_facts(Namespace(folder=str(folder), remember=False))


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(RequestError, match=r"写不了“.*”，请检查权限"):
        remember(tmp_path)


def test_without_remember_nothing_is_written(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    text = check_facts(Namespace(folder=str(tmp_path), remember=False))
    assert text == f"{tmp_path}：没有问题\n"
    assert not (tmp_path / FILE_NAME).exists()
