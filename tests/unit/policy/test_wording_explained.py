"""An explanation whole, as a person reads it, and the edges of what is said to be short."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support.machine import elsewhere

from cunjing.policy.enums import Operator, Reason, SubjectKind, VerdictKind
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Explanation, Rejected, Verdict
from cunjing.policy.wording import Told, clause_note, explanation_lines, message, told

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


def lines_of(
    policy_id: str,
    rule_id: str,
    *,
    counted: tuple[str, ...] = (),
    rejected: Mapping[str, Reason] | None = None,
    **changed: Any,
) -> list[str]:
    policy = load_policy(policy_id)
    refused = tuple(Rejected(event, reason) for event, reason in (rejected or {}).items())
    return explanation_lines(
        policy=policy,
        rule=policy.rule(rule_id),
        explanation=Explanation(replace(BASE, **changed), counted, refused),
        period=parse_period("2026-09"),
    )


def parts_of(policy_id: str, rule_id: str, period: str = "2026-09", **changed: Any) -> Told:
    rule = load_policy(policy_id).rule(rule_id)
    days = changed.pop("days", None)
    return told(rule, replace(BASE, **changed), period=parse_period(period), days=days)


def test_an_explanation_reads_from_the_clause_to_what_was_not_counted() -> None:
    rejected = {"E2": Reason.VOID, "E4": Reason.LATE}
    assert lines_of("bozhou-2014", "visit-days", counted=("E1", "E3"), rejected=rejected) == [
        "亳州市“一村一警”包村联系制度 第 2.4-1 条：包村民警每个月至少有两天在村里工作",
        "规则：每月进村天数（visit-days，每月），要求不少于2天",
        "怎么算：有进村工作的天数，同一天几次只算一天",
        "对象：任职 P1，村 341600000200，人员 S1",
        "周期：2026-09，看到 2026-10-03T00:00:00+08:00 为止收到的记录",
        "结论：未达标。9月还差1天进村",
        "现在：计入1条进村工作记录，合1天",
        "差在哪里：还差1天",
        "期限：2026年9月30日已经到期",
        "计入 2 项：E1、E3",
        "没有计入 2 项：",
        "  E2：已作废",
        "  E4：在截止时间之后才收到",
    ]


def test_who_is_exempt_has_nothing_short_and_no_deadline() -> None:
    assert lines_of("bozhou-2014", "visit-days", verdict=VerdictKind.EXEMPT)[5:] == [
        "结论：免考。9月任职（扣除请假）不足7天，免考",
        "现在：计入1条进村工作记录，合1天",
        "计入 0 项",
    ]


def test_a_subject_is_not_named_twice_and_a_state_rule_looks_at_any_time() -> None:
    village = {"subject_kind": SubjectKind.VILLAGE, "subject": BASE.village_code, "staff_id": None}
    lines = lines_of("bozhou-2014", "coverage", value=0, threshold=(1, 1), **village)
    assert lines[1] == "规则：每村有一名驻村或包村民警（coverage，随时），要求正好1名"
    assert lines[3] == "对象：村 341600000200"
    staff = {"subject_kind": SubjectKind.STAFF, "subject": BASE.staff_id, "village_code": None}
    assert lines_of("jilin-2019", "yearly-grade", **staff)[3] == "对象：人员 S1"


def test_a_countys_number_is_told_after_the_clause() -> None:
    policy = load_policy("suzhou-2021")
    rule = policy.rule("auxiliary-rotation")
    clause = policy.clause(rule.clause)
    assert clause_note(clause, rule).startswith(f"{clause.paraphrase}。门槛由县里定（")


def test_whoever_has_not_sent_everything_may_still() -> None:
    policy = load_policy("bozhou-2014")
    verdict = replace(BASE, verdict=VerdictKind.UNKNOWN)
    period = parse_period("2026-09")
    text = message(policy=policy, rule=policy.rule("visit-days"), verdict=verdict, period=period)
    assert text == (
        "9月还差1天进村；但有人在周期结束后还没有同步并确认都已记录，可能有记录没有上传"
    )


def test_the_first_day_of_a_half_month_is_of_that_half() -> None:
    second = parts_of("suzhou-2021", "visit-spread", days=[date(2026, 9, 16)])
    assert second.short == "还差1段：9月上半月（1日至15日）"
    none = parts_of("suzhou-2021", "visit-spread", days=[], value=0)
    assert none.short == "还差2段：9月上半月（1日至15日）、9月下半月（16日至30日）"


def test_days_are_named_only_where_every_day_is_asked_for() -> None:
    one = [date(2026, 9, 16)]
    assert parts_of("bozhou-2014", "visit-days", days=one).short == "还差1天"
    monthly = {"threshold": 30, "threshold_full": 30, "days": one}
    assert parts_of("bozhou-2014", "information-items", **monthly).short == "还差29条"
    all_but_two = [date(2026, 9, day) for day in range(1, 31) if day not in {8, 9}]
    daily = {"threshold": 30, "threshold_full": 30, "value": 28, "days": all_but_two}
    assert parts_of("mouding-2020", "fraud-bulletin", **daily).short == "还差2天：9月8日至9日"


def test_a_limit_other_than_none_is_passed_by_a_number_not_by_offences() -> None:
    parts = parts_of("suzhou-2021", "auxiliary-rotation", value=33, threshold=24)
    assert (parts.found, parts.short) == ("有33个月", "多9个月")


def test_a_report_has_its_days_of_grace() -> None:
    late = {"value": 0, "threshold": 1, "watermark": "2027-02-03T00:00:00+08:00"}
    parts = parts_of("jilin-2019", "year-assessment", "2026", **late)
    assert parts.until == "2027年1月31日已经到期"


def test_a_day_is_shanghais_wherever_the_machine_stands() -> None:
    early = {"value": 0, "threshold": (1, 1), "watermark": "2026-09-09T23:00:00+00:00"}
    with elsewhere():
        until = parts_of("bozhou-2014", "coverage", **early).until
    assert until.startswith("看的是2026年9月10日")


@pytest.mark.parametrize(
    ("watermark", "until", "because"),
    [
        (
            "2026-09-30T09:00:00+08:00",
            "到2026年9月30日为止",
            "；周期还没有结束，可能还有记录要上传",
        ),
        # 17:00 in UTC is the next morning in Shanghai.
        ("2026-09-30T17:00:00+00:00", "2026年9月30日已经到期", "可能有记录没有上传"),
    ],
)
def test_the_closing_day_is_not_over_while_there_are_hours_left(
    watermark: str, until: str, because: str
) -> None:
    log: dict[str, Any] = {"threshold": 0, "threshold_full": 0, "watermark": watermark}
    log["verdict"] = VerdictKind.UNKNOWN
    assert parts_of("suzhou-2021", "visit-log", **log).until == until
    policy, period = load_policy("suzhou-2021"), parse_period("2026-09")
    asked: dict[str, Any] = {"policy": policy, "rule": policy.rule("visit-log"), "period": period}
    text = message(**asked, verdict=replace(BASE, **log))
    assert text.endswith(because)
    assert ("有人在周期结束后" in text) is ("已经到期" in until)


def test_what_may_be_held_later_is_over_with_its_days_of_grace() -> None:
    rule = replace(load_policy("suzhou-2021").rule("visit-log"), grace_days=2)
    log = replace(BASE, rule=rule.id, threshold=0, threshold_full=0)
    found = [
        told(
            rule,
            replace(log, watermark=f"2026-10-0{day}T09:00:00+08:00"),
            period=parse_period("2026-09"),
        ).until
        for day in (1, 2, 3)
    ]
    assert found == ["到2026年10月2日为止"] * 2 + ["2026年10月2日已经到期"]


@pytest.mark.parametrize(
    ("done", "short"),
    [
        ([], "还差92天：7月1日至9月30日"),
        ([date(2026, 8, 1)], "还差92天：7月1日至31日、8月2日至9月30日"),
        ([date(2026, 7, 30), date(2026, 8, 1)], "还差92天：7月1日至29日、7月31日、8月2日至9月30日"),
    ],
)
def test_days_that_run_on_into_another_month_name_it(done: list[date], short: str) -> None:
    asked: dict[str, Any] = {"value": 0, "threshold": 92, "threshold_full": 92, "days": done}
    asked["watermark"] = "2026-10-03T00:00:00+08:00"
    assert parts_of("mouding-2020", "fraud-bulletin", "2026-Q3", **asked).short == short
