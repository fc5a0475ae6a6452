"""What is missing or amiss, by its name: the datum nobody entered, the seat nobody holds."""

from datetime import date, datetime
from typing import NamedTuple

from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    HamletViolations,
    HomeViolation,
    MarkValue,
    MattersOverdue,
    Measure,
    MoneyRatio,
    MoneyValue,
    PairViolations,
    PostViolations,
)
from cunjing.policy.model import Rule
from cunjing.policy.verdict import Breach
from cunjing.policy.words import GROUPS, POSTS, matter_name

_GRADE = "yearly_grade"


class Datum(NamedTuple):
    """What a verdict waits for: what people call it, and where it stands in the facts."""

    name: str
    place: str


def missing_datum(measure: Measure) -> Datum | None:
    """The datum without which the measure has no number or no threshold; None where there always
    is one."""
    match measure:
        case HomeViolation():
            return Datum("籍贯村", "staff 表的 home_village_code 列")
        case MarkValue(item=item):
            return _mark(item)
        case MoneyValue(item=item, grade_item=grade):
            return _mark(grade) if grade else Datum("金额", f"money 表的 {item} 一项")
        case MoneyRatio(staff_item=staff, village_item=village):
            return Datum("补贴金额，人员的和村主任的都要有", f"money 表的 {staff}、{village} 两项")
        case _:
            return None


def breach_text(rule: Rule, breach: Breach) -> str:
    """One place that is not as the rule asks: `二排（P2）缺排长`."""
    measure, number = rule.measure, breach.number
    match measure:
        case PostViolations():
            text = _seat(breach)
        case HamletViolations(low=low, high=high):
            place = f"{breach.name}（{breach.place}）" if breach.name else f"自然组 {breach.place} "
            text = f"{place}有{number}人，" + (f"少于{low}人" if number < low else f"多于{high}人")
        case AgeViolations(low=low, high=high):
            side = f"不满{low}周岁" if number < low else f"超过{high}周岁"
            text = f"成员 {breach.place} 现年{number}周岁，{side}"
        case PairViolations():
            text = _pair(breach)
        case CommitteeViolations():
            text = f"人员 {breach.place} 是党员，不在支部委员会里"
        case MattersOverdue(matter=wanted):
            text = _late(matter_name(wanted.kind, [breach.name] if breach.name else []), breach)
        case _:
            text = ""
    return text


def _mark(item: str) -> Datum:
    name = "年度等次" if item == _GRADE else f"评定结果（{item}）"
    return Datum(name, f"marks 表的 {item} 一项")


def _seat(breach: Breach) -> str:
    post = POSTS[breach.post] if breach.post else ""
    group = GROUPS[breach.kind] if breach.kind else ""
    if breach.place is None:
        return f"{breach.number}名{post}不在任何一个{group}里，没有可任的职位"
    place = f"{breach.name}（{breach.place}）" if breach.name else f"{group} {breach.place} "
    return f"{place}缺{post}" if breach.number == 0 else f"{place}多{breach.number - 1}名{post}"


def _pair(breach: Breach) -> str:
    post = POSTS[breach.post] if breach.post else ""
    other = POSTS[breach.same_as] if breach.same_as else ""
    if breach.number == 0:
        return f"没有{post}，应由{other}兼任"
    return f"{post}不是由{other}兼任的"


def _late(name: str, breach: Breach) -> str:
    """`安全隐患 M1：2026年9月3日受理，期限到2026年9月13日，还没有办结，超过17天`."""
    gap = "" if name.endswith("）") else " "
    closing = f"{_when(breach.closed)}才办结" if breach.closed else "还没有办结"
    beyond = f"，超过{breach.number}天" if breach.number else ""
    days = f"{_when(breach.opened)}受理，期限到{_when(breach.due)}，{closing}{beyond}"
    return f"{name}{gap}{breach.place}：{days}"


def _when(moment: date | None) -> str:
    """A day, or a moment: to the second where there are any."""
    if moment is None:
        return ""
    text = f"{moment.year}年{moment.month}月{moment.day}日"
    if not isinstance(moment, datetime):
        return text
    return f"{text}{moment:%H:%M:%S}" if moment.second else f"{text}{moment:%H:%M}"
