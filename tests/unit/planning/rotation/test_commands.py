"""`match rotate` as people type it."""

import csv
from pathlib import Path

import pytest

from cunjing.cli import main

A, B = "341302100200", "341302100201"
FACTS = {
    "villages": f"village_code,name\n{A},甲\n{B},乙\n",
    "staff": f"staff_id,role,home_village_code\nX,village_auxiliary,{A}\nY,village_auxiliary,{A}\n",
    "postings": "posting_id,village_code,staff_id,role,valid_from,valid_to\n"
    f"G1,{B},X,village_auxiliary,2024-10-15,\n",
    "events": "event_id,kind,local_date\n",
    "candidates": "staff_id,capacity\nX,1\nY,1\n",
}


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """The words of a sound request."""
    folder = tmp_path / "facts"
    folder.mkdir()
    for name, text in FACTS.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    words = ["match", "rotate", "--facts", str(folder), "--policy", "suzhou-2021"]
    words += ["--role", "village_auxiliary", "--as-of", "2026-09-01"]
    return [*words, "--out", str(tmp_path / "out")]


def test_the_rotation_is_written_with_what_cannot_be(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(asked) == 0
    assert "1人任期将满，换1村次；有12个村月排不出人" in capsys.readouterr().out
    with (tmp_path / "out" / "handovers.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file))[1:] == [["2026-11-01", B, "X", "Y", "任期已满，应当交流"]]
    with (tmp_path / "out" / "uncovered.csv").open(encoding="utf-8") as file:
        assert {row[1] for row in list(csv.reader(file))[1:]} == {A}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--months", "0"], "--months 应在"),
        (["--role", "x"], "应为以下之一"),
        (["--as-of", "9999-12-31"], "--as-of 应在"),
    ],
)
def test_what_is_asked_wrongly(
    asked: list[str], more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, *more]) == 2
    assert said in capsys.readouterr().err
