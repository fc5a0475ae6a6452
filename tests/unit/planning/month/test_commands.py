"""`cunjing plan` and `cunjing plan check`, from a folder of facts to a folder of files."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cunjing.cli import main

TABLES = {
    "villages": "village_code,name\n341102001201,山后\n341102001202,河东\n341102002201,外乡\n",
    "units": (
        "unit_code,kind,division_code\nU1,station,341102001\nU2,station,341102002\n"
        "C1,county,341102\nB1,bureau_unit,\n"
    ),
    "staff": (
        "staff_id,role,unit_code\nS1,liaison_officer,U1\nS2,liaison_officer,B1\n"
        "S3,liaison_officer,U2\nS4,security_director,U1\n"
    ),
    "postings": (
        "posting_id,village_code,staff_id,role,valid_from\n"
        "P1,341102001201,S1,liaison_officer,2026-01-01\n"
        "P2,341102001202,S2,liaison_officer,2026-01-01\n"
        "P3,341102002201,S3,liaison_officer,2026-01-01\n"
        "P4,341102001201,S4,security_director,2026-01-01\n"
    ),
    "events": "event_id,kind,local_date\n",
    "absences": "staff_id,kind,date_from,date_to\nS1,leave,2026-10-01,2026-10-11\n",
    "needs": (
        "household_id,village_code,hamlet_id,prize,window_from,window_to\n"
        "H1,341102001201,G1,10,09:00,11:00\n=H2,341102001201,G1,20,,\nH3,341102002201,,5,,\n"
    ),
    "cars": "car_id,unit_code\nK1,U1\nK2,U2\n",
    "calendar": "date,working,market\n2026-10-14,,true\n",
}
FILES = ("days.csv", "left_out.csv", "notes.csv", "plan.json", "visits.csv")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    folder = tmp_path / "facts"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "quick.toml").write_text(
        "[effort]\niterations = 40\ncalendar = 0.1\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def run(facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str, unit: str = "U1", out: str = "out") -> tuple[int, str, str]:
        where = ("--facts", str(facts), "--out", str(tmp_path / out))
        quick = ("--options", str(tmp_path / "quick.toml"))
        status = main(["plan", *where, "--month", "2026-10", "--unit", unit, *quick, *words])
        output = capsys.readouterr()
        return status, output.out, output.err

    return call


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_has_the_documented_files(run: Run, tmp_path: Path) -> None:
    status, text, _ = run()
    out = tmp_path / "out"
    assert status == 0
    assert tuple(sorted(path.name for path in out.iterdir())) == FILES
    assert "本计划是建议，可以调整，不作为考核依据" in text
    assert {row["staff_id"] for row in rows(out / "days.csv")} == {"S1", "S2"}
    assert {row["household_id"] for row in rows(out / "visits.csv")} == {"H1", "'=H2"}
    assert "2026-10-14" in {row["date"] for row in rows(out / "days.csv")}
    notes = rows(out / "notes.csv")
    assert [note["text"] for note in notes] == ["上旬少1天进村，没有可用的日子：请假"]


def test_a_plan_that_was_written_passes_the_check(
    run: Run, facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    assert main(["plan", "check", str(tmp_path / "out"), "--facts", str(facts)]) == 0
    assert "没有问题" in capsys.readouterr().out


def test_a_plan_that_was_changed_fails_the_check_by_row_and_column(
    run: Run, facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    path = tmp_path / "out/days.csv"
    lines = path.read_text("utf-8").splitlines()
    row = next(index for index, line in enumerate(lines) if ",S1," in line)
    lines[row] = "2026-10-09" + lines[row][10:]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["plan", "check", str(tmp_path / "out"), "--facts", str(facts)]) == 2
    assert f"days.csv：第{row + 1}行，“date”列：这天此人请假" in capsys.readouterr().err


def test_a_check_says_when_the_facts_have_changed(
    run: Run, facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    (facts / "cars.csv").write_text("car_id,unit_code\nK1,U1\nK3,U1\nK4,B1\n", encoding="utf-8")
    assert main(["plan", "check", str(tmp_path / "out"), "--facts", str(facts)]) == 0
    assert "事实改过" in capsys.readouterr().err


def test_twice_the_same_bytes(run: Run, tmp_path: Path) -> None:
    run(out="one")
    run(out="two")
    for name in FILES:
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two


def test_a_plan_takes_the_place_of_an_earlier_one(run: Run, tmp_path: Path) -> None:
    run()
    assert run(unit="U2")[0] == 0
    assert {row["staff_id"] for row in rows(tmp_path / "out/days.csv")} == {"S3"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_county_unit_plans_everybody(run: Run, tmp_path: Path) -> None:
    run(unit="C1")
    assert {row["staff_id"] for row in rows(tmp_path / "out/days.csv")} == {"S1", "S2", "S3"}


def test_a_bureau_unit_plans_whom_it_employs(run: Run, tmp_path: Path) -> None:
    run(unit="B1")
    assert {row["staff_id"] for row in rows(tmp_path / "out/days.csv")} == {"S2"}


def test_a_policy_says_how_often(run: Run, tmp_path: Path) -> None:
    run("--policy", "bozhou-2014")
    summary = json.loads((tmp_path / "out/plan.json").read_text("utf-8"))
    assert summary["policy"]["id"] == "bozhou-2014"
    aim = summary["options"]["aims"]["liaison_officer"]
    assert (aim["month_days"], aim["households"]) == (2, 20)
    assert aim["source"] == "quick.toml, bozhou-2014 visit-days, bozhou-2014 household-visits"
    causes = {row["cause"] for row in rows(tmp_path / "out/notes.csv")}
    assert "households_short" in causes


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--unit", "U9"], "没有单位“U9”"),
        (["--month", "2026-13"], "“2026-13”不是月份"),
        (["--month", "2026-Q3"], "“2026-Q3”不是月份"),
        (["--policy", "nowhere"], "nowhere"),
        (["--options", "none.toml"], "none.toml"),
        (["--facts", "nowhere"], "没有这个文件夹"),
        (["--out", ""], "缺少 --out"),
    ],
)
def test_a_bad_request_is_said_and_nothing_written(
    run: Run, tmp_path: Path, words: list[str], message: str
) -> None:
    status, text, error = run(*words)
    assert (status, text) == (2, "")
    assert message in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("table", "text", "message"),
    [
        (
            "needs",
            "household_id,village_code,prize,window_from,window_to\n"
            "H1,341102001201,1,09:00,11:00\nH2,341102001201,1,11:00,09:00\n",
            "needs.csv：第3行，“window_to”列：“H2”的止时",
        ),
        (
            "needs",
            "household_id,village_code,prize\nH1,341102001201,many\n",
            "needs.csv：第2行，“prize”列",
        ),
        ("cars", "car_id,unit\nK1,U1\n", "cars.csv"),
        ("calendar", "date,working\n2026-10-40,true\n", "calendar.csv：第2行，“date”列"),
    ],
)
def test_bad_facts_are_named_by_file_row_and_column(
    run: Run, facts: Path, table: str, text: str, message: str
) -> None:
    (facts / f"{table}.csv").write_text(text, encoding="utf-8")
    status, _, error = run()
    assert status == 2
    assert message in error
    assert not (facts.parent / "out").exists()


def test_a_folder_of_something_else_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/letter.txt").write_text("mine", encoding="utf-8")
    status, _, error = run()
    assert status == 2
    assert "已经有别的内容" in error
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_the_command_alone_says_what_it_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan"]) == 2
    assert "缺少 --facts、--month、--unit、--out" in capsys.readouterr().err
