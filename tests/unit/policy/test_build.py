"""A rule from its file form: what it becomes, and the contract's defaults."""

from datetime import date
from pathlib import Path

import pytest
from tests.support.policy_files import HEAD, findings_of, written_policy

from cunjing.policy.enums import (
    EventKind,
    Exemption,
    GroupKind,
    MatterKind,
    Missing,
    Operator,
    Role,
    RuleKind,
    SubjectKind,
    UnitKind,
)
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import (
    EventFilter,
    EventMeasure,
    HomeRelation,
    HomeViolation,
    MatterFilter,
    MattersOverdue,
    Measure,
    MemberCount,
    MoneyRatio,
    PostingCount,
    Tally,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import (
    Between,
    ByGrade,
    DatedThreshold,
    DaysOfPeriod,
    Parameter,
    Rule,
    Subject,
    ThresholdValue,
)
from cunjing.policy.periods import PeriodKind, SubPeriodKind

LINE = len(HEAD) + 1
"""The line before the rule's first."""


def _rule(
    folder: Path, *, head: dict[str, str | None] | None = None, **changed: str | None
) -> Rule:
    (rule,) = load_policy(written_policy(folder, head=head, **changed)).rules
    return rule


def test_a_rule_is_what_its_keys_say(tmp_path: Path) -> None:
    assert _rule(tmp_path, as_a_rule="true", grace_days="5") == Rule(
        id="visits",
        clause="1",
        title="进村",
        kind=RuleKind.QUOTA,
        subject=Subject(SubjectKind.POSTING, roles=(Role.LIAISON_OFFICER,)),
        measure=EventMeasure(Tally.COUNT, EventFilter(EventKind.VILLAGE_VISIT)),
        operator=Operator.AT_LEAST,
        thresholds=(DatedThreshold(2),),
        unit="次",
        message="还差{gap}次",
        period=PeriodKind.MONTH,
        as_a_rule=True,
        advice_above=False,
        grace_days=5,
        exemptions=(Exemption.SHORT_POSTING,),
        missing=Missing.UNKNOWN,
        parameter=None,
    )


STATE = {"period": None, "role": None}
MATTERS: dict[str, str | None] = {
    "role": None,
    "subject": "village",
    "operator": '"<="',
    "threshold": "0",
    "unit": "件",
}
MEASURES: list[tuple[str, dict[str, str | None], Measure]] = [
    (
        "{kind: subperiods, sub_period: ten_days, event: {kind: session, subkinds: [fraud]}}",
        {},
        EventMeasure(
            Tally.SUBPERIODS,
            EventFilter(EventKind.SESSION, ("fraud",)),
            sub_period=SubPeriodKind.TEN_DAYS,
        ),
    ),
    (
        "{kind: lacking, lacking: log_id, event: {kind: village_visit}}",
        {"operator": '"<="'},
        EventMeasure(Tally.LACKING, EventFilter(EventKind.VILLAGE_VISIT), lacking="log_id"),
    ),
    ("{kind: postings}", {"period": None, "subject": "village"}, PostingCount()),
    (
        "{kind: matters_overdue, matter: {kind: dispute, subkinds: [neighbour]}, within_days: 0}",
        MATTERS,
        MattersOverdue(MatterFilter(MatterKind.DISPUTE, ("neighbour",)), within_days=0),
    ),
    (
        "{kind: matters_overdue, matter: {kind: hazard}}",
        MATTERS,
        MattersOverdue(MatterFilter(MatterKind.HAZARD)),
    ),
    ("{kind: members}", {**STATE, "subject": "group", "group": "squad"}, MemberCount()),
    (
        "{kind: home, relation: same}",
        {"period": None, "operator": '"<="', "threshold": "0"},
        HomeViolation(HomeRelation.SAME),
    ),
    (
        "{kind: tenure_months}",
        {"period": None, "operator": '"<="', "unit": "个月"},
        TenureMonths(),
    ),
]


@pytest.mark.parametrize(("written", "more", "measure"), MEASURES)
def test_a_measure_is_read_by_its_kind(
    tmp_path: Path, written: str, more: dict[str, str | None], measure: Measure
) -> None:
    assert _rule(tmp_path, measure=written, **more).measure == measure


@pytest.mark.parametrize(
    ("changed", "subject"),
    [
        ({"role": "[liaison_officer, beat_officer]"}, "both roles"),
        ({**STATE, "subject": "group", "group": "squad", "measure": "{kind: members}"}, "group"),
        ({"role": None, "subject": "unit", "unit_kind": "station"}, "unit"),
        ({"role": None, "subject": "village"}, "village"),
    ],
)
def test_a_subject(tmp_path: Path, changed: dict[str, str | None], subject: str) -> None:
    both = (Role.LIAISON_OFFICER, Role.BEAT_OFFICER)
    wanted = {
        "both roles": Subject(SubjectKind.POSTING, roles=both),
        "group": Subject(SubjectKind.GROUP, group_kind=GroupKind.SQUAD),
        "unit": Subject(SubjectKind.UNIT, unit_kind=UnitKind.STATION),
        "village": Subject(SubjectKind.VILLAGE),
    }
    assert _rule(tmp_path, **changed).subject == wanted[subject]


@pytest.mark.parametrize(("kind", "above"), [("coverage", True), ("structure", False)])
def test_only_coverage_forgives_too_many(tmp_path: Path, kind: str, above: bool) -> None:
    companies = {"measure": "{kind: groups, group_kind: company}", "subject": "village"}
    assert _rule(tmp_path, **companies, role=None, period=None, kind=kind).advice_above is above


@pytest.mark.parametrize(
    ("event", "written", "grace"),
    [
        ("report", None, 31),
        ("summary", None, 31),
        ("meeting", None, 0),
        ("report", "0", 0),
        ("meeting", "9", 9),
    ],
)
def test_reports_and_summaries_have_a_month_of_grace(
    tmp_path: Path, event: str, written: str | None, grace: int
) -> None:
    measure = f"{{kind: count, event: {{kind: {event}}}}}"
    assert _rule(tmp_path, measure=measure, grace_days=written).grace_days == grace


def test_what_is_no_event_has_no_grace(tmp_path: Path) -> None:
    (measure, more, _) = MEASURES[-1]
    assert _rule(tmp_path, measure=measure, **more).grace_days == 0


@pytest.mark.parametrize(
    ("changed", "exemptions"),
    [
        ({}, (Exemption.SHORT_POSTING,)),
        ({"exemptions": "[]"}, ()),
        ({"subject": "village", "role": None}, ()),
        (
            {"measure": "{kind: untrained}", "period": None, "operator": '"<="', "threshold": "0"},
            (),
        ),
    ],
)
def test_postings_whose_events_count_are_prorated_unless_said_otherwise(
    tmp_path: Path, changed: dict[str, str | None], exemptions: tuple[Exemption, ...]
) -> None:
    assert _rule(tmp_path, **changed).exemptions == exemptions


MONEY = "{kind: money_ratio, staff_item: a, village_item: b}"


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"subject": "village", "role": None}, Missing.UNKNOWN),
        ({"subject": "unit", "role": None, "unit_kind": "station"}, Missing.IGNORE),
        ({"missing": "unknown"}, Missing.UNKNOWN),
        (
            {**MATTERS, "measure": "{kind: matters_overdue, matter: {kind: hazard}}"},
            Missing.UNKNOWN,
        ),
        ({"measure": "{kind: postings}", "period": None, "subject": "village"}, Missing.IGNORE),
        (
            {"measure": "{kind: untrained}", "period": None, "operator": '"<="', "threshold": "0"},
            Missing.VIOLATION,
        ),
        (
            {
                "measure": "{kind: home, relation: near}",
                "period": None,
                "operator": '"<="',
                "threshold": "0",
            },
            Missing.UNKNOWN,
        ),
        (
            {"measure": MONEY, "period": "year", "subject": "unit", "unit_kind": "county"}
            | {"unit": '"%"'},
            Missing.UNKNOWN,
        ),
    ],
)
def test_what_a_missing_datum_means(
    tmp_path: Path, changed: dict[str, str | None], missing: Missing
) -> None:
    assert _rule(tmp_path, **changed).missing is missing


def test_a_ratio_of_money_and_training_are_read(tmp_path: Path) -> None:
    ratio = _rule(
        tmp_path, measure=MONEY, period="year", subject="unit", unit_kind="county", unit='"%"'
    )
    assert ratio.measure == MoneyRatio(staff_item="a", village_item="b")
    trained = _rule(
        tmp_path, measure="{kind: untrained}", period=None, operator='"<="', threshold="0"
    )
    assert trained.measure == UntrainedViolation()


GRADED = {"grades": "[good, bad]", "pay": "{bonus: {good: 5, bad: 0}}"}
PAID: dict[str, str | None] = {
    "subject": "staff",
    "period": "year",
    "measure": "{kind: money, item: paid, grade_item: grade}",
    "operator": '"="',
    "unit": "分",
}


@pytest.mark.parametrize(
    ("written", "more", "value"),
    [
        ("3", {}, 3),
        ("days_of_period", {}, DaysOfPeriod()),
        ("{low: 1, high: 3}", {"operator": "between"}, Between(1, 3)),
        ("{pay: bonus}", PAID, ByGrade({"good": 5, "bad": 0})),
    ],
)
def test_a_threshold(
    tmp_path: Path, written: str, more: dict[str, str | None], value: ThresholdValue
) -> None:
    rule = _rule(tmp_path, head=dict(GRADED), threshold=written, **more)
    assert rule.thresholds == (DatedThreshold(value),)


def test_dated_thresholds(tmp_path: Path) -> None:
    written = "[{value: 2, valid_to: 2026-09-01}, {value: 3, valid_from: 2026-09-01}]"
    assert _rule(tmp_path, threshold=written).thresholds == (
        DatedThreshold(2, None, date(2026, 9, 1)),
        DatedThreshold(3, date(2026, 9, 1), None),
    )


def test_a_dated_threshold_may_be_a_table_of_pay(tmp_path: Path) -> None:
    dated = {**PAID, "threshold": "[{value: {pay: bonus}}]"}
    rule = _rule(tmp_path, head=dict(GRADED), **dated)
    assert rule.thresholds == (DatedThreshold(ByGrade({"good": 5, "bad": 0})),)


PARAMETER = "{id: days, parameter: county, title: 天数, default: 4, unit: 次, note: 原文没有给}"


def test_a_parameter_is_the_rules_threshold(tmp_path: Path) -> None:
    rule = _rule(tmp_path, head={"parameters": f"[{PARAMETER}]"}, threshold="{parameter: days}")
    assert rule.thresholds == (DatedThreshold(4),)
    assert rule.parameter == Parameter(
        id="days", title="天数", default=4, note="原文没有给", unit="次"
    )


DATED = PARAMETER.replace(
    "default: 4",
    "default: [{value: 4, valid_to: 2027-01-01}, {value: 6, valid_from: 2027-01-01}]",
)


def test_a_parameter_may_change_on_a_day(tmp_path: Path) -> None:
    rule = _rule(tmp_path, head={"parameters": f"[{DATED}]"}, threshold="{parameter: days}")
    turn = date(2027, 1, 1)
    assert rule.thresholds == (DatedThreshold(4, None, turn), DatedThreshold(6, turn, None))
    assert rule.parameter is not None
    assert (rule.parameter.default, rule.parameter.dated) == (4, rule.thresholds)
    assert [rule.parameter.value_on(date(year, 6, 1)) for year in (2026, 2027)] == [4, 6]


def test_a_parameter_says_nothing_outside_its_dates(tmp_path: Path) -> None:
    ended = PARAMETER.replace("default: 4", "default: [{value: 4, valid_to: 2027-01-01}]")
    head = {"parameters": f"[{ended}]", "valid_to": "2027-01-01"}
    rule = _rule(tmp_path, head=head, threshold="{parameter: days}")
    assert rule.parameter is not None
    assert rule.parameter.value_on(date(2026, 12, 31)) == 4
    assert rule.parameter.value_on(date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("changed", "key", "words"),
    [
        ({"measure": "count"}, "measure", "应是“键: 值”"),
        ({"measure": "{event: {kind: village_visit}}"}, "kind", "缺少这个键，请补上"),
        (
            {"measure": "{kind: visits}"},
            "kind",
            "“visits”不认识，应为以下之一：count、distinct_days、distinct_objects、subperiods、"
            "lacking、matters_overdue、postings、groups、members、subgroups、posts、ages、hamlets、"
            "paired_posts、committee、home、tenure_months、untrained、mark、money_ratio、money",
        ),
        ({"measure": "{kind: [count]}"}, "kind", "应是不空的文字"),
        ({"measure": "{kind: count}"}, "event", "缺少这个键，请补上"),
        (
            {"measure": "{kind: subperiods,\n      sub_period: ten_days}"},
            "event",
            "缺少这个键，请补上",
        ),
        ({"measure": "{kind: members, low: 1}"}, "low", "没有这个键，请删去"),
        (
            {"measure": "{kind: subperiods, sub_period: week, event: {kind: patrol}}"},
            "sub_period",
            "“week”不能把一个月正好分完，应为以下之一：half_month、ten_days",
        ),
        ({"threshold": "两"}, "threshold", "“两”不对，应是整数"),
        ({"threshold": "{low: 1}"}, "high", "缺少这个键，请补上"),
        ({"threshold": "{low: 1, high: 2, step: 3}"}, "step", "没有这个键，可用的键：low、high"),
        ({"threshold": "{pay: [bonus]}"}, "pay", "应是不空的文字"),
        ({"threshold": "{pay: bonus, low: 1}"}, "low", "没有这个键，可用的键：pay"),
        ({"threshold": "{pay: bonus}"}, "threshold", "pay 里没有“bonus”这张表，请补上或改名"),
        ({"threshold": "{parameter: days}"}, "parameter", "parameters 里没有“days”，请补上或改名"),
        ({"threshold": "{parameter: [days]}"}, "parameter", "应是不空的文字"),
        ({"threshold": "[2]"}, "threshold", "应是“键: 值”"),
        ({"threshold": "[{valid_from: 2026-01-01}]"}, "value", "缺少这个键，请补上"),
        ({"threshold": "[{value: 两}]"}, "value", "“两”不对，应是整数"),
        ({"role": "sheriff"}, "role", "“sheriff”不认识，应为以下之一：resident_officer、"),
        ({"role": "[sheriff]"}, "role", "“sheriff”不认识，应为以下之一：resident_officer、"),
        ({"role": "{beat_officer: 1}"}, "role", "应是一个列表"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_key(
    tmp_path: Path, changed: dict[str, str], key: str, words: str
) -> None:
    path = written_policy(tmp_path, **changed)
    ((line, name, message),) = findings_of(path)
    (spoilt,) = changed
    written = Path(path).read_text(encoding="utf-8").splitlines()
    assert written[(line or 0) - 1].strip().startswith(f"{spoilt}:")
    assert name == key
    assert message.startswith(words)
    assert message == words or words.endswith(("：", "、"))


@pytest.mark.parametrize(
    ("spoilt", "key", "words"),
    [
        (("county", "station"), "days", "parameter 只能写 county（由县里定）"),
        (("default: 4", "default: 四"), "default", "“四”不对，应是整数"),
        (("default: 4", "default: [4]"), "default", "应是“键: 值”"),
        (("default: 4", "default: []"), "days", "default 是空的，请写数"),
        (("default: 4", "default: [{value: 四}]"), "value", "“四”不对，应是整数"),
        (("default: 4", "default: {pay: x}"), "default", "pay 里没有“x”这张表，请补上或改名"),
    ],
)
def test_a_parameter_that_is_none_is_named(
    tmp_path: Path, spoilt: tuple[str, str], key: str, words: str
) -> None:
    head = {"parameters": f"[{PARAMETER.replace(*spoilt)}]"}
    path = written_policy(tmp_path, head=dict(head), threshold="{parameter: days}")
    assert findings_of(path) == [(LINE, key, words)]
