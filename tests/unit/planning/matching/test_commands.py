"""`match` and its parts as people type them: files in, a folder out, mistakes in Chinese."""

import csv
import json
from pathlib import Path

import pytest

from cunjing.cli import main

V1, V2, V3 = "341302100200", "341302100201", "341302101200"
PAIRS = f"staff_id,village_code,points\nA,{V1},10\nA,{V2},30\nB,{V1},20\n"
SLOTS = "staff_id,slot,points\nA,1,0\nA,2,5\nB,1,0\n"
FACTS = {
    "villages": f"village_code,name\n{V1},甲\n{V2},乙\n{V3},丙\n",
    "staff": "staff_id,role,home_village_code\n"
    f"P1,liaison_officer,\nP2,liaison_officer,\nX1,village_auxiliary,{V1}\n",
    "postings": "posting_id,village_code,staff_id,role,valid_from,valid_to\n"
    f"G1,{V1},P1,liaison_officer,2026-01-01,\n",
    "events": "event_id,kind,local_date\n",
    "candidates": "staff_id,unit_kind,capacity\nP1,traffic,1\nP2,criminal,1\nX1,,1\n",
    "wishes": f"staff_id,village_code,rank\nP1,{V2},1\n",
}
BY_PRICES = ["match", "--pairs", "x", "--slots", "y", "--out", "o"]
BY_FACTS = ["--policy", "suzhou-2021", "--as-of", "2026-09-01", "--role"]


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def prices(folder: Path, *more: str) -> list[str]:
    named = ["--pairs", str(folder / "pairs.csv"), "--slots", str(folder / "slots.csv")]
    return ["match", *named, "--vacant", "5000", *more]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_anybodys_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, pairs=PAIRS, slots=SLOTS)
    out = tmp_path / "out"
    assert main(prices(tmp_path, "--out", str(out))) == 0
    assert "2个有人，0个空缺" in capsys.readouterr().out
    assert rows(out / "assignment.csv") == [[V1, "A", "10", "false"], [V2, "A", "30", "false"]]
    said = json.loads((out / "certificate.json").read_text("utf-8"))
    assert (said["primal"], said["dual"], said["gap"]) == (45, 45, 0)
    assert main(["match", "verify", str(out)]) == 0


def test_the_same_input_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    one = write(tmp_path / "one", pairs=PAIRS, slots=SLOTS)
    head, *lines = PAIRS.splitlines()
    other = write(tmp_path / "two", pairs="\n".join([head, *reversed(lines)]) + "\n", slots=SLOTS)
    found = []
    for folder in (one, other):
        assert main(prices(folder, "--out", str(folder / "out"))) == 0
        found.append({path.name: path.read_bytes() for path in (folder / "out").iterdir()})
    assert found[0] == found[1]


def test_tables_with_a_header_alone_are_sound(tmp_path: Path) -> None:
    write(tmp_path, pairs=PAIRS.splitlines()[0] + "\n", slots=SLOTS.splitlines()[0] + "\n")
    out = tmp_path / "out"
    assert main(prices(tmp_path, "--out", str(out))) == 0
    assert (rows(out / "assignment.csv"), rows(out / "vacant.csv")) == ([], [])
    assert main(["match", "verify", str(out)]) == 0


def test_the_folders_above_are_made(tmp_path: Path) -> None:
    write(tmp_path, pairs=PAIRS, slots=SLOTS)
    out = tmp_path / "one" / "two"
    assert main(prices(tmp_path, "--out", str(out))) == 0
    assert main(["match", "verify", str(out)]) == 0


def test_a_name_too_long_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, pairs=PAIRS, slots=SLOTS)
    assert main(prices(tmp_path, "--out", str(tmp_path / ("x" * 300)))) == 2
    assert "读写不了，请检查路径" in capsys.readouterr().err


def test_capacity_beyond_all_villages_costs_no_memory(tmp_path: Path) -> None:
    facts = dict(FACTS, candidates="staff_id,capacity\nP1,999999999\nP2,1\n")
    folder, out = write(tmp_path / "facts", **facts), tmp_path / "out"
    asked = ["match", "--facts", str(folder), *BY_FACTS, "liaison_officer", "--out", str(out)]
    assert main(asked) == 0
    assert len(rows(out / "slots.csv")) == 4


def test_too_few_people_leave_a_village_vacant_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path, pairs=PAIRS, slots="staff_id,slot,points\nA,1,0\n")
    out = tmp_path / "out"
    assert main(prices(tmp_path, "--out", str(out))) == 0
    assert rows(out / "vacant.csv") == [[V2, "可以去的1人名额都已用完"]]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slots": "staff_id,slot,points\nA,1,5\nA,2,3\n"}, "A 的名额分值不能越往后越低"),
        ({"slots": "staff_id,slot,points\nA,0,5\n"}, "slots.csv：第2行，“slot”列：“0”应为"),
        ({"slots": "staff_id,slot,points\nA,1,5\nA,1,6\n"}, "slots.csv：第3行，“staff_id、slot”列"),
        (
            {"pairs": PAIRS + f"A,{V1},9\n"},
            "第5行，“staff_id、village_code”列：与前面的",
        ),
        ({"pairs": PAIRS + f"A,{V3},x\n"}, "pairs.csv：第5行，“points”列：“x”应为"),
        ({"pairs": PAIRS + f"A,{V3},1.5\n"}, "“1.5”应为"),
        ({"pairs": PAIRS + f"A,{V3},9999999999\n"}, "“9999999999”应为"),
        ({"pairs": PAIRS + f",{V3},1\n"}, "“staff_id”列：必填"),
        ({"pairs": PAIRS + f"A,{V3}\n"}, "第5行：有 2 格，表头有 3 列"),
        ({"pairs": "staff_id,village_code\n"}, "“points”列：缺少必填的列"),
        ({"pairs": "staff_id,village_code,points,more\n"}, "“more”列：没有这一列"),
        ({"pairs": ""}, "文件是空的"),
        ({"pairs": PAIRS + f"\n\nA,{V3},x\n"}, "pairs.csv：第7行，“points”列"),
        ({"pairs": PAIRS + f"\nA,{V1},9\nB,{V1},9\n"}, "第6行，“staff_id、village_code”列"),
    ],
)
def test_bad_tables_are_refused_and_nothing_is_written(
    changed: dict[str, str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, **{"pairs": PAIRS, "slots": SLOTS, **changed})
    assert main(prices(tmp_path, "--out", str(tmp_path / "out"))) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pairs.csv", "slots.csv"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["match"], "请给 --facts"),
        (["match", "--facts", "x", "--pairs", "y"], "请给 --facts"),
        (["match", "--facts", "x", "--out", "o"], "缺少 --policy、--role"),
        (["match", "--pairs", "x", "--out", "o"], "缺少 --slots、--vacant"),
        (["match", "--pairs", "x", "--slots", "y", "--vacant", "1"], "缺少 --out"),
        (
            ["match", "--pairs", "x", "--slots", "y", "--vacant", "1", "--out", "o", "--balance"],
            "--balance 要有村情",
        ),
        (
            ["match", "--facts", "x", "--policy", "suzhou-2021", "--role", "x", "--out", "o"],
            "应为以下之一",
        ),
        ([*BY_PRICES, "--vacant", "x"], "--vacant: “x”应为整数"),
        ([*BY_PRICES, "--vacant", "1.5"], "“1.5”应为整数"),
        ([*BY_PRICES, "--vacant", "1", "--stability", "-1"], "不能为负"),
        ([*BY_PRICES, "--vacant", "9" * 30], "分值应在"),
        ([*BY_PRICES, "--vacant", "1", "--stability", "9" * 30], "分值应在"),
        ([*BY_PRICES, "--vacant", "1", "--frontier", "5", "9" * 30], "分值应在"),
        (["match", "verify", "x" * 300], "读写不了"),
        (["match", "--pairs", "no.csv", "--slots", "y", "--vacant", "1", "--out", "o"], "no.csv"),
    ],
)
def test_what_is_asked_wrongly(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _status(words) == 2
    assert said in capsys.readouterr().err


def _status(words: list[str]) -> int | str | None:
    try:
        return main(words)
    except SystemExit as stop:
        return stop.code


def test_from_facts_and_a_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts, out = write(tmp_path / "facts", **FACTS), tmp_path / "out"
    asked = ["match", "--facts", str(facts), *BY_FACTS, "liaison_officer", "--out", str(out)]
    assert main(asked) == 0
    assert "3个村，2个有人，1个空缺，换人1个" in capsys.readouterr().out
    served = {code: (one, changed) for code, one, _, changed in rows(out / "assignment.csv")}
    assert served[V2] == ("P1", "false")
    assert [V2, "P1", "own_wish", "-30"] in rows(out / "reasons.csv")
    said = json.loads((out / "certificate.json").read_text("utf-8"))["about"]
    assert (said["policy"], said["role"]) == ("suzhou-2021", "liaison_officer")
    assert main(["match", "verify", str(out)]) == 0


def test_moving_has_its_price(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts, out = write(tmp_path / "facts", **FACTS), tmp_path / "out"
    asked = ["match", "--facts", str(facts), *BY_FACTS, "liaison_officer"]
    assert main([*asked, "--stability", "100", "--out", str(out)]) == 0
    served = {code: one for code, one, _, _ in rows(out / "assignment.csv")}
    assert served[V1] == "P1"
    assert main(["match", "verify", str(out)]) == 0
    capsys.readouterr()
    assert main([*asked, "--frontier", "0", "10", "31"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[-3:]] == [["0", "1"], ["10", "1"], ["31", "0"]]


def test_who_leaves_has_no_village(tmp_path: Path) -> None:
    facts, out = write(tmp_path / "facts", **FACTS), tmp_path / "out"
    asked = ["match", "--facts", str(facts), *BY_FACTS, "liaison_officer", "--out", str(out)]
    assert main([*asked, "--without", "P1"]) == 0
    assert {one for _, one, _, _ in rows(out / "assignment.csv")} == {"P2"}
    assert main([*asked, "--without", "P9"]) == 2


def test_people_without_a_legal_village_and_pins_against_the_rules(tmp_path: Path) -> None:
    pins = f"staff_id,village_code\nX1,{V1}\n"
    facts, out = write(tmp_path / "facts", **FACTS, pins=pins), tmp_path / "out"
    asked = ["match", "--facts", str(facts), *BY_FACTS, "village_auxiliary", "--out", str(out)]
    assert main(asked) == 0
    reasons = dict(rows(out / "vacant.csv"))
    assert reasons[V1] == "指定给X1，但这一对不允许：是本人的村"
    assert reasons[V3] == "没有一个人可以去：不在本乡镇和相邻乡镇1人"
    assert main(["match", "verify", str(out)]) == 0


def two_busy_villages(home: Path, out: Path) -> list[str]:
    """The command for two people, who could serve all, and three villages, two of them busy."""
    facts = dict(
        FACTS, candidates="staff_id,capacity\nP1,3\nP2,3\n", wishes="staff_id,village_code,rank\n"
    )
    features = f"village_code,cases\n{V1},50\n{V2},50\n{V3},1\n"
    folder = write(home / "facts", **facts, village_features=features)
    return ["match", "--facts", str(folder), *BY_FACTS, "liaison_officer", "--out", str(out)]


def test_work_is_shared_evenly_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = two_busy_villages(tmp_path, out)
    assert main([*asked, "--balance"]) == 0
    assert "最忙的人工作量 7，两者合计已证明最优" in capsys.readouterr().out
    served = {code: one for code, one, _, _ in rows(out / "assignment.csv")}
    assert served[V1] != served[V2]
    assert main(["match", "verify", str(out)]) == 0
    assert "按均衡排的" in capsys.readouterr().out


def test_why_and_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, pairs=PAIRS, slots=SLOTS)
    out = tmp_path / "out"
    assert main(prices(tmp_path, "--out", str(out))) == 0
    capsys.readouterr()
    assert main(["match", "why", str(out), "--village", V1]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:3]] == [
        ["A", "10", "就是现在的方案"],
        ["B", "20", "多", "5"],
    ]
    assert main(["match", "why", str(out), "--village", V1, "--staff", "B"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"B 去 {V1}：多 5", f"  {V1}：A → B"]
    assert main(["match", "why", str(out), "--village", "nowhere"]) == 2
    assert main(["match", "why", str(out), "--village", V1, "--staff", "nobody"]) == 2


def test_why_speaks_of_the_plan_in_the_folder_and_says_when_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = two_busy_villages(tmp_path, out)
    for more, said in (([], False), (["--balance"], True)):
        assert main([*asked, *more]) == 0
        capsys.readouterr()
        assert main(["match", "why", str(out), "--village", V1]) == 0
        assert ("按均衡排的" in capsys.readouterr().out) == said


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, pairs=PAIRS, slots=SLOTS)
    other = write(tmp_path / "other", mine="a\n")
    assert main(prices(tmp_path, "--out", str(other))) == 2
    assert [path.name for path in other.iterdir()] == ["mine.csv"]
    out = tmp_path / "out"
    for _ in range(2):
        assert main(prices(tmp_path, "--out", str(out))) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other",
        "out",
        "pairs.csv",
        "slots.csv",
    ]
