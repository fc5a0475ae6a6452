"""A rule said plainly in Chinese: whom it is about, what is counted, how often, how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from cunjing.policy.enums import EventKind, Missing, Operator, SubjectKind
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    EventMeasure,
    GroupCount,
    HamletViolations,
    HomeRelation,
    HomeViolation,
    MarkValue,
    MattersOverdue,
    Measure,
    MemberCount,
    MoneyRatio,
    MoneyValue,
    PairViolations,
    PostingCount,
    PostViolations,
    SubgroupCount,
    Tally,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import (
    Between,
    ByGrade,
    DatedThreshold,
    DaysOfPeriod,
    Policy,
    Rule,
    ThresholdValue,
)
from cunjing.policy.periods import PeriodKind, SubPeriodKind
from cunjing.policy.words import (
    COLUMNS,
    EVENTS,
    GRADES,
    GROUPS,
    MONEY,
    POSTS,
    ROLES,
    SUBKINDS,
    UNITS,
    amount,
    any_of,
    between,
    matter_name,
)

EVERY = {
    PeriodKind.MONTH: "每月",
    PeriodKind.QUARTER: "每季度",
    PeriodKind.HALF_YEAR: "每半年",
    PeriodKind.YEAR: "每年",
}
_PARTS = {
    SubPeriodKind.HALF_MONTH: "上半月（1日至15日）、下半月（16日至月底）",
    SubPeriodKind.TEN_DAYS: "上旬（1日至10日）、中旬（11日至20日）、下旬（21日至月底）",
}
_HOMES = {
    HomeRelation.SAME: "家不在所驻的村",
    HomeRelation.DIFFERENT: "家就在所驻的村",
    HomeRelation.NEAR: "家不在本乡镇，也不在相邻乡镇",
}
_NAME_A_PERIOD = {EventKind.REPORT, EventKind.SUMMARY, EventKind.MEETING}
"""Work that may be done later and say which period it is for; of other work the day decides."""


@dataclass(frozen=True, slots=True)
class DatedText:
    """A threshold in words and the half-open dates it holds between; None = open."""

    text: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PlainRule:
    """A rule in sentences.

    `thresholds` stand in the order of their dates, `allowances` say what excuses or lowers.
    `county_note` is empty where the document itself gives the number.
    """

    whom: str
    counts: str
    rhythm: str
    thresholds: Sequence[DatedText]
    weight: str
    allowances: Sequence[str]
    county_note: str


def plain_rule(policy: Policy, rule: Rule) -> PlainRule:
    """Everything a rule says, sentence by sentence."""
    return PlainRule(
        whom=whom(rule),
        counts=counts(rule),
        rhythm=_rhythm(rule),
        thresholds=[
            DatedText(threshold_text(rule, dated.value), dated.valid_from, dated.valid_to)
            for dated in rule.thresholds
        ],
        weight=_weight(rule),
        allowances=_allowances(policy, rule),
        county_note=rule.parameter.note if rule.parameter else "",
    )


def whom(rule: Rule) -> str:
    """Whom the rule is about: `每名包村民警，在几个村任职就按几个村分别算`."""
    subject = rule.subject
    roles = any_of([ROLES[role] for role in subject.roles]) if subject.roles else ""
    match subject.kind:
        case SubjectKind.POSTING:
            return f"每名{roles}，在几个村任职就按几个村分别算"
        case SubjectKind.VILLAGE:
            return "每个村"
        case SubjectKind.STAFF:
            return f"每名{roles}" if roles else "每名人员"
        case SubjectKind.GROUP:
            return f"每个{GROUPS[subject.group_kind]}" if subject.group_kind else "每个组织"
        case SubjectKind.UNIT:
            return f"每个{UNITS[subject.unit_kind]}" if subject.unit_kind else "每个单位"
    assert_never(subject.kind)


def counts(rule: Rule) -> str:
    """What the number is: `有进村工作的天数，同一天几次只算一天`."""
    roles = any_of([ROLES[role] for role in rule.subject.roles]) if rule.subject.roles else "人员"
    return _counted(rule.measure, roles=roles, unit=rule.unit)


def asked_texts(rule: Rule) -> list[str]:
    """The thresholds of a rule in words, in the order of their dates."""
    return [held(dated, threshold_text(rule, dated.value)) for dated in rule.thresholds]


def held(dated: DatedThreshold, text: str) -> str:
    """A threshold's words behind the days it holds: `2027-01-01起 不少于3天`."""
    since = f"{dated.valid_from}起" if dated.valid_from else ""
    until = f"{dated.valid_to}前" if dated.valid_to else ""
    return f"{since}{until} {text}".lstrip()


def threshold_text(rule: Rule, value: ThresholdValue) -> str:
    """A threshold with its operator and measure word: `不少于2天`, `正好1名`, `7至11人`."""
    match value:
        case int():
            return bound_text(rule, low=value, high=value)
        case Between(low=low, high=high):
            return bound_text(rule, low=low, high=high)
        case DaysOfPeriod():
            return "这个周期的每一天"
        case ByGrade(table=table):
            graded = (
                f"{GRADES.get(grade, grade)}{amount(number, unit=rule.unit)}"
                for grade, number in table.items()
            )
            return "按等次：" + "、".join(graded)
    assert_never(value)


def bound_text(rule: Rule, *, low: int, high: int) -> str:
    """What is asked; `low` and `high` are the same but for a range."""
    graded = isinstance(rule.measure, MarkValue)
    match rule.operator:
        case Operator.AT_LEAST:
            return f"{'不低于' if graded else '不少于'}{value_text(rule, low)}"
        case Operator.AT_MOST if high == 0 and not graded:
            return f"不合要求的一{rule.unit}也没有"
        case Operator.AT_MOST:
            return f"{'不高于' if graded else '不超过'}{value_text(rule, high)}"
        case Operator.BETWEEN if low != high and graded:
            return f"{value_text(rule, low)}至{value_text(rule, high)}"
        case Operator.BETWEEN if low != high:
            return between(low, high, unit=rule.unit)
        case Operator.EQUAL | Operator.BETWEEN:
            return f"正好{value_text(rule, low)}"
    assert_never(rule.operator)


def value_text(rule: Rule, value: int) -> str:
    """A value with its measure word, `2天`; of a grade its name, which says more than its place."""
    if isinstance(rule.measure, MarkValue):
        for grade, number in rule.measure.scale.items():
            if number == value:
                return GRADES.get(grade, grade)
    return amount(value, unit=rule.unit)


def event_name(measure: EventMeasure) -> str:
    """What kind of work is counted: `进村工作`, `法制宣传教育`."""
    kind, subkinds = measure.event.kind, measure.event.subkinds
    if not subkinds:
        return EVENTS[kind]
    return any_of([SUBKINDS.get((kind, name), f"{EVENTS[kind]}（{name}）") for name in subkinds])


def _counted(measure: Measure, *, roles: str, unit: str) -> str:
    match measure:
        case EventMeasure():
            text = _tallied(measure, unit=unit)
        case MattersOverdue():
            text = _overdue(measure, unit=unit)
        case PostingCount():
            text = f"村里在任的{roles}有几名"
        case MarkValue(scale=scale):
            grades = (f"{GRADES.get(grade, grade)}记{number}" for grade, number in scale.items())
            text = "评定的等次：" + "、".join(grades)
        case MoneyRatio():
            text = f"{roles}的平均补贴占村主任平均补贴的百分比，去掉小数"
        case MoneyValue(item=item):
            text = MONEY.get(item, f"登记的金额（{item}）")
        case HomeViolation(relation=relation):
            text = f"{_HOMES[relation]}的，记1处不合要求"
        case TenureMonths():
            text = "在这个村连续任职满了几个月，前后相接的任职合在一起算"
        case UntrainedViolation():
            text = "上岗以前没有培训过的，记1处不合要求"
        case _:
            text = _of_groups(measure)
    return text


def _of_groups(
    measure: GroupCount
    | MemberCount
    | SubgroupCount
    | PostViolations
    | AgeViolations
    | HamletViolations
    | PairViolations
    | CommitteeViolations,
) -> str:
    match measure:
        case GroupCount(group_kind=kind):
            text = f"村里有几个{GROUPS[kind]}"
        case MemberCount():
            text = "连同下属各级一共多少人，一个人只算一次"
        case SubgroupCount(group_kind=kind):
            text = f"下面有几个{GROUPS[kind]}"
        case PostViolations(posts=posts):
            names = (f"每个{GROUPS[one.group_kind]}一名{POSTS[one.post]}" for one in posts)
            text = f"缺少和多出的干部人数；应有{'、'.join(names)}"
        case AgeViolations(low=low, high=high):
            text = f"不满{low}周岁和超过{high}周岁的人数，按出生年月算"
        case HamletViolations(low=low, high=high):
            text = f"民兵少于{low}人或者多于{high}人的自然组有几个"
        case PairViolations(pairs=pairs):
            names = (f"{POSTS[pair.post]}由{POSTS[pair.same_as]}兼任" for pair in pairs)
            text = f"没有做到的有几处：{'、'.join(names)}"
        case CommitteeViolations():
            text = "在村任职、是党员、却不在支部委员会里的人数"
        case _:
            assert_never(measure)
    return text


def _tallied(measure: EventMeasure, *, unit: str) -> str:
    name = event_name(measure)
    match measure.tally:
        case Tally.COUNT:
            return f"{name}有多少{unit}"
        case Tally.DISTINCT_DAYS:
            return f"有{name}的天数，同一天几次只算一天"
        case Tally.DISTINCT_OBJECTS:
            return f"{name}的对象有多少{unit}，同一{unit}几次只算一次"
        case Tally.SUBPERIODS:
            parts = _PARTS[measure.sub_period] if measure.sub_period else ""
            return f"{parts}当中，有几段有{name}"
        case Tally.LACKING:
            lacking = COLUMNS.get(measure.lacking or "", measure.lacking)
            return f"没有写{lacking}的{name}次数"
    assert_never(measure.tally)


def _overdue(measure: MattersOverdue, *, unit: str) -> str:
    name = matter_name(measure.matter.kind, measure.matter.subkinds)
    match measure.within_days:
        case None:
            return (
                f"没有在登记的办结期限以前办结的{name}有多少{unit}，过了期才办结的也算；"
                "期限落在哪个周期，就算哪个周期的"
            )
        case 0:
            limit = f"{name}受理当天"
        case days:
            limit = f"{name}受理以后{days}天内（受理那天不算）"
    return f"{limit}没有办结的有多少{unit}；期限落在哪个周期，就算哪个周期的"


def _rhythm(rule: Rule) -> str:
    if rule.period is None:
        return "随时都要做到；考评时看周期最后一天的情况，周期没有结束就看计算那天"
    text = f"{EVERY[rule.period]}算一次"
    if not rule.grace_days:
        return text
    measure, waits = rule.measure, f"周期结束后再等{rule.grace_days}天才判"
    if isinstance(measure, EventMeasure) and measure.event.kind in _NAME_A_PERIOD:
        return f"{text}；{waits}；其间办的，写明是这个周期的才算"
    return f"{text}；{waits}，只等补录"


def _weight(rule: Rule) -> str:
    if rule.as_a_rule:
        # Not that the document says so here: of a range it may only say so in the sentences around.
        return "当作“一般”或者“可以”的要求：没有做到只作提示，不算未达标"
    if rule.advice_above and rule.operator is Operator.BETWEEN:
        return "必须做到；多于规定的只作提示"
    return "必须做到：没有做到就是未达标"


def _allowances(policy: Policy, rule: Rule) -> list[str]:
    said = []
    if rule.prorated and rule.period is not None:
        least = policy.minimum_days[rule.period]
        said.append(f"周期内在岗（扣除请假）不满{least}天的免考")
        if rule.operator is Operator.AT_LEAST:
            said.append("任职不满整个周期或者请过假的，要求按在岗天数折算，不足一个的进成一个")
    if rule.waits_for_records and rule.missing is Missing.UNKNOWN:
        said.append("有人的记录可能还没有传全的，不判未达标，记为“数据未齐”")
    elif rule.missing is Missing.UNKNOWN:
        said.append("资料没有登记的，不判未达标，记为“数据未齐”")
    elif rule.missing is Missing.VIOLATION:
        said.append("没有登记的，按没有做到算")
    return said
