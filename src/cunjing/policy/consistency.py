"""Whether a policy makes sense as a whole: what the schema of single keys cannot say."""

import re
import string
from collections.abc import Iterator
from datetime import date

from yaml.nodes import Node

from cunjing.policy.build import default_missing
from cunjing.policy.decode import Decoder, file_of
from cunjing.policy.enums import Disposition, Exemption, Operator, SubjectKind
from cunjing.policy.errors import Finding
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    EventMeasure,
    GroupCount,
    HamletViolations,
    HomeViolation,
    MarkValue,
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
from cunjing.policy.model import Between, ByGrade, DaysOfPeriod, Rule, ThresholdValue
from cunjing.policy.periods import PeriodKind, parse_period
from cunjing.policy.schema import RawPolicy, RawRule
from cunjing.policy.tables import TABLES

_POSTING, _VILLAGE = SubjectKind.POSTING, SubjectKind.VILLAGE
_STAFF, _GROUP, _UNIT = SubjectKind.STAFF, SubjectKind.GROUP, SubjectKind.UNIT
_SUBJECTS: dict[type[Measure], set[SubjectKind]] = {
    EventMeasure: {_POSTING, _VILLAGE, _UNIT},
    PostingCount: {_VILLAGE},
    GroupCount: {_VILLAGE},
    MemberCount: {_GROUP},
    SubgroupCount: {_GROUP},
    PostViolations: {_GROUP},
    AgeViolations: {_GROUP},
    HamletViolations: {_VILLAGE},
    PairViolations: {_GROUP},
    CommitteeViolations: {_GROUP},
    HomeViolation: {_POSTING},
    TenureMonths: {_POSTING},
    UntrainedViolation: {_POSTING},
    MarkValue: {_STAFF},
    MoneyRatio: {_UNIT},
    MoneyValue: {_STAFF},
}
_OVER_A_PERIOD = (EventMeasure, MarkValue, MoneyRatio, MoneyValue)
_ROLES_NEEDED = {_POSTING, _STAFF}
_UNITS: dict[str, type[Measure] | Tally] = {
    "天": Tally.DISTINCT_DAYS,
    "个月": TenureMonths,
    "分": MoneyValue,
    "%": MoneyRatio,
    "户": Tally.DISTINCT_OBJECTS,
}
_PLACEHOLDERS = {"period", "gap", "value", "threshold"}
_LONGEST = {
    PeriodKind.MONTH: 31,
    PeriodKind.QUARTER: 92,
    PeriodKind.HALF_YEAR: 184,
    PeriodKind.YEAR: 366,
}
_SAMPLES = {
    PeriodKind.MONTH: "2024-01",
    PeriodKind.QUARTER: "2024-Q1",
    PeriodKind.HALF_YEAR: "2024-H1",
    PeriodKind.YEAR: "2024",
}


def check_policy(raw: RawPolicy, *, rules: tuple[Rule, ...], node: Node, decoder: Decoder) -> None:
    """Add a finding for everything that does not fit together."""
    name = file_of(node)
    decoder.findings += (
        Finding(name, line, key, message, noun="键")
        for line, key, message in (*_whole(raw), *_clauses(raw), *_parameters(raw, rules))
    )
    for raw_rule, rule in zip(raw.rules, rules, strict=True):
        decoder.findings += (
            Finding(file_of(raw_rule.measure), raw_rule.line, rule.id, message, noun="规则")
            for message in (*_shape(raw_rule, rule), *_threshold(raw, rule), *_words(rule))
        )


_Found = Iterator[tuple[int, str, str]]


def _whole(raw: RawPolicy) -> _Found:
    if re.fullmatch("[0-9a-f]{64}", raw.source_digest) is None:
        yield raw.line, "source_digest", "应是原文文件的 SHA-256，64 位小写十六进制"
    for code in raw.scope:
        if re.fullmatch("[0-9]{2,12}", code) is None:
            yield raw.line, "scope", f"“{code}”不是 2 至 12 位数字的区划代码"
    if raw.valid_from and raw.valid_to and raw.valid_to <= raw.valid_from:
        yield raw.line, "valid_to", "应晚于 valid_from"
    if raw.time_zone != "Asia/Shanghai":
        yield raw.line, "time_zone", "只支持 Asia/Shanghai"
    yield from _identities(raw)


def _identities(raw: RawPolicy) -> _Found:
    groups = (raw.clauses, raw.rules, raw.parameters)
    listings = (raw.role_sets, raw.tasks, raw.questions, raw.prohibitions)
    for entries in (*groups, *listings):
        seen: set[str] = set()
        for entry in entries:
            identity = entry.number if hasattr(entry, "number") else entry.id
            if identity in seen:
                yield entry.line, identity, "写了两次，编号不能重复"
            seen.add(identity)
    numbers = {clause.number for clause in raw.clauses}
    for listing in (entry for entries in listings for entry in entries):
        if listing.clause not in numbers:
            yield listing.line, listing.id, f"没有“{listing.clause}”这一条款"


def _clauses(raw: RawPolicy) -> _Found:
    cited = {rule.clause for rule in raw.rules}
    known = {clause.number: clause.disposition for clause in raw.clauses}
    for rule in raw.rules:
        if rule.clause not in known:
            yield rule.line, rule.id, f"没有“{rule.clause}”这一条款"
        elif known[rule.clause] is not Disposition.EXECUTABLE:
            yield rule.line, rule.id, f"条款“{rule.clause}”不是 executable，不能有规则"
    for clause in raw.clauses:
        if clause.disposition is Disposition.EXECUTABLE and clause.number not in cited:
            yield clause.line, clause.number, "标为 executable，却没有规则引用它"
        noted = {Disposition.HUMAN, Disposition.STRUCTURAL, Disposition.DECLINED}
        if clause.disposition in noted and not clause.note:
            yield clause.line, clause.number, "要有 note：谁在哪里判断、存在哪里或为什么不做"


def _parameters(raw: RawPolicy, rules: tuple[Rule, ...]) -> _Found:
    used = {rule.parameter.id: rule.unit for rule in rules if rule.parameter}
    for parameter in raw.parameters:
        if parameter.id not in used:
            yield parameter.line, parameter.id, "没有规则用到这个参数"
        elif used[parameter.id] != parameter.unit:
            yield parameter.line, parameter.id, f"单位应与规则相同：{used[parameter.id]}"


def _shape(raw: RawRule, rule: Rule) -> Iterator[str]:
    measure, kind = rule.measure, rule.subject.kind
    if kind not in _SUBJECTS[type(measure)]:
        allowed = "、".join(sorted(_SUBJECTS[type(measure)]))
        yield f"这种 measure 的 subject 应为：{allowed}"
    if isinstance(measure, _OVER_A_PERIOD) == rule.is_state:
        yield "数记录、评分、钱的规则要有 period，看某一天状态的规则不能有"
    yield from _subject_shape(rule)
    expected = default_missing(kind, measure)
    if raw.missing not in {None, expected}:
        yield f"missing 应为 {expected}"
    if Exemption.SHORT_POSTING in rule.exemptions and not (kind is _POSTING and rule.counts_events):
        yield "只有数记录的 posting 规则可以按天折算（short_posting）"
    if rule.grace_days < 0:
        yield "grace_days 不能为负"
    if isinstance(measure, EventMeasure):
        yield from _event_shape(measure)
    elif isinstance(measure, (AgeViolations, HamletViolations)) and measure.low > measure.high:
        yield "low 不能大于 high"


def _subject_shape(rule: Rule) -> Iterator[str]:
    kind, subject = rule.subject.kind, rule.subject
    posted = isinstance(rule.measure, (PostingCount, CommitteeViolations))
    if (kind in _ROLES_NEEDED or posted) and not subject.roles:
        yield "要有 role"
    if (kind is _GROUP) != (subject.group_kind is not None):
        yield "subject 是 group 时要有 group，否则不能有"
    if (kind is _UNIT) != (subject.unit_kind is not None):
        yield "subject 是 unit 时要有 unit_kind，否则不能有"


def _event_shape(measure: EventMeasure) -> Iterator[str]:
    if (measure.tally is Tally.SUBPERIODS) != (measure.sub_period is not None):
        yield "subperiods 要有 sub_period，其他不能有"
    if (measure.tally is Tally.LACKING) != (measure.lacking is not None):
        yield "lacking 要说明缺哪一列，其他不能有"
    if measure.lacking is not None and measure.lacking not in TABLES["events"].names:
        yield f"events 表没有“{measure.lacking}”列"


def _threshold(raw: RawPolicy, rule: Rule) -> Iterator[str]:
    for dated in rule.thresholds:
        yield from threshold_faults(rule, dated.value)
        if dated.valid_from and dated.valid_to and dated.valid_to <= dated.valid_from:
            yield "threshold 的 valid_to 应晚于 valid_from"
    if not rule.thresholds:
        yield "threshold 是空的"
    for earlier, later in zip(rule.thresholds, rule.thresholds[1:], strict=False):
        if earlier.valid_to is None or later.valid_from is None:
            yield "threshold 的日期重叠：前一段要有 valid_to，后一段要有 valid_from"
        elif earlier.valid_to > later.valid_from:
            yield f"threshold 的日期重叠：{later.valid_from} 至 {earlier.valid_to}"
        elif earlier.valid_to < later.valid_from:
            yield f"threshold 的日期有空档：{earlier.valid_to} 至 {later.valid_from}"
    if rule.thresholds and not _ever_in_force(raw, rule):
        yield "在政策有效期内从不生效"


def _ever_in_force(raw: RawPolicy, rule: Rule) -> bool:
    start, end = raw.valid_from or date.min, raw.valid_to or date.max
    return any(
        (dated.valid_from or date.min) < end and start < (dated.valid_to or date.max)
        for dated in rule.thresholds
    )


def threshold_faults(rule: Rule, value: ThresholdValue) -> Iterator[str]:
    """What is wrong with a threshold for this rule, in Chinese: shape, unit, reach."""
    if isinstance(value, Between) != (rule.operator is Operator.BETWEEN):
        yield "between 要配 low 和 high，其他 operator 不能配"
    elif isinstance(value, Between) and value.low > value.high:
        yield "low 不能大于 high"
    if isinstance(value, ByGrade) != isinstance(rule.measure, MoneyValue):
        yield "pay 表只用于 measure: money"
    elif isinstance(value, ByGrade) and rule.operator is not Operator.EQUAL:
        yield "按等次发钱的规则，operator 应为 ="
    if isinstance(value, DaysOfPeriod) and not rule.counts_events:
        yield "days_of_period 只用于数记录的规则"
    if isinstance(value, int) and rule.operator is Operator.AT_LEAST:
        yield from _reachable(rule, value)


def _reachable(rule: Rule, value: int) -> Iterator[str]:
    measure, period = rule.measure, rule.period
    if value <= 0:
        yield "门槛为 0 或负数，怎样都达标"
    if not isinstance(measure, EventMeasure) or period is None:
        return
    most = _LONGEST[period] if measure.tally is Tally.DISTINCT_DAYS else None
    if measure.sub_period is not None:
        most = sum(1 for _ in parse_period(_SAMPLES[period]).sub_periods(measure.sub_period))
    if most is not None and value > most:
        yield f"门槛 {value} 永远达不到，一个周期最多 {most}"


def _words(rule: Rule) -> Iterator[str]:
    measure = rule.measure
    wanted = measure.tally if isinstance(measure, EventMeasure) else type(measure)
    expected = _UNITS.get(rule.unit)
    units = {meaning: unit for unit, meaning in _UNITS.items()}
    if expected is not None and expected != wanted:
        yield f"单位“{rule.unit}”与 measure 对不上"
    elif wanted in units and wanted is not Tally.DISTINCT_OBJECTS and rule.unit != units[wanted]:
        yield f"这种 measure 的单位应为“{units[wanted]}”"
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(rule.message) if name}
    except ValueError:
        yield "message 的花括号不成对"
        return
    if not names <= _PLACEHOLDERS:
        unknown = "、".join(sorted(names - _PLACEHOLDERS))
        yield f"message 里不认识 {unknown}，可用 period、gap、value、threshold"
