"""Rules and thresholds from their decoded file form, with the contract's defaults filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cunjing.policy.decode import Decoder
from cunjing.policy.enums import EventKind, Exemption, Missing, Role, RuleKind, SubjectKind
from cunjing.policy.measures import (
    EventMeasure,
    HomeViolation,
    MarkValue,
    MattersOverdue,
    Measure,
    MoneyRatio,
    MoneyValue,
    Tally,
    UntrainedViolation,
)
from cunjing.policy.model import (
    Between,
    ByGrade,
    DatedThreshold,
    DaysOfPeriod,
    Parameter,
    Rule,
    Subject,
    ThresholdValue,
)
from cunjing.policy.periods import SubPeriodKind
from cunjing.policy.schema import MEASURES, RawParameter, RawRule

REPORT_GRACE = 31
"""Days after its period that a report or summary is still in time (contract section 2)."""

Pay = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class _RawDated:
    value: Node
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class _RawPay:
    pay: str


@dataclass(frozen=True, slots=True)
class _RawUse:
    parameter: str


def parameter_of(raw: RawParameter, *, pay: Pay, decoder: Decoder) -> Parameter:
    """A parameter with its default: one number, or a list of numbers with dates."""
    if raw.parameter != "county":
        raise decoder.bad(raw.default, raw.id, "parameter 只能写 county（由县里定）")
    dated: tuple[DatedThreshold, ...] = ()
    if isinstance(raw.default, SequenceNode):
        dated = _dated(raw.default, "default", pay=pay, decoder=decoder)
        if not dated:
            raise decoder.bad(raw.default, raw.id, "default 是空的，请写数")
        default = dated[0].value
    else:
        default = threshold_value(raw.default, "default", pay=pay, decoder=decoder)
    return Parameter(raw.id, raw.title, default, note=raw.note, unit=raw.unit, dated=dated)


def threshold_value(node: Node, key: str, *, pay: Pay, decoder: Decoder) -> ThresholdValue:
    """A number, `{low, high}`, `days_of_period` or `{pay: table}`."""
    if isinstance(node, ScalarNode):
        if node.value == "days_of_period":
            return DaysOfPeriod()
        return int(decoder.value(node, int, key))
    if "pay" not in decoder.pairs(node, key):
        return decoder.record(node, Between, key)
    table = decoder.record(node, _RawPay, key).pay
    if table not in pay:
        raise decoder.bad(node, key, f"pay 里没有“{table}”这张表，请补上或改名")
    return ByGrade(pay[table])


def build_rule(
    raw: RawRule, *, parameters: Mapping[str, Parameter], pay: Pay, decoder: Decoder
) -> Rule:
    """A rule with its measure, thresholds and defaults."""
    measure = _measure(raw.measure, decoder)
    parameter, thresholds = _thresholds(raw, parameters, pay, decoder)
    return Rule(
        id=raw.id,
        clause=raw.clause,
        title=raw.title,
        kind=raw.kind,
        subject=Subject(
            kind=raw.subject,
            roles=_roles(raw.role, decoder),
            group_kind=raw.group,
            unit_kind=raw.unit_kind,
        ),
        measure=measure,
        operator=raw.operator,
        thresholds=thresholds,
        unit=raw.unit,
        message=raw.message,
        period=raw.period,
        as_a_rule=raw.as_a_rule,
        advice_above=raw.kind is RuleKind.COVERAGE,
        grace_days=_grace(measure) if raw.grace_days is None else raw.grace_days,
        exemptions=_exemptions(raw, measure),
        missing=raw.missing or default_missing(raw.subject, measure),
        parameter=parameter,
    )


def default_missing(subject: SubjectKind, measure: Measure) -> Missing:
    """What the contract says about a missing datum for this kind of measure."""
    if isinstance(measure, UntrainedViolation):
        return Missing.VIOLATION
    if isinstance(measure, (HomeViolation, MarkValue, MoneyRatio, MoneyValue)):
        return Missing.UNKNOWN
    synced = subject in {SubjectKind.POSTING, SubjectKind.VILLAGE}
    recorded = isinstance(measure, (EventMeasure, MattersOverdue))
    return Missing.UNKNOWN if synced and recorded else Missing.IGNORE


def _measure(node: Node, decoder: Decoder) -> Measure:
    pairs = decoder.pairs(node, "measure")
    kind_pair = pairs.get("kind")
    if kind_pair is None:
        raise decoder.bad(node, "kind", "缺少这个键，请补上")
    kind = decoder.value(kind_pair[1], str, "kind")
    if kind not in MEASURES:
        allowed = "、".join(MEASURES)
        raise decoder.bad(kind_pair[1], "kind", f"“{kind}”不认识，应为以下之一：{allowed}")
    _check_tiling(pairs, decoder)
    tally = kind in set(Tally)
    renamed = [
        (ScalarNode(key.tag, "tally", key.start_mark, key.end_mark), value)
        if name == "kind"
        else (key, value)
        for name, (key, value) in pairs.items()
        if tally or name != "kind"
    ]
    inner = MappingNode(node.tag, renamed, node.start_mark, node.end_mark)
    return decoder.record(inner, MEASURES[kind], "measure")


def _check_tiling(pairs: Mapping[str, tuple[Node, Node]], decoder: Decoder) -> None:
    """Weeks, for one, end in another month: only parts that make up a month can be counted."""
    node = pairs["sub_period"][1] if "sub_period" in pairs else None
    parts = [part.value for part in SubPeriodKind]
    if isinstance(node, ScalarNode) and node.value not in parts:
        message = f"“{node.value}”不能把一个月正好分完，应为以下之一：{'、'.join(parts)}"
        raise decoder.bad(node, "sub_period", message)


def parameter_used(threshold: Node, decoder: Decoder) -> str | None:
    """The id of the parameter a threshold names; None where it gives its number itself."""
    if not isinstance(threshold, MappingNode):
        return None
    if "parameter" not in decoder.pairs(threshold, "threshold"):
        return None
    return decoder.record(threshold, _RawUse, "threshold").parameter


def _thresholds(
    raw: RawRule, parameters: Mapping[str, Parameter], pay: Pay, decoder: Decoder
) -> tuple[Parameter | None, tuple[DatedThreshold, ...]]:
    node = raw.threshold
    if isinstance(node, SequenceNode):
        return None, _dated(node, "threshold", pay=pay, decoder=decoder)
    name = parameter_used(node, decoder)
    if name is not None:
        if name not in parameters:
            raise decoder.bad(node, "parameter", f"parameters 里没有“{name}”，请补上或改名")
        return parameters[name], parameters[name].thresholds
    value = threshold_value(node, "threshold", pay=pay, decoder=decoder)
    return None, (DatedThreshold(value),)


def _dated(
    node: SequenceNode, key: str, *, pay: Pay, decoder: Decoder
) -> tuple[DatedThreshold, ...]:
    """A list of `{value, valid_from, valid_to}`."""
    return tuple(
        DatedThreshold(
            threshold_value(entry.value, "value", pay=pay, decoder=decoder),
            entry.valid_from,
            entry.valid_to,
        )
        for entry in [decoder.record(child, _RawDated, key) for child in node.value]
    )


def _roles(node: Node | None, decoder: Decoder) -> tuple[Role, ...]:
    if node is None:
        return ()
    if isinstance(node, ScalarNode):
        return (decoder.value(node, Role, "role"),)
    return tuple(decoder.value(node, tuple[Role, ...], "role"))


def _grace(measure: Measure) -> int:
    reported = isinstance(measure, EventMeasure) and measure.event.kind in {
        EventKind.REPORT,
        EventKind.SUMMARY,
    }
    return REPORT_GRACE if reported else 0


def _exemptions(raw: RawRule, measure: Measure) -> tuple[Exemption, ...]:
    if raw.exemptions is not None:
        return raw.exemptions
    counted = raw.subject is SubjectKind.POSTING and isinstance(measure, EventMeasure)
    return (Exemption.SHORT_POSTING,) if counted else ()
