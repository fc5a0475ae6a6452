"""`policy show`: everything a policy holds, section by section, for people."""

from argparse import Namespace
from collections.abc import Iterator

from cunjing.policy.facets import DISPOSITIONS, dated_text, matching_facets, number_text
from cunjing.policy.figures import figure_share
from cunjing.policy.loader import load_policy
from cunjing.policy.model import ByGrade, Clause, Listing, Policy, Rule
from cunjing.policy.plain import EVERY, asked_texts
from cunjing.policy.revision import FIELDS
from cunjing.policy.words import FEN, GRADES, POSTS, ROLES

_LISTINGS = {
    "role_sets": "角色",
    "duties": "职责",
    "tasks": "任务",
    "questions": "询问",
    "prohibitions": "禁止事项",
    "boards": "上墙文字",
}


def show_policy(arguments: Namespace) -> str:
    """The command: one policy, by id or file."""
    return "\n".join(policy_lines(load_policy(arguments.policy))) + "\n"


def policy_lines(policy: Policy) -> Iterator[str]:
    """Head, grades and pay, parameters, clauses, rules, lists, weights; empty sections left out."""
    yield from _head(policy)
    yield from _section("等次和绩效", _grades(policy))
    yield from _section("县定参数", _parameters(policy))
    yield from _section("条款", map(_clause, policy.clauses))
    yield from _section("规则", map(_rule, policy.rules))
    for name, label in _LISTINGS.items():
        yield from _section(label, _listed(getattr(policy, name)))
    yield from _section("人岗匹配", _matching(policy))
    weights = policy.matching_weights.items()
    yield from _section("派驻权重", (f"  {name}  {weight}" for name, weight in weights))


def _section(label: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", label, *found)


def _head(policy: Policy) -> Iterator[str]:
    yield f"{policy.title}（{policy.id}）"
    yield f"{policy.issuer}，{policy.document_number}，{policy.issued_on}"
    yield f"适用 {'、'.join(policy.scope)}，{_dates(policy)}"
    if policy.inherits:
        yield f"沿用 {policy.inherits}"
    if policy.supersedes:
        yield f"取代 {policy.supersedes}"
    yield f"原文摘要 {policy.source_digest}"
    yield f"政策摘要 {policy.digest}"
    share = figure_share([policy])
    yield (
        f"写有数字、次数或范围的条款 {share.stated} 条，其中不予采集 {share.declined} 条；"
        f"其余 {share.asked} 条里系统计算 {share.executable} 条（{share.percent}%）"
    )


def _dates(policy: Policy) -> str:
    since = f"{policy.valid_from} 起" if policy.valid_from else "不限起日"
    return f"{since}，{policy.valid_to} 前" if policy.valid_to else since


def _grades(policy: Policy) -> Iterator[str]:
    if policy.grades:
        yield f"  {'、'.join(GRADES.get(grade, grade) for grade in policy.grades)}"
    for name, table in policy.pay.items():
        yield f"  {name}  {number_text(ByGrade(table), unit=FEN)}"


def _parameters(policy: Policy) -> Iterator[str]:
    for parameter in policy.parameters:
        default = dated_text(parameter.thresholds, unit=parameter.unit)
        yield f"  {parameter.id}  {parameter.title}，默认 {default}（{parameter.note}）"


def _matching(policy: Policy) -> Iterator[str]:
    for entry in policy.matching:
        yield f"  {entry.id}  条款 {entry.clause}"
        for facet in matching_facets(entry):
            if facet.value and facet.name != "clause":
                yield f"    {FIELDS[facet.name]}  {facet.text}"


def _clause(clause: Clause) -> str:
    figure = f"｛{clause.figure}｝" if clause.figure else ""
    repeated = f"，同{'、'.join(clause.same_as)}" if clause.same_as else ""
    note = f"（{clause.note}）" if clause.note else ""
    kind = f"[{clause.disposition} {DISPOSITIONS[clause.disposition]}]"
    return f"  {clause.number}  {kind} {clause.paraphrase}{figure}{repeated}{note}"


def _rule(rule: Rule) -> str:
    when = EVERY[rule.period] if rule.period else "随时"
    asked = "；".join(asked_texts(rule))
    county = "（由县里定）" if rule.parameter else ""
    advice = "，只作提示" if rule.as_a_rule else ""
    return f"  {rule.id}  [{when}] {rule.title}，{asked}{county}{advice}，条款 {rule.clause}"


def _listed(listings: tuple[Listing, ...]) -> Iterator[str]:
    for listing in listings:
        names = [ROLES[role] for role in listing.roles] + [POSTS[post] for post in listing.posts]
        size = "，".join((f"{len(listing.items)} 项", *filter(None, ["、".join(names)])))
        yield f"  {listing.id}  {listing.title}（{size}），条款 {listing.clause}"
        yield from (f"    {item.id}  {item.text}" for item in listing.items)
