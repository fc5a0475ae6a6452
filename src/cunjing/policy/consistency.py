"""Whether a policy makes sense as a whole: what the schema of single keys cannot say."""

import string
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from yaml.nodes import Node

from cunjing.policy.build import default_missing
from cunjing.policy.decode import Decoder
from cunjing.policy.enums import Exemption, Operator, RuleKind, SubjectKind
from cunjing.policy.errors import Finding
from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    EventMeasure,
    GroupCount,
    HamletViolations,
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
    Rule,
    ThresholdValue,
)
from cunjing.policy.outline import outline_faults
from cunjing.policy.periods import MONTHS, PeriodKind
from cunjing.policy.reach import reach_faults
from cunjing.policy.schema import RawParameter, RawPolicy, RawRule
from cunjing.policy.tables import LACKABLE, TABLES

_POSTING, _VILLAGE = SubjectKind.POSTING, SubjectKind.VILLAGE
_STAFF, _GROUP, _UNIT = SubjectKind.STAFF, SubjectKind.GROUP, SubjectKind.UNIT
_SUBJECTS: dict[type[Measure], set[SubjectKind]] = {
    EventMeasure: {_POSTING, _VILLAGE, _UNIT},
    MattersOverdue: {_VILLAGE},
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
_KINDS: dict[type[Measure], set[RuleKind]] = {
    EventMeasure: {RuleKind.QUOTA, RuleKind.CADENCE},
    MattersOverdue: {RuleKind.SLA},
    PostingCount: {RuleKind.COVERAGE},
    GroupCount: {RuleKind.COVERAGE, RuleKind.STRUCTURE},
    MemberCount: {RuleKind.STRUCTURE},
    SubgroupCount: {RuleKind.STRUCTURE},
    PostViolations: {RuleKind.STRUCTURE},
    AgeViolations: {RuleKind.ELIGIBILITY},
    HamletViolations: {RuleKind.STRUCTURE},
    PairViolations: {RuleKind.STRUCTURE},
    CommitteeViolations: {RuleKind.STRUCTURE},
    HomeViolation: {RuleKind.ELIGIBILITY},
    TenureMonths: {RuleKind.ELIGIBILITY},
    UntrainedViolation: {RuleKind.ELIGIBILITY},
    MarkValue: {RuleKind.GRADE},
    MoneyRatio: {RuleKind.PAY},
    MoneyValue: {RuleKind.PAY},
}
"""Which kinds a measure fits; counting what events lack is COMPLETENESS."""
_OVER_A_PERIOD = (EventMeasure, MattersOverdue, MarkValue, MoneyRatio, MoneyValue)
_ROLES_NEEDED = {_POSTING, _STAFF}
_UNITS: dict[str, type[Measure] | Tally] = {
    "天": Tally.DISTINCT_DAYS,
    "个月": TenureMonths,
    "分": MoneyValue,
    "%": MoneyRatio,
    "户": Tally.DISTINCT_OBJECTS,
}
_LONGEST_LIMIT = 3650
"""Days of grace, or that a matter may be given: ten years. What is longer is a slip of the pen."""
_MOST_BOUND = 1_000_000
"""The greatest age or number of people in a measure: engines still calculate its months."""
_PLACEHOLDERS = ("period", "gap", "value", "threshold")
_BOUNDS = ("low", "high")


def check_policy(raw: RawPolicy, *, rules: tuple[Rule, ...], node: Node, decoder: Decoder) -> None:
    """Add a finding for everything that does not fit together."""
    decoder.findings += outline_faults(raw, rules=rules, keys=decoder.pairs(node, None))
    for raw_rule, rule in zip(raw.rules, rules, strict=True):
        asked = _asked_at(raw, raw_rule, rule)
        decoder.findings += (
            Finding(place.file, place.line, rule.id, message, noun="规则")
            for place, messages in (
                (raw_rule, _shape(raw_rule, rule)),
                (asked, _threshold(raw, rule)),
                (raw_rule, _words(rule)),
            )
            for message in messages
        )


def _asked_at(raw: RawPolicy, raw_rule: RawRule, rule: Rule) -> RawRule | RawParameter:
    """Where the threshold and its dates stand: with the parameter, if that has dates."""
    name = rule.parameter.id if rule.parameter and rule.parameter.dated else None
    return next((one for one in raw.parameters if one.id == name), raw_rule)


def _shape(raw: RawRule, rule: Rule) -> Iterator[str]:
    measure, kind = rule.measure, rule.subject.kind
    if kind not in _SUBJECTS[type(measure)]:
        allowed = "、".join(sorted(_SUBJECTS[type(measure)]))
        yield f"这种 measure 的 subject 应为：{allowed}"
    yield from _kind(rule)
    if isinstance(measure, _OVER_A_PERIOD) == rule.is_state:
        yield "数记录、事项、评分、钱的规则要有 period，看某一天状态的规则不能有"
    yield from _subject_shape(rule)
    expected = default_missing(kind, measure)
    if raw.missing not in {None, expected}:
        yield f"missing 应为 {expected}"
    if Exemption.SHORT_POSTING in rule.exemptions and not (kind is _POSTING and rule.counts_events):
        yield "只有数记录的 posting 规则可以按天折算（short_posting）"
    if rule.grace_days < 0:
        yield "grace_days 不能为负"
    elif rule.grace_days > _LONGEST_LIMIT:
        yield f"grace_days 应在 0 至 {_LONGEST_LIMIT} 之间"
    yield from _measure_shape(rule)


def _measure_shape(rule: Rule) -> Iterator[str]:
    match rule.measure:
        case EventMeasure() as measure:
            yield from _event_shape(measure)
        case MattersOverdue() as measure:
            yield from _limit_shape(rule, measure)
        case AgeViolations() | HamletViolations() as measure:
            yield from _bounds_shape(measure)
        case PostViolations(posts=entries) | CommitteeViolations(posts=entries):
            yield from _list_shape("posts", entries)
        case PairViolations(pairs=entries):
            yield from _list_shape("pairs", entries)


def _kind(rule: Rule) -> Iterator[str]:
    """A wrong kind would change verdicts unseen: `coverage` makes too many into advice."""
    measure = rule.measure
    lacking = isinstance(measure, EventMeasure) and measure.tally is Tally.LACKING
    fitting = {RuleKind.COMPLETENESS} if lacking else _KINDS[type(measure)]
    if rule.kind not in fitting:
        yield f"kind 与 measure 对不上，这种 measure 的 kind 应为：{'、'.join(sorted(fitting))}"


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
    if measure.lacking is not None and measure.lacking not in LACKABLE:
        known = measure.lacking in TABLES["events"].names
        told = (
            "“{}”列空着不算缺什么，请改 lacking" if known else "events 表没有“{}”列，请改 lacking"
        )
        yield told.format(measure.lacking)


def _bounds_shape(measure: AgeViolations | HamletViolations) -> Iterator[str]:
    if measure.low > measure.high:
        yield "low 不能大于 high"
    if not (0 <= measure.low <= _MOST_BOUND and 0 <= measure.high <= _MOST_BOUND):
        yield f"low 和 high 应在 0 至 {_MOST_BOUND} 之间"


def _list_shape(key: str, entries: Sequence[object]) -> Iterator[str]:
    """Of nothing nothing can be missing; of what stands twice engines would count both, or one."""
    if not entries:
        yield f"{key} 是空的，请写要有的职务"
    elif len(set(entries)) < len(entries):
        yield f"{key} 里有写了两次的，每个只写一次"


def _limit_shape(rule: Rule, measure: MattersOverdue) -> Iterator[str]:
    if measure.within_days is not None and not 0 <= measure.within_days <= _LONGEST_LIMIT:
        yield f"within_days 应在 0 至 {_LONGEST_LIMIT} 之间，0 是当天办结"
    if rule.operator is not Operator.AT_MOST:
        yield "超过期限的件数只能要求不多于几件，operator 应为 <="


def _threshold(raw: RawPolicy, rule: Rule) -> Iterator[str]:
    for dated in rule.thresholds:
        yield from threshold_faults(rule, dated.value)
    if not rule.thresholds:
        yield "threshold 是空的，请写门槛"
        return
    disorder = list(_disorder(rule.thresholds))
    yield from disorder
    if raw.valid_from and raw.valid_to and raw.valid_to <= raw.valid_from:
        return  # what follows from the policy's own dates is told there, once
    if not _ever_in_force(raw, rule):
        yield "在政策有效期内从不生效，请改 threshold 的日期，或政策的 valid_from、valid_to"
    elif not disorder:
        yield from _bare_ends(raw, rule)


def _disorder(thresholds: Sequence[DatedThreshold]) -> Iterator[str]:
    """What is wrong with the dates of thresholds among each other."""
    for dated in thresholds:
        if dated.valid_from and dated.valid_to and dated.valid_to <= dated.valid_from:
            yield "threshold 的 valid_to 应晚于 valid_from"
    for earlier, later in pairwise(thresholds):
        if earlier.valid_to is None or later.valid_from is None:
            yield "threshold 的日期重叠：前一段要有 valid_to，后一段要有 valid_from"
        elif earlier.valid_to > later.valid_from:
            yield f"threshold 的日期重叠：{later.valid_from} 至 {earlier.valid_to}"
        elif earlier.valid_to < later.valid_from:
            yield f"threshold 的日期有空档：{earlier.valid_to} 至 {later.valid_from}"


def _bare_ends(raw: RawPolicy, rule: Rule) -> Iterator[str]:
    """Periods of the policy that begin before the first threshold holds, or after the last one.

    Where the policy does not say since when it holds, the first threshold says it.
    """
    kind = rule.period or PeriodKind.MONTH
    start, end = rule.thresholds[0].valid_from, rule.thresholds[-1].valid_to
    if start and raw.valid_from and _begins(kind, start=raw.valid_from, end=start):
        yield f"threshold 的日期有空档：政策从 {raw.valid_from} 起有效，门槛从 {start} 才开始"
    if end and _begins(kind, start=end, end=raw.valid_to or date.max):
        until = f"政策到 {raw.valid_to} 才失效" if raw.valid_to else "政策没有写失效日期"
        yield f"threshold 的日期有空档：门槛到 {end} 为止，{until}"


def _ever_in_force(raw: RawPolicy, rule: Rule) -> bool:
    """Whether some period begins within a threshold's dates and the policy's: it takes that one."""
    return any(
        _begins(
            rule.period or PeriodKind.MONTH,
            start=max(dated.valid_from or date.min, raw.valid_from or date.min),
            end=min(dated.valid_to or date.max, raw.valid_to or date.max),
        )
        for dated in rule.thresholds
    )


def _begins(kind: PeriodKind, *, start: date, end: date) -> bool:
    """Whether a period of the kind begins on a day from `start` up to, not including, `end`."""
    months, number = MONTHS[kind], start.year * 12 + start.month - 1 + (start.day > 1)
    year, month = divmod(-(-number // months) * months, 12)
    return (year, month + 1, 1) < (end.year, end.month, end.day)


def threshold_faults(rule: Rule, value: ThresholdValue) -> Iterator[str]:
    """What is wrong with a threshold for this rule, in Chinese: shape, unit, reach."""
    if isinstance(value, Between) != (rule.operator is Operator.BETWEEN):
        yield "between 要配 low 和 high，其他 operator 不能配"
    elif isinstance(value, Between) and value.low > value.high:
        yield "low 不能大于 high"
    if isinstance(rule.measure, MoneyValue):
        yield from _by_grade(rule, rule.measure, value)
    elif isinstance(value, ByGrade):
        yield "pay 表只用于 measure: money"
    if isinstance(value, DaysOfPeriod) and not rule.counts_events:
        yield "days_of_period 只用于数记录的规则"
    elif not isinstance(value, ByGrade):
        yield from reach_faults(rule, value)


def _by_grade(rule: Rule, measure: MoneyValue, value: ThresholdValue) -> Iterator[str]:
    """Money is held against a table by the grade it names, or against one sum for everyone."""
    if isinstance(value, ByGrade) and not measure.grade_item:
        yield "用 pay 表要写 grade_item，说明按哪一项等次"
    elif not isinstance(value, ByGrade) and measure.grade_item:
        yield "有 grade_item 时 threshold 应为 pay 表；人人一样的金额，请去掉 grade_item"
    if isinstance(value, ByGrade) and rule.operator is not Operator.EQUAL:
        yield "按等次发钱的规则，operator 应为 ="


def _words(rule: Rule) -> Iterator[str]:
    measure = rule.measure
    wanted = measure.tally if isinstance(measure, EventMeasure) else type(measure)
    expected = _UNITS.get(rule.unit)
    units = {meaning: unit for unit, meaning in _UNITS.items()}
    if expected is not None and expected != wanted:
        yield f"单位“{rule.unit}”与 measure 对不上，请改 unit"
    elif wanted in units and wanted is not Tally.DISTINCT_OBJECTS and rule.unit != units[wanted]:
        yield f"这种 measure 的单位应为“{units[wanted]}”"
    try:
        fields = [field for field in string.Formatter().parse(rule.message) if field[1] is not None]
    except ValueError:
        yield "message 的花括号不成对，请补上或去掉"
        return
    ranged = isinstance(measure, (AgeViolations, HamletViolations))
    allowed = (*_PLACEHOLDERS, *_BOUNDS) if ranged else _PLACEHOLDERS
    unknown = "、".join(sorted({name or "{}" for _, name, _, _ in fields}.difference(allowed)))
    if unknown:
        yield f"message 里不认识 {unknown}，可用 {'、'.join(allowed)}"
    if any(spec or conversion for _, _, spec, conversion in fields):
        yield "message 的花括号里只写名字，不写冒号、叹号和格式"
