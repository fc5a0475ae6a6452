"""What the parts of a policy say, facet by facet, as values that compare and as Chinese words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from cunjing.policy.enums import Disposition, Exemption, Missing, Operator, RuleKind
from cunjing.policy.matching import Matching, OwnVillage
from cunjing.policy.model import (
    Between,
    ByGrade,
    Clause,
    DatedThreshold,
    DaysOfPeriod,
    Listing,
    Parameter,
    Policy,
    Rule,
    ThresholdValue,
)
from cunjing.policy.plain import EVERY, counts, held, whom
from cunjing.policy.words import GRADES, POSTS, ROLES, amount, between

DISPOSITIONS = {
    Disposition.EXECUTABLE: "系统计算",
    Disposition.HUMAN: "人工判断",
    Disposition.STRUCTURAL: "系统登记",
    Disposition.DECLINED: "不予采集",
    Disposition.NONE: "无具体要求",
}
_KINDS = {
    RuleKind.QUOTA: "数量",
    RuleKind.CADENCE: "频次",
    RuleKind.SLA: "时限",
    RuleKind.STRUCTURE: "编制",
    RuleKind.COVERAGE: "覆盖",
    RuleKind.COMPLETENESS: "完整",
    RuleKind.ELIGIBILITY: "资格",
    RuleKind.GRADE: "等次",
    RuleKind.PAY: "绩效",
}
_OPERATORS = {
    Operator.AT_LEAST: "不少于",
    Operator.AT_MOST: "不超过",
    Operator.EQUAL: "等于",
    Operator.BETWEEN: "在范围内",
}
_MISSING = {
    Missing.UNKNOWN: "记为数据未齐",
    Missing.IGNORE: "不计",
    Missing.VIOLATION: "按没有做到算",
}
OWN_VILLAGE = {
    OwnVillage.FREE: "不限",
    OwnVillage.FORBIDDEN: "不能去本人的村",
    OwnVillage.REQUIRED: "只能去本人的村",
}
_EXEMPTIONS = {Exemption.SHORT_POSTING: "在岗短的免考或者折算"}


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing a part says. `text` is in Chinese, empty where it says nothing."""

    name: str
    value: object
    text: str


def rule_facets(rule: Rule) -> list[Facet]:
    """Everything a rule says but its id and thresholds, which have dates."""
    rhythm = EVERY[rule.period] if rule.period else "随时"
    weight = "没有做到只作提示" if rule.as_a_rule else "没有做到就是未达标"
    above = "多了只作提示" if rule.advice_above else "多了也按规定判断"
    parameter = rule.parameter
    exempt = "、".join(_EXEMPTIONS[one] for one in rule.exemptions)
    return [
        Facet("title", rule.title, rule.title),
        Facet("clause", rule.clause, rule.clause),
        Facet("kind", rule.kind, _KINDS[rule.kind]),
        Facet("subject", rule.subject, whom(rule)),
        Facet("measure", rule.measure, counts(rule)),
        Facet("period", rule.period, rhythm),
        Facet("operator", rule.operator, _OPERATORS[rule.operator]),
        Facet("parameter", parameter.id if parameter else None, parameter.id if parameter else ""),
        Facet("as_a_rule", rule.as_a_rule, weight),
        Facet("advice_above", rule.advice_above, above),
        Facet("grace_days", rule.grace_days, f"{rule.grace_days}天" if rule.grace_days else ""),
        Facet("exemptions", rule.exemptions, exempt),
        Facet("missing", rule.missing, _MISSING[rule.missing]),
        Facet("unit", rule.unit, rule.unit),
        Facet("message", rule.message, rule.message),
    ]


def clause_facets(clause: Clause) -> list[Facet]:
    """Everything a clause says but its number."""
    return [
        Facet("paraphrase", clause.paraphrase, clause.paraphrase),
        Facet("disposition", clause.disposition, DISPOSITIONS[clause.disposition]),
        Facet("note", clause.note, clause.note),
        Facet("figure", clause.figure, clause.figure),
        Facet("same_as", clause.same_as, "、".join(clause.same_as)),
    ]


def parameter_facets(parameter: Parameter) -> list[Facet]:
    """Everything a parameter says but its id."""
    default = number_text(parameter.default, unit=parameter.unit)
    return [
        Facet("title", parameter.title, parameter.title),
        Facet("default", parameter.default, default),
        Facet("dated", parameter.dated, dated_text(parameter.dated, unit=parameter.unit)),
        Facet("note", parameter.note, parameter.note),
        Facet("unit", parameter.unit, parameter.unit),
    ]


def listing_facets(listing: Listing) -> list[Facet]:
    """Everything a list says but its id, its items one by one."""
    return [
        Facet("title", listing.title, listing.title),
        Facet("clause", listing.clause, listing.clause),
        Facet("roles", listing.roles, "、".join(ROLES[role] for role in listing.roles)),
        Facet("posts", listing.posts, "、".join(POSTS[post] for post in listing.posts)),
        *(Facet(f"items.{item.id}", item.text, item.text) for item in listing.items),
    ]


def matching_facets(matching: Matching) -> list[Facet]:
    """Everything an entry of `matching` says but its id."""
    said = [
        Facet("clause", matching.clause, matching.clause),
        Facet("roles", matching.roles, "、".join(ROLES[role] for role in matching.roles)),
        Facet("note", matching.note, matching.note),
        Facet("slots", matching.slots, "、".join(map(str, matching.slots))),
        Facet("own_village", matching.own_village, OWN_VILLAGE[matching.own_village]),
    ]
    known = {"id", "line", "file", *(facet.name for facet in said)}
    for field in fields(matching):
        if field.name not in known:
            value = getattr(matching, field.name)
            text = ("是" if value else "否") if isinstance(value, bool) else str(value or "")
            said.append(Facet(field.name, value, text))
    return said


def head_facets(policy: Policy) -> list[Facet]:
    """What a policy says about itself and everything, beside its parts."""
    return [
        *(_text(name, getattr(policy, name)) for name in _HEAD),
        *(
            Facet(f"minimum_days.{kind}", days, f"{EVERY[kind]}{days}天")
            for kind, days in policy.minimum_days.items()
        ),
        Facet("grades", policy.grades, "、".join(GRADES.get(one, one) for one in policy.grades)),
        *(
            Facet(f"pay.{name}", table, number_text(ByGrade(table), unit="分"))
            for name, table in policy.pay.items()
        ),
        *(
            Facet(f"matching_weights.{name}", weight, str(weight))
            for name, weight in policy.matching_weights.items()
        ),
    ]


def number_text(value: ThresholdValue, *, unit: str) -> str:
    """A threshold's number with its measure word: `2天`, `7至11人`, `优秀3600.00元`."""
    match value:
        case int():
            return amount(value, unit=unit)
        case Between(low=low, high=high) if low == high:
            return amount(low, unit=unit)
        case Between(low=low, high=high):
            return between(low, high, unit=unit)
        case DaysOfPeriod():
            return "周期的天数"
        case ByGrade(table=table):
            return "、".join(
                f"{GRADES.get(grade, grade)}{amount(number, unit=unit)}"
                for grade, number in table.items()
            )


def dated_text(values: Sequence[DatedThreshold], *, unit: str) -> str:
    """Numbers with their dates: `2027-01-01前 2次；2027-01-01起 3次`."""
    return "；".join(held(one, number_text(one.value, unit=unit)) for one in values)


_HEAD = (
    "id", "title", "issuer", "document_number", "issued_on", "source_digest", "scope",
    "valid_from", "valid_to", "supersedes", "inherits", "time_zone", "calendar",
)  # fmt: skip
_LISTINGS = ("role_sets", "duties", "tasks", "questions", "prohibitions", "boards")


def _text(name: str, value: object) -> Facet:
    match value:
        case None:
            return Facet(name, None, "")
        case tuple():
            return Facet(name, value, "、".join(map(str, value)))
        case date():
            return Facet(name, value, value.isoformat())
        case _:
            return Facet(name, value, str(value))


Parts = Mapping[str, tuple[str, Sequence[Facet]]]
"""Key of an entry -> its title and what it says."""

SECTIONS = ("document", "parameters", "clauses", "rules", *_LISTINGS, "matching")
"""The parts of a policy in the order of its file."""


def parts_of(policy: Policy, section: str) -> Parts:
    """What each entry of a section says."""
    match section:
        case "document":
            return {"": (policy.title, head_facets(policy))}
        case "parameters":
            return {one.id: (one.title, parameter_facets(one)) for one in policy.parameters}
        case "clauses":
            return {one.number: (one.paraphrase, clause_facets(one)) for one in policy.clauses}
        case "rules":
            return {one.id: (one.title, rule_facets(one)) for one in policy.rules}
        case "matching":
            return {one.id: (one.id, matching_facets(one)) for one in policy.matching}
    listings: Sequence[Listing] = getattr(policy, section)
    return {one.id: (one.title, listing_facets(one)) for one in listings}
