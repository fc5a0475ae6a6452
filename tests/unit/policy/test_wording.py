"""What is said about a verdict, in words a village officer understands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.rulebook import WORK

from cunjing.policy.enums import Operator, Reason, SubjectKind, VerdictKind
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Breach, Explanation, Rejected, Verdict
from cunjing.policy.wording import (
    Told,
    clause_note,
    explanation_lines,
    message,
    period_name,
    told,
    wanted,
)

BASE = Verdict(
    policy="bozhou-2014",
    policy_digest="d",
    rule="visit-days",
    clause="2.4-1",
    subject_kind=SubjectKind.POSTING,
    subject="P1",
    village_code="341600000200",
    staff_id="S1",
    period="2026-09",
    value=1,
    operator=Operator.AT_LEAST,
    threshold=2,
    threshold_full=2,
    verdict=VerdictKind.FAIL,
    evidence_count=1,
    evidence_digest="e",
    watermark="2026-10-03T00:00:00+08:00",
    engine="reference",
)


def said(policy_id: str, rule_id: str, period: str = "2026-09", **changed: object) -> str:
    """The message about the base verdict with some fields changed."""
    policy = load_policy(policy_id)
    verdict = replace(BASE, rule=rule_id, **changed)
    return message(
        policy=policy, rule=policy.rule(rule_id), verdict=verdict, period=parse_period(period)
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [("2026-09", "9月"), ("2026-Q3", "三季度"), ("2026-H1", "上半年"), ("2026-H2", "下半年")],
)
def test_a_period_has_a_name(text: str, name: str) -> None:
    assert period_name(parse_period(text)) == name


def test_a_shortfall_is_named() -> None:
    assert said("bozhou-2014", "visit-days") == "9月还差1天进村"


def test_a_prorated_shortfall_says_so() -> None:
    text = said("bozhou-2014", "household-visits", value=9, threshold=10, threshold_full=20)
    assert text == "9月还差1户没有走访（任职（扣除请假）不满整个周期，要求由20户折算为10户）"


def test_what_is_not_due_has_a_day() -> None:
    kind = VerdictKind.NOT_DUE
    assert said("bozhou-2014", "visit-days", verdict=kind).endswith("，截止2026年9月30日")
    year = said("jilin-2019", "year-assessment", "2026", value=0, threshold=1, verdict=kind)
    assert year == "2026年还差1次总评，截止2027年1月31日"


def test_the_rest_is_said_plainly() -> None:
    assert said("bozhou-2014", "visit-days", verdict=VerdictKind.EXEMPT) == (
        "9月任职（扣除请假）不足7天，免考"
    )
    assert said("bozhou-2014", "visit-days", value=3, verdict=VerdictKind.PASS) == (
        "每月进村天数：达标，3天（要求不少于2天）"
    )
    unknown = said("bozhou-2014", "visit-days", verdict=VerdictKind.UNKNOWN)
    assert "还没有同步" in unknown
    origin = said(
        "suzhou-2021",
        "auxiliary-near-township",
        value=None,
        threshold=0,
        verdict=VerdictKind.UNKNOWN,
    )
    assert origin == "辅警来自本乡镇或相邻乡镇：缺籍贯村，补齐后才能判断"


def test_a_range_can_be_missed_on_both_sides() -> None:
    below = said("huangchuan-2021", "company-size", value=40, threshold=(45, 100))
    above = said("huangchuan-2021", "company-size", value=101, threshold=(45, 100))
    advice = said("bozhou-2014", "coverage", value=2, threshold=(1, 1), verdict=VerdictKind.ADVICE)
    assert below == "全连还差5人"
    assert above == "全连人数：有101人，比规定多1人"
    assert advice.endswith("比规定多1名（只作提示，不算未达标）")


def test_no_half_month_reads_as_one_and_a_half_months() -> None:
    text = said("suzhou-2021", "visit-spread", verdict=VerdictKind.ADVICE)
    assert text == "9月分上半月、下半月两段，还有1段没有进村（只作提示，不算未达标）"


def test_too_long_a_stay_names_the_limit_and_what_is_beyond_it() -> None:
    text = said("suzhou-2021", "auxiliary-rotation", value=33, threshold=24)
    assert text == "已在这个村驻了33个月，比规定的24个月多9个月"


def test_a_grade_is_named() -> None:
    failed = {"value": 0, "threshold": 1, "threshold_full": 1}
    parts = parts_of("jilin-2019", "yearly-grade", "2026", **failed)
    assert (parts.found, parts.wanted) == ("评定为不称职", "不低于称职")
    passed = {"value": 2, "threshold": 1, "verdict": VerdictKind.PASS}
    text = said("mouding-2020", "yearly-grade", "2026", **passed)
    assert text == "年度考核等次：达标，优秀（要求不低于称职）"


def test_money_is_named_in_full() -> None:
    text = said(
        "jilin-2019",
        "performance-pay",
        "2026",
        value=288000,
        threshold=360000,
        operator=Operator.EQUAL,
    )
    assert text == "2026年绩效应发3600.00元，实发2880.00元，相差720.00元"
    rule = replace(load_policy("jilin-2019").rule("performance-pay"), operator=Operator.BETWEEN)
    assert wanted(rule, (100000, 200000)) == "1000.00元至2000.00元"
    verdict = replace(BASE, value=300000, threshold=(100000, 200000), operator=rule.operator)
    period = parse_period("2026")
    text = message(policy=load_policy("jilin-2019"), rule=rule, verdict=verdict, period=period)
    assert text == f"{rule.title}：有3000.00元，比规定多1000.00元"


def test_what_is_wanted_names_its_unit() -> None:
    rule = load_policy("bozhou-2014").rule("visit-days")
    assert wanted(rule, 2) == "不少于2天"
    between = replace(rule, operator=Operator.BETWEEN)
    assert wanted(between, (1, 3)) == "1至3天"
    assert wanted(between, (1, 1)) == "正好1天"
    assert wanted(rule, None) == "按等次确定，目前没有等次"


def test_a_countys_number_is_called_one() -> None:
    policy = load_policy("suzhou-2021")
    rule = policy.rule("auxiliary-rotation")
    assert "门槛由县里定" in clause_note(policy.clause(rule.clause), rule)


def test_an_explanation_lists_counted_and_rejected() -> None:
    policy = load_policy("bozhou-2014")
    explanation = Explanation(BASE, ("E1",), (Rejected("E2", Reason.VOID),))
    lines = explanation_lines(
        policy=policy,
        rule=policy.rule("visit-days"),
        explanation=explanation,
        period=parse_period("2026-09"),
    )
    assert "结论：未达标。9月还差1天进村" in lines
    assert "怎么算：有进村工作的天数，同一天几次只算一天" in lines
    assert "现在：计入1条进村工作记录，合1天" in lines
    assert "差在哪里：还差1天" in lines
    assert "期限：2026年9月30日已经到期" in lines
    assert "计入 1 项：E1" in lines
    assert lines[-1] == "  E2：已作废"


def test_every_shipped_message_can_be_filled() -> None:
    for policy_id in shipped_policies():
        policy = load_policy(policy_id)
        for rule in policy.rules:
            asked = {"rule": rule.id, "operator": rule.operator, "threshold": 2}
            verdict = replace(BASE, **asked, verdict=VerdictKind.FAIL)
            text = message(
                policy=policy, rule=rule, verdict=verdict, period=parse_period("2026-09")
            )
            assert "{" not in text


def test_a_message_may_name_the_range_of_its_measure() -> None:
    none = {"threshold": 0, "threshold_full": 0}
    assert said("huangchuan-2021", "member-age", **none) == "有1人不满18周岁或者超过50周岁"
    hamlets = said("huangchuan-2021", "members-per-hamlet", **none)
    assert hamlets == "有1个自然组的民兵少于2人或者多于4人"


def lines_of(policy_id: str, rule_id: str, **more: Any) -> list[str]:
    """The explanation of the base verdict with some fields changed; days and breaches as given."""
    policy = load_policy(policy_id)
    parts = {name: more.pop(name) for name in ("days", "breaches") if name in more}
    return explanation_lines(
        policy=policy,
        rule=policy.rule(rule_id),
        explanation=Explanation(replace(BASE, rule=rule_id, **more), (), ()),
        period=parse_period("2026-09"),
        **parts,
    )


def test_an_explanation_names_the_half_month_that_is_open() -> None:
    lines = lines_of("suzhou-2021", "visit-spread", days=[date(2026, 9, 3)])
    assert "差在哪里：还差1段：9月下半月（16日至30日）" in lines


def test_an_explanation_lists_the_places_that_are_amiss() -> None:
    none = {"threshold": 0, "threshold_full": 0}
    breach = Breach("H1", 1, name="东组")
    lines = lines_of("huangchuan-2021", "members-per-hamlet", breaches=[breach], **none)
    place = lines.index("差在哪里：不合要求的1个")
    assert lines[place + 1] == "  东组（H1）有1人，少于2人"
    assert lines[place + 2].startswith("期限：")


def test_an_explanation_says_where_the_missing_datum_stands() -> None:
    unknown = {"threshold": 0, "value": None, "verdict": VerdictKind.UNKNOWN}
    lines = lines_of("suzhou-2021", "auxiliary-near-township", **unknown)
    place = lines.index("差在哪里：缺籍贯村，登记以后才能下结论")
    assert lines[place + 1] == "  填在：staff 表的 home_village_code 列"
    known = lines_of("suzhou-2021", "auxiliary-near-township", threshold=0)
    assert not [line for line in known if line.startswith("  填在")]
    ungraded = {"threshold": None, "verdict": VerdictKind.UNKNOWN}
    assert "  填在：marks 表的 yearly_grade 一项" in lines_of(
        "jilin-2019", "performance-pay", **ungraded
    )
    # Where nothing is short, nothing is missing.
    assert not [line for line in lines_of("bozhou-2014", "visit-days") if "填在" in line]


@pytest.mark.parametrize(
    ("policy_id", "rule_id", "text"),
    [
        ("jilin-2019", "yearly-grade", "年度考核等次：缺年度等次，补齐后才能判断"),
        (
            "jilin-2019",
            "allowance",
            "平均补贴占村主任补贴的比例：缺补贴金额，人员的和村主任的都要有，补齐后才能判断",
        ),
        ("bozhou-2014", "visit-days", "每月进村天数：缺判断所需的资料"),
    ],
)
def test_what_a_verdict_waits_for_has_a_name(policy_id: str, rule_id: str, text: str) -> None:
    found = said(policy_id, rule_id, value=None, verdict=VerdictKind.UNKNOWN)
    assert found.startswith(text)


def parts_of(
    policy_id: str,
    rule_id: str,
    period: str = "2026-09",
    days: Sequence[date] | None = None,
    **changed: object,
) -> Told:
    """The base verdict with some fields changed, told part by part."""
    rule = load_policy(policy_id).rule(rule_id)
    verdict = replace(BASE, rule=rule_id, **changed)
    return told(rule, verdict, period=parse_period(period), days=days)


def test_how_records_become_the_number_is_told() -> None:
    days = parts_of("bozhou-2014", "visit-days", evidence_count=3)
    assert days.found == "计入3条进村工作记录，合1天"
    items = parts_of("bozhou-2014", "information-items", value=7, evidence_count=7, threshold=10)
    assert items.found == "计入7条信息通报记录"
    assert items.short == "还差3条"
    logs = parts_of("suzhou-2021", "visit-log", evidence_count=4, threshold=0, threshold_full=0)
    assert logs.found == "计入4条进村工作记录，其中不合要求的1次"
    assert logs.short == "不合要求的1次"
    age = parts_of("huangchuan-2021", "member-age", value=2, threshold=0, threshold_full=0)
    assert (age.found, age.short) == ("不合要求的有2人", "不合要求的2人")


def test_what_is_enough_lacks_nothing_and_has_no_deadline() -> None:
    for kind in (VerdictKind.PASS, VerdictKind.EXEMPT):
        parts = parts_of("bozhou-2014", "visit-days", verdict=kind)
        assert (parts.short, parts.until) == ("", "")


def test_a_deadline_is_ahead_or_over() -> None:
    ahead = parts_of(
        "bozhou-2014",
        "visit-days",
        verdict=VerdictKind.NOT_DUE,
        watermark="2026-09-10T00:00:00+08:00",
    )
    assert ahead.until == "截止2026年9月30日"
    over = parts_of("bozhou-2014", "visit-days")
    assert over.until == "2026年9月30日已经到期"
    log = {"threshold": 0, "threshold_full": 0, "watermark": "2026-09-10T00:00:00+08:00"}
    assert parts_of("suzhou-2021", "visit-log", **log).until == "到2026年9月30日为止"


def test_a_state_rule_says_which_day_it_looks_at() -> None:
    over = parts_of("bozhou-2014", "coverage", value=0, threshold=(1, 1), threshold_full=(1, 1))
    assert over.until == "看的是2026年9月30日的情况；之后改正的，从下一期起算数"
    assert over.found == "一名也没有"
    # 23:00 in UTC is the next morning in Shanghai.
    running = parts_of(
        "bozhou-2014",
        "coverage",
        value=0,
        threshold=(1, 1),
        threshold_full=(1, 1),
        watermark="2026-09-09T23:00:00+00:00",
    )
    assert running.until == "看的是2026年9月10日的情况；改正以后，再计算就看得到"
    assert running.short == "还差1名"
    last_day = {"value": 0, "threshold": (1, 1), "watermark": "2026-09-30T18:00:00+08:00"}
    still = parts_of("bozhou-2014", "coverage", threshold_full=(1, 1), **last_day)
    assert still.until == "看的是2026年9月30日的情况；改正以后，再计算就看得到"
    surplus = parts_of(
        "bozhou-2014", "coverage", value=3, threshold=(1, 1), verdict=VerdictKind.ADVICE
    )
    assert (surplus.found, surplus.short) == ("有3名", "多2名")


def test_matters_have_each_its_own_deadline() -> None:
    verdict = replace(BASE, rule="hazards", threshold=0, threshold_full=0)
    parts = told(WORK.rule("hazards"), verdict, period=parse_period("2026-09"), days=None)
    assert parts.until == "各件有各件的期限，过了期才办结的也算超期"


def test_what_was_never_entered_is_what_is_missing() -> None:
    unknown = {"value": None, "verdict": VerdictKind.UNKNOWN}
    origin = parts_of("suzhou-2021", "auxiliary-near-township", threshold=0, **unknown)
    assert origin.short == "缺籍贯村，登记以后才能下结论"
    assert origin.found == "资料不全，没有数字"
    pay = parts_of(
        "jilin-2019", "performance-pay", "2026", threshold=None, verdict=VerdictKind.UNKNOWN
    )
    assert pay.short == "缺年度等次，登记以后才能下结论"


def test_the_half_month_without_a_visit_is_named() -> None:
    first = [date(2026, 9, 3), date(2026, 9, 15)]
    asked = parts_of("suzhou-2021", "visit-spread", days=first)
    assert asked.short == "还差1段：9月下半月（16日至30日）"
    assert parts_of("suzhou-2021", "visit-spread").short == "还差1段"
    # Whoever came on the 16th is asked for less, and could not come before.
    lowered = parts_of("suzhou-2021", "visit-spread", days=[], value=0, threshold=1)
    assert lowered.short == "还差1段"


def test_the_days_without_a_bulletin_are_named_as_far_as_the_month_has_run() -> None:
    done = [date(2026, 9, 1) + timedelta(days=number) for number in (0, 1, 3, 7, 8)]
    asked = {"value": 5, "threshold": 30, "threshold_full": 30, "days": done}
    early = parts_of(
        "mouding-2020", "fraud-bulletin", watermark="2026-09-10T09:00:00+08:00", **asked
    )
    assert early.short == "还差25天：9月3日、9月5日至7日、9月10日"
    whole = parts_of("mouding-2020", "fraud-bulletin", **asked)
    assert whole.short == "还差25天：9月3日、9月5日至7日、9月10日至30日"


def test_overdue_matters_are_told_beside_all_that_were_due() -> None:
    rule = replace(WORK.rule("hazards"), unit="件", message="{period}还有{gap}件隐患超期")
    verdict = replace(
        BASE,
        rule="hazards",
        subject_kind=SubjectKind.VILLAGE,
        subject="341600000200",
        staff_id=None,
        value=2,
        operator=Operator.AT_MOST,
        threshold=0,
        threshold_full=0,
        evidence_count=7,
    )
    parts = told(rule, verdict, period=parse_period("2026-09"))
    assert parts.found == "期限在这个周期里的7件，其中没有按期办结的2件"
    assert (parts.wanted, parts.short) == ("不合要求的一件也没有", "不合要求的2件")
    asked: dict[str, Any] = {"policy": WORK, "rule": rule, "period": parse_period("2026-09")}
    assert message(**asked, verdict=verdict) == "9月还有2件隐患超期"
    waiting = replace(verdict, verdict=VerdictKind.UNKNOWN)
    assert "还没有同步" in message(**asked, verdict=waiting)
    allowed = replace(verdict, threshold=1, threshold_full=1)
    assert told(rule, allowed, period=parse_period("2026-09")).short == "多1件"


def test_a_rule_against_something_is_kept_by_having_none_of_it() -> None:
    text = said("suzhou-2021", "visit-log", value=0, threshold=0, verdict=VerdictKind.PASS)
    assert text == "包村民警进村有日志：达标，没有不合要求的"
