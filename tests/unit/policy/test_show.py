"""`policy show` prints everything a policy holds."""

from argparse import Namespace
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from tests.support.rulebook import policy_of

from cunjing.policy.enums import Disposition, MemberPost, Role
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.model import ByGrade, Clause, DatedThreshold, Item, Listing, Parameter
from cunjing.policy.show import policy_lines, show_policy

EMPTY = policy_of()


@pytest.mark.parametrize("name", shipped_policies())
def test_every_part_of_a_shipped_policy_is_shown(name: str) -> None:
    policy = load_policy(name)
    shown = show_policy(Namespace(policy=name))
    lines = shown.splitlines()
    assert shown == "\n".join(policy_lines(policy)) + "\n"
    for clause in policy.clauses:
        assert any(clause.number in line and clause.paraphrase in line for line in lines)
    for rule in policy.rules:
        assert any(line.startswith(f"  {rule.id}  [") for line in lines)
    for listing in policy.listings:
        assert f"  {listing.id}  {listing.title}（{len(listing.items)} 项" in shown
        assert all(f"    {item.id}  {item.text}" in lines for item in listing.items)
    for parameter in policy.parameters:
        assert f"  {parameter.id}  {parameter.title}，默认 " in shown
    for key in (policy.digest, policy.source_digest, policy.document_number, *policy.scope):
        assert key in shown
    for entry in policy.matching:
        assert f"  {entry.id}  条款 {entry.clause}" in lines
        assert f"    空缺的分值  {entry.vacancy}" in lines


def test_an_empty_section_is_left_out() -> None:
    assert [line for line in policy_lines(EMPTY) if not line.startswith("  ")] == [
        "（book）",
        "，，2020-01-01",
        "适用 ，不限起日",
        "原文摘要 ",
        f"政策摘要 {'0' * 64}",
        "写有数字、次数或范围的条款 0 条，其中不予采集 0 条；其余 0 条里系统计算 0 条（100%）",
        "",
        "等次和绩效",
    ]


def test_sections_stand_under_their_names() -> None:
    policy = replace(load_policy("suzhou-2021"), matching_weights={"wish": 3})
    lines = list(policy_lines(policy))
    names = [line for before, line in pairwise(lines) if not before]
    assert names == [
        "县定参数", "条款", "规则", "角色", "职责", "任务", "询问", "禁止事项", "上墙文字",
        "人岗匹配", "派驻权重",
    ]  # fmt: skip
    assert lines[-1] == "  wish  3"


def test_grades_are_shown_by_their_names() -> None:
    lines = list(policy_lines(replace(EMPTY, grades=("excellent", "五星"))))
    assert "  优秀、五星" in lines


def test_an_entry_of_matching_says_what_it_has_and_its_clause_once() -> None:
    lines = list(policy_lines(load_policy("suzhou-2021")))
    start = lines.index("  auxiliaries  条款 二（二）-2")
    assert lines[start + 1] == "    适用岗位  驻村辅警"
    # Neither what it gives no points for nor what it does not say.
    assert lines[start + 5 : start + 9] == [
        "    空缺的分值  5000",
        "    本人意愿  10",
        "    意愿每后一位少算  2",
        "    案件多的界线  1",
    ]
    assert lines[start + 12 :] == [
        "    只去本乡镇和相邻乡镇  是",
        "    不回驻过的村  是",
        "    任期参数  rotation-months",
    ]


def test_a_clause_that_says_no_more_has_nothing_after_it() -> None:
    clause = Clause("一", "甲", Disposition.NONE, "")
    lines = list(policy_lines(replace(EMPTY, clauses=(clause,))))
    assert lines[-1].endswith("] 甲")


def test_dates_parents_and_predecessors_are_said() -> None:
    policy = replace(
        EMPTY,
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1),
        inherits="parent",
        supersedes="old",
        scope=("5323", "532323"),
    )
    lines = list(policy_lines(policy))
    assert "适用 5323、532323，2026-01-01 起，2027-01-01 前" in lines
    assert "沿用 parent" in lines
    assert "取代 old" in lines


def test_a_clause_says_its_figure_what_it_repeats_and_its_note() -> None:
    clause = Clause(
        number="三",
        paraphrase="每月两天",
        disposition=Disposition.HUMAN,
        note="由所里判断",
        figure="每月2天",
        same_as=("一", "二"),
    )
    lines = list(policy_lines(replace(EMPTY, clauses=(clause,))))
    assert "  三  [human 人工判断] 每月两天｛每月2天｝，同一、二（由所里判断）" in lines


def test_pay_is_shown_in_yuan_and_a_parameter_with_its_note() -> None:
    table = {"excellent": 360000, "incompetent": 5}
    pay = Parameter(id="pay", title="金额", default=ByGrade(table), note="县里定", unit="分")
    policy = replace(EMPTY, pay={"bonus": table}, parameters=(pay,))
    lines = list(policy_lines(policy))
    assert "  bonus  优秀3600.00元、不称职0.05元" in lines
    assert "  pay  金额，默认 优秀3600.00元、不称职0.05元（县里定）" in lines


def test_a_parameter_that_changes_is_shown_with_its_days() -> None:
    turn, end = date(2027, 1, 1), date(2028, 1, 1)
    dated = (DatedThreshold(2, None, turn), DatedThreshold(3, turn, end), DatedThreshold(4, end))
    often = Parameter(id="often", title="次数", default=2, note="县里定", unit="次", dated=dated)
    lines = list(policy_lines(replace(EMPTY, parameters=(often,))))
    assert (
        "  often  次数，默认 2027-01-01前 2次；2027-01-01起2028-01-01前 3次；2028-01-01起 4次"
        "（县里定）"
    ) in lines


def test_a_list_says_how_long_it_is_and_whom_it_is_for() -> None:
    items = (Item("a", "甲"), Item("b", "乙"))
    roles = (Role.VILLAGE_AUXILIARY,)
    whose = Listing(id="for-some", clause="1", title="职责", roles=roles, items=items)
    both = (MemberPost.COMMANDER, MemberPost.INSTRUCTOR)
    posts = replace(whose, id="for-posts", roles=(), posts=both)
    everyone = replace(whose, id="for-all", roles=())
    lines = list(policy_lines(replace(EMPTY, duties=(whose, posts), boards=(everyone,))))
    assert lines[lines.index("职责") :] == [
        "职责",
        "  for-some  职责（2 项，驻村辅警），条款 1",
        "    a  甲",
        "    b  乙",
        "  for-posts  职责（2 项，连长、指导员），条款 1",
        "    a  甲",
        "    b  乙",
        "",
        "上墙文字",
        "  for-all  职责（2 项），条款 1",
        "    a  甲",
        "    b  乙",
    ]


def test_a_rule_says_when_what_whose_number_and_how_binding() -> None:
    lines = list(policy_lines(load_policy("suzhou-2021")))
    assert "  visit-days  [每月] 每月进村天数，不少于2天，条款 五（一）-1" in lines
    assert "  visit-spread  [每月] 上下半月都进村，不少于2段，只作提示，条款 五（一）-2" in lines
    assert (
        "  auxiliary-rotation  [随时] 辅警定期交流，不超过24个月（由县里定），条款 二（二）-4"
        in lines
    )
    assert "    选派干部留在原村  100" in lines


def test_a_number_that_changes_is_shown_with_what_it_becomes() -> None:
    policy = load_policy("bozhou-2014")
    dated = (DatedThreshold(2, None, date(2027, 1, 1)), DatedThreshold(3, date(2027, 1, 1), None))
    rule = replace(policy.rule("visit-days"), thresholds=dated)
    assert (
        "  visit-days  [每月] 每月进村天数，"
        "2027-01-01前 不少于2天；2027-01-01起 不少于3天，条款 2.4-1"
    ) in policy_lines(replace(policy, rules=(rule,)))
