"""A match folder is checked from its files alone, and refused when anything in it was changed."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.support.matching_problems import random_problem

from cunjing.cli import main
from cunjing.planning.matching import priced
from cunjing.planning.matching.certificate import NAME, digest_of, file_digest
from cunjing.planning.matching.output import Plan, write_match
from cunjing.planning.matching.problem import make_problem
from cunjing.planning.matching.solve import solve
from cunjing.planning.matching.verify import verify_match
from cunjing.policy.errors import InputError

V1, V2, V3 = "410000000001", "410000000002", "410000000003"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small match with everything in it: a pin, a holder, a move, a vacancy."""
    problem = make_problem(
        pairs=[("A", V1, 10), ("A", V2, 30), ("B", V1, -5), ("B", V2, 7)],
        slots={"A": [0, 5], "B": [1]},
        vacant=500,
        villages=[V3],
        pins=[("B", V2)],
        current={V1: "B", V2: "B"},
        stability=3,
    )
    write_match(tmp_path / "out", Plan(problem, solve(problem)))
    return tmp_path / "out"


@pytest.mark.parametrize("number", range(40))
def test_what_is_written_is_accepted(number: int, tmp_path: Path) -> None:
    problem = random_problem(number)
    solution = solve(problem)
    write_match(tmp_path / "out", Plan(problem, solution))
    certificate = verify_match(tmp_path / "out")
    assert (certificate.primal, certificate.dual) == (solution.primal, solution.primal)


def test_many_pairs_are_kept_as_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priced, "MANY_PAIRS", 1)
    problem = random_problem(7)
    write_match(tmp_path / "out", Plan(problem, solve(problem)))
    assert (tmp_path / "out" / "pairs.parquet").is_file()
    assert not (tmp_path / "out" / "pairs.csv").exists()
    verify_match(tmp_path / "out")
    (tmp_path / "out" / "pairs.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"pairs\.parquet"):
        verify_match(tmp_path / "out")


def test_any_cell_of_any_table_that_is_changed_is_found(folder: Path) -> None:
    changed = 0
    for path in sorted(folder.glob("*.csv")):
        whole = path.read_bytes()
        rows = list(csv.reader(whole.decode().splitlines()))
        for line, row in enumerate(rows):
            for place in range(len(row)):
                other = [list(one) for one in rows]
                other[line][place] = _other(row[place])
                path.write_text("".join(",".join(one) + "\n" for one in other), encoding="utf-8")
                with pytest.raises(InputError):
                    verify_match(folder)
                changed += 1
        path.write_bytes(whole)
    assert changed > 40
    verify_match(folder)


@pytest.mark.parametrize(
    ("name", "line", "instead", "said"),
    [
        ("assignment.csv", f"{V1},A,10,true", f"{V1},B,-5,false", "与方案的总分不符"),
        ("assignment.csv", f"{V1},A,10,true", f"{V1},A,9,true", "与 pairs 里的分值不符"),
        ("assignment.csv", f"{V1},A,10,true", f"{V1},A,10,false", "与 current 对不上"),
        ("assignment.csv", f"{V2},B,7,false", f"{V2},A,30,true", "没有照 pins 办"),
        ("assignment.csv", f"{V1},A,10,true", "", f"没有 {V1}"),
        ("assignment.csv", f"{V1},A,10,true", f"{V3},A,10,true", "不能去"),
        ("vacant.csv", f"{V3},", f"{V1},", "已经有人"),
        ("pairs.csv", f"A,{V1},10", f"A,{V1},9", "与 pairs 里的分值不符"),
        ("pairs.csv", f"A,{V1},10", f"A,{V2},10", "重复"),
        ("slots.csv", "A,1,0", "A,1,-7", "与方案的总分不符"),
        ("villages.csv", f"{V3},500", f"{V3},400", "与方案的总分不符"),
        ("pins.csv", f"B,{V2}", f"A,{V2}", "没有照 pins 办"),
        ("current.csv", f"{V1},B", f"{V1},A", "与 current 对不上"),
    ],
)
def test_a_change_whose_digests_are_made_anew_is_refused_by_arithmetic(
    folder: Path, name: str, line: str, instead: str, said: str
) -> None:
    text = (folder / name).read_text("utf-8")
    assert line in text
    changed = text.replace(line + "\n" if not instead else line, instead)
    (folder / name).write_text(changed, encoding="utf-8")
    _seal(folder)
    with pytest.raises(InputError, match=said):
        verify_match(folder)


def test_a_plan_that_is_not_the_cheapest_cannot_be_proven(tmp_path: Path) -> None:
    pairs = [("A", V1, 10), ("B", V1, 30)]
    problem = make_problem(pairs=pairs, slots={"A": [0], "B": [0]}, vacant=500)
    write_match(tmp_path / "out", Plan(problem, solve(problem)))
    path = tmp_path / "out" / "assignment.csv"
    path.write_text(path.read_text("utf-8").replace("A,10", "B,30"), encoding="utf-8")
    said = json.loads((tmp_path / "out" / NAME).read_text("utf-8"))
    said |= {"primal": 30, "dual": 30}
    said["potentials"] = {"villages": {V1: 30}, "staff": {"A": 0, "B": 0}}
    (tmp_path / "out" / NAME).write_text(json.dumps(said), encoding="utf-8")
    _seal(tmp_path / "out")
    with pytest.raises(InputError, match="A 去 410000000001 比价格允许的更便宜"):
        verify_match(tmp_path / "out")


def test_every_number_of_the_certificate_counts(folder: Path) -> None:
    said = json.loads((folder / NAME).read_text("utf-8"))
    places: list[tuple[Any, Any]] = [(said, key) for key in ("stability", "primal", "dual", "gap")]
    for kind in ("villages", "staff"):
        places += [(said["potentials"][kind], key) for key in said["potentials"][kind]]
    places += [(said["digests"], key) for key in said["digests"]] + [(said, "digest")]
    for holder, key in places:
        before = holder[key]
        holder[key] = before + 1 if isinstance(before, int) else "0" * 64
        (folder / NAME).write_text(json.dumps(said), encoding="utf-8")
        with pytest.raises(InputError):
            verify_match(folder)
        holder[key] = before
    (folder / NAME).write_text(json.dumps(said), encoding="utf-8")
    verify_match(folder)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("stability",), -1, "内容不对"),
        (("about",), [[1, 2]], "内容不对"),
        (("digests", "pairs.csv"), None, "内容不对"),
        (("potentials", "villages", "X"), 1, "不在这个问题里"),
        (("potentials", "staff", "X"), 1, "不在这个问题里"),
        (("potentials", "staff", "A"), 1.0, "应都是整数"),
        (("balance",), {"price": 0, "highest": 0, "objective": 0, "bound": 0}, "读不出来"),
    ],
)
def test_a_certificate_that_says_what_none_may_is_refused(
    folder: Path, place: tuple[str, ...], value: object, said: str
) -> None:
    whole = json.loads((folder / NAME).read_text("utf-8"))
    inside = whole
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    whole["digest"] = digest_of({key: whole[key] for key in whole if key != "digest"})
    (folder / NAME).write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        verify_match(folder)


def test_a_folder_in_place_of_a_file_is_found(folder: Path) -> None:
    (folder / "slots.csv").unlink()
    (folder / "slots.csv").mkdir()
    with pytest.raises(InputError, match=r"slots\.csv：与证书里的摘要不符"):
        verify_match(folder)


def test_files_that_went_or_came_are_found(folder: Path) -> None:
    pins = (folder / "pins.csv").read_bytes()
    (folder / "pins.csv").unlink()
    with pytest.raises(InputError, match=r"pins\.csv：文件不见了"):
        verify_match(folder)
    (folder / "pins.csv").write_bytes(pins)
    (folder / "reasons.csv").write_text("village_code,staff_id,rule,points\n", encoding="utf-8")
    with pytest.raises(InputError, match="后来放进来的"):
        verify_match(folder)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "nonsense", '{"format": "cunjing-match-1"}', "[" * 100_000]
)
def test_a_certificate_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"certificate\.json"):
        verify_match(folder)


def test_the_command_says_so_and_ends_with_two(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", "verify", str(folder)]) == 0
    assert "核对无误" in capsys.readouterr().out
    text = (folder / "vacant.csv").read_text("utf-8")
    (folder / "vacant.csv").write_text(text.replace("没有一个", "有一个"), encoding="utf-8")
    assert main(["match", "verify", str(folder)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, "vacant.csv" in captured.err) == ("", True)
    assert main(["match", "verify", str(folder / "nowhere")]) == 2


def test_no_solver_is_loaded_to_verify() -> None:
    code = "import sys, cunjing.planning.matching.verify_command; print('ortools' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout == "False\n"


def _other(cell: str) -> str:
    """Another cell of the same kind."""
    if cell.lstrip("-").isdigit() and len(cell) < len(V1):
        return str(int(cell) - 1)
    swaps = {"A": "B", "B": "A", V1: V2, V2: V3, V3: V1, "true": "false", "false": "true"}
    return swaps.get(cell, cell + "x")


def _seal(folder: Path) -> None:
    """Make all digests fit, as somebody who cheats would."""
    said = json.loads((folder / NAME).read_text("utf-8"))
    said["digests"] = {name: file_digest(folder / name) for name in said["digests"]}
    said["digest"] = digest_of({key: said[key] for key in said if key != "digest"})
    (folder / NAME).write_text(json.dumps(said), encoding="utf-8")
