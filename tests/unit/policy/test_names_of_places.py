"""The name of a folder or of a part is only a name: no pattern, no home, no column."""

from pathlib import Path
from shutil import copytree

import duckdb
import pytest
from pyarrow import parquet as pq
from tests.support.parquet_folders import write_parquet_folder

from cunjing.cli import main
from cunjing.policy.errors import RequestError
from cunjing.policy.facts import open_facts
from cunjing.policy.naming import writable_name
from cunjing.policy.records import EventRow

from .folders import sound_folder
from .province import WEST, made
from .test_parts import folder_of, read, refused, table

FOLDERS = {
    "a[1]": "a1",
    "a[!1]": "a2",
    "[a": "a",
    "a*": "ab",
    "**": "ab",
    "a?": "ab",
    "a[*]": "a*",
    "kind=village_visit": "kind=patrol",
    "local_date=2026-08-01": "x",
    "~": "x",
    "~root": "x",
    "file:": "x",
}
"""Odd names of folders, each with that of one beside it that is none of the odd one's business."""


def folder_with(folder: Path, event: str, *, parquet: bool) -> Path:
    """Sound facts whose only event is this one."""
    folder.mkdir(parents=True)
    if parquet:
        folder_of(folder, table(event))
        return folder
    return sound_folder(folder, events=f"event_id,kind,local_date\n{event},patrol,2026-09-01\n")


@pytest.mark.parametrize("parquet", [False, True])
@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_is_read_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, parquet: bool
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder_with(tmp_path / "home" / "facts", "at home", parquet=parquet)
    folder_with(tmp_path / FOLDERS[name] / "facts", "beside", parquet=parquet)
    folder_with(tmp_path / name / "facts", "here", parquet=parquet)
    monkeypatch.chdir(tmp_path)
    for place in (Path(name), tmp_path / name):
        with open_facts(place / "facts") as facts:
            (event,) = facts.rows(EventRow)
        assert (event.event_id, event.kind, event.local_date.month) == ("here", "patrol", 9)


def test_parts_are_each_read_once(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, table("a"), table("b"), table("c"), table("d"))
    names = ("p[1].parquet", "p1.parquet", "kind=x.parquet", "x\\p1.parquet")
    for number, name in enumerate(names):
        (folder / "events" / f"{number}.parquet").rename(folder / "events" / name)
    assert read(folder) == ["a", "b", "c", "d"]


def test_a_part_is_called_by_all_of_its_name(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, table("a"), table("a"))
    (folder / "events" / "1.parquet").rename(folder / "events" / "x\\0.parquet")
    assert refused(folder) == [
        "events/x\\0.parquet：第1行，“event_id”列："
        "“a”与 events/0.parquet 第1行重复，每个只能出现一次"
    ]


def test_what_the_engine_cannot_be_told_is_refused(tmp_path: Path) -> None:
    told = "路径里既有 \\ 又有 * ? [，读不了，请改名"
    folder = folder_of(tmp_path, table("a"))
    (folder / "events" / "0.parquet").rename(folder / "events" / "x\\[0].parquet")
    assert refused(folder) == [f"events/x\\[0].parquet：{told}"]
    odd = tmp_path / "x\\[0]"
    folder_with(odd, "a", parquet=False)
    assert refused(odd) == [f"{odd}：{told}"]
    with pytest.raises(RequestError, match="请改名"):
        writable_name(odd / "out.parquet")


def test_a_broken_part_is_told_from_the_one_its_name_would_fit(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, table("a"), b"PAR1")
    (folder / "events" / "1.parquet").rename(folder / "events" / "[0].parquet")
    (found,) = refused(folder)
    assert found.startswith("events/[0].parquet：文件读不出来")


def test_parts_unlike_each_other_are_told_in_an_odd_folder(tmp_path: Path) -> None:
    (tmp_path / "x[1]").mkdir()
    folder = folder_of(tmp_path / "x[1]", table("a"), table("b", void=[True]))
    (found,) = refused(folder)
    assert found.startswith("events/1.parquet：“void”列：events/0.parquet 里没有这一列")


def test_a_county_is_gathered_under_an_odd_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    county, name = tmp_path / "west", "kind=station[1]"
    county.mkdir()
    write_parquet_folder(county, made(WEST))
    copytree(county, tmp_path / name)
    for given in ("west", name):
        told = main(
            ["facts", "gather", str(tmp_path / given), "--out", str(tmp_path / "out" / given)]
        )
        assert told == 0, capsys.readouterr().err
    plain, odd = (
        pq.read_table(tmp_path / "out" / given / "units" / f"{given}.parquet", partitioning=None)
        for given in ("west", name)
    )
    assert odd.equals(plain)


@pytest.mark.parametrize("name", ["~", "~root", "file:", "a*", "kind=x"])
def test_results_go_where_they_are_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for folder in ("home", name):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    target = writable_name(Path(name) / "out.parquet").replace("'", "''")
    duckdb.execute(f"COPY (SELECT 1 AS a) TO '{target}' (FORMAT parquet)")
    assert (tmp_path / name / "out.parquet").is_file()
    pq.write_table(pq.ParquetFile(target).read(), target)
    assert list((tmp_path / "home").iterdir()) == []
