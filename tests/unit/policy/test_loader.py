"""A policy file is read strictly: what is wrong is named with file, line and key."""

from pathlib import Path

import pytest

from cunjing.policy.enums import Exemption, Missing, Operator, RuleKind, SubjectKind
from cunjing.policy.errors import InputError
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import EventMeasure, Tally, TenureMonths
from cunjing.policy.model import Between, DatedThreshold
from cunjing.policy.periods import PeriodKind, parse_period

SOUND = """\
id: test-county
title: 试点
issuer: 县局
document_number: 无
issued_on: 2026-01-01
source_digest: "0000000000000000000000000000000000000000000000000000000000000000"
scope: ["532323"]
valid_from: 2026-01-01
time_zone: Asia/Shanghai
calendar: gregorian
minimum_days: {month: 7, quarter: 30, half_year: 60, year: 90}
parameters:
  - {id: months, parameter: county, title: 期限, default: 24, unit: 个月, note: 原文没有给}
clauses:
  - {number: "1", paraphrase: 进村, disposition: executable}
  - {number: "2", paraphrase: 轮换, disposition: executable}
  - {number: "3", paraphrase: 团结, disposition: none}
rules:
  - id: visits
    clause: "1"
    title: 进村
    kind: quota
    subject: posting
    role: liaison_officer
    period: month
    measure: {kind: distinct_days, event: {kind: village_visit}}
    operator: ">="
    threshold: 2
    unit: 天
    message: "{period}还差{gap}天"
  - id: rotation
    clause: "2"
    title: 轮换
    kind: eligibility
    subject: posting
    role: [village_auxiliary]
    measure: {kind: tenure_months}
    operator: "<="
    threshold: {parameter: months}
    unit: 个月
    message: 超过{gap}个月
"""


def written(folder: Path, text: str, name: str = "policy.yaml") -> str:
    """Write a policy and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def refused(path: str) -> str:
    """What loading says."""
    with pytest.raises(InputError) as caught:
        load_policy(path)
    return str(caught.value)


def line_of(text: str, part: str) -> int:
    """The line a part first stands on."""
    return text[: text.index(part)].count("\n") + 1


def test_a_sound_policy_becomes_data(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, SOUND))
    visits, rotation = policy.rules
    assert visits.measure == EventMeasure(
        tally=Tally.DISTINCT_DAYS, event=visits.measure.event, sub_period=None, lacking=None
    )
    assert (visits.kind, visits.subject.kind) == (RuleKind.QUOTA, SubjectKind.POSTING)
    assert (visits.exemptions, visits.missing) == ((Exemption.SHORT_POSTING,), Missing.UNKNOWN)
    assert (visits.period, visits.is_state) == (PeriodKind.MONTH, False)
    assert (rotation.measure, rotation.operator) == (TenureMonths(), Operator.AT_MOST)
    assert rotation.is_state
    assert rotation.parameter is not None
    assert rotation.threshold_on(parse_period("2026").start) == 24
    assert policy.minimum_days[PeriodKind.QUARTER] == 30


WRONG = {
    "an unknown key": ("issuer: 县局", "issuer: 县局\nissuers: 县局", "issuers", "没有这个键"),
    "an unknown key of a rule": (
        "period: month",
        "period: month\n    peroid: month",
        "peroid",
        "没有这个键",
    ),
    "an unknown key of a measure": (
        "{kind: tenure_months}",
        "{kind: tenure_months, low: 1}",
        "{kind: tenure_months, low",
        "没有这个键",
    ),
    "a key twice": (
        "issuer: 县局",
        "issuer: 县局\nissuer: 县局",
        "issuer: 县局\ndocument",
        "写了两次",
    ),
    "a missing key": ('    operator: "<="\n', "", "- id: rotation", "“operator”键：缺少"),
    "a number in words": ("threshold: 2", "threshold: 两", "threshold: 两", "应是整数"),
    "a fraction": ("threshold: 2", "threshold: 2.5", "threshold: 2.5", "应是整数"),
    "an unknown role": ("role: liaison_officer", "role: sheriff", "role: sheriff", "以下之一"),
    "an unknown measure": ("distinct_days,", "days,", "measure: {kind: days", "distinct_days"),
    "an unknown event": ("village_visit", "visit", "kind: visit", "village_visit"),
    "a date that does not exist": ("2026-01-01\ntime", "2026-02-30\ntime", "2026-02-30", "日期"),
    "a short source digest": ('source_digest: "0000', 'source_digest: "', "id: test", "SHA-256"),
    "a scope that is no code": ('["532323"]', '["云南"]', "id: test", "区划代码"),
    "a rule twice": ("id: rotation", "id: visits", '- id: visits\n    clause: "2"', "两次"),
    "a rule without clause": ('clause: "2"', 'clause: "9"', "- id: rotation", "没有“9”"),
    "a rule on a clause without duty": (
        'clause: "2"',
        'clause: "3"',
        "- id: rotation",
        "不是 executable",
    ),
    "an executable clause without rule": (
        "disposition: none",
        "disposition: executable",
        '- {number: "3"',
        "没有规则引用",
    ),
    "a human clause without note": (
        "disposition: none",
        "disposition: human",
        '- {number: "3"',
        "要有 note",
    ),
    "a clause without disposition": (
        "团结, disposition: none",
        "团结",
        '- {number: "3"',
        "“disposition”键：缺少",
    ),
    "an unknown parameter": (
        "parameter: months",
        "parameter: days",
        "parameter: days",
        "没有“days”",
    ),
    "a parameter nobody uses": ("{parameter: months}", "24", "- {id: months", "没有规则用到"),
    "a parameter of another unit": ("unit: 个月, note", "unit: 天, note", "- {id: months", "单位"),
    "a unit that does not fit": ("unit: 天", "unit: 次", "- id: visits", "单位应为“天”"),
    "a unit of something else": ("unit: 个月\n", "unit: 天\n", "- id: rotation", "对不上"),
    "an event rule without period": ("    period: month\n", "", "- id: visits", "要有 period"),
    "a state rule with period": (
        "role: [village_auxiliary]",
        "role: [village_auxiliary]\n    period: month",
        "- id: rotation",
        "不能有",
    ),
    "a posting rule without role": ("    role: liaison_officer\n", "", "- id: visits", "要有 role"),
    "a subject that does not fit": (
        "subject: posting\n    role: [",
        "subject: staff\n    role: [",
        "- id: rotation",
        "subject 应为：posting",
    ),
    "a threshold out of reach": ("threshold: 2", "threshold: 32", "- id: visits", "永远达不到"),
    "a threshold always reached": ("threshold: 2", "threshold: 0", "- id: visits", "怎样都达标"),
    "a range without between": (
        "threshold: 2",
        "threshold: {low: 1, high: 2}",
        "- id: visits",
        "between",
    ),
    "dates with a gap": (
        "threshold: 2",
        "threshold: [{value: 2, valid_to: 2026-07-01}, {value: 3, valid_from: 2026-08-01}]",
        "- id: visits",
        "空档：2026-07-01 至 2026-08-01",
    ),
    "dates that overlap": (
        "threshold: 2",
        "threshold: [{value: 2, valid_to: 2026-09-01}, {value: 3, valid_from: 2026-08-01}]",
        "- id: visits",
        "重叠：2026-08-01 至 2026-09-01",
    ),
    "a rule never in force": (
        "threshold: 2",
        "threshold: [{value: 2, valid_to: 2025-01-01}]",
        "- id: visits",
        "从不生效",
    ),
    "a message with an unknown place": ("{gap}天", "{days}天", "- id: visits", "不认识 days"),
    "a message with an open brace": ("{gap}天", "{gap天", "- id: visits", "花括号"),
    "sub-periods without their kind": (
        "distinct_days, event: {kind: village_visit}",
        "subperiods, event: {kind: village_visit}",
        "- id: visits",
        "sub_period",
    ),
    "more sub-periods than there are": (
        "{kind: distinct_days, event: {kind: village_visit}}\n"
        '    operator: ">="\n    threshold: 2\n    unit: 天',
        "{kind: subperiods, sub_period: half_month, event: {kind: village_visit}}\n"
        '    operator: ">="\n    threshold: 3\n    unit: 段',
        "- id: visits",
        "一个周期最多 2",
    ),
    "a wrong missing-data strategy": (
        "period: month",
        "period: month\n    missing: violation",
        "- id: visits",
        "missing 应为 unknown",
    ),
    "a time zone elsewhere": ("Asia/Shanghai", "Europe/Paris", "id: test", "Asia/Shanghai"),
    "an override without parent": (
        "issuer: 县局",
        "issuer: 县局\noverrides: {}",
        "overrides",
        "inherits",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_policy_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    old, new, place, words = WRONG[name]
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    said = refused(written(tmp_path, text))
    lines = [line for line in said.splitlines() if words in line]
    assert lines, said
    assert lines[0].startswith(f"policy.yaml：第{line_of(text, place)}行"), said


def test_yaml_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    assert "行：YAML 写法有误" in refused(written(tmp_path, "id: a\ntitle: [一\n"))
    assert "应是“键: 值”" in refused(written(tmp_path, "- 一\n"))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes("title: 试点".encode("gb18030"))
    assert "UTF-8" in refused(str(path))


CHILD = """\
id: child
inherits: parent
title: 县里的
issuer: 另一个县局
document_number: 无
issued_on: 2026-02-01
source_digest: "1111111111111111111111111111111111111111111111111111111111111111"
scope: ["411526"]
overrides:
  parameters:
    months: {default: 12}
  rules:
    visits:
      threshold: [{value: 2, valid_to: 2027-01-01}, {value: 3, valid_from: 2027-01-01}]
"""


def test_a_child_changes_what_it_names_and_keeps_the_rest(tmp_path: Path) -> None:
    written(tmp_path, SOUND.replace("test-county", "parent"), "parent/policy.yaml")
    child = load_policy(written(tmp_path, CHILD, "child/policy.yaml"))
    parent = load_policy(str(tmp_path / "parent"))
    assert (child.id, child.inherits, child.scope) == ("child", "parent", ("411526",))
    assert [clause.number for clause in child.clauses] == ["1", "2", "3"]
    assert child.rule("rotation").thresholds == (DatedThreshold(12),)
    visits = child.rule("visits")
    assert visits.threshold_on(parse_period("2026-12").start) == 2
    assert visits.threshold_on(parse_period("2027-01").start) == 3
    assert child.digest != parent.digest


def test_an_error_in_a_child_names_the_childs_line(tmp_path: Path) -> None:
    written(tmp_path, SOUND.replace("test-county", "parent"), "parent/policy.yaml")
    text = CHILD.replace("    visits:", "    visit:")
    said = refused(written(tmp_path, text, "child/policy.yaml"))
    assert f"第{line_of(text, 'visit:')}行，“visit”键：被继承的政策里没有" in said


def test_a_withdrawn_rule_leaves_its_clause_bare(tmp_path: Path) -> None:
    written(tmp_path, SOUND.replace("test-county", "parent"), "parent/policy.yaml")
    text = CHILD[: CHILD.index("  parameters")] + "  rules:\n    visits: null\n"
    said = refused(written(tmp_path, text, "child/policy.yaml"))
    assert "“1”键：标为 executable，却没有规则引用它" in said


def test_policies_that_inherit_each_other_are_refused(tmp_path: Path) -> None:
    written(tmp_path, CHILD.replace("inherits: parent", "inherits: other"), "child/policy.yaml")
    other = CHILD.replace("id: child\ninherits: parent", "id: other\ninherits: child")
    assert "绕了回来" in refused(written(tmp_path, other, "other/policy.yaml"))


def test_the_digest_follows_the_meaning_not_the_writing(tmp_path: Path) -> None:
    first = load_policy(written(tmp_path, SOUND)).digest
    respaced = SOUND.replace("{kind: tenure_months}", "\n      kind: tenure_months # 注")
    assert load_policy(written(tmp_path, respaced)).digest == first
    assert (
        load_policy(written(tmp_path, SOUND.replace("threshold: 2", "threshold: 3"))).digest
        != first
    )


def test_a_range_is_a_between(tmp_path: Path) -> None:
    text = SOUND.replace("threshold: 2", "threshold: {low: 1, high: 2}").replace(">=", "between")
    rule = load_policy(written(tmp_path, text)).rule("visits")
    assert rule.threshold_on(parse_period("2026").start) == Between(low=1, high=2)
