"""The command line as others meet it: a process, its exit status, its two streams."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cunjing.policy.loader import shipped_policies
from cunjing.policy.verdict import Verdict

from .folders import VILLAGE, sound_folder

FIELDS = [
    "policy",
    "policy_digest",
    "rule",
    "clause",
    "subject_kind",
    "subject",
    "village_code",
    "staff_id",
    "period",
    "value",
    "operator",
    "threshold",
    "threshold_full",
    "verdict",
    "evidence_count",
    "evidence_digest",
    "watermark",
    "engine",
]
AS_OF = ("--as-of", "2026-10-08")


def run(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `cunjing` with nothing configured."""
    environment = {name: text for name, text in os.environ.items() if "DJANGO" not in name}
    return subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-c",
            "import sys; from cunjing.cli import main; sys.exit(main())",
            *words,
        ],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=cwd,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound facts folder."""
    place = tmp_path / "facts"
    place.mkdir()
    return sound_folder(place)


def assess(folder: Path, *words: str, period: str = "2026-09") -> subprocess.CompletedProcess[str]:
    """`assess` of the Bozhou policy."""
    return run(
        "assess", "--policy", "bozhou-2014", "--facts", str(folder), "--period", period, *words
    )


def test_assess_prints_the_contracts_json(folder: Path) -> None:
    done = assess(folder, *AS_OF, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)
    assert all(list(row) == FIELDS for row in rows)
    keys = [(row["rule"], row["subject"]) for row in rows]
    assert keys == sorted(keys)
    assert {row["rule"] for row in rows} == {
        "coverage",
        "household-visits",
        "information-items",
        "safety-warning",
        "visit-days",
    }
    row = next(row for row in rows if row["rule"] == "visit-days")
    assert (row["value"], row["threshold"], row["verdict"]) == (2, 2, "pass")
    assert row["watermark"] == "2026-10-08T00:00:00+08:00"
    assert (row["village_code"], row["staff_id"], row["engine"]) == (VILLAGE, "S1", "duckdb")


def test_both_engines_say_the_same(folder: Path) -> None:
    outputs = [
        json.loads(assess(folder, *AS_OF, "--format", "json", "--engine", engine).stdout)
        for engine in ("duckdb", "reference")
    ]
    for rows in outputs:
        for row in rows:
            del row["engine"]
    assert outputs[0] == outputs[1]


def test_a_quarter_runs_the_quarters_rules_and_the_state_rules(folder: Path) -> None:
    done = assess(folder, *AS_OF, "--format", "json", period="2026-Q3")
    assert {row["rule"] for row in json.loads(done.stdout)} == {"coverage", "legal-education"}


REFUSED = {
    "a rule of another period": (("--rule", "legal-education"), "按季计算，不能用于周期 2026-09"),
    "a rule that does not exist": (("--rule", "visits"), "没有规则“visits”"),
    "a time without offset": (("--as-of", "2026-10-08T00:00:00"), "要有时区"),
    "a day that does not exist": (("--as-of", "2026-02-30"), "2026-02-30"),
    "parquet on standard output": (("--format", "parquet"), "--out"),
    "a folder for the result that is missing": (
        ("--out", "/nowhere/at/all.json"),
        "写不了“/nowhere/at/all.json”",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_request_is_refused_without_output(folder: Path, name: str) -> None:
    words, message = REFUSED[name]
    done = assess(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize("period", ["2026-9", "2026-13", "2026-Q5", "2026-H3", "26", "九月"])
def test_a_bad_period_is_refused(folder: Path, period: str) -> None:
    done = assess(folder, period=period)
    assert (done.returncode, done.stdout) == (2, "")
    assert period in done.stderr


def test_bad_facts_are_refused_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    sound_folder(folder, staff="staff_id,role\nS1,liaison_officer\nS1,liaison_officer\n")
    out = tmp_path / "result.json"
    done = assess(folder, "--format", "json", "--out", str(out))
    assert (done.returncode, done.stdout) == (2, "")
    assert "staff.csv：第3行，“staff_id”列：“S1”与第2行重复" in done.stderr
    assert not out.exists()


def test_a_grade_the_policy_does_not_know_is_refused_by_row(folder: Path) -> None:
    marks = "subject_id,period,item,value\nS1,2025,yearly_grade,excellent\nS2,2025,yearly_grade,A\n"
    sound_folder(folder, marks=marks)
    done = run("assess", "--policy", "jilin-2019", "--facts", str(folder), "--period", "2025")
    assert (done.returncode, done.stdout) == (2, "")
    assert "marks.csv：第3行，“value”列：“A”不是政策里的等次" in done.stderr


def test_an_unknown_policy_is_refused(folder: Path) -> None:
    done = run("assess", "--policy", "nowhere", "--facts", str(folder), "--period", "2026-09")
    assert (done.returncode, done.stdout) == (2, "")
    assert "bozhou-2014" in done.stderr


@pytest.mark.parametrize("words", [(), ("assess",), ("assess", "--format", "xml"), ("policy",)])
def test_a_command_written_wrongly_is_refused(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "命令写得不对" in done.stderr


def test_a_file_not_a_table_is_mentioned_on_standard_error(folder: Path) -> None:
    (folder / "absence.csv").write_text("staff_id\n")
    done = assess(folder, "--format", "json")
    assert done.returncode == 0
    assert "absence.csv" in done.stderr
    assert json.loads(done.stdout)


def test_csv_disarms_ids_a_spreadsheet_would_run(folder: Path) -> None:
    sound_folder(
        folder,
        postings="posting_id,village_code,staff_id,role,valid_from\n"
        f"=cmd,{VILLAGE},S1,liaison_officer,2026-01-01\n",
    )
    text = assess(folder, "--rule", "visit-days", "--format", "csv").stdout
    assert next(csv.DictReader(io.StringIO(text)))["subject"] == "'=cmd"


def test_the_table_counts_outcomes_in_chinese(folder: Path) -> None:
    assert "共 6 条：达标 2，未达标 4" in assess(folder, *AS_OF).stdout


def test_a_folder_as_out_is_refused(folder: Path) -> None:
    done = assess(folder, "--out", str(folder))
    assert (done.returncode, done.stdout) == (2, "")
    assert list(folder.parent.glob(".*")) == []


def test_out_writes_the_whole_file(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    done = assess(folder, *AS_OF, "--format", "json", "--out", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    assert len(json.loads(out.read_text(encoding="utf-8"))) == 6


def explain(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`explain` of P1's visit days."""
    common = ("--policy", "bozhou-2014", "--facts", str(folder), "--period", "2026-09")
    return run("explain", *common, "--rule", "visit-days", "--subject", "P1", *words)


def test_explain_names_the_shortfall_and_the_reasons(folder: Path) -> None:
    events = (
        "event_id,kind,village_code,staff_id,local_date,void\n"
        f"E1,village_visit,{VILLAGE},S1,2026-09-03,\n"
        f"E2,village_visit,{VILLAGE},S1,2026-09-04,true\n"
        "E3,village_visit,532323100201,S1,2026-09-05,\n"
        f"E4,village_visit,{VILLAGE},S1,2026-10-02,\n"
        f"E5,village_visit,{VILLAGE},S1,2026-11-01,\n"
    )
    sound_folder(folder, events=events)
    done = explain(folder, *AS_OF, "--format", "json")
    found = json.loads(done.stdout)
    assert list(found) == [*FIELDS, "message", "clause_note", "counted", "rejected"]
    assert found["message"] == "9月还差1天进村"
    assert found["counted"] == ["E1"]
    expected = [["E2", "void"], ["E3", "wrong_village"], ["E4", "out_of_period"]]
    assert found["rejected"] == expected
    text = explain(folder, *AS_OF).stdout
    assert "结论：未达标。9月还差1天进村" in text
    assert "E3：不是这个村的记录" in text


def test_explain_says_until_when(folder: Path) -> None:
    done = explain(folder, "--as-of", "2026-09-10", "--format", "json")
    found = json.loads(done.stdout)
    assert found["verdict"] == "not_due"
    assert found["message"] == "9月还差1天进村，截止2026年9月30日"


def test_explain_refuses_a_subject_without_row(folder: Path) -> None:
    common = ("--policy", "bozhou-2014", "--facts", str(folder), "--period", "2026-09")
    done = run("explain", *common, "--rule", "visit-days", "--subject", "P9")
    assert (done.returncode, done.stdout) == (2, "")
    assert "P9" in done.stderr


def test_facts_check_passes_a_sound_folder(folder: Path) -> None:
    done = run("facts", "check", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "没有问题" in done.stdout


def test_policies_are_found_from_anywhere(tmp_path: Path) -> None:
    done = run("policy", "list", cwd=tmp_path)
    assert "bozhou-2014" in done.stdout
    assert "suzhou-2021" in run("policy", "show", "suzhou-2021", cwd=tmp_path).stdout


def test_the_starter_passes_its_check_until_a_rule_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "county.yaml"
    assert run("policy", "new", "--out", str(path)).returncode == 0
    starter = path.read_text(encoding="utf-8")
    assert run("policy", "new").stdout == starter
    done = run("policy", "check", str(path))
    assert (done.returncode, done.stderr, done.stdout.count("还没有填")) == (0, "", 3)
    starter = starter.replace("请填文号", "县公〔2026〕5号").replace("0" * 64, "ab" * 32)
    starter = starter.replace('["000000"]', '["341302"]')
    path.write_text(starter, encoding="utf-8")
    done = run("policy", "check", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    path.write_text(
        starter + "overrides: {rules: {visit-days: {threshold: 3}}}\n", encoding="utf-8"
    )
    done = run("policy", "check", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    line = len(starter.splitlines()) + 1
    assert f"{path}：第{line}行，“visit-days”规则：缺少这几类用例" in done.stderr


def test_a_new_policy_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "county.yaml"
    path.write_text("id: ours\n", encoding="utf-8")
    done = run("policy", "new", "--out", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"“{path}”已经存在，请换个名字" in done.stderr
    assert path.read_text(encoding="utf-8") == "id: ours\n"
    assert run("policy", "new", "--out", str(tmp_path)).returncode == 2
    assert run("policy", "new", "--out", str(tmp_path / "nowhere" / "x.yaml")).returncode == 2


def test_shipped_policies_pass_their_check() -> None:
    done = run("policy", "check", *shipped_policies())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("没有问题") == len(shipped_policies()) == 5


def test_policy_commands_do_not_load_django(folder: Path) -> None:
    program = (
        "import sys; from cunjing.cli import main; "
        f"main(['assess', '--policy', 'bozhou-2014', '--facts', {str(folder)!r}, "
        "'--period', '2026-09', '--format', 'json']); "
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, check=False
    )
    assert done.returncode == 0


def test_the_fields_are_those_of_a_verdict() -> None:
    assert list(Verdict.__slots__) == FIELDS
