"""`assess` as a function: what it evaluates, on what, and where the verdicts go."""

import csv
import io
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from cunjing.policy.errors import InputError, RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.verdict import Verdict

from .asked import told
from .folders import VILLAGE, sound_folder

FIELDS = [field.name for field in fields(Verdict)]
AS_OF = ("--as-of", "2026-10-08")
BOZHOU = ("--policy", "bozhou-2014")
LEFT_OUT = "有1个村不在这几份政策的适用区划内，没有评"
ELSEWHERE = "110101100200"
"""A village in the scope of none of the policies."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound facts folder."""
    place = tmp_path / "facts"
    place.mkdir()
    return sound_folder(place)


def assess(folder: Path, *words: str | Path, policy: tuple[str, ...] = BOZHOU) -> str:
    """`assess` of September, as of the 8th of October."""
    return told("assess", *policy, "--facts", folder, "--period", "2026-09", *AS_OF, *words)


def rows_of(folder: Path, *words: str | Path, **changed: Any) -> list[dict[str, Any]]:
    """The verdicts as JSON has them."""
    rows: list[dict[str, Any]] = json.loads(assess(folder, *words, "--format", "json", **changed))
    return rows


def test_the_rules_of_the_period_are_judged_for_whoever_there_is(folder: Path) -> None:
    rows = rows_of(folder)
    assert [list(row) for row in rows] == [FIELDS] * 6
    assert [(row["rule"], row["subject"]) for row in rows] == [
        ("coverage", VILLAGE),
        ("coverage", "532323100201"),
        ("household-visits", "P1"),
        ("information-items", "P1"),
        ("safety-warning", "P1"),
        ("visit-days", "P1"),
    ]
    last = rows[-1]
    assert (last["value"], last["threshold"], last["verdict"]) == (2, 2, "pass")
    assert (last["policy"], last["policy_digest"]) == (
        "bozhou-2014",
        load_policy("bozhou-2014").digest,
    )
    assert (last["period"], last["watermark"]) == ("2026-09", "2026-10-08T00:00:00+08:00")
    assert last["engine"] == "duckdb"


def test_the_engine_is_the_one_asked_for(folder: Path) -> None:
    plain = rows_of(folder, "--engine", "reference")
    assert {row["engine"] for row in plain} == {"reference"}
    assert [row | {"engine": "duckdb"} for row in plain] == rows_of(folder)


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_only_the_rules_asked_for_are_judged(folder: Path, engine: str) -> None:
    words = ("--rule", "visit-days", "--rule", "coverage", "--engine", engine)
    assert {row["rule"] for row in rows_of(folder, *words)} == {"visit-days", "coverage"}


def test_what_was_not_received_by_then_does_not_count(folder: Path) -> None:
    early = ("--as-of", "2026-09-10")
    text = told(
        "assess", *BOZHOU, "--facts", folder, "--period", "2026-09", *early, "--format", "json"
    )
    assert {row["watermark"] for row in json.loads(text)} == {"2026-09-10T00:00:00+08:00"}
    assert json.loads(text)[-1]["verdict"] == "not_due"


def test_the_table_names_rules_with_a_number_of_the_countys(folder: Path) -> None:
    suzhou = ("--policy", "suzhou-2021")
    assert "不是原文的数字" not in assess(folder, policy=suzhou), "nobody is judged by one"
    (folder / "postings.csv").write_text(
        "posting_id,village_code,staff_id,role,valid_from\n"
        f"P1,{VILLAGE},S1,village_auxiliary,2026-01-01\n",
        encoding="utf-8",
    )
    text = assess(folder, policy=suzhou)
    assert "不是原文的数字：auxiliary-rotation\n" in text
    assert not text.startswith("policy")
    assert "不是原文的数字" not in assess(folder)


def test_csv_and_parquet_hold_the_same_verdicts(folder: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(assess(folder, "--format", "csv"))))
    out = {name: tmp_path / f"{name}.parquet" for name in ("duckdb", "reference")}
    for name, path in out.items():
        assert assess(folder, "--format", "parquet", "--out", path, "--engine", name) == ""
    columns = {name: parquet.read_table(path).to_pylist() for name, path in out.items()}
    for name, found in columns.items():
        assert [row["engine"] for row in found] == [name] * 6
        assert [row["evidence_digest"] for row in found] == [row["evidence_digest"] for row in rows]
        assert [row["rule"] for row in found] == [row["rule"] for row in rows]
        assert [row["value"] for row in found] == [int(row["value"]) for row in rows]
        assert [row["watermark"] for row in found] == [row["watermark"] for row in rows]


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_counts_are_by_rule_county_and_verdict(folder: Path, tmp_path: Path, engine: str) -> None:
    text = assess(folder, "--format", "counts", "--engine", engine)
    assert text.splitlines() == [
        "rule,county_code,verdict,number",
        "coverage,532323,fail,1",
        "coverage,532323,pass,1",
        "household-visits,532323,fail,1",
        "information-items,532323,fail,1",
        "safety-warning,532323,fail,1",
        "visit-days,532323,pass,1",
    ]
    out = tmp_path / "counts.csv"
    assert assess(folder, "--format", "counts", "--engine", engine, "--out", out) == ""
    assert out.read_text(encoding="utf-8") == text
    few = assess(folder, "--format", "counts", "--engine", engine, "--rule", "visit-days")
    assert few.splitlines()[1:] == ["visit-days,532323,pass,1"]


@pytest.mark.parametrize("shape", ["json", "csv", "table"])
def test_a_file_takes_what_would_be_printed(folder: Path, tmp_path: Path, shape: str) -> None:
    out = tmp_path / "verdicts"
    assert assess(folder, "--format", shape, "--out", out) == ""
    assert out.read_text(encoding="utf-8") == assess(folder, "--format", shape)


def test_a_binary_file_wants_a_name(folder: Path) -> None:
    with pytest.raises(RequestError, match=r"^命令：parquet 是二进制文件，请用 --out 指定文件名$"):
        assess(folder, "--format", "parquet")


def test_a_mark_on_no_grade_is_refused(folder: Path) -> None:
    marks = "subject_id,period,item,value\nS1,2025,yearly_grade,A\n"
    sound_folder(folder, marks=marks)
    words = ("--facts", folder, "--period", "2025")
    for policies in (("jilin-2019",), ("jilin-2019", "bozhou-2014")):
        names = [word for name in policies for word in ("--policy", name)]
        with pytest.raises(InputError, match="“A”不是政策里的等次"):
            told("assess", *names, *words)


SEVERAL = ("--policy", "bozhou-2014", "--policy", "mouding-2020")


def test_several_policies_judge_each_what_lies_in_its_scope(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound_folder(
        folder,
        villages=f"village_code,name\n{VILLAGE},甲村\n{ELSEWHERE},远村\n",
        events="event_id,kind,local_date\n",
    )
    rows = rows_of(folder, policy=SEVERAL)
    assert {row["policy"] for row in rows} == {"mouding-2020"}
    assert capsys.readouterr().err == f"{LEFT_OUT}\n"
    text = assess(folder, policy=SEVERAL)
    assert text.startswith("policy ")
    counts = assess(folder, "--format", "counts", policy=SEVERAL).splitlines()
    assert "policy" in counts[0].split(",")
    assert all("mouding-2020" in line for line in counts[1:])


def test_a_policy_that_judges_nothing_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ("--facts", folder, *AS_OF, "--format", "counts")
    told("assess", *SEVERAL, *common, "--period", "2026-09", "--rule", "visit-days")
    said = capsys.readouterr().err.splitlines()
    assert said == ["政策 mouding-2020 没有这次要评的规则，没有用它评"]
    told("assess", *SEVERAL, *common, "--period", "2019-09")
    assert "政策 mouding-2020 在 2019-09-01 没有施行，没有用它评" in capsys.readouterr().err


def test_several_policies_are_judged_by_duckdb_alone(folder: Path) -> None:
    with pytest.raises(RequestError) as refused:
        assess(folder, "--engine", "reference", policy=SEVERAL)
    assert str(refused.value) == "命令：几份政策一起评只能用 duckdb 引擎，不能用 reference"


def test_a_file_of_several_policies_names_each(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.parquet"
    assert assess(folder, "--format", "parquet", "--out", out, policy=SEVERAL) == ""
    found = parquet.read_table(out).to_pylist()
    assert [row["policy"] for row in found] == [
        row["policy"] for row in rows_of(folder, policy=SEVERAL)
    ]
    assert {len(row["evidence_digest"]) for row in found} == {64}
