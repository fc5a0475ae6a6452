"""Whether a rule makes sense: its subject, its shape, its words."""

from pathlib import Path

import pytest
from tests.support.policy_files import findings_of, written_policy

from cunjing.policy.enums import RuleKind

from .rule_keys import (
    AGES,
    AT_MOST,
    COMMITTEE,
    DAY,
    DAYS,
    FIRST_LINE,
    FUND,
    GRADE,
    GROUPS,
    HALVES,
    HAMLETS,
    MATTERS,
    MEMBERS,
    MONEY,
    OVERDUE,
    PAIRS,
    PAY,
    POSTINGS,
    POSTS,
    RANGE,
    RATIO,
    SQUAD,
    TENURE,
    UNIT,
    VILLAGE,
    YEARLY,
    Keys,
    doubled,
    event,
)

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
    {"measure": event("distinct_objects", "household_visit"), "unit": "户"},
    {"measure": event("distinct_objects", "household_visit"), "unit": "件"},
    {"measure": event("lacking", lacking="log_id"), **AT_MOST},
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
    ("completeness", {"measure": event("lacking", lacking="log_id"), **AT_MOST}),
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
        ({"measure": event("subperiods")}, PARTS),
        ({"measure": event("count", sub_period="ten_days")}, PARTS),
        ({"measure": event("lacking"), **AT_MOST}, LACKING),
        ({"measure": event("count", lacking="log_id")}, LACKING),
        (
            {"measure": event("lacking", lacking="photo"), **AT_MOST},
            "events 表没有“photo”列，请改 lacking",
        ),
        *(
            (
                {"measure": event("lacking", lacking=column), **AT_MOST},
                f"“{column}”列空着不算缺什么，请改 lacking",
            )
            for column in ("void", "voided_at", "object_no")
        ),
        ({**SQUAD, "measure": "{kind: posts, posts: []}", **AT_MOST}, NO_POSTS),
        ({**SQUAD, "measure": doubled(POSTS), **AT_MOST}, POSTS_TWICE),
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
            {**SQUAD, "measure": doubled(PAIRS), **AT_MOST},
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
