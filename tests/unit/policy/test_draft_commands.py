"""`policy whatif` and `policy diff` as others meet them: words, exit status, what is printed."""

import csv
import io
import json
from pathlib import Path

import pytest

from cunjing.cli import main
from cunjing.policy.loader import find_policy, load_policy

from .folders import VILLAGE, sound_folder

Printed = pytest.CaptureFixture[str]
FLIP = [
    "rule",
    "subject_kind",
    "subject",
    "village_code",
    "staff_id",
    "period",
    "before",
    "after",
    "value_before",
    "value_after",
    "threshold_before",
    "threshold_after",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One officer of the village who visited it on two days of September 2026."""
    place = tmp_path / "facts"
    place.mkdir()
    return sound_folder(place)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Bozhou's policy asking for three days and fifteen items."""
    source = find_policy("bozhou-2014")
    assert source is not None
    text = source.read_text("utf-8")
    text = text.replace("threshold: 2\n", "threshold: 3\n").replace(
        "threshold: 10\n", "threshold: 15\n"
    )
    path = tmp_path / "policy.yaml"
    path.write_text(text, "utf-8")
    return path


def words(folder: Path, *more: str, period: str = "2026-09") -> list[str]:
    """`policy whatif` of Bozhou's policy as seen in December."""
    asked = ["--policy", "bozhou-2014", "--facts", str(folder), "--period", period]
    return ["policy", "whatif", *asked, "--as-of", "2026-12-01", *more]


def test_a_threshold_is_tried_over_several_months(folder: Path, capsys: Printed) -> None:
    asked = words(folder, "--set", "visit-days=3", "--format", "json", period="2026-08..2026-09")
    assert main(asked) == 0
    found = json.loads(capsys.readouterr().out)
    assert [list(flip) for flip in found["flips"]] == [FLIP]
    (flip,) = found["flips"]
    assert (flip["rule"], flip["subject"], flip["village_code"]) == ("visit-days", "P1", VILLAGE)
    assert (flip["period"], flip["before"], flip["after"]) == ("2026-09", "pass", "fail")
    assert (flip["value_before"], flip["value_after"]) == (2, 2)
    assert (flip["threshold_before"], flip["threshold_after"]) == (2, 3)
    assert found["periods"] == [
        {
            "period": "2026-08",
            "before": {"visit-days": {"fail": 1}},
            "after": {"visit-days": {"fail": 1}},
        },
        {
            "period": "2026-09",
            "before": {"visit-days": {"pass": 1}},
            "after": {"visit-days": {"fail": 1}},
        },
    ]
    assert found["summary"] == [
        {"rule": "visit-days", "before": "pass", "after": "fail", "count": 1}
    ]
    policy = load_policy("bozhou-2014")
    assert (found["policy"], found["policy_digest"]) == (policy.id, policy.digest)
    assert (found["draft"], found["engine"]) == (policy.id, "duckdb")
    assert found["draft_digest"] not in {policy.digest, ""}
    assert found["watermark"] == "2026-12-01T00:00:00+08:00"


def test_a_file_is_compared_whole_or_rule_by_rule(
    folder: Path, draft: Path, capsys: Printed
) -> None:
    tables: dict[tuple[str, ...], set[str]] = {}
    for more in ((), ("--rule", "visit-days"), ("--rule", "information-items")):
        main(words(folder, "--draft", str(draft), "--format", "csv", *more))
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        tables[more] = {row["rule"] for row in rows}
    assert tables == {
        (): {"visit-days"},
        ("--rule", "visit-days"): {"visit-days"},
        ("--rule", "information-items"): set(),
    }


def test_a_threshold_is_set_on_top_of_a_file(folder: Path, draft: Path, capsys: Printed) -> None:
    main(words(folder, "--draft", str(draft), "--set", "visit-days=2", "--format", "json"))
    assert json.loads(capsys.readouterr().out)["flips"] == []


def test_a_range_is_tried(folder: Path, capsys: Printed) -> None:
    main(words(folder, "--set", "coverage=0..0", "--format", "json"))
    found = json.loads(capsys.readouterr().out)["flips"]
    assert {(flip["village_code"], flip["before"], flip["after"]) for flip in found} == {
        (VILLAGE, "pass", "advice"),
        ("532323100201", "fail", "pass"),
    }
    assert found[0]["threshold_after"] == [0, 0]


def test_the_table_says_what_flips_and_that_it_is_a_trial(folder: Path, capsys: Printed) -> None:
    main(words(folder, "--set", "coverage=0..0", "--set", "visit-days=3"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "rule", "subject", "village_code", "period", "value", "threshold", "verdict",
    ]  # fmt: skip
    assert f"coverage    {VILLAGE}  {VILLAGE}  2026-09  1      1..1 → 0..0  pass → advice" in lines
    assert any(line.endswith("2      2 → 3        pass → fail") for line in lines)
    assert lines[-5:] == [
        "共 3 处变化",
        "  coverage：未达标→达标 1",
        "  coverage：达标→提示 1",
        "  visit-days：达标→未达标 1",
        "这是试算，不是对任何人的考评",
    ]


def test_the_table_names_rules_with_a_number_of_the_countys(folder: Path, capsys: Printed) -> None:
    suzhou = ["--policy", "suzhou-2021", "--set", "auxiliary-rotation=3", "--set", "visit-days=3"]
    main(["policy", "whatif", *suzhou, *words(folder)[4:]])
    assert "门槛由县里定" not in capsys.readouterr().out, (
        "of rules that do not flip nothing is said"
    )
    (folder / "postings.csv").write_text(
        "posting_id,village_code,staff_id,role,valid_from\n"
        f"P1,{VILLAGE},S1,village_auxiliary,2026-01-01\n",
        encoding="utf-8",
    )
    main(["policy", "whatif", *suzhou, *words(folder)[4:]])
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "门槛由县里定，不是原文的数字：auxiliary-rotation",
        "这是试算，不是对任何人的考评",
    ]


def test_nothing_that_flips_is_said_in_a_sentence(folder: Path, capsys: Printed) -> None:
    main(words(folder, "--set", "visit-days=1"))
    assert capsys.readouterr().out == "没有一条结论变化\n这是试算，不是对任何人的考评\n"


def test_a_result_goes_into_a_file(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    place = tmp_path / "flips.csv"
    assert main(words(folder, "--set", "visit-days=3", "--format", "csv", "--out", str(place))) == 0
    assert capsys.readouterr().out == ""
    assert place.read_text("utf-8").splitlines()[0] == ",".join(FLIP)


def test_a_rule_of_one_policy_only_comes_from_or_goes_to_nothing(
    folder: Path, capsys: Printed
) -> None:
    main(words(folder, "--draft", "mouding-2020", "--rule", "coverage"))
    assert "pass → -" in capsys.readouterr().out


def test_what_is_not_a_table_is_said_and_left_unread(folder: Path, capsys: Printed) -> None:
    (folder / "note.csv").write_text("a\n1\n", "utf-8")
    assert main(words(folder, "--set", "visit-days=3")) == 0
    assert "note.csv 不是已知的表" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "period", "message"),
    [
        ([], "2026-09", "请用 --draft"),
        (["--set", "visits=3"], "2026-09", "没有规则“visits”"),
        (["--set", "visit-days=drei"], "2026-09", "应写作 规则=数"),
        (["--set", "visit-days=1..2"], "2026-09", "门槛是一个数"),
        (["--set", "coverage=1"], "2026-09", "门槛是一个范围"),
        (["--set", "visit-days=99"], "2026-09", "永远达不到"),
        (["--set", "legal-education=2"], "2026-09", "按季计算，不能用于周期 2026-09"),
        (["--set", "visit-days=3"], "2026-09..2026-08", "两头写反了"),
        (["--set", "visit-days=3"], "九月", "周期“九月”不对"),
        (["--set", "visit-days=3", "--rule", "legal-education"], "2026-09", "按季计算"),
        (["--draft", "nowhere"], "2026-09", "没有这个政策"),
        (["--set", "visit-days=3", "--as-of", "gestern"], "2026-09", "时间“gestern”不对"),
    ],
)
def test_a_wrong_request_is_refused_in_chinese(
    folder: Path, capsys: Printed, more: list[str], period: str, message: str
) -> None:
    assert main(words(folder, *more, period=period)) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""


def test_a_mark_on_no_scale_is_refused(folder: Path, capsys: Printed) -> None:
    text = "subject_id,period,item,value\nS1,2026,yearly_grade,great\n"
    (folder / "marks.csv").write_text(text, "utf-8")
    asked = ["policy", "whatif", "--policy", "bozhou-2014", "--draft", "jilin-2019"]
    asked += ["--facts", str(folder), "--period", "2026"]
    assert main(asked) == 2
    assert "great" in capsys.readouterr().err


def test_two_versions_are_told_apart_in_words(draft: Path, capsys: Printed) -> None:
    old = load_policy("bozhou-2014")
    assert main(["policy", "diff", "bozhou-2014", str(draft)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"从 {old.title}（bozhou-2014，摘要 {old.digest}）"
    assert lines[1].startswith(f"到 {old.title}（bozhou-2014，摘要 ")
    assert lines[2:] == [
        "",
        "规则",
        f"  ～ visit-days  {old.rule('visit-days').title}（改动）",
        "      门槛：2天 → 3天",
        f"  ～ information-items  {old.rule('information-items').title}（改动）",
        "      门槛：10条 → 15条",
    ]


def test_two_versions_are_told_apart_for_programs(draft: Path, capsys: Printed) -> None:
    assert main(["policy", "diff", str(draft), "bozhou-2014", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["before"]["policy_digest"] == load_policy(str(draft)).digest
    assert found["after"] == {
        "policy": "bozhou-2014",
        "policy_digest": load_policy("bozhou-2014").digest,
    }
    part = found["changes"][0]
    assert (part["section"], part["key"], part["change"]) == ("rules", "visit-days", "changed")
    assert part["title"] == load_policy("bozhou-2014").rule("visit-days").title
    assert part["fields"] == [
        {
            "field": "threshold",
            "before": 3,
            "after": 2,
            "before_text": "3天",
            "after_text": "2天",
            "since": None,
            "until": None,
        }
    ]


def test_the_same_policy_has_no_changes(tmp_path: Path, capsys: Printed) -> None:
    assert main(["policy", "diff", "bozhou-2014", "bozhou-2014"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "内容没有不同"
    place = tmp_path / "diff.txt"
    main(["policy", "diff", "bozhou-2014", "mouding-2020", "--out", str(place)])
    assert "条款" in place.read_text("utf-8")


def test_a_policy_that_is_not_there_has_no_changes(capsys: Printed) -> None:
    assert main(["policy", "diff", "bozhou-2014", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err
