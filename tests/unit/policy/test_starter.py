"""The template a county starts from: sound as it is, and with everything in it made use of."""

import re
from pathlib import Path

import pytest

from cunjing.cli import main
from cunjing.policy.cases import check_cases
from cunjing.policy.errors import InputError
from cunjing.policy.loader import SHIPPED, load_policy, shipped_policies
from cunjing.policy.starter import STARTER, TEMPLATE, still_to_fill

_OFFERED = re.compile(r"^# (?= |(?:overrides|parameters|clauses|rules|boards):)", re.MULTILINE)


def test_the_template_is_a_sound_policy_that_changes_nothing() -> None:
    template, parent = load_policy(str(TEMPLATE)), load_policy("suzhou-2021")
    assert (template.rules, template.clauses) == (parent.rules, parent.clauses)
    assert (template.id, template.inherits, template.scope) == (
        "my-county",
        "suzhou-2021",
        ("000000",),
    )
    assert check_cases(TEMPLATE, template) == []


def test_everything_the_template_offers_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(_OFFERED.sub("", STARTER), encoding="utf-8")
    policy = load_policy(str(path))
    assert "visit-spread" not in {rule.id for rule in policy.rules}
    assert len(policy.rule("visit-days").thresholds) == 2
    assert policy.rule("drills").parameter is not None
    assert [clause.number for clause in policy.clauses][-2:] == ["补-1", "补-2"]
    assert [board.id for board in policy.boards][-1] == "county-board"
    asked = {finding.column: finding for finding in check_cases(path, policy)}
    assert asked.keys() == {"visit-days", "auxiliary-rotation", "drills"}
    for finding in asked.values():
        written = path.read_text(encoding="utf-8").splitlines()[(finding.row or 0) - 1]
        assert (finding.file, finding.noun) == (str(path), "规则")
        assert re.search("threshold|rotation-months|- id: drills", written)
        assert f"{tmp_path}/cases/{finding.column}.yaml" in finding.message


CHANGES = {
    "another table of pay": (
        "jilin-2019",
        "overrides: {pay: {performance: {excellent: 400000, competent: 300000, incompetent: 0}}}",
        "performance-pay",
    ),
    "another parameter": (
        "jilin-2019",
        "overrides: {parameters: {inspections-per-quarter: {default: 3}}}",
        "station-inspection",
    ),
    "another limit": (
        "jilin-2019",
        "overrides: {rules: {allowance: {threshold: 90}}}",
        "allowance",
    ),
    "a rule that only advises": (
        "bozhou-2014",
        "overrides: {rules: {legal-education: {as_a_rule: true}}}",
        "legal-education",
    ),
    "other days of grace": (
        "huangchuan-2021",
        "overrides: {rules: {annual-report-company: {grace_days: 45}}}",
        "annual-report-company",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_county_changes_a_number_and_only_that_rule(tmp_path: Path, name: str) -> None:
    parent, lines, changed = CHANGES[name]
    path = tmp_path / "policy.yaml"
    path.write_text(f"{STARTER.replace('suzhou-2021', parent)}{lines}\n", encoding="utf-8")
    policy = load_policy(str(path))
    inherited = load_policy(parent)
    assert [rule.id for rule in policy.rules if rule not in inherited.rules] == [changed]
    (finding,) = check_cases(path, policy)
    line = len(STARTER.splitlines()) + 1
    assert (finding.file, finding.row, finding.column) == (str(path), line, changed)


def test_a_withdrawn_rule_asks_what_becomes_of_its_clause(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    withdrawn = "overrides:\n  rules: {visit-spread: null}\n"
    path.write_text(STARTER + withdrawn, encoding="utf-8")
    with pytest.raises(InputError, match="“五（一）-2”键：标为 executable，却没有规则引用它"):
        load_policy(str(path))
    human = "  clauses: {五（一）-2: {disposition: human, note: 由派出所判断}}\n"
    path.write_text(STARTER + withdrawn + human, encoding="utf-8")
    policy = load_policy(str(path))
    assert policy.clause("五（一）-2").note == "由派出所判断"
    assert check_cases(path, policy) == []


FILLED = {
    "document_number": ("请填文号", "县公〔2026〕5号"),
    "source_digest": ("0" * 64, "ab" * 32),
    "scope": ('["000000"]', '["341302"]'),
}


def test_what_only_holds_a_place_is_asked_for_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(STARTER, encoding="utf-8")
    lines = STARTER.splitlines()
    found = still_to_fill(path, load_policy(str(path)))
    said = {one.column: (one.file, one.noun, lines[(one.row or 0) - 1]) for one in found}
    assert said.keys() == FILLED.keys()
    for key, (file, noun, line) in said.items():
        assert (file, noun) == (str(path), "键")
        assert line.startswith(f"{key}: ")


@pytest.mark.parametrize("name", FILLED)
def test_what_is_filled_is_asked_for_no_more(tmp_path: Path, name: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(STARTER.replace(*FILLED[name]), encoding="utf-8")
    found = still_to_fill(path, load_policy(str(path)))
    assert {one.column for one in found} == FILLED.keys() - {name}


def test_shipped_policies_have_nothing_left_to_fill() -> None:
    for name in shipped_policies():
        assert list(still_to_fill(SHIPPED / name / "policy.yaml", load_policy(name))) == []


def test_what_is_inherited_is_asked_of_the_parent(tmp_path: Path) -> None:
    for name, text in (
        ("my-county", STARTER),
        ("child", "id: child\ninherits: my-county\nscope: ['341302']\n"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text, encoding="utf-8")
    path = tmp_path / "child" / "policy.yaml"
    policy = load_policy(str(path))
    assert policy.document_number == "请填文号"
    assert list(still_to_fill(path, policy)) == []


def test_policy_check_says_what_is_to_be_filled_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "policy.yaml"
    assert main(["policy", "new", "--out", str(path)]) == 0
    capsys.readouterr()
    assert main(["policy", "check", str(path)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    sound, *to_fill = out.splitlines()
    assert sound.startswith(f"{path}：没有问题")
    assert [line.split("：")[1] for line in to_fill] == [
        f"第{row}行，“{key}”键"
        for row, key in ((11, "document_number"), (14, "source_digest"), (16, "scope"))
    ]
