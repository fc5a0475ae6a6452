"""A policy file is read strictly: what is wrong is named with file, line and key."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from cunjing.policy import loader
from cunjing.policy.enums import (
    Disposition,
    Exemption,
    MemberPost,
    Missing,
    Operator,
    Role,
    RuleKind,
    SubjectKind,
)
from cunjing.policy.errors import InputError
from cunjing.policy.loader import find_parent, find_policy, load_policy, shipped_policies
from cunjing.policy.matching import Matching
from cunjing.policy.measures import EventMeasure, Tally, TenureMonths
from cunjing.policy.model import Between, Clause, DatedThreshold, Item, Listing
from cunjing.policy.periods import PeriodKind, parse_period

from .wrong_outlines import WRONG_OUTLINES
from .wrong_policies import SOUND, WRONG

EVERY_WRONG = WRONG | WRONG_OUTLINES


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


@pytest.mark.parametrize("name", EVERY_WRONG)
def test_a_wrong_policy_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    old, new, place, words = EVERY_WRONG[name]
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    said = refused(written(tmp_path, text))
    lines = [line for line in said.splitlines() if words in line]
    assert lines, said
    assert f"policy.yaml：第{line_of(text, place)}行" in lines[0], said


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


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("inherits: parent", "inherits: nobody", "找不到政策“nobody”"),
        ("  rules:\n", "  scope: []\n  rules:\n", "不能在这里改写"),
    ],
)
def test_a_child_that_cannot_be_joined_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    written(tmp_path, SOUND.replace("test-county", "parent"), "parent/policy.yaml")
    assert words in refused(written(tmp_path, CHILD.replace(old, new), "child/policy.yaml"))


def test_a_child_adds_its_own_and_patches_mappings(tmp_path: Path) -> None:
    written(tmp_path, SOUND.replace("test-county", "parent"), "parent/policy.yaml")
    clauses = 'clauses:\n  - {number: "9", paraphrase: 县里的, disposition: none}\n'
    text = CHILD.replace("overrides:\n", clauses + "overrides:\n  minimum_days: {month: 5}\n")
    child = load_policy(written(tmp_path, text, "child/policy.yaml"))
    assert [clause.number for clause in child.clauses] == ["1", "2", "3", "9"]
    assert child.minimum_days[PeriodKind.MONTH] == 5
    assert child.minimum_days[PeriodKind.YEAR] == 90


def test_a_policy_answers_by_number_and_id(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, SOUND))
    assert policy.clause("3").paraphrase == "团结"
    with pytest.raises(KeyError):
        policy.clause("4")
    with pytest.raises(KeyError):
        policy.rule("nothing")
    with pytest.raises(KeyError):
        policy.rules_for(parse_period("2026-Q3"), ["visits"])
    month = [rule.id for rule in policy.rules_for(parse_period("2026-09"))]
    assert month == ["rotation", "visits"]


def test_a_file_that_is_not_there_is_refused() -> None:
    assert "没有这个政策" in refused("nowhere.yaml")


def test_a_withdrawn_rule_leaves_its_clause_bare(tmp_path: Path) -> None:
    written(tmp_path, SOUND.replace("test-county", "parent"), "parent/policy.yaml")
    text = CHILD[: CHILD.index("  parameters")] + "  rules:\n    visits: null\n"
    said = refused(written(tmp_path, text, "child/policy.yaml"))
    place = f"child/policy.yaml：第{line_of(text, 'visits: null')}行，“visits”键："
    assert f"{place}这样一改，继承来的“1”键：标为 executable，却没有规则引用它" in said


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


def test_a_kept_policy_is_not_held_to_what_is_asked_of_a_new_one(tmp_path: Path) -> None:
    path = written(tmp_path, SOUND.replace("threshold: 2", "threshold: 99"))
    assert "永远达不到" in refused(path)
    assert load_policy(path, kept=True).rule("visits").thresholds == (DatedThreshold(99),)
    with pytest.raises(InputError, match="没有这个键"):
        load_policy(written(tmp_path, f"{SOUND}\nnonsense: 1\n"), kept=True)


def test_what_a_child_makes_of_a_rule_is_named_in_the_child(tmp_path: Path) -> None:
    written(tmp_path, SOUND.replace("test-county", "parent"), "parent/policy.yaml")
    text = CHILD.replace(
        "threshold: [{value: 2, valid_to: 2027-01-01}, {value: 3", "threshold: 40 #"
    )
    said = refused(written(tmp_path, text, "child/policy.yaml"))
    line = line_of(text, "threshold: 40")
    assert f"child/policy.yaml：第{line}行，“visits”规则：门槛 40 永远达不到" in said


REPLACING = SOUND.replace("valid_from: 2026-01-01", "valid_from: 2027-01-01\nsupersedes: old")


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("valid_to: 2027-02-01", "日期重叠：2027-01-01 至 2027-02-01"),
        ("valid_to: 2026-12-01", "之间有空档：2026-12-01 至 2027-01-01"),
    ],
)
def test_a_policy_begins_where_the_one_it_replaces_ends(
    tmp_path: Path, ends: str, words: str
) -> None:
    old = SOUND.replace("test-county", "old")
    written(tmp_path, old.replace("time_zone", f"{ends}\ntime_zone"), "old/policy.yaml")
    said = refused(written(tmp_path, REPLACING, "new/policy.yaml"))
    assert f"new/policy.yaml：第{line_of(REPLACING, 'supersedes')}行，“supersedes”键：" in said
    assert words in said
    for sound in ("valid_to: 2027-01-01\n", ""):
        text = old.replace("time_zone", f"{sound}time_zone")
        written(tmp_path, text, "old/policy.yaml")
        assert load_policy(str(tmp_path / "new")).supersedes == "old"


def test_what_is_replaced_need_not_be_sound_by_todays_rules(tmp_path: Path) -> None:
    old = SOUND.replace("test-county", "old").replace("threshold: 2", "threshold: 99")
    written(tmp_path, old, "old/policy.yaml")
    assert load_policy(written(tmp_path, REPLACING, "new/policy.yaml")).supersedes == "old"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("supersedes: old", "supersedes: older", "找不到政策“older”"),
        ("valid_from: 2027-01-01\n", "", "键：要有 valid_from，写明从哪一天起取代"),
    ],
)
def test_what_is_replaced_is_there_and_from_when(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    written(tmp_path, SOUND.replace("test-county", "old"), "old/policy.yaml")
    assert words in refused(written(tmp_path, REPLACING.replace(old, new), "new/policy.yaml"))


def test_a_policy_in_the_products_place_is_called_as_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "SHIPPED", tmp_path)
    path = written(tmp_path, SOUND, "other/policy.yaml")
    assert "第1行，“id”键：应与文件夹同名：other" in refused(path)
    assert load_policy(written(tmp_path, SOUND, "test-county/policy.yaml")).id == "test-county"


def test_what_a_child_takes_over_wrong_is_named_in_the_parent(tmp_path: Path) -> None:
    parent = SOUND.replace("test-county", "parent").replace("Asia/Shanghai", "Europe/Paris")
    written(tmp_path, parent, "parent/policy.yaml")
    said = refused(written(tmp_path, CHILD, "child/policy.yaml"))
    assert f"parent/policy.yaml：第{line_of(parent, 'time_zone')}行，“time_zone”键：" in said


EVERYTHING = """\
id: whole
title: 全部
issuer: 县局
document_number: 〔2026〕1号
issued_on: 2026-01-02
source_digest: "00000000000000000000000000000000000000000000000000000000000000ab"
scope: ["5323", "341600"]
valid_from: 2026-02-01
valid_to: 2027-02-01
time_zone: Asia/Shanghai
calendar: gregorian
minimum_days: {month: 7, quarter: 30, half_year: 60, year: 91}
parameters: []
clauses:
  - {number: "1", paraphrase: 进村, disposition: human, note: 所长看, figure: 每月2天}
  - {number: "2", paraphrase: 也进村, disposition: human, note: 同上, same_as: ["1"]}
rules: []
role_sets: [{id: six, clause: "1", title: 六员, roles: [beat_officer], items: {a: 甲, b: 乙}}]
duties: [{id: head, clause: "2", title: 连长, posts: [commander], items: {a: 甲}}]
tasks: [{id: tasks, clause: "1", title: 六做, items: {c: 丙}}]
questions: [{id: questions, clause: "1", title: 六问, items: {d: 丁}}]
prohibitions: [{id: four, clause: "1", title: 四不准, items: {e: 戊}}]
boards: [{id: board, clause: "1", title: 公示牌, items: {f: 己}}]
grades: [good, bad]
pay: {bonus: {good: 5, bad: 0}}
matching: [{id: officers, clause: "1", roles: [beat_officer], vacancy: 9, slots: [0, 2]}]
"""


def test_everything_a_file_says_is_in_the_policy(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, EVERYTHING))
    said = {name: getattr(policy, name) for name in yaml.safe_load(EVERYTHING)}
    human = Disposition.HUMAN
    lists = {
        "role_sets": ("six", "1", "六员", (Role.BEAT_OFFICER,), (), {"a": "甲", "b": "乙"}),
        "duties": ("head", "2", "连长", (), (MemberPost.COMMANDER,), {"a": "甲"}),
        "tasks": ("tasks", "1", "六做", (), (), {"c": "丙"}),
        "questions": ("questions", "1", "六问", (), (), {"d": "丁"}),
        "prohibitions": ("four", "1", "四不准", (), (), {"e": "戊"}),
        "boards": ("board", "1", "公示牌", (), (), {"f": "己"}),
    }
    minimum_days = dict(zip(PeriodKind, (7, 30, 60, 91), strict=True))
    assert said == {
        **{name: (_listing(*entry),) for name, entry in lists.items()},
        "id": "whole",
        "title": "全部",
        "issuer": "县局",
        "document_number": "〔2026〕1号",
        "issued_on": date(2026, 1, 2),
        "source_digest": "ab".rjust(64, "0"),
        "scope": ("5323", "341600"),
        "valid_from": date(2026, 2, 1),
        "valid_to": date(2027, 2, 1),
        "time_zone": "Asia/Shanghai",
        "calendar": "gregorian",
        "minimum_days": minimum_days,
        "parameters": (),
        "rules": (),
        "clauses": (
            Clause("1", "进村", human, "所长看", figure="每月2天"),
            Clause("2", "也进村", human, "同上", same_as=("1",)),
        ),
        "grades": ("good", "bad"),
        "pay": {"bonus": {"good": 5, "bad": 0}},
        "matching": (Matching(0, "", "officers", "1", (Role.BEAT_OFFICER,), 9, (0, 2)),),
    }
    assert (policy.supersedes, policy.inherits) == (None, None)


def _listing(*said: Any) -> Listing:
    name, clause, title, roles, posts, items = said
    entries = tuple(Item(key, text) for key, text in items.items())
    return Listing(name, clause, title, roles, entries, posts)


def test_what_a_file_leaves_out_is_empty(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, SOUND))
    assert (policy.pay, policy.matching, policy.grades, policy.listings) == ({}, (), (), ())
    assert policy.parameters == (policy.rule("rotation").parameter,)


def test_a_policy_is_found_by_id_file_and_folder(tmp_path: Path) -> None:
    path = Path(written(tmp_path, SOUND, "mine/policy.yaml"))
    assert find_policy(str(path)) == find_policy(str(path.parent)) == path
    assert find_policy("bozhou-2014") == loader.SHIPPED / "bozhou-2014" / "policy.yaml"
    assert find_policy("nothing") is None
    assert find_parent(tmp_path / "own" / "policy.yaml", "mine") == path
    assert find_parent(path, "bozhou-2014") == find_policy("bozhou-2014")
    assert find_parent(path, "nothing") is None


def test_an_unknown_policy_is_refused_with_those_there_are() -> None:
    said = refused("nothing")
    known = "、".join(shipped_policies())
    assert said == f"nothing：没有这个政策；随产品提供的有：{known}，也可以给文件路径"
    assert len(shipped_policies()) == 5
