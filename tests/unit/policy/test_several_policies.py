"""Several policies at once: each judges what lies in its scope, as it would alone."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from tests.support.county import county
from tests.support.facts_tables import facts_of, write_folder

from cunjing.cli import main
from cunjing.policy import reference
from cunjing.policy.duck.engine import evaluate_all, left_out
from cunjing.policy.enums import SubjectKind
from cunjing.policy.facts import Facts
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Policy, Running
from cunjing.policy.periods import Period, parse_period, start_of_day
from cunjing.policy.verdict import Verdict

Tables = dict[str, list[dict[str, Any]]]
AS_OF = start_of_day(date(2027, 2, 1))
EAST, WEST = "532323100", "532323101"


def world(period: str) -> Tables:
    """Forty villages in two townships, each with a station, a company and its people."""
    tables = county(villages=40, period=parse_period(period), seed=11)
    stations = [("east", EAST), ("west", WEST), ("nowhere", None)]
    tables["units"] = [
        {"unit_code": code, "kind": kind, "division_code": division}
        for kind in ("station", "county")
        for name, division in stations
        for code in [f"{name}-{kind}"]
    ]
    for number, person in enumerate(tables["staff"]):
        person["unit_code"] = ("east-station", "west-station", None)[number % 3]
    tables["groups"] = [
        {"group_id": f"c{number}", "kind": "company", "village_code": row["village_code"]}
        for number, row in enumerate(tables["villages"][::3])
    ]
    tables["groups"].append({"group_id": "astray", "kind": "company"})
    tables["village_units"] = [
        {
            "village_code": tables["villages"][3]["village_code"],
            "unit_code": "nowhere-station",
            "valid_from": date(2020, 1, 1),
        }
    ]
    return tables


def place(verdict: Verdict, tables: Tables, period: Period) -> str:
    """The village or division a subject belongs to; empty where nothing says."""
    if verdict.village_code:
        return verdict.village_code
    divisions = {row["unit_code"]: row["division_code"] for row in tables["units"]}
    if verdict.subject_kind is SubjectKind.UNIT:
        named = [row for row in tables["village_units"] if row["unit_code"] == verdict.subject]
        return divisions[verdict.subject] or min((row["village_code"] for row in named), default="")
    units = {row["staff_id"]: row.get("unit_code") for row in tables["staff"]}
    posted = [
        row["village_code"]
        for row in tables["postings"]
        if row["staff_id"] == verdict.staff_id
        and row["valid_from"] < period.end
        and (row.get("valid_to") or date.max) > period.start
    ]
    return divisions.get(units.get(verdict.staff_id or "")) or min(posted, default="")


def alone(policy: Policy, facts: Facts, tables: Tables, period: str) -> list[Verdict]:
    """What the plain interpreter says by one policy of what lies in its scope."""
    asked = parse_period(period)
    found = reference.evaluate(policy=policy, facts=facts, period=asked, as_of=AS_OF)
    return [
        replace(verdict, engine="duckdb")
        for verdict in found
        if place(verdict, tables, asked).startswith(policy.scope)
    ]


def running(policy: Policy, period: str) -> Running:
    """All of it that runs."""
    return Running(policy, policy.rules_for(parse_period(period)))


@pytest.mark.parametrize("period", ["2026-09", "2026-Q3", "2026-H2", "2026"])
def test_each_judges_its_scope_as_it_would_alone(period: str) -> None:
    scopes = {
        "bozhou-2014": (EAST,),
        "suzhou-2021": (WEST,),
        "jilin-2019": (EAST, WEST),
        "huangchuan-2021": (WEST + "2",),
        "mouding-2020": ("110101",),
    }
    policies = [replace(load_policy(name), scope=scope) for name, scope in scopes.items()]
    tables = world(period)
    with facts_of(tables) as facts:
        expected = [row for policy in policies for row in alone(policy, facts, tables, period)]
        together = [running(policy, period) for policy in policies]
        asked: dict[str, Any] = {"facts": facts, "period": parse_period(period)}
        assert evaluate_all(together, **asked, as_of=AS_OF) == expected
        assert left_out(together, **asked) == 0
        assert left_out(together[:1], **asked) == 20
    assert len({row.policy for row in expected}) == 4


def test_villages_that_are_no_more_are_not_missed() -> None:
    policy = replace(load_policy("bozhou-2014"), scope=("110101",))
    gone = {"village_code": "110102100201", "name": "旧村", "valid_to": date(2026, 9, 1)}
    new = {"village_code": "110102100202", "name": "新村", "valid_from": date(2026, 10, 1)}
    there = {"village_code": "110102100203", "name": "老村"}
    for rows, number in (([gone, new], 0), ([gone, new, there], 1)):
        with facts_of({"villages": rows}) as facts:
            period = parse_period("2026-09")
            assert left_out([Running(policy, ())], facts=facts, period=period) == number


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A village of Bozhou with its officer, one of Mouding, one of neither."""
    codes = ("341602100201", "532323100201", "110102100201")
    write_folder(
        tmp_path,
        {
            "villages": [{"village_code": code, "name": code} for code in codes],
            "staff": [{"staff_id": "S1", "role": "liaison_officer"}],
            "postings": [
                {
                    "posting_id": "P1",
                    "village_code": codes[0],
                    "staff_id": "S1",
                    "role": "liaison_officer",
                    "valid_from": date(2026, 1, 1),
                }
            ],
            "events": [],
        },
    )
    return tmp_path


POLICIES = ("--policy", "mouding-2020", "--policy", "bozhou-2014")


def assess(folder: Path, *words: str | Path) -> int:
    """`assess` of September 2026 by both documents, or as said."""
    policies = () if "--policy" in words else POLICIES
    asked = ("--facts", folder, "--period", "2026-09", "--as-of", "2026-10-08", *policies, *words)
    return main(["assess", *map(str, asked)])


def test_the_command_judges_by_both_and_says_who_is_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assess(folder, "--format", "json") == 0
    said = capsys.readouterr()
    assert said.err == "有1个村不在这几份政策的适用区划内，没有评\n"
    found = [(row["policy"], row["rule"], row["subject"]) for row in json.loads(said.out)]
    mouding = [row for row in found if row[0] == "mouding-2020"]
    assert found == [*mouding, *(row for row in found if row[0] == "bozhou-2014")]
    assert {row[2] for row in mouding} == {"532323100201"}
    assert {row[2] for row in found if row[0] == "bozhou-2014"} == {"341602100201", "P1"}


def test_the_other_formats_say_the_same(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assess(folder, "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert assess(folder, "--format", "parquet", "--out", tmp_path / "found.parquet") == 0
    held = parquet.read_table(tmp_path / "found.parquet").to_pylist()
    names = ("policy", "policy_digest", "rule", "subject", "verdict", "evidence_digest")
    assert [[row[name] for name in names] for row in held] == [
        [row[name] for name in names] for row in rows
    ]
    capsys.readouterr()
    assert assess(folder, "--format", "counts") == 0
    counts = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {(row["policy"], row["county_code"]) for row in counts} == {
        ("mouding-2020", "532323"),
        ("bozhou-2014", "341602"),
    }
    assert sum(int(row["number"]) for row in counts) == len(rows)
    assert assess(folder, "--format", "table") == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].startswith("policy")
    assert "门槛由县里定，不是原文的数字：mouding-2020 sweep" in table


def test_one_policy_is_asked_as_ever(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert assess(folder, "--policy", "mouding-2020", "--format", "counts") == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("rule,county_code,verdict,number\n")
    assert "110102" in said.out


def test_a_rule_named_runs_where_it_is_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assess(folder, "--rule", "visit-days", "--format", "json") == 0
    found = [(row["policy"], row["rule"]) for row in json.loads(capsys.readouterr().out)]
    assert found == [("bozhou-2014", "visit-days")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--policy", "mouding-2020", "--policy", "mouding-2020"), "mouding-2020 给了两次"),
        (("--engine", "reference"), "几份政策一起评只能用 duckdb 引擎，不能用 reference"),
        (("--rule", "nonsense"), "政策 mouding-2020、bozhou-2014 都没有规则“nonsense”"),
        (("--rule", "legal-education"), "规则“legal-education”按季计算，不能用于周期 2026-09"),
    ],
)
def test_what_cannot_be_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert assess(folder, *words) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert said in found.err


def test_a_policy_and_the_one_that_follows_it_take_turns(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = []
    for number, dates in enumerate(("valid_to: 2026-09-01", "valid_from: 2026-09-01")):
        path = folder.parent / f"county-{number}.yaml"
        path.write_text(f"id: county-{number}\ninherits: mouding-2020\n{dates}\n", encoding="utf-8")
        names += ["--policy", str(path)]
    assert assess(folder, *names, "--format", "json") == 0
    said = capsys.readouterr()
    assert {row["policy"] for row in json.loads(said.out)} == {"county-1"}
    assert said.err.splitlines() == [
        "政策 county-0 在 2026-09-01 没有施行，没有用它评",
        "有2个村不在这几份政策的适用区划内，没有评",
    ]
    assert assess(folder, *names[:2], *POLICIES[:2], "--rule", "sweep", "--format", "json") == 0
    assert {row["policy"] for row in json.loads(capsys.readouterr().out)} == {"mouding-2020"}


def test_where_no_policy_is_in_force_nothing_is_judged(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    early = ("--period", "1999-09", "--policy", "mouding-2020", "--policy", "suzhou-2021")
    policies = [load_policy(name) for name in early[3::2]]
    assert all(policy.valid_from for policy in policies)
    assert main(["assess", "--facts", str(folder), *early]) == 2
    assert "政策 mouding-2020、suzhou-2021 在 1999-09-01 都没有施行" in capsys.readouterr().err


def test_a_policy_that_runs_no_rule_is_named_and_its_villages_lie_in_its_scope_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assess(folder, "--rule", "visit-days", "--format", "counts") == 0
    assert capsys.readouterr().err.splitlines() == [
        "政策 mouding-2020 没有这次要评的规则，没有用它评",
        "有1个村不在这几份政策的适用区划内，没有评",
    ]
    assert assess(folder, "--rule", "visit-days", "--rule", "sweep", "--format", "counts") == 0
    assert capsys.readouterr().err == "有1个村不在这几份政策的适用区划内，没有评\n"


def test_a_mark_on_no_scale_is_refused_whoever_is_judged(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "subject_id,period,item,value\nS9,2024,yearly_grade,great\n"
    (folder / "marks.csv").write_text(rows, encoding="utf-8")
    assert assess(folder, "--policy", "jilin-2019", "--policy", "bozhou-2014") == 0
    asked = ("--facts", str(folder), "--period", "2026", "--as-of", "2027-02-01")
    capsys.readouterr()
    assert main(["assess", "--policy", "jilin-2019", *POLICIES[2:], *asked]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "marks.csv：第2行" in said.err
    assert "great" in said.err


def test_only_assess_takes_several(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--facts", str(folder), "--period", "2026-09", "--rule", "sweep", "--subject", "P1")
    with pytest.raises(SystemExit) as ended:
        main(["explain", *POLICIES, *asked])
    assert ended.value.code == 2
    assert "--policy 这里只能写一次" in capsys.readouterr().err
