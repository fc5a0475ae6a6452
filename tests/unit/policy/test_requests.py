"""What a person asks for is read strictly, and refused in words that help."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.machine import elsewhere
from tests.support.rulebook import events, policy_of, posting, rule, village

from cunjing.policy.enums import EventKind, Role, SubjectKind
from cunjing.policy.errors import InputError, RequestError
from cunjing.policy.facts import open_facts
from cunjing.policy.measures import MarkValue, MoneyValue, PostingCount, Tally
from cunjing.policy.model import ByGrade, DatedThreshold, Policy, Running, Subject
from cunjing.policy.periods import PeriodKind, parse_period
from cunjing.policy.requests import (
    check_marks,
    check_marks_of_several,
    read_as_of,
    read_period,
    read_periods,
    read_rules,
    read_running,
)

from .folders import sound_folder

VISITS = events(Tally.COUNT, EventKind.VILLAGE_VISIT)
LIAISON = posting(Role.LIAISON_OFFICER)
MONTHLY = rule("monthly", LIAISON, VISITS, 2, period=PeriodKind.MONTH)
QUARTERLY = rule("quarterly", LIAISON, VISITS, 1, period=PeriodKind.QUARTER)
VISITED = rule("visited", LIAISON, VISITS, 3, period=PeriodKind.MONTH)
COVERED = rule("covered", village(Role.LIAISON_OFFICER), PostingCount(), 1)
LATER = rule(
    "later",
    LIAISON,
    VISITS,
    2,
    period=PeriodKind.MONTH,
    thresholds=(DatedThreshold(2, date(2027, 1, 1)),),
)
POLICY = policy_of(MONTHLY, QUARTERLY, COVERED, LATER)
SEPTEMBER = parse_period("2026-09")


@pytest.fixture(autouse=True)
def _machine_elsewhere() -> Iterator[None]:
    """Requests mean Shanghai wherever the machine stands."""
    with elsewhere():
        yield


def test_a_period_is_read() -> None:
    assert read_period("2026-Q3") == parse_period("2026-Q3")


def test_a_period_that_is_none_is_refused() -> None:
    with pytest.raises(RequestError, match="周期“九月”不对，应写作 2026-09、2026-Q3"):
        read_period("九月")


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["2026-09"], ["2026-09"]),
        (["2026-11..2027-02"], ["2026-11", "2026-12", "2027-01", "2027-02"]),
        (["2026-09..2026-09"], ["2026-09"]),
        (["2026-Q4..2027-Q1"], ["2026-Q4", "2027-Q1"]),
        (["2025-H2..2026-H1", "2026"], ["2025-H2", "2026-H1", "2026"]),
        (["2026-09", "2026-07..2026-09", "2026-Q3"], ["2026-07", "2026-Q3", "2026-08", "2026-09"]),
    ],
)
def test_periods_come_once_each_in_order_of_time(texts: list[str], found: list[str]) -> None:
    assert [period.text for period in read_periods(texts)] == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-09..", "周期“”不对"),
        ("..2026-09", "周期“”不对"),
        ("2026-9..2026-10", "周期“2026-9”不对"),
        ("2026-07..2026-Q3", "不是同一种周期"),
        ("2026-09..2026-08", "两头写反了"),
        ("2026-06..2026-07..2026-08", "不对"),
    ],
)
def test_what_is_no_range_of_periods_is_refused(text: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        read_periods([text])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-10-01", "2026-10-01T00:00:00+08:00"),
        ("2026-10-01T08:30:00+08:00", "2026-10-01T08:30:00+08:00"),
        ("2026-10-01T08:30:00Z", "2026-10-01T16:30:00+08:00"),
    ],
)
def test_a_watermark_is_read_as_a_time_in_shanghai(text: str, read: str) -> None:
    assert read_as_of(text).isoformat() == read


def test_without_a_watermark_it_is_now() -> None:
    moment = read_as_of(None)
    assert moment.utcoffset() == timedelta(hours=8)
    assert abs(datetime.now(tz=UTC) - moment) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "text",
    ["", "昨天", "2026-13-01", "2026-10-01T08:00:00", "20261001", "0001-01-01T00:00:00+08:00"],
)
def test_a_watermark_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match=re.escape(f"时间“{text}”不对，应写作 2026-10-01 或")):
        read_as_of(text)


def test_without_names_all_rules_of_the_period_run() -> None:
    for names in (None, []):
        assert read_rules(POLICY, SEPTEMBER, names) == (COVERED, MONTHLY)


def test_rules_can_be_named() -> None:
    assert read_rules(POLICY, SEPTEMBER, ["monthly"]) == (MONTHLY,)
    assert read_rules(POLICY, SEPTEMBER, ["monthly", "covered"]) == (COVERED, MONTHLY)
    assert read_rules(POLICY, parse_period("2027-01"), ["later"]) == (LATER,)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("visits", "政策 book 没有规则“visits”，有：covered、later、monthly、quarterly"),
        ("quarterly", "规则“quarterly”按季计算，不能用于周期 2026-09"),
        ("later", "规则“later”在 2026-09-01 没有生效的门槛"),
    ],
)
def test_a_rule_that_cannot_run_is_refused(name: str, words: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_rules(POLICY, SEPTEMBER, ["monthly", name])
    assert str(caught.value) == f"命令：{words}"


def test_marks_are_held_against_the_rules_that_read_them(tmp_path: Path) -> None:
    staff = Subject(SubjectKind.STAFF, roles=(Role.LIAISON_OFFICER,))
    graded = rule("g", staff, MarkValue("grade", {"good": 1}), 1, period=PeriodKind.YEAR)
    other = rule("o", staff, MarkValue("other", {"good": 1}), 1, period=PeriodKind.YEAR)
    marks = "subject_id,period,item,value\nS1,2026,grade,so-so\nS1,2026,other,good\n"
    with open_facts(sound_folder(tmp_path, marks=marks)) as facts:
        check_marks(facts, [MONTHLY, COVERED, other])
        with pytest.raises(InputError, match=r"第2行，“value”列.*good"):
            check_marks(facts, [MONTHLY, graded])


def test_grades_that_pay_hangs_on_are_named_by_their_row(tmp_path: Path) -> None:
    staff = Subject(SubjectKind.STAFF, roles=(Role.LIAISON_OFFICER,))
    yearly = {"period": PeriodKind.YEAR}
    tables = (
        DatedThreshold(ByGrade({"good": 5}), valid_to=date(2026, 1, 1)),
        DatedThreshold(ByGrade({"fine": 5}), date(2026, 1, 1)),
    )
    paid = rule("p", staff, MoneyValue("paid", "grade"), 5, thresholds=tables, **yearly)
    fund = rule("f", staff, MoneyValue("paid"), 5, **yearly)
    marks = "subject_id,period,item,value\nS1,2025,grade,good\nS1,2026,grade,fine\n"
    with open_facts(sound_folder(tmp_path, marks=marks)) as facts:
        check_marks(facts, [paid])
    wrong = f"{marks}S2,2026,grade,so-so\n"
    with open_facts(sound_folder(tmp_path, marks=wrong)) as facts:
        check_marks(facts, [fund])
        for check in (
            lambda: check_marks(facts, [fund, paid]),
            lambda: check_marks_of_several(facts, [Running(policy_of(paid), (paid,))]),
        ):
            with pytest.raises(
                InputError, match=r"marks.csv：第4行，“value”列：“so-so”.*fine、good"
            ):
                check()


def test_a_policy_alone_runs_what_is_named_and_nothing_else() -> None:
    policy = policy_of(MONTHLY, COVERED)
    (running,) = read_running([policy], parse_period("2026-09"), ["covered"])
    assert running.policy is policy
    assert [one.id for one in running.rules] == ["covered"]


OCTOBER = date(2026, 10, 1)
OLD = replace(policy_of(MONTHLY, QUARTERLY, COVERED), id="old", valid_to=OCTOBER)
NEW = replace(policy_of(MONTHLY, VISITED), id="new", valid_from=OCTOBER)
ALWAYS = replace(policy_of(COVERED), id="always")


def run_of(policies: list[Policy], period: str, *names: str) -> list[tuple[str, list[str]]]:
    """What runs of which policy."""
    running = read_running(policies, parse_period(period), list(names))
    return [(policy.id, [rule.id for rule in rules]) for policy, rules in running]


def test_of_several_those_in_force_run_on_the_first_day() -> None:
    together = [OLD, NEW, ALWAYS]
    covered = ("always", ["covered"])
    assert run_of(together, "2026-09") == [("old", ["covered", "monthly"]), ("new", []), covered]
    assert run_of(together, "2026-10") == [("old", []), ("new", ["monthly", "visited"]), covered]
    assert run_of(together, "2026-Q3") == [("old", ["covered", "quarterly"]), ("new", []), covered]


def test_a_rule_named_runs_in_those_that_have_it() -> None:
    together = [OLD, NEW, ALWAYS]
    assert run_of(together, "2026-09", "covered") == [
        ("old", ["covered"]),
        ("new", []),
        ("always", ["covered"]),
    ]
    assert run_of(together, "2026-10", "visited", "covered") == [
        ("old", []),
        ("new", ["visited"]),
        ("always", ["covered"]),
    ]


@pytest.mark.parametrize(
    ("policies", "period", "names", "words"),
    [
        ([OLD, NEW, OLD], "2026-09", [], "政策 old 给了两次，请去掉一个"),
        (
            [OLD, replace(OLD, id="older")],
            "2026-10",
            [],
            "政策 old、older 在 2026-10-01 都没有施行",
        ),
        ([OLD, NEW], "2026-09", ["monthly", "none"], "政策 old、new 都没有规则“none”"),
        ([OLD, NEW], "2026-09", ["quarterly"], "规则“quarterly”按季计算，不能用于周期 2026-09"),
    ],
)
def test_several_that_cannot_run_together_are_refused(
    policies: list[Policy], period: str, names: list[str], words: str
) -> None:
    with pytest.raises(RequestError) as caught:
        read_running(policies, parse_period(period), names)
    assert str(caught.value) == f"命令：{words}"
