"""Whether a rule makes sense: its subject, its reach, its words."""

from pathlib import Path

import pytest
from tests.support.policy_files import HEAD, findings_of, written_policy

from cunjing.policy.enums import RuleKind

Keys = dict[str, str | None]
FIRST_LINE = len(HEAD) + 2


def _event(kind: str, event: str = "village_visit", **more: str) -> str:
    said = "".join(f"{key}: {text}, " for key, text in more.items())
    return f"{{kind: {kind}, {said}event: {{kind: {event}}}}}"


def _doubled(measure: str) -> str:
    """The measure with the one entry of its list written twice."""
    start, rest = measure.split("[")
    entry, end = rest.split("]")
    return f"{start}[{entry}, {entry}]{end}"


VILLAGE: Keys = {"subject": "village", "role": None}
UNIT: Keys = {"subject": "unit", "role": None, "unit_kind": "station"}
DAY: Keys = {"period": None}
AT_MOST: Keys = {"operator": '"<="', "threshold": "0"}
RANGE: Keys = {"operator": "between", "threshold": "{low: 1, high: 2}"}
SQUAD: Keys = {"subject": "group", "role": None, "group": "squad", **DAY}
YEARLY: Keys = {"subject": "staff", "period": "year"}
DAYS: Keys = {"measure": _event("distinct_days"), "unit": "天"}
HALVES: Keys = {"measure": _event("subperiods", sub_period="half_month"), "unit": "段"}
GRADE = "{kind: mark, item: grade, scale: {good: 2, fair: 1}}"
MONEY: Keys = {
    **YEARLY,
    "measure": "{kind: money, item: paid, grade_item: grade}",
    "operator": '"="',
    "threshold": "{pay: bonus}",
    "unit": "分",
}
FUND: Keys = {
    **YEARLY,
    "measure": "{kind: money, item: fund}",
    "threshold": "360000",
    "unit": "分",
}
RATIO: Keys = {
    **UNIT,
    "period": "year",
    "measure": "{kind: money_ratio, staff_item: a, village_item: b}",
    "unit": '"%"',
}
TENURE: Keys = {**DAY, "measure": "{kind: tenure_months}", "operator": '"<="', "unit": "个月"}
AGES: Keys = {**SQUAD, "measure": "{kind: ages, low: 18, high: 50}", **AT_MOST}
HAMLETS: Keys = {
    **VILLAGE,
    **DAY,
    "measure": "{kind: hamlets, group_kind: company, low: 2, high: 4}",
    **AT_MOST,
}
POSTINGS: Keys = {"subject": "village", **DAY, "measure": "{kind: postings}"}
OVERDUE = "{kind: matters_overdue, matter: {kind: hazard}, within_days: 10}"
MATTERS: Keys = {**VILLAGE, "measure": OVERDUE, **AT_MOST, "unit": "件"}
COMMITTEE: Keys = {
    **SQUAD,
    "role": "liaison_officer",
    "measure": "{kind: committee, posts: [secretary]}",
    **AT_MOST,
}
GROUPS: Keys = {**VILLAGE, **DAY, "measure": "{kind: groups, group_kind: company}"}
MEMBERS: Keys = {**SQUAD, "measure": "{kind: members}", **RANGE}
POSTS = "{kind: posts, posts: [{post: commander, group_kind: company}]}"
PAIRS = "{kind: paired_posts, group_kind: company, pairs: [{post: secretary, same_as: instructor}]}"
PAY: Keys = {"grades": "[good, fair]", "pay": "{bonus: {good: 5, fair: 0}}"}

SOUND: list[Keys] = [
    {},
    DAYS,
    HALVES,
    {**VILLAGE, **DAYS, "threshold": "days_of_period"},
    UNIT,
    MONEY,
    FUND,
    {**FUND, "operator": '"="'},
    {**FUND, **RANGE},
    RATIO,
    {**RATIO, "threshold": "80"},
    {**YEARLY, "measure": GRADE, "unit": "级", "threshold": "2"},
    TENURE,
    AGES,
    {**AGES, "measure": "{kind: ages, low: 18, high: 18}"},
    HAMLETS,
    POSTINGS,
    {**POSTINGS, **RANGE},
    {**POSTINGS, "operator": "between", "threshold": "{low: 1, high: 1}"},
    COMMITTEE,
    GROUPS,
    MEMBERS,
    {**SQUAD, "measure": "{kind: subgroups, group_kind: squad}"},
    {**SQUAD, "measure": POSTS, **AT_MOST},
    {**SQUAD, "measure": PAIRS, **AT_MOST},
    {**DAY, "measure": "{kind: home, relation: same}", **AT_MOST},
    {**DAY, "measure": "{kind: untrained}", **AT_MOST},
    MATTERS,
    {**MATTERS, "measure": "{kind: matters_overdue, matter: {kind: dispute}}", "threshold": "3"},
    {**MATTERS, "measure": OVERDUE.replace("10", "0"), "period": "year", "missing": "unknown"},
    {**MATTERS, "measure": OVERDUE.replace("10", "3650"), "role": "liaison_officer"},
    {**MATTERS, "measure": OVERDUE.replace("hazard", "hazard, subkinds: [fire, gas]")},
    {"measure": _event("distinct_objects", "household_visit"), "unit": "户"},
    {"measure": _event("distinct_objects", "household_visit"), "unit": "件"},
    {"measure": _event("lacking", lacking="log_id"), **AT_MOST},
    {"message": "'{period}还差{gap}，有{value}，要{threshold}'"},
    {"message": "做到"},
    {**AGES, "message": "'{value}人不在{low}至{high}周岁'"},
    {**HAMLETS, "message": "'{value}个少于{low}人或者多于{high}人'"},
    {"grace_days": "0"},
    {"grace_days": "3650"},
    {**AGES, "measure": "{kind: ages, low: 0, high: 1000000}"},
    {"missing": "unknown"},
]


@pytest.mark.parametrize("rule", SOUND)
def test_a_rule_that_makes_sense_is_not_blamed(tmp_path: Path, rule: Keys) -> None:
    assert findings_of(written_policy(tmp_path, head=dict(PAY), **rule)) == []


FITTING: list[tuple[str, Keys]] = [
    ("cadence、quota", {}),
    ("cadence、quota", HALVES),
    ("completeness", {"measure": _event("lacking", lacking="log_id"), **AT_MOST}),
    ("coverage", POSTINGS),
    ("coverage、structure", GROUPS),
    ("structure", MEMBERS),
    ("structure", {**SQUAD, "measure": "{kind: subgroups, group_kind: squad}"}),
    ("structure", {**SQUAD, "measure": POSTS, **AT_MOST}),
    ("structure", {**SQUAD, "measure": PAIRS, **AT_MOST}),
    ("structure", HAMLETS),
    ("structure", COMMITTEE),
    ("eligibility", AGES),
    ("eligibility", {**DAY, "measure": "{kind: home, relation: same}", **AT_MOST}),
    ("eligibility", {**DAY, "measure": "{kind: untrained}", **AT_MOST}),
    ("eligibility", TENURE),
    ("grade", {**YEARLY, "measure": GRADE, "unit": "级", "threshold": "2"}),
    ("pay", {**RATIO, "threshold": "80"}),
    ("pay", MONEY),
    ("sla", MATTERS),
]


@pytest.mark.parametrize("kind", [kind.value for kind in RuleKind])
@pytest.mark.parametrize(("kinds", "rule"), FITTING)
def test_only_a_kind_that_fits_the_measure_is_taken(
    tmp_path: Path, kinds: str, rule: Keys, kind: str
) -> None:
    """More than allowed only advises where the kind is `coverage`: a wrong one would do harm."""
    found = findings_of(written_policy(tmp_path, head=dict(PAY), **rule, kind=kind))
    unfit = f"kind 与 measure 对不上，这种 measure 的 kind 应为：{kinds}"
    assert [said for _, _, said in found] == ([] if kind in kinds.split("、") else [unfit])


PERIOD = "数记录、事项、评分、钱的规则要有 period，看某一天状态的规则不能有"
ROLE = "要有 role"
GROUP = "subject 是 group 时要有 group，否则不能有"
STATION = "subject 是 unit 时要有 unit_kind，否则不能有"
PRORATED = "只有数记录的 posting 规则可以按天折算（short_posting）"
PARTS = "subperiods 要有 sub_period，其他不能有"
LACKING = "lacking 要说明缺哪一列，其他不能有"
TURNED = "low 不能大于 high"
BOUNDS = "low 和 high 应在 0 至 1000000 之间"
NO_POSTS = "posts 是空的，请写要有的职务"
POSTS_TWICE = "posts 里有写了两次的，每个只写一次"
LIMIT = "within_days 应在 0 至 3650 之间，0 是当天办结"
AT_MOST_ONLY = "超过期限的件数只能要求不多于几件，operator 应为 <="


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({**DAY}, PERIOD),
        ({**TENURE, "period": "month"}, PERIOD),
        ({**YEARLY, "measure": GRADE, "threshold": "2", **DAY}, PERIOD),
        ({**YEARLY}, "这种 measure 的 subject 应为：posting、unit、village"),
        ({**POSTINGS, "subject": "posting"}, "这种 measure 的 subject 应为：village"),
        ({**TENURE, "subject": "village"}, "这种 measure 的 subject 应为：posting"),
        ({"role": None}, ROLE),
        ({"role": "[]"}, ROLE),
        ({**YEARLY, "role": None, "measure": GRADE, "threshold": "2"}, ROLE),
        ({**POSTINGS, "role": None}, ROLE),
        ({**COMMITTEE, "role": None}, ROLE),
        ({"group": "squad"}, GROUP),
        ({**SQUAD, "measure": "{kind: members}", "group": None}, GROUP),
        ({"unit_kind": "station"}, STATION),
        ({**UNIT, "unit_kind": None}, STATION),
        ({"missing": "ignore"}, "missing 应为 unknown"),
        ({**UNIT, "missing": "unknown"}, "missing 应为 ignore"),
        ({**TENURE, "exemptions": "[short_posting]"}, PRORATED),
        ({**VILLAGE, "exemptions": "[short_posting]"}, PRORATED),
        ({"grace_days": "-1"}, "grace_days 不能为负"),
        ({"grace_days": "3651"}, "grace_days 应在 0 至 3650 之间"),
        ({**AGES, "measure": "{kind: ages, low: -1, high: 50}"}, BOUNDS),
        ({**AGES, "measure": "{kind: ages, low: 18, high: 1000001}"}, BOUNDS),
        (
            {**HAMLETS, "measure": "{kind: hamlets, group_kind: company, low: -1, high: 4}"},
            BOUNDS,
        ),
        ({**MATTERS, **DAY}, PERIOD),
        ({**MATTERS, **UNIT}, "这种 measure 的 subject 应为：village"),
        ({**MATTERS, "missing": "ignore"}, "missing 应为 unknown"),
        ({**MATTERS, "exemptions": "[short_posting]"}, PRORATED),
        ({**MATTERS, "measure": OVERDUE.replace("10", "-1")}, LIMIT),
        ({**MATTERS, "measure": OVERDUE.replace("10", "3651")}, LIMIT),
        ({**MATTERS, "operator": '">="', "threshold": "1"}, AT_MOST_ONLY),
        ({**MATTERS, "operator": '"="', "threshold": "1"}, AT_MOST_ONLY),
        ({**MATTERS, **RANGE}, AT_MOST_ONLY),
        ({"measure": _event("subperiods")}, PARTS),
        ({"measure": _event("count", sub_period="ten_days")}, PARTS),
        ({"measure": _event("lacking"), **AT_MOST}, LACKING),
        ({"measure": _event("count", lacking="log_id")}, LACKING),
        (
            {"measure": _event("lacking", lacking="photo"), **AT_MOST},
            "events 表没有“photo”列，请改 lacking",
        ),
        *(
            (
                {"measure": _event("lacking", lacking=column), **AT_MOST},
                f"“{column}”列空着不算缺什么，请改 lacking",
            )
            for column in ("void", "voided_at", "object_no")
        ),
        ({**SQUAD, "measure": "{kind: posts, posts: []}", **AT_MOST}, NO_POSTS),
        ({**SQUAD, "measure": _doubled(POSTS), **AT_MOST}, POSTS_TWICE),
        ({**COMMITTEE, "measure": "{kind: committee, posts: []}"}, NO_POSTS),
        ({**COMMITTEE, "measure": "{kind: committee, posts: [member, member]}"}, POSTS_TWICE),
        (
            {
                **SQUAD,
                "measure": "{kind: paired_posts, group_kind: company, pairs: []}",
                **AT_MOST,
            },
            "pairs 是空的，请写要有的职务",
        ),
        (
            {**SQUAD, "measure": _doubled(PAIRS), **AT_MOST},
            "pairs 里有写了两次的，每个只写一次",
        ),
        ({**AGES, "measure": "{kind: ages, low: 51, high: 50}"}, TURNED),
        (
            {**HAMLETS, "measure": "{kind: hamlets, group_kind: company, low: 5, high: 4}"},
            TURNED,
        ),
    ],
)
def test_a_shape_that_does_not_fit_is_named_on_the_rules_line(
    tmp_path: Path, rule: Keys, words: str
) -> None:
    found = findings_of(written_policy(tmp_path, head=dict(PAY), **rule))
    assert found == [(FIRST_LINE + len(PAY), "visits", words)]


MIXED = "between 要配 low 和 high，其他 operator 不能配"
PAID = "pay 表只用于 measure: money"
ONE_SUM = "有 grade_item 时 threshold 应为 pay 表；人人一样的金额，请去掉 grade_item"
WHICH_GRADE = "用 pay 表要写 grade_item，说明按哪一项等次"
TO_THE_FEN = "按等次发钱的规则，operator 应为 ="
OF_PERIOD = "days_of_period"
MET = {"measure": "{kind: distinct_days, event: {kind: meeting}}", "unit": "天"}
"""A meeting may name the period it is about: its day may lie outside it."""
ALWAYS = "门槛为 0 或负数，怎样都达标"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"operator": "between"}, [MIXED]),
        ({"threshold": "{low: 1, high: 2}"}, [MIXED]),
        ({**RANGE, "threshold": "{low: 3, high: 2}"}, [TURNED]),
        ({"threshold": "{pay: bonus}"}, [PAID]),
        ({**MONEY, "threshold": "5"}, [ONE_SUM]),
        ({**FUND, "operator": '"="', "threshold": "{pay: bonus}"}, [WHICH_GRADE]),
        ({**FUND, "threshold": "{pay: bonus}"}, [WHICH_GRADE, TO_THE_FEN]),
        ({**FUND, "threshold": "0"}, [ALWAYS]),
        ({**MONEY, "operator": '">="'}, [TO_THE_FEN]),
        ({**TENURE, "threshold": "days_of_period"}, ["days_of_period 只用于数记录的规则"]),
        ({**MATTERS, "threshold": "days_of_period"}, ["days_of_period 只用于数记录的规则"]),
        ({**MATTERS, "threshold": "-1"}, ["门槛 -1 永远达不到，数出来的最少是 0"]),
        ({**MATTERS, "threshold": "1000"}, []),
        ({"threshold": "0"}, [ALWAYS]),
        ({"threshold": "-1"}, [ALWAYS]),
        ({"operator": '"<="', "threshold": "-1"}, ["门槛 -1 永远达不到，数出来的最少是 0"]),
        ({**DAYS, "threshold": "31"}, []),
        ({**DAYS, "threshold": "32"}, ["门槛 32 永远达不到，一个周期最多 31"]),
        ({**DAYS, "period": "quarter", "threshold": "92"}, []),
        (
            {**DAYS, "period": "quarter", "threshold": "93"},
            ["门槛 93 永远达不到，一个周期最多 92"],
        ),
        ({**DAYS, "period": "half_year", "threshold": "184"}, []),
        (
            {**DAYS, "period": "half_year", "threshold": "185"},
            ["门槛 185 永远达不到，一个周期最多 184"],
        ),
        ({**DAYS, "period": "year", "threshold": "366"}, []),
        ({**DAYS, "period": "year", "threshold": "367"}, ["门槛 367 永远达不到，一个周期最多 366"]),
        ({"threshold": "1000"}, []),
        ({**HALVES, "threshold": "2"}, []),
        ({**HALVES, "threshold": "3"}, ["门槛 3 永远达不到，一个周期最多 2"]),
        ({**HALVES, "period": "quarter", "threshold": "6"}, []),
        (
            {**HALVES, "period": "quarter", "threshold": "7"},
            ["门槛 7 永远达不到，一个周期最多 6"],
        ),
        (
            {**DAYS, "operator": '"<="', "threshold": "31"},
            ["门槛 31 怎样都达标，最多也只有 31"],
        ),
        ({**DAYS, "operator": '"<="', "threshold": "30"}, []),
        ({**DAYS, "operator": "between", "threshold": "{low: 31, high: 40}"}, []),
        (
            {**DAYS, "operator": "between", "threshold": "{low: 32, high: 40}"},
            ["门槛 32 永远达不到，一个周期最多 31"],
        ),
        (
            {**DAY, "measure": "{kind: untrained}", "operator": '"<="', "threshold": "1"},
            ["门槛 1 怎样都达标，最多也只有 1"],
        ),
        (
            {**DAY, "measure": "{kind: home, relation: same}", **AT_MOST, "threshold": "1"},
            ["门槛 1 怎样都达标，最多也只有 1"],
        ),
        (
            {**YEARLY, "measure": GRADE, "unit": "级", "threshold": "3"},
            ["门槛 3 永远达不到，一个周期最多 2"],
        ),
        ({**POSTINGS, **RANGE, "threshold": "{low: 0, high: 2}"}, []),
        ({**HALVES, "threshold": OF_PERIOD}, [f"门槛 {OF_PERIOD} 永远达不到，一个周期最多 2"]),
        (
            {**HALVES, "operator": '"="', "threshold": OF_PERIOD},
            [f"门槛 {OF_PERIOD} 永远达不到，一个周期最多 2"],
        ),
        (
            {**HALVES, "operator": '"<="', "threshold": OF_PERIOD},
            [f"门槛 {OF_PERIOD} 怎样都达标，最多也只有 2"],
        ),
        (
            {**HALVES, "operator": '"<="', "threshold": "2"},
            ["门槛 2 怎样都达标，最多也只有 2"],
        ),
        ({**HALVES, "operator": '"="', "threshold": "0"}, []),
        ({**HALVES, "operator": '"="', "threshold": "2"}, []),
        (
            {**HALVES, "operator": '"="', "threshold": "3"},
            ["门槛 3 永远达不到，一个周期最多 2"],
        ),
        (
            {**HALVES, "operator": "between", "threshold": "{low: 0, high: 2}"},
            ["门槛 0 至 2 怎样都达标，数出来的总在 0 至 2 之间"],
        ),
        ({**HALVES, "operator": "between", "threshold": "{low: 0, high: 1}"}, []),
        ({**DAYS, "threshold": OF_PERIOD}, []),
        ({**DAYS, "operator": '"="', "threshold": OF_PERIOD}, []),
        (
            {**DAYS, "operator": '"<="', "threshold": OF_PERIOD},
            [f"门槛 {OF_PERIOD} 怎样都达标，最多也只有 31"],
        ),
        (
            {**DAYS, "operator": "between", "threshold": "{low: 0, high: 31}"},
            ["门槛 0 至 31 怎样都达标，数出来的总在 0 至 31 之间"],
        ),
        ({**DAYS, "operator": "between", "threshold": "{low: 0, high: 30}"}, []),
        ({**DAYS, "operator": "between", "threshold": "{low: 1, high: 31}"}, []),
        (
            {**DAYS, "operator": "between", "threshold": "{low: -3, high: -1}"},
            ["门槛 -1 永远达不到，数出来的最少是 0"],
        ),
        ({"threshold": OF_PERIOD}, []),
        ({"operator": '"<="', "threshold": OF_PERIOD}, []),
        ({**MET, "threshold": "32"}, []),
        ({**MET, "operator": '"<="', "threshold": OF_PERIOD}, []),
        (
            {
                **DAY,
                "measure": "{kind: home, relation: same}",
                **RANGE,
                "threshold": "{low: 0, high: 1}",
            },
            ["门槛 0 至 1 怎样都达标，数出来的总在 0 至 1 之间"],
        ),
    ],
)
def test_a_threshold_can_be_met_and_missed(tmp_path: Path, rule: Keys, words: list[str]) -> None:
    found = findings_of(written_policy(tmp_path, head=dict(PAY), **rule))
    assert found == [(FIRST_LINE + len(PAY), "visits", said) for said in words]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({**DAYS, "unit": "次"}, "这种 measure 的单位应为“天”"),
        ({**TENURE, "unit": "月"}, "这种 measure 的单位应为“个月”"),
        ({"unit": "天"}, "单位“天”与 measure 对不上，请改 unit"),
        ({"unit": "户"}, "单位“户”与 measure 对不上，请改 unit"),
        ({**RATIO, "unit": "分"}, "单位“分”与 measure 对不上，请改 unit"),
        ({**MATTERS, "unit": "天"}, "单位“天”与 measure 对不上，请改 unit"),
        ({**MONEY, "unit": "元"}, "这种 measure 的单位应为“分”"),
        ({**RATIO, "unit": "成"}, "这种 measure 的单位应为“%”"),
        ({"message": "还差{gap"}, "message 的花括号不成对，请补上或去掉"),
        ({"message": "'还差{gap:d}'"}, "message 的花括号里只写名字，不写冒号、叹号和格式"),
        ({"message": "'还差{gap!x}'"}, "message 的花括号里只写名字，不写冒号、叹号和格式"),
        ({"message": "'还差{}'"}, "message 里不认识 {}，可用 period、gap、value、threshold"),
        (
            {"message": "'{days}{name}还差{gap}'"},
            "message 里不认识 days、name，可用 period、gap、value、threshold",
        ),
        (
            {"message": "'{low}至{high}'"},
            "message 里不认识 high、low，可用 period、gap、value、threshold",
        ),
        (
            {**AGES, "message": "'{least}'"},
            "message 里不认识 least，可用 period、gap、value、threshold、low、high",
        ),
    ],
)
def test_unit_and_message_fit(tmp_path: Path, rule: Keys, words: str) -> None:
    found = findings_of(written_policy(tmp_path, head=dict(PAY), **rule))
    assert [said for _, _, said in found] == [words]


def test_a_scale_without_grades_gives_nothing(tmp_path: Path) -> None:
    measure = "{kind: mark, item: grade, scale: {}}"
    path = written_policy(tmp_path, **YEARLY, measure=measure, unit="级", threshold="1")
    assert findings_of(path) == [(FIRST_LINE, "visits", "门槛 1 永远达不到，一个周期最多 0")]


@pytest.mark.parametrize(
    ("scale", "operator", "threshold", "words"),
    [
        ((3, 2, 1), ">=", 1, "门槛 1 怎样都达标，最少也有 1"),
        ((3, 2, 1), ">=", 2, None),
        ((3, 2, 1), ">=", 0, "门槛 0 怎样都达标，最少也有 1"),
        ((3, 2, 1), "=", 2, None),
        ((3, 1), "=", 2, "门槛 2 永远达不到，scale 里的数是 1、3"),
        ((3, 2, 1), "<=", 0, "门槛 0 永远达不到，数出来的最少是 1"),
        ((3, 2, 1), "<=", 3, "门槛 3 怎样都达标，最多也只有 3"),
        ((1, 0, -1), ">=", 0, None),
        ((1, 0, -1), ">=", -1, "门槛 -1 怎样都达标，最少也有 -1"),
        ((1, 0, -1), "<=", -1, None),
        ((1, 0, -1), "<=", -2, "门槛 -2 永远达不到，数出来的最少是 -1"),
        ((-1, -2), ">=", 0, "门槛 0 永远达不到，一个周期最多 -1"),
        ((2, 1, 0), ">=", 0, ALWAYS),
        ((5,), "=", 5, "门槛 5 怎样都达标，数出来的总在 5 至 5 之间"),
    ],
)
def test_a_grade_can_be_met_and_missed(
    tmp_path: Path, scale: tuple[int, ...], operator: str, threshold: int, words: str | None
) -> None:
    names = [f"g{number}" for number in range(len(scale))]
    said = ", ".join(f"{name}: {value}" for name, value in zip(names, scale, strict=True))
    path = written_policy(
        tmp_path,
        head={"grades": f"[{', '.join(names)}]"},
        **YEARLY,
        measure=f"{{kind: mark, item: grade, scale: {{{said}}}}}",
        operator=f'"{operator}"',
        threshold=str(threshold),
        unit="级",
    )
    found = [message for _, _, message in findings_of(path)]
    assert found == ([] if words is None else [words])


@pytest.mark.parametrize(
    ("kind", "shortest"), [("month", 28), ("quarter", 90), ("half_year", 181), ("year", 365)]
)
def test_in_no_period_is_everybody_exempt(tmp_path: Path, kind: str, shortest: int) -> None:
    days = {"month": 7, "quarter": 30, "half_year": 60, "year": 90}

    def said(least: int) -> list[str]:
        least_of_each = ", ".join(f"{name}: {n}" for name, n in {**days, kind: least}.items())
        path = written_policy(tmp_path, head={"minimum_days": f"{{{least_of_each}}}"})
        return [message for _, _, message in findings_of(path)]

    assert said(shortest) == said(0) == []
    told = f"{kind} 应在 0 至 {shortest} 天之间：最短的周期只有 {shortest} 天，再多就有周期人人免考"
    assert said(shortest + 1) == said(-1) == [told]
