"""What bears a table's name is read or refused, never passed over."""

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

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
    "a space at the end": ("absences.csv ", _written, "不能有空格和全角字，应为 absences.csv"),
    "a space within": ("absences .CSV", _written, "不能有空格和全角字，应为 absences.csv"),
    "wide letters": ("absences．ｃｓｖ", _written, "不能有空格和全角字，应为 absences.csv"),
    "a folder with a space": ("absences ", Path.mkdir, "不能有空格和全角字，应为 absences"),
    "a spreadsheet": ("absences.xlsx", _written, "请另存为 absences.csv（CSV UTF-8）"),
    "a spreadsheet in capitals": ("Absences.XLS", _written, "请另存为 absences.csv（CSV UTF-8）"),
    "a text": ("absences.txt", _written, "请另存为 absences.csv（CSV UTF-8）或 absences.parquet"),
    "a text called CSV": ("absences.csv.txt", _written, "请另存为 absences.csv"),
    "tabs": ("absences.tsv", _written, "；用不着就移走"),
    "packed": ("absences.csv.gz", _written, "是压缩的，请解开成 absences.csv 或 absences.parquet"),
    "packed Parquet": ("absences.zip", _written, "；用不着就移走"),
    "a suffix twice": ("absences.csv.csv", _written, "后缀写了两次，应为 absences.csv"),
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


def test_a_required_table_in_another_format_is_not_called_missing_too(tmp_path: Path) -> None:
    (sound_folder(tmp_path) / "events.csv").rename(tmp_path / "events.xlsx")
    told = "不是能读的格式，请另存为 events.csv（CSV UTF-8）或 events.parquet；用不着就移走"
    assert refused(tmp_path) == [f"events.xlsx：{told}"]


def test_what_lies_beside_a_table_in_another_format_is_mentioned(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    strays = ("events.csv.gz", "events.xlsx", "staff.txt")
    for name in (*strays, "notes.txt", "events.csv.bak", "readme.xlsx", ".events.csv.swp"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    with open_facts(tmp_path) as facts:
        assert facts.unread == strays


def test_what_is_no_format_of_tables_is_no_table(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    for name in ("calendar.ics", "sync.log", "marks.md", "absences.csv.bak", "~$absences.xlsx"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    with open_facts(tmp_path) as facts:
        assert facts.unread == ()


def test_parts_in_another_format_are_refused_or_mentioned(tmp_path: Path) -> None:
    sound_folder(tmp_path)
    (tmp_path / "sync").mkdir()
    table = pa.table({"staff_id": ["S1"], "last_sync_at": pa.array([0], pa.timestamp("us", "UTC"))})
    parquet.write_table(table, tmp_path / "sync" / "a.parquet")
    for name in (
        "_SUCCESS",
        ".a.parquet.crc",
        "_metadata",
        "a.parquet.gz",
        "b.xlsx",
        "c.csv.gz",
        "d.csv",
    ):
        (tmp_path / "sync" / name).write_bytes(b"")
    with open_facts(tmp_path) as facts:
        assert facts.unread == (
            "sync/a.parquet.gz",
            "sync/b.xlsx",
            "sync/c.csv.gz",
            "sync/d.csv",
        )
    for name in ("e.parquet ", "f.parquet.gz"):
        (tmp_path / "sync" / name).write_bytes(b"")
    assert refused(tmp_path) == [
        "sync/e.parquet ：后缀里不能有空格和全角字，应为 .parquet",
        "sync/f.parquet.gz：是压缩的，请解开成 .parquet；用不着就移走",
    ]
