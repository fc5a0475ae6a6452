"""Cases are read strictly, run on an engine, and disagree loudly."""

from dataclasses import replace
from pathlib import Path

import pytest

from cunjing.policy.cases import (
    agrees,
    check_cases,
    find_cases,
    load_cases,
    run_case,
    run_cases,
    write_world,
)
from cunjing.policy.engines import load_engine
from cunjing.policy.enums import VerdictKind
from cunjing.policy.errors import InputError, RequestError
from cunjing.policy.loader import SHIPPED, load_policy

from .wrong_cases import CASES, MISPLACED, OWN

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
    spoilt = text.replace("kind: pass", "kind: other", 1)
    spoilt = spoilt.replace("verdict: pass", "verdict: advice", 1)
    (tmp_path / "cases" / "safety-warning.yaml").write_text(spoilt, encoding="utf-8")
    (finding,) = run_cases(
        tmp_path / "policy.yaml", load_policy("bozhou-2014"), engine=load_engine("reference")
    )
    assert finding.file == str(tmp_path / "cases" / "safety-warning.yaml")
    assert (finding.row, finding.column) == (13, "一次")
    assert finding.message == "应为 advice，得到 pass，值 1，门槛 1；请改用例，或改规则"


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
    with pytest.raises(RequestError, match="可用：duckdb、reference、spark"):
        load_engine("abacus")


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


def _with_cases(folder: Path, text: str, rule: str = "visit-days") -> Path:
    """The file of a policy that asks for three days, with these cases beside it."""
    (folder / "cases").mkdir(exist_ok=True, parents=True)
    (folder / "cases" / f"{rule}.yaml").write_text(text, encoding="utf-8")
    path = folder / "policy.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_rule_has_at_least_a_pass_a_fail_and_a_boundary(tmp_path: Path) -> None:
    path = _with_cases(tmp_path, CASES)
    cases = f"{tmp_path}/cases"
    assert [str(finding) for finding in check_cases(path, load_policy(str(path)))] == [
        f"{path}：第6行，“visit-days”规则：缺少这几类用例：boundary、pass，"
        f"请写在 {cases}/visit-days.yaml",
        f"{path}：第7行，“household-visits”规则：缺少这几类用例：boundary、fail、pass，"
        f"请写在 {cases}/household-visits.yaml",
    ]


@pytest.mark.parametrize("name", MISPLACED)
def test_a_wrong_case_is_named_with_its_line_and_not_run(tmp_path: Path, name: str) -> None:
    old, new, place, words, rule = MISPLACED[name]
    assert old in CASES
    path = _with_cases(tmp_path, CASES.replace(old, new, 1), rule)
    policy = load_policy(str(path))
    said = [str(finding) for finding in check_cases(path, policy)]
    assert [
        line for line in said if line.startswith(f"{tmp_path}/cases/{rule}.yaml：{place}：{words}")
    ]
    assert run_cases(path, policy, engine=load_engine("reference")) == []


def test_a_case_whose_facts_are_bad_says_so(tmp_path: Path) -> None:
    path = _with_cases(tmp_path, CASES.replace("role: liaison_officer}", "role: sheriff}", 1))
    (finding,) = run_cases(path, load_policy(str(path)), engine=load_engine("reference"))
    assert str(finding).startswith(
        f"{tmp_path}/cases/visit-days.yaml：第11行，“没有进村”用例："
        "数据不对：staff.csv：第2行，“role”列：“sheriff”应为以下之一"
    )


def test_a_shipped_rule_lacks_no_case() -> None:
    assert check_cases(BOZHOU, load_policy("bozhou-2014")) == []


def test_the_cases_of_a_grandparent_do_where_the_rule_is_unchanged(tmp_path: Path) -> None:
    changed = "overrides: {rules: {household-visits: {threshold: 30}}}\n"
    for name, inherits in (("middle", "bozhou-2014"), ("own", "middle")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(
            f"id: {name}\ntitle: 自定\ninherits: {inherits}\n{changed}", encoding="utf-8"
        )
        changed = ""
    path = tmp_path / "own" / "policy.yaml"
    policy = load_policy(str(path))
    assert find_cases(path, policy, policy.rule("visit-days")) == load_cases(BOZHOU, "visit-days")
    (finding,) = check_cases(path, policy)
    assert (finding.file, finding.row) == (f"{tmp_path}/middle/policy.yaml", 4)
    assert (
        f"缺少这几类用例：boundary、fail、pass，请写在 {tmp_path}/own/cases/household-visits.yaml"
        in str(finding)
    )


def test_a_case_without_a_row_has_no_verdict(tmp_path: Path) -> None:
    path = _with_cases(tmp_path, CASES.replace("subject: P1, verdict", "subject: P9, verdict"))
    policy = load_policy(str(path))
    loaded = load_cases(path, "visit-days")
    assert loaded is not None
    engine = load_engine("reference")
    assert run_case(policy, loaded, loaded.cases[0], engine=engine) is None
    (finding,) = run_cases(path, policy, engine=engine)
    assert str(finding) == (
        f"{tmp_path}/cases/visit-days.yaml：第11行，“没有进村”用例："
        "应为 fail，得到 没有结论；请改用例，或改规则"
    )


def test_a_case_that_holds_is_no_finding(tmp_path: Path) -> None:
    path = _with_cases(tmp_path, CASES)
    assert run_cases(path, load_policy("bozhou-2014"), engine=load_engine("reference")) == []


def test_a_world_is_written_as_the_contract_says(tmp_path: Path) -> None:
    world = {"villages": ({"village_code": "341600000200", "name": "甲\n村"},)}
    rows = {"villages": ({"name": "乙村", "village_code": "34160000020{n}", "times": "2"},)}
    write_world(tmp_path, world=world, rows=rows)
    assert (tmp_path / "villages.csv").read_bytes() == (
        'village_code,name\r\n341600000200,"甲\n村"\r\n341600000201,乙村\r\n341600000202,乙村\r\n'
    ).encode()


def test_a_file_of_cases_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    path = _with_cases(tmp_path, "rule: visit-days\nperiods: 1\n")
    found = [str(finding) for finding in check_cases(path, load_policy(str(path)))]
    assert any("“periods”键：没有这个键" in said for said in found)
    assert "“household-visits”规则：缺少这几类用例" in found[-1]
