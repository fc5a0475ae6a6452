"""Cases are read strictly, run on an engine, and disagree loudly."""

from dataclasses import replace
from pathlib import Path

import pytest

from cunjing.policy.cases import agrees, find_cases, load_cases, run_case, run_cases, write_world
from cunjing.policy.engines import load_engine
from cunjing.policy.enums import VerdictKind
from cunjing.policy.errors import InputError, RequestError
from cunjing.policy.loader import SHIPPED, load_policy

BOZHOU = SHIPPED / "bozhou-2014" / "policy.yaml"


def test_a_case_that_says_otherwise_does_not_agree() -> None:
    loaded = load_cases(BOZHOU, "visit-days")
    assert loaded is not None
    case = loaded.cases[0]
    policy = load_policy("bozhou-2014")
    verdict = run_case(policy, loaded, case, engine=load_engine("reference"))
    assert agrees(case, verdict)
    assert not agrees(replace(case, verdict=VerdictKind.FAIL), verdict)
    assert not agrees(replace(case, value=99), verdict)
    assert not agrees(replace(case, threshold=99), verdict)
    assert not agrees(case, None)


def test_a_disagreement_is_found_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    text = (BOZHOU.parent / "cases" / "safety-warning.yaml").read_text(encoding="utf-8")
    spoilt = text.replace("verdict: pass", "verdict: advice", 1)
    (tmp_path / "cases" / "safety-warning.yaml").write_text(spoilt, encoding="utf-8")
    (finding,) = run_cases(
        tmp_path / "policy.yaml", load_policy("bozhou-2014"), engine=load_engine("reference")
    )
    assert finding.file == str(tmp_path / "cases" / "safety-warning.yaml")
    assert "应为 advice，得到 pass，值 1" in finding.message


def test_a_case_file_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "x.yaml").write_text("rule: x\nperiods: 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="“periods”键：没有这个键"):
        load_cases(tmp_path / "policy.yaml", "x")


def test_rows_can_be_repeated(tmp_path: Path) -> None:
    write_world(tmp_path, world={}, rows={"staff": ({"staff_id": "S{n}", "times": "3"},)})
    lines = (tmp_path / "staff.csv").read_text(encoding="utf-8").split()
    assert lines == ["staff_id,role", "S1,", "S2,", "S3,"]
    assert (tmp_path / "events.csv").exists()
    assert not (tmp_path / "sync.csv").exists()


def test_an_engine_that_is_not_there_is_refused() -> None:
    with pytest.raises(RequestError, match="可用：duckdb、reference"):
        load_engine("spark")


def test_a_rule_inherited_as_it_stands_has_its_parents_cases(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    path = tmp_path / "own" / "policy.yaml"
    path.write_text(
        "id: own\ntitle: 自定\ninherits: bozhou-2014\n"
        "overrides: {rules: {household-visits: {threshold: 30}}}\n",
        encoding="utf-8",
    )
    policy = load_policy(str(path))
    found = find_cases(path, policy, policy.rule("visit-days"))
    assert found == load_cases(BOZHOU, "visit-days")
    assert find_cases(path, policy, policy.rule("household-visits")) is None
