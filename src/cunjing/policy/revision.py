"""What changed between two versions of a policy: clause by clause, rule by rule, threshold by
threshold. Spacing, order and comments are no change; everything the digest is taken of is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from cunjing.policy.facets import SECTIONS, Facet, number_text, parts_of
from cunjing.policy.model import Policy, Rule, ThresholdValue

LABELS = {
    "document": "文件",
    "parameters": "县定参数",
    "clauses": "条款",
    "rules": "规则",
    "role_sets": "角色",
    "duties": "职责",
    "tasks": "任务",
    "questions": "询问",
    "prohibitions": "禁止事项",
    "boards": "上墙文字",
    "matching": "人岗匹配",
}
"""Section -> its name in Chinese, in the order of a policy file."""

FIELDS = {
    "id": "编号",
    "title": "名称",
    "issuer": "发文单位",
    "document_number": "文号",
    "issued_on": "发文日期",
    "source_digest": "原文摘要",
    "scope": "适用区划",
    "valid_from": "施行日期",
    "valid_to": "失效日期",
    "supersedes": "取代的政策",
    "inherits": "沿用的政策",
    "time_zone": "时区",
    "calendar": "历法",
    "minimum_days": "最少在岗天数",
    "grades": "等次",
    "pay": "绩效表",
    "matching_weights": "派驻权重",
    "default": "默认值",
    "dated": "各段的数",
    "note": "说明",
    "unit": "单位",
    "paraphrase": "内容",
    "disposition": "落实方式",
    "figure": "数字",
    "same_as": "同哪一条",
    "clause": "条款",
    "kind": "种类",
    "subject": "对谁",
    "measure": "数什么",
    "period": "多久一次",
    "operator": "怎么比",
    "threshold": "门槛",
    "parameter": "县定参数",
    "as_a_rule": "约束力",
    "advice_above": "多于规定",
    "grace_days": "宽限",
    "exemptions": "免考",
    "missing": "缺资料时",
    "message": "差额的说法",
    "roles": "适用岗位",
    "posts": "适用职务",
    "items": "条目",
    "vacancy": "空缺的分值",
    "slots": "带村的分值",
    "own_wish": "本人意愿",
    "wish_step": "意愿每后一位少算",
    "native_place": "籍贯",
    "former_workplace": "旧工作地",
    "traffic_on_roads": "交警到沿路村",
    "criminal_in_high_case": "刑警到案件多的村",
    "security_in_complex": "国保到复杂村",
    "public_order_in_key": "治安和派出所到重点村",
    "seconded_keep_village": "选派干部留在原村",
    "experience_in_disputed": "经验丰富的到矛盾多的村",
    "leader_in_disputed": "中层领导到矛盾多的村",
    "high_case": "案件多的界线",
    "many_disputes": "矛盾多的界线",
    "per_km": "每公里的分值",
    "unknown_km": "没有坐标时的公里数",
    "own_village": "本人的村",
    "near_township": "只去本乡镇和相邻乡镇",
    "no_return": "不回驻过的村",
    "tenure": "任期参数",
    "load_cases": "多少起案件算一份工作量",
    "load_troubles": "多少起纠纷隐患算一份工作量",
    "load_people": "多少人口算一份工作量",
    "balance": "均衡的分值",
}
"""First part of a field's name -> what it is called in Chinese."""

_TOLD_WHOLE = {
    "disposition", "note", "clause", "subject", "measure", "default", "dated", "threshold",
}  # fmt: skip


class ChangeKind(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


CHANGES = {ChangeKind.ADDED: "新增", ChangeKind.REMOVED: "删去", ChangeKind.CHANGED: "改动"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing a part says otherwise; None and an empty text: it said nothing.

    `name` is the key of the policy file, with a dot before what it is about (`pay.yearly`).
    A threshold has the half-open dates it changed for; None = open.
    """

    name: str
    before: object
    after: object
    before_text: str
    after_text: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PartChange:
    """A clause, rule, parameter or list that changed, by its id or number; "" for the document.

    Of a part that is new or gone `fields` tell the main things.
    """

    section: str
    key: str
    title: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...]


def differences(before: Policy, after: Policy) -> tuple[PartChange, ...]:
    """Every part that changed, sections in the order of a policy file, keys in that of `after`."""
    found: list[PartChange] = []
    for section in SECTIONS:
        old, new = parts_of(before, section), parts_of(after, section)
        for key in (*new, *(key for key in old if key not in new)):
            title = (new.get(key) or old[key])[0]
            changed = [*_fields(old.get(key), new.get(key))]
            if section == "rules":
                changed += _thresholds(_rule(before, key), _rule(after, key))
            kind = _kind(known_before=key in old, known_after=key in new)
            if kind is not ChangeKind.CHANGED:
                changed = [field for field in changed if _told_whole(field)]
            if changed or kind is not ChangeKind.CHANGED:
                found.append(PartChange(section, key, title, kind, tuple(changed)))
    return tuple(found)


def field_label(name: str) -> str:
    """What a field is called: `绩效表 yearly`."""
    first, _dot, rest = name.partition(".")
    return f"{FIELDS[first]} {rest}".rstrip()


def _kind(*, known_before: bool, known_after: bool) -> ChangeKind:
    if not known_before:
        return ChangeKind.ADDED
    return ChangeKind.CHANGED if known_after else ChangeKind.REMOVED


_Part = tuple[str, Sequence[Facet]] | None


def _fields(before: _Part, after: _Part) -> Iterator[FieldChange]:
    old = {facet.name: facet for facet in before[1]} if before else {}
    new = {facet.name: facet for facet in after[1]} if after else {}
    for name in (*new, *(name for name in old if name not in new)):
        one, other = old.get(name), new.get(name)
        if (one.value if one else None) != (other.value if other else None):
            yield FieldChange(
                name=name,
                before=one.value if one else None,
                after=other.value if other else None,
                before_text=one.text if one else "",
                after_text=other.text if other else "",
            )


def _told_whole(field: FieldChange) -> bool:
    first = field.name.partition(".")[0]
    return (first in _TOLD_WHOLE or first == "items") and bool(
        field.before_text or field.after_text
    )


def _rule(policy: Policy, key: str) -> Rule | None:
    return next((rule for rule in policy.rules if rule.id == key), None)


def _thresholds(before: Rule | None, after: Rule | None) -> Iterator[FieldChange]:
    """The stretches of time for which the threshold is another, neighbours with the same joined."""
    turns = _turns(before, after)
    stretches = [
        (since, until, (_on(before, since), _on(after, since)))
        for since, until in zip((None, *turns), (*turns, None), strict=True)
    ]
    for (old, new), group in groupby(stretches, key=lambda stretch: stretch[2]):
        joined = list(group)
        if old != new:
            yield FieldChange(
                name="threshold",
                before=old,
                after=new,
                before_text=_number(before, old),
                after_text=_number(after, new),
                since=joined[0][0],
                until=joined[-1][1],
            )


def _turns(*rules: Rule | None) -> list[date]:
    """The days on which one of the thresholds begins or ends."""
    days = {
        day
        for rule in rules
        if rule
        for dated in rule.thresholds
        for day in (dated.valid_from, dated.valid_to)
        if day is not None
    }
    return sorted(days)


def _on(rule: Rule | None, since: date | None) -> ThresholdValue | None:
    """The threshold from a turn to the next; `since` None: before the first turn."""
    if rule is None:
        return None
    if since is not None:
        return rule.threshold_on(since)
    return next((one.value for one in rule.thresholds if one.valid_from is None), None)


def _number(rule: Rule | None, value: ThresholdValue | None) -> str:
    return "" if rule is None or value is None else number_text(value, unit=rule.unit)
