"""Whether the parts of a policy fit together: its head, clauses, lists, parameters and grades."""

import re
from collections.abc import Iterator, Mapping

from yaml.nodes import Node, SequenceNode

from cunjing.policy.decode import file_of, line_of
from cunjing.policy.enums import Disposition, Role
from cunjing.policy.errors import Finding
from cunjing.policy.likeness import perhaps
from cunjing.policy.matching import Matching, matching_faults
from cunjing.policy.measures import MarkValue
from cunjing.policy.model import Rule
from cunjing.policy.periods import SHORTEST
from cunjing.policy.schema import RawClause, RawListing, RawParameter, RawPolicy, RawRule

_Entry = RawClause | RawListing | RawParameter | RawRule | Matching
_NOTED = {Disposition.HUMAN, Disposition.STRUCTURAL, Disposition.DECLINED}
_NO_RULE = "请改条款的去向，或去掉这条规则；继承来的规则，在 overrides 的 rules 下写成 null"
_UNUSED = (
    "没有规则用到这个参数，请删去，或在规则里写 threshold: {{parameter: …}}；"
    "继承来的，在 overrides 的 parameters 下写 {id}: null"
)


def outline_faults(
    raw: RawPolicy, *, rules: tuple[Rule, ...], keys: Mapping[str, tuple[Node, Node]]
) -> Iterator[Finding]:
    """Everything wrong outside single rules. `keys` are the file's top keys with their nodes."""
    for key, message in _head(raw):
        yield Finding(file_of(keys[key][0]), line_of(keys[key][0]), key, message, noun="键")
    for entry, message in (
        *_identities(raw),
        *_clauses(raw),
        *_repeated(raw),
        *_parameters(raw, rules),
        *_scales(raw, rules),
        *_matching(raw),
    ):
        name = entry.number if isinstance(entry, RawClause) else entry.id
        yield Finding(entry.file, entry.line, name, message, noun="键")


_Found = Iterator[tuple[_Entry, str]]


def _head(raw: RawPolicy) -> Iterator[tuple[str, str]]:
    if re.fullmatch("[0-9a-f]{64}", raw.source_digest) is None:
        yield "source_digest", "应是原文文件的 SHA-256，64 位小写十六进制"
    for code in raw.scope:
        if re.fullmatch("[0-9]{2,12}", code) is None:
            yield "scope", f"“{code}”不是 2 至 12 位数字的区划代码"
    if raw.valid_from and raw.valid_to and raw.valid_to <= raw.valid_from:
        yield "valid_to", "应晚于 valid_from"
    if raw.supersedes == raw.id:
        yield "supersedes", "政策不能取代它自己，请写被取代的那份政策的 id"
    if raw.time_zone != "Asia/Shanghai":
        yield "time_zone", "只支持 Asia/Shanghai"
    yield from _numbers(raw)


def _numbers(raw: RawPolicy) -> Iterator[tuple[str, str]]:
    for kind, least in raw.minimum_days.by_kind().items():
        days = SHORTEST[kind]
        if not 0 <= least <= days:
            told = f"{kind} 应在 0 至 {days} 天之间：最短的周期只有 {days} 天，再多就有周期人人免考"
            yield "minimum_days", told
    for table, amounts in (raw.pay or {}).items():
        if raw.grades and set(amounts) != set(raw.grades):
            wanted = "、".join(raw.grades)
            yield "pay", f"“{table}”表应给每个等次一个金额，等次见 grades：{wanted}"


def _listings(raw: RawPolicy) -> tuple[tuple[RawListing, ...], ...]:
    said = (raw.role_sets, raw.duties, raw.tasks, raw.questions)
    return (*said, raw.prohibitions, raw.boards)


def _identities(raw: RawPolicy) -> _Found:
    groups: tuple[tuple[_Entry, ...], ...] = (raw.clauses, raw.rules, raw.parameters, raw.matching)
    for entries in (*groups, *_listings(raw)):
        seen: set[str] = set()
        for entry in entries:
            identity = entry.number if isinstance(entry, RawClause) else entry.id
            if identity in seen:
                yield entry, "写了两次，编号不能重复"
            seen.add(identity)
    numbers = {clause.number for clause in raw.clauses}
    for listing in (entry for entries in _listings(raw) for entry in entries):
        if listing.clause not in numbers:
            yield listing, _no_clause(listing.clause, raw)


def _no_clause(number: str, raw: RawPolicy) -> str:
    known = [clause.number for clause in raw.clauses]
    return f"没有“{number}”这一条款{perhaps(number, known)}，请改 clause"


def _clauses(raw: RawPolicy) -> _Found:
    cited = {rule.clause for rule in raw.rules}
    known = {clause.number: clause.disposition for clause in raw.clauses}
    for rule in raw.rules:
        if rule.clause not in known:
            yield rule, _no_clause(rule.clause, raw)
        elif known[rule.clause] is not Disposition.EXECUTABLE:
            told = f"条款“{rule.clause}”不是 executable，不能有规则"
            yield rule, f"{told}：{_NO_RULE}"
    for clause in raw.clauses:
        carried = clause.number in cited or clause.same_as
        if clause.disposition is Disposition.EXECUTABLE and not carried:
            yield clause, "标为 executable，却没有规则引用它；请补规则，或改它的去向"
        if clause.disposition in _NOTED and not clause.note:
            yield clause, "要有 note：谁在哪里判断、存在哪里或为什么不做"
        if clause.disposition is Disposition.NONE and clause.figure:
            yield clause, "写了 figure 就是有要求，去向不能是 none"


def _repeated(raw: RawPolicy) -> _Found:
    known = {clause.number: clause for clause in raw.clauses}
    for clause in raw.clauses:
        for number in clause.same_as:
            first = known.get(number)
            if first is None or first is clause:
                yield clause, f"same_as 应是另一条款的编号，没有“{number}”"
            elif first.same_as:
                yield clause, f"“{number}”自己也是重复的，same_as 应直接写最初的那一条"
            elif first.disposition is not clause.disposition:
                yield clause, f"与“{number}”要求相同，去向也应相同：{first.disposition}"


def _parameters(raw: RawPolicy, rules: tuple[Rule, ...]) -> _Found:
    for parameter in raw.parameters:
        used = [one.unit for one in rules if one.parameter and one.parameter.id == parameter.id]
        if not used:
            yield parameter, _UNUSED.format(id=parameter.id)
        for unit in sorted(set(used) - {parameter.unit}):
            yield parameter, f"单位应与规则相同：{unit}"


def _matching(raw: RawPolicy) -> _Found:
    numbers = {clause.number for clause in raw.clauses}
    parameters = {one.id: _counts(one.default) for one in raw.parameters}
    seen: set[Role] = set()
    for entry in raw.matching:
        if entry.clause not in numbers:
            yield entry, _no_clause(entry.clause, raw)
        for role in entry.roles:
            if role in seen:
                yield entry, f"“{role}”写在两个条目里，一个岗位只能有一种算法"
            seen.add(role)
        for message in matching_faults(entry, parameters=parameters):
            yield entry, message


def _counts(default: Node) -> bool:
    """Whether a parameter is a plain number, always or from date to date."""
    if isinstance(default, SequenceNode):
        parts = [part for entry in default.value for part in entry.value]
        return all(_counts(value) for key, value in parts if key.value == "value")
    return str(default.value).isdigit()


def _scales(raw: RawPolicy, rules: tuple[Rule, ...]) -> _Found:
    for entry, rule in zip(raw.rules, rules, strict=True):
        if isinstance(rule.measure, MarkValue) and set(rule.measure.scale) != set(raw.grades):
            yield entry, "scale 里的等次应与 grades 相同"
