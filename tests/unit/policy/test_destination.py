"""A result takes the place of nothing it is made of, and not of the file the output goes to."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from tests.support.parquet_folders import write_part

from cunjing.cli import BAD_INPUT, main
from cunjing.policy.loader import SHIPPED

from .folders import sound_folder

ASKED = ("--period", "2026-09", "--as-of", "2026-10-08")
COMMANDS = {
    "assess": ("assess", *ASKED),
    "assess counts": ("assess", *ASKED, "--format", "counts"),
    "assess parquet": ("assess", *ASKED, "--format", "parquet"),
    "explain": ("explain", *ASKED, "--rule", "visit-days", "--subject", "P1"),
    "whatif": ("policy", "whatif", *ASKED, "--set", "visit-days=3"),
}
PROGRAM = "import sys; from cunjing.cli import main; sys.exit(main())"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with sound facts, a policy, a county's own upon it, and a link to a table."""
    folder = tmp_path / "facts"
    folder.mkdir()
    sound_folder(folder)
    (folder / "staff.csv").rename(tmp_path / "people.csv")
    (folder / "staff.csv").symlink_to(tmp_path / "people.csv")
    copytree(SHIPPED / "bozhou-2014", tmp_path / "city")
    (tmp_path / "county").mkdir()
    own = "id: county\ntitle: 县里的\ninherits: city\n"
    (tmp_path / "county" / "policy.yaml").write_text(own, encoding="utf-8")
    return tmp_path


def contents(place: Path) -> dict[str, bytes]:
    """All there is, by name."""
    files = (path for path in sorted(place.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in files}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("facts/events.csv", "是事实文件夹里要读的文件"),
        ("facts/absences.csv", "是事实文件夹里要读的文件"),
        ("facts/Absences.parquet", "是事实文件夹里要读的文件"),
        ("facts/sync/1.parquet", "是事实文件夹里要读的文件"),
        ("facts/checked.json", "是事实文件夹里要读的文件"),
        ("facts/../people.csv", "是事实文件夹里要读的文件"),
        ("county/policy.yaml", "是这次用的政策"),
        ("city/policy.yaml", "是这次用的政策"),
        ("city/cases/visit-days.yaml", "是这次用的政策"),
    ],
)
def test_what_a_result_is_made_of_is_not_replaced(
    place: Path, capsys: pytest.CaptureFixture[str], command: str, out: str, words: str
) -> None:
    before = contents(place)
    given = ("--policy", str(place / "county"), "--facts", str(place / "facts"))
    assert main([*COMMANDS[command], *given, "--out", str(place / out)]) == BAD_INPUT
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.startswith(f"命令：“{place / out}”{words}")
    assert contents(place) == before


def test_no_part_is_added_to_a_table_whose_folder_is_a_link(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = place / "elsewhere"
    parts.mkdir()
    write_part(parts / "1.parquet", "sync", [])
    (place / "facts" / "sync").symlink_to(parts)
    given = ("--policy", str(place / "county"), "--facts", str(place / "facts"))
    out = str(parts / "2.parquet")
    assert main([*COMMANDS["assess parquet"], *given, "--out", out]) == BAD_INPUT
    assert "是事实文件夹里要读的文件" in capsys.readouterr().err
    assert [path.name for path in parts.iterdir()] == ["1.parquet"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("out", ["facts/verdicts.csv", "county/out.csv", "city/cases/out", "link"])
def test_beside_it_a_result_may_lie(place: Path, command: str, out: str) -> None:
    (place / "link").symlink_to(place / "out.txt")
    given = ("--policy", str(place / "county"), "--facts", str(place / "facts"))
    assert main([*COMMANDS[command], *given, "--out", str(place / out)]) == 0
    assert (place / out).stat().st_size > 0


def test_of_a_draft_and_of_a_difference_both_policies_are_kept(place: Path) -> None:
    before = contents(place)
    city, county = str(place / "city"), str(place / "county" / "policy.yaml")
    given = ("--facts", str(place / "facts"), *ASKED)
    for out in (county, str(place / "city" / "policy.yaml")):
        for command in (
            ("policy", "whatif", "--policy", city, "--draft", county, *given),
            ("policy", "diff", city, county),
            ("policy", "diff", county, city),
            ("assess", "--policy", city, "--policy", county, *given),
        ):
            assert main([*command, "--out", out]) == BAD_INPUT
    assert contents(place) == before


@pytest.mark.parametrize(
    "out", ["/dev/stdout", "/dev/stderr", "/dev/fd/1", "/proc/self/fd/2", "log"]
)
def test_the_file_the_output_goes_to_is_not_replaced(place: Path, out: str) -> None:
    log = place / "log"
    command = [sys.executable, "-c", PROGRAM, "policy", "diff", "county", "city", "--out", out]
    with log.open("a", encoding="utf-8") as stream:
        stream.write("earlier\n")
        stream.flush()
        number = log.stat().st_ino
        done = subprocess.run(  # noqa: S603 - our own program
            command, stdout=stream, stderr=stream, cwd=place, check=False
        )
    assert (done.returncode, log.stat().st_ino) == (BAD_INPUT, number)
    told = f"earlier\n命令：“{out}”是这次命令的输出已经去的文件，请去掉 --out，或换个名字\n"
    assert log.read_text(encoding="utf-8") == told


def test_another_place_may_be_written_where_the_output_is_closed(place: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, "policy", "diff", "county", "city", "--out", "out"]
    done = subprocess.run(  # noqa: S603 - our own program
        ["/bin/sh", "-c", '"$@" 2>&-', "sh", *command], cwd=place, check=False
    )
    assert done.returncode == 0
    assert (place / "out").stat().st_size > 0
