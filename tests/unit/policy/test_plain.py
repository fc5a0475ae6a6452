"""Rules said plainly: whom, what, how often, how much, and what excuses."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support.rulebook import WORK

from cunjing.policy.enums import EventKind, MatterKind, Missing, Operator
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.measures import (
    EventFilter,
    EventMeasure,
    MarkValue,
    MatterFilter,
    MattersOverdue,
    MoneyValue,
    Tally,
)
from cunjing.policy.model import Between, ByGrade, DatedThreshold, Rule
from cunjing.policy.plain import (
    PlainRule,
    asked_texts,
    counts,
    event_name,
    plain_rule,
    threshold_text,
    value_text,
    whom,
)


def rule_of(name: str) -> Rule:
    policy_id, _, rule_id = name.partition("/")
    return load_policy(policy_id).rule(rule_id)


def plainly(name: str) -> PlainRule:
    policy = load_policy(name.partition("/")[0])
    return plain_rule(policy, rule_of(name))


def test_a_monthly_quota_is_said_whole() -> None:
    said = plainly("bozhou-2014/visit-days")
    assert said.whom == "每名包村民警，在几个村任职就按几个村分别算"
    assert said.counts == "有进村工作的天数，同一天几次只算一天"
    assert said.rhythm == "每月算一次"
    assert [(one.text, one.valid_from, one.valid_to) for one in said.thresholds] == [
        ("不少于2天", None, None)
    ]
    assert said.weight == "必须做到：没有做到就是未达标"
    assert said.allowances == [
        "周期内在岗（扣除请假）不满7天的免考",
        "任职不满整个周期或者请过假的，要求按在岗天数折算，不足一个的进成一个",
        "有人的记录可能还没有传全的，不判未达标，记为“数据未齐”",
    ]
    assert said.county_note == ""


def test_what_the_document_words_as_a_rule_is_advice() -> None:
    assert "只作提示" in plainly("suzhou-2021/visit-spread").weight
    # Its sentence names no 一般 of its own: nothing says that the document does.
    assert "文件写" not in plainly("huangchuan-2021/members-per-hamlet").weight
    assert "多于规定的只作提示" in plainly("bozhou-2014/coverage").weight
    # At least one assistant: there is no more than asked.
    assert "多于" not in plainly("mouding-2020/coverage-assistant").weight


def test_a_countys_number_is_marked() -> None:
    said = plainly("suzhou-2021/auxiliary-rotation")
    assert "由县里定" in said.county_note
    assert [one.text for one in said.thresholds] == ["不超过24个月"]


def test_a_report_may_come_later() -> None:
    said = plainly("huangchuan-2021/annual-report-officer")
    assert said.rhythm == "每年算一次；周期结束后再等31天才判；其间办的，写明是这个周期的才算"
    assert said.allowances[0] == "周期内在岗（扣除请假）不满90天的免考"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bozhou-2014/visit-days", "每月算一次；周期结束后再等3天才判，只等补录"),
        (
            "jilin-2019/monthly-meeting",
            "每月算一次；周期结束后再等3天才判；其间办的，写明是这个周期的才算",
        ),
        ("jilin-2019/yearly-grade", "每年算一次；周期结束后再等3天才判，只等补录"),
    ],
)
def test_what_is_done_in_the_days_of_grace_counts_only_if_it_names_the_period(
    name: str, said: str
) -> None:
    policy = load_policy(name.partition("/")[0])
    assert plain_rule(policy, replace(rule_of(name), grace_days=3)).rhythm == said


def test_a_lower_number_is_only_promised_where_the_number_is_a_least() -> None:
    said = plainly("suzhou-2021/visit-log")
    assert "周期内在岗（扣除请假）不满7天的免考" in said.allowances
    assert not [text for text in said.allowances if "折算" in text]


def test_missing_data_is_said_to_be_held_against_somebody_or_not() -> None:
    origin = plainly("suzhou-2021/auxiliary-not-own-village").allowances
    assert origin == ["资料没有登记的，不判未达标，记为“数据未齐”"]
    training = plainly("mouding-2020/assistant-trained").allowances
    assert training == ["没有登记的，按没有做到算"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bozhou-2014/household-visits", "入户走访的对象有多少户，同一户几次只算一次"),
        ("bozhou-2014/information-items", "信息通报有多少条"),
        ("bozhou-2014/coverage", "村里在任的驻村民警或包村民警有几名"),
        (
            "suzhou-2021/visit-spread",
            "上半月（1日至15日）、下半月（16日至月底）当中，有几段有进村工作",
        ),
        ("suzhou-2021/visit-log", "没有写日志的进村工作次数"),
        ("suzhou-2021/auxiliary-near-township", "家不在本乡镇，也不在相邻乡镇的，记1处不合要求"),
        ("huangchuan-2021/coverage-company", "村里有几个民兵连"),
        ("huangchuan-2021/branch-posts", "没有做到的有几处：书记由指导员兼任、副书记由连长兼任"),
        ("huangchuan-2021/member-age", "不满18周岁和超过50周岁的人数，按出生年月算"),
        ("huangchuan-2021/company-size", "连同下属各级一共多少人，一个人只算一次"),
        ("huangchuan-2021/platoon-count", "下面有几个排"),
        (
            "huangchuan-2021/company-posts",
            "缺少和多出的干部人数；应有每个民兵连一名连长、每个民兵连一名指导员、每个排一名排长、"
            "每个班一名班长",
        ),
        ("huangchuan-2021/branch-officer", "在村任职、是党员、却不在支部委员会里的人数"),
        ("jilin-2019/yearly-grade", "评定的等次：优秀记2、称职记1、不称职记0"),
        ("jilin-2019/allowance", "驻村辅警的平均补贴占村主任平均补贴的百分比，去掉小数"),
        ("jilin-2019/performance-pay", "一年里实际发放的绩效金额"),
        (
            "suzhou-2021/auxiliary-rotation",
            "在这个村连续任职满了几个月，前后相接的任职合在一起算",
        ),
        ("mouding-2020/assistant-trained", "上岗以前没有培训过的，记1处不合要求"),
    ],
)
def test_what_is_counted(name: str, said: str) -> None:
    assert counts(rule_of(name)) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bozhou-2014/coverage", "正好1名"),
        ("huangchuan-2021/squad-size", "7至11人"),
        ("huangchuan-2021/member-age", "不合要求的一人也没有"),
        ("huangchuan-2021/members-per-hamlet", "不合要求的一个也没有"),
        ("mouding-2020/fraud-bulletin", "这个周期的每一天"),
        ("mouding-2020/yearly-grade", "不低于称职"),
        ("jilin-2019/performance-pay", "按等次：优秀3600.00元、称职2880.00元、不称职0.00元"),
    ],
)
def test_how_much_is_asked(name: str, said: str) -> None:
    rule = rule_of(name)
    (dated,) = rule.thresholds
    assert threshold_text(rule, dated.value) == said


@pytest.mark.parametrize(
    ("within_days", "said"),
    [
        (None, "没有在登记的办结期限以前办结的安全隐患（消防）有多少件，过了期才办结的也算"),
        (0, "安全隐患（消防）受理当天没有办结的有多少件"),
        (10, "安全隐患（消防）受理以后10天内（受理那天不算）没有办结的有多少件"),
    ],
)
def test_a_limit_for_matters_is_said_in_days(within_days: int | None, said: str) -> None:
    measure = MattersOverdue(MatterFilter(MatterKind.HAZARD, ("fire",)), within_days)
    rule = replace(WORK.rule("hazards"), measure=measure, unit="件")
    assert counts(rule) == f"{said}；期限落在哪个周期，就算哪个周期的"


def test_of_overdue_matters_somebody_may_still_have_the_closing() -> None:
    rule = replace(WORK.rule("hazards"), missing=Missing.UNKNOWN)
    said = plain_rule(WORK, rule)
    assert said.allowances == ["有人的记录可能还没有传全的，不判未达标，记为“数据未齐”"]
    assert [one.text for one in said.thresholds] == ["不合要求的一次也没有"]


def test_dated_thresholds_keep_their_dates() -> None:
    policy = load_policy("bozhou-2014")
    change = date(2027, 1, 1)
    rule = replace(
        policy.rule("visit-days"),
        thresholds=(DatedThreshold(2, None, change), DatedThreshold(3, change, None)),
    )
    said = plain_rule(policy, rule).thresholds
    assert [(one.text, one.valid_from, one.valid_to) for one in said] == [
        ("不少于2天", None, change),
        ("不少于3天", change, None),
    ]
    assert asked_texts(rule) == ["2027-01-01前 不少于2天", "2027-01-01起 不少于3天"]


@pytest.mark.parametrize(
    ("name", "between", "words"),
    [
        ("bozhou-2014/visit-days", Between(1, 3), ["不少于1天", "不超过3天", "正好1天", "1至3天"]),
        (
            "jilin-2019/yearly-grade",
            Between(0, 2),
            ["不低于不称职", "不高于优秀", "正好不称职", "不称职至优秀"],
        ),
    ],
)
def test_every_operator_is_worded(name: str, between: Between, words: list[str]) -> None:
    rule = rule_of(name)
    operators = (Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUAL, Operator.BETWEEN)
    assert set(operators) == set(Operator)
    said = [threshold_text(replace(rule, operator=operator), between) for operator in operators]
    assert said == words


@pytest.mark.parametrize(
    ("name", "said", "of_any"),
    [
        ("bozhou-2014/coverage", "每个村", "每个村"),
        ("jilin-2019/yearly-grade", "每名驻村辅警", "每名人员"),
        ("huangchuan-2021/company-size", "每个民兵连", "每个组织"),
        ("jilin-2019/allowance", "每个县级公安机关", "每个单位"),
    ],
)
def test_whom_a_rule_is_about(name: str, said: str, of_any: str) -> None:
    rule = rule_of(name)
    assert whom(rule) == said
    every = replace(rule.subject, roles=(), group_kind=None, unit_kind=None)
    assert whom(replace(rule, subject=every)) == of_any


def test_posts_of_any_role_are_counted_as_peoples() -> None:
    rule = rule_of("bozhou-2014/coverage")
    every = replace(rule, subject=replace(rule.subject, roles=()))
    assert counts(every) == "村里在任的人员有几名"


def test_how_often_and_how_strictly_is_said_in_full() -> None:
    state = plainly("bozhou-2014/coverage")
    assert state.rhythm == "随时都要做到；考评时看周期最后一天的情况，周期没有结束就看计算那天"
    assert state.weight == "必须做到；多于规定的只作提示"
    advice = plainly("suzhou-2021/visit-spread").weight
    assert advice == "当作“一般”或者“可以”的要求：没有做到只作提示，不算未达标"


def test_nobody_is_exempt_from_what_is_a_villages() -> None:
    said = plainly("huangchuan-2021/joint-meeting").allowances
    assert said == ["有人的记录可能还没有传全的，不判未达标，记为“数据未齐”"]


def test_a_grade_or_an_item_of_a_countys_own_is_shown_as_written() -> None:
    graded = replace(rule_of("jilin-2019/yearly-grade"), measure=MarkValue("stars", {"five": 1}))
    assert value_text(graded, 1) == "five"
    assert counts(graded) == "评定的等次：five记1"
    paid = replace(rule_of("jilin-2019/performance-pay"), measure=MoneyValue("bonus"))
    assert counts(paid) == "登记的金额（bonus）"
    assert threshold_text(paid, ByGrade({"five": 100})) == "按等次：five1.00元"


def test_a_grade_off_the_scale_is_a_number() -> None:
    assert value_text(rule_of("jilin-2019/yearly-grade"), 3) == "3档"


def test_a_subkind_nobody_knows_is_shown_as_written() -> None:
    event = EventFilter(kind=EventKind.SESSION, subkinds=("traffic_day", "fraud"))
    measure = EventMeasure(tally=Tally.COUNT, event=event)
    assert event_name(measure) == "宣传教育（traffic_day）或反诈宣传"


def test_every_shipped_rule_can_be_said_plainly() -> None:
    for policy_id in shipped_policies():
        policy = load_policy(policy_id)
        for rule in policy.rules:
            said = plain_rule(policy, rule)
            assert all((said.whom, said.counts, said.rhythm, said.weight)), rule.id
            assert all(one.text for one in said.thresholds), rule.id
            assert bool(said.county_note) == (rule.parameter is not None), rule.id
