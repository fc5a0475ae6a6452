"""Counties' folders become one folder in parts: whole, sound and judged alike, or nothing."""

import os
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from tests.support.facts_tables import write_folder
from tests.support.parquet_folders import by_village

from cunjing.policy.facts import open_facts

from .province import (
    EAST,
    WEST,
    Change,
    Printed,
    Tables,
    add_a_visit,
    changed,
    contents,
    gathered,
    judged,
    made,
    refused,
    sent,
    take_a_village,
    take_an_event,
)


@pytest.fixture
def counties(tmp_path: Path) -> dict[str, Path]:
    """Two sound counties."""
    return sent(tmp_path)


def test_the_province_is_judged_as_its_counties(counties: dict[str, Path], tmp_path: Path) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    assert judged(out) == judged(*counties.values())
    assert len(judged(out)) > 50


def test_every_table_has_a_part_a_county(counties: dict[str, Path], tmp_path: Path) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    for table in ("villages", "units", "staff", "postings", "absences", "events", "sync"):
        assert [part.name for part in sorted((out / table).iterdir())] == [
            "east.parquet",
            "west.parquet",
        ]
    assert not (out / "marks").exists()
    codes = parquet.read_table(out / "villages" / "west.parquet")["village_code"].to_pylist()
    assert codes == sorted(row["village_code"] for row in made(WEST)["villages"])


def test_events_lie_by_village_date_and_id(counties: dict[str, Path], tmp_path: Path) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    for name, prefix in (("east", EAST), ("west", WEST)):
        rows = parquet.read_table(out / "events" / f"{name}.parquet").to_pylist()
        assert [row["event_id"] for row in rows] == [
            row["event_id"] for row in by_village(made(prefix)["events"])
        ]
        assert {
            str(kind) for kind in parquet.read_schema(out / "events" / f"{name}.parquet").types
        } == {"string", "date32[day]", "timestamp[us, tz=UTC]", "bool", "int64"}


def test_what_was_written_is_what_was_read(counties: dict[str, Path], tmp_path: Path) -> None:
    out = gathered(tmp_path / "province", *counties.values())

    def rows(*folders: Path) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for folder in folders:
            with open_facts(folder) as facts, facts.connect() as connection:
                found += connection.execute("SELECT * EXCLUDE object_no FROM events").fetchall()
                found += connection.execute("FROM sync").fetchall()
        return sorted(found, key=repr)

    assert rows(out) == rows(*counties.values())


def test_objects_are_numbered_whether_or_not_the_counties_did(
    counties: dict[str, Path], tmp_path: Path
) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    with open_facts(out) as facts, facts.connect() as connection:
        villages = connection.execute(
            "SELECT count(DISTINCT object_id), count(DISTINCT object_no), max(object_no) + 1 "
            "FROM events WHERE object_id IS NOT NULL AND village_code IS NOT NULL "
            "GROUP BY village_code"
        ).fetchall()
    assert villages
    assert all(objects == numbers == most for objects, numbers, most in villages)


def test_the_folder_is_remembered_as_sound(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    assert capsys.readouterr().out == f"{out}：共 2 个县，这次收了 2 个，没有问题，已记下\n"
    monkeypatch.setattr("cunjing.policy.facts.checks.check_values", None)
    open_facts(out).close()


def test_an_empty_folder_may_stand_there_already(counties: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "province").mkdir()
    out = gathered(tmp_path / "province", *counties.values())
    assert (out / "checked.json").exists()


def test_names_of_counties_are_only_names(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("o'k 县", "浏阳.市", "[0-9]*")]
    for folder, prefix in zip(folders, (EAST, WEST, "430183"), strict=True):
        folder.mkdir()
        write_folder(folder, made(prefix))
    out = gathered(tmp_path / "province", *folders)
    assert judged(out) == judged(*folders)


def test_a_county_with_mistakes_is_named_with_its_file(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed
) -> None:
    def spoil(tables: Tables) -> None:
        tables["staff"][1]["role"] = "sheriff"

    changed(counties["east"], EAST, spoil)
    (counties["west"] / "staff.parquet").unlink()
    found = refused(capsys, tmp_path / "province", *counties.values())
    assert found[0].startswith("east/staff.csv：第3行，“role”列：“sheriff”应为以下之一")
    assert found[1].startswith("west/staff.csv：缺少必备的表")
    assert not (tmp_path / "province").exists()


def test_a_county_is_never_taken_at_its_word(
    counties: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_facts(counties["east"]) as facts:
        facts.remember()
    monkeypatch.setattr("cunjing.policy.facts.known_sound", None)
    gathered(tmp_path / "province", *counties.values())


def test_files_that_are_no_tables_are_reported(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed
) -> None:
    (counties["east"] / "absence.csv").write_text("staff_id\n", "utf-8")
    gathered(tmp_path / "province", *counties.values())
    assert capsys.readouterr().err == "注意：east/absence.csv 不是已知的表，没有读\n"


def test_replacing_a_county_touches_no_other(counties: dict[str, Path], tmp_path: Path) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    before = contents(out)
    changed(counties["east"], EAST, add_a_visit)
    gathered(out, counties["east"], more=("--replace",))
    after = contents(out)
    assert before.keys() == after.keys()
    for name in before:
        if "west" in name and "villages" not in name and "units" not in name:
            assert after[name] == before[name]
        elif "west" in name:
            assert after[name][0] == before[name][0]
    assert after["events/east.parquet"] != before["events/east.parquet"]
    assert judged(out) == judged(*counties.values())
    assert [path.name for path in out.parent.iterdir()].count("province") == 1


def test_a_county_may_be_added(counties: dict[str, Path], tmp_path: Path, capsys: Printed) -> None:
    out = gathered(tmp_path / "province", counties["east"])
    gathered(out, counties["west"], more=("--replace",))
    assert capsys.readouterr().out.endswith("共 2 个县，这次收了 1 个，没有问题，已记下\n")
    assert judged(out) == judged(*counties.values())


def test_a_table_a_county_no_longer_sends_is_gone(
    counties: dict[str, Path], tmp_path: Path
) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    for name, table in (("east", "absences"), ("west", "absences"), ("west", "units")):
        for path in counties[name].glob(f"{table}.*"):
            path.unlink()
        gathered(out, counties[name], more=("--replace",))
    assert not (out / "absences").exists()
    assert [part.name for part in (out / "units").iterdir()] == ["east.parquet"]
    assert judged(out) == judged(*counties.values())


@pytest.mark.parametrize("change", [take_a_village, take_an_event])
def test_a_replacement_that_is_refused_changes_nothing(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed, change: Change
) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    capsys.readouterr()
    changed(counties["west"], WEST, change)
    refused(capsys, out, counties["west"], more=("--replace",))


def test_a_place_whose_name_is_in_another_encoding_is_refused(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed
) -> None:
    out = tmp_path / os.fsdecode("县".encode("gbk"))
    (message,) = refused(capsys, out, counties["west"])
    assert "”名字不是 UTF-8 编码的" in message
    assert not out.exists()


def test_a_part_cannot_be_written(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    capsys.readouterr()
    monkeypatch.setattr("cunjing.policy.gather._place", lambda *_: tmp_path / "no" / "where" / "x")
    (message,) = refused(capsys, out, counties["west"], more=("--replace",))
    assert message.startswith(f"命令：写不了“{out}”，请检查文件夹、权限和空间")


def test_a_folder_that_cannot_be_put_in_place_leaves_the_former(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = gathered(tmp_path / "province", *counties.values())
    capsys.readouterr()
    rename, moves = Path.rename, list[Path]()

    def once(self: Path, target: Path) -> Path:
        moves.append(self)
        if len(moves) == 2:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", once)
    refused(capsys, out, counties["west"], more=("--replace",))
    assert len(moves) == 3


def test_where_files_have_one_name_only_they_are_copied(
    counties: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    out = gathered(tmp_path / "province", *counties.values())
    before = contents(out)["staff/west.parquet"]
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    gathered(out, counties["east"], more=("--replace",))
    assert contents(out)["staff/west.parquet"] == before


def test_requests_that_make_no_sense_are_refused(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed
) -> None:
    out, east = tmp_path / "province", counties["east"]
    twin = tmp_path / "twin" / "east"
    twin.mkdir(parents=True)
    own = tmp_path / "_several"
    own.mkdir()
    cases: list[tuple[tuple[Path, ...], tuple[str, ...], str]] = [
        ((tmp_path / "nowhere",), (), "没有文件夹"),
        ((east / "staff.csv",), (), "没有文件夹"),
        ((east, twin), (), "有两个文件夹都叫“east”"),
        ((own,), (), "不能作县的名字"),
        ((Path("/"),), (), "不能作县的名字"),
        ((east,), ("--replace",), "不是收成的文件夹"),
    ]
    for folders, more, words in cases:
        (message,) = refused(capsys, out, *folders, more=more)
        assert words in message
    for taken in (counties["west"], counties["east"] / "staff.csv"):
        (message,) = refused(capsys, taken, east)
        assert "已经有内容" in message
