"""A verdict in words a village officer understands: what is wanted, what is short, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from cunjing.policy.amiss import breach_text, missing_datum
from cunjing.policy.enums import Operator, VerdictKind
from cunjing.policy.measures import (
    AgeViolations,
    EventMeasure,
    GroupCount,
    HamletViolations,
    MarkValue,
    MattersOverdue,
    MemberCount,
    PostingCount,
    SubgroupCount,
    Tally,
)
from cunjing.policy.model import Clause, Policy, Rule
from cunjing.policy.periods import SHANGHAI, Period, PeriodKind, SubPeriodKind
from cunjing.policy.plain import EVERY, asked_texts, bound_text, counts, event_name, value_text
from cunjing.policy.verdict import Breach, Explanation, ThresholdShown, Verdict
from cunjing.policy.words import FEN, REASONS, SUBJECTS, VERDICTS, amount

_QUARTERS = "一二三四"
_COUNTING = PostingCount | GroupCount | MemberCount | SubgroupCount
_SUB_PERIODS = {
    SubPeriodKind.HALF_MONTH: ("上半月", "下半月"),
    SubPeriodKind.TEN_DAYS: ("上旬", "中旬", "下旬"),
}
_STARTS = {SubPeriodKind.HALF_MONTH: (1, 16), SubPeriodKind.TEN_DAYS: (1, 11, 21)}


def period_name(period: Period) -> str:
    """`9月`, `三季度`, `上半年`, `2026年`."""
    month = period.start.month
    return {
        PeriodKind.MONTH: f"{month}月",
        PeriodKind.QUARTER: f"{_QUARTERS[(month - 1) // 3]}季度",
        PeriodKind.HALF_YEAR: "上半年" if month == 1 else "下半年",
        PeriodKind.YEAR: f"{period.start.year}年",
    }[period.kind]


def wanted(rule: Rule, threshold: ThresholdShown) -> str:
    """`不少于2天`, `正好1名`; without a threshold that no grade is known."""
    if threshold is None:
        return "按等次确定，目前没有等次"
    low, high = _range(threshold)
    return bound_text(rule, low=low, high=high)


def message(*, policy: Policy, rule: Rule, verdict: Verdict, period: Period) -> str:
    """One or two sentences in Chinese: the outcome, the shortfall, why it is not held against."""
    name = period_name(period)
    if verdict.verdict is VerdictKind.EXEMPT:
        least = policy.minimum_days[period.kind]
        return f"{name}任职（扣除请假）不足{least}天，免考"
    if verdict.verdict is VerdictKind.PASS:
        if _forbids(rule, verdict):
            return f"{rule.title}：达标，没有不合要求的"
        asked = wanted(rule, verdict.threshold)
        return f"{rule.title}：达标，{_with_unit(rule, verdict.value)}（要求{asked}）"
    text = _shortfall(rule, verdict, name) + _prorated(rule, verdict)
    if verdict.verdict is VerdictKind.NOT_DUE:
        text += f"，截止{_day(period.last_day + timedelta(days=rule.grace_days))}"
    elif verdict.verdict is VerdictKind.UNKNOWN:
        text += _unknown(rule, verdict, period=period)
    elif verdict.verdict is VerdictKind.ADVICE:
        text += "（只作提示，不算未达标）"
    return text


def clause_note(clause: Clause, rule: Rule) -> str:
    """The clause in our own words; of another document, whose it is and what was made of it; for a
    county's parameter, that it is one."""
    text = clause.paraphrase
    if clause.origin:
        text = f"沿用《{clause.origin}》第 {clause.number} 条：{text}" + _changed(rule)
    if rule.parameter is not None:
        text += f"。门槛由县里定（{rule.parameter.title}）：{rule.parameter.note}"
    return text


def _changed(rule: Rule) -> str:
    """What a policy makes of a rule it inherits."""
    if {"thresholds", "operator"} & set(rule.changed):
        return f"。本方案改为：{'；'.join(asked_texts(rule))}"
    return "。本方案改过这条规则" if rule.changed else ""


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict told part by part; a part that does not apply is empty.

    `wanted` what is asked, `way` how the number comes about, `found` what there is, `short` what is
    missing or too much, `until` by when. `amiss` names each place that is not as the rule asks,
    where the rule is about a group or its members.
    """

    wanted: str
    way: str
    found: str
    short: str
    until: str
    amiss: Sequence[str] = ()


def told(
    rule: Rule,
    verdict: Verdict,
    *,
    period: Period,
    days: Sequence[date] | None = None,
    breaches: Sequence[Breach] = (),
) -> Told:
    """The parts of a verdict. `days` are the local dates of all that was counted, where known;
    `breaches` what its value is made of, where that was looked up."""
    return Told(
        wanted=wanted(rule, verdict.threshold) + _prorated(rule, verdict),
        way=counts(rule),
        found=_found(rule, verdict),
        short=_short(rule, verdict, period=period, days=days),
        until=_until(rule, verdict, period=period),
        amiss=tuple(breach_text(rule, breach) for breach in breaches),
    )


def explanation_lines(
    *,
    policy: Policy,
    rule: Rule,
    explanation: Explanation,
    period: Period,
    days: Sequence[date] | None = None,
    breaches: Sequence[Breach] = (),
    worked_out: str = "",
) -> list[str]:
    """The whole explanation for people, line by line; `days` and `breaches` as for `told`,
    `worked_out` the sum behind what was asked (see `attendance`)."""
    verdict = explanation.verdict
    parts = told(rule, verdict, period=period, days=days, breaches=breaches)
    clause = policy.clause(rule.clause)
    cited = policy.title if clause.origin else f"{policy.title} 第 {rule.clause} 条"
    lines = [
        f"{cited}：{clause_note(clause, rule)}",
        f"规则：{rule.title}（{rule.id}，{EVERY[rule.period] if rule.period else '随时'}），"
        f"要求{wanted(rule, verdict.threshold)}",
        f"怎么算：{parts.way}",
        f"对象：{_whom(verdict)}",
        f"周期：{period.text}，看到 {verdict.watermark} 为止收到的记录",
        f"结论：{VERDICTS[verdict.verdict]}。"
        + message(policy=policy, rule=rule, verdict=verdict, period=period),
        *([f"在岗天数：{worked_out}"] if worked_out else []),
        f"现在：{parts.found}",
    ]
    if parts.short:
        lines += [f"差在哪里：{parts.short}", *(f"  {text}" for text in parts.amiss)]
    lines += _where_missing(rule, verdict)
    lines += [f"期限：{parts.until}"] if parts.until else []
    lines.append(f"计入 {len(explanation.counted)} 项" + _listed(explanation.counted))
    if explanation.rejected:
        lines.append(f"没有计入 {len(explanation.rejected)} 项：")
        lines += [f"  {item.id}：{REASONS[item.reason]}" for item in explanation.rejected]
    return lines


def _whom(verdict: Verdict) -> str:
    """What the verdict is about, and by id whose and where, no id twice."""
    whom = f"{SUBJECTS[verdict.subject_kind]} {verdict.subject}"
    if verdict.village_code and verdict.village_code != verdict.subject:
        whom += f"，村 {verdict.village_code}"
    if verdict.staff_id and verdict.staff_id != verdict.subject:
        whom += f"，人员 {verdict.staff_id}"
    return whom


def _where_missing(rule: Rule, verdict: Verdict) -> list[str]:
    """Where in the facts the datum stands that the verdict waits for."""
    datum = missing_datum(rule.measure)
    waits = verdict.value is None or verdict.threshold is None
    return [f"  填在：{datum.place}"] if datum and waits else []


def _shortfall(rule: Rule, verdict: Verdict, name: str) -> str:
    value, threshold = verdict.value, verdict.threshold
    if value is None or threshold is None:
        return f"{rule.title}：缺{_missing(rule)}"
    low, high = _range(threshold)
    if rule.operator is Operator.BETWEEN and value > high:
        has, over = (amount(number, unit=rule.unit) for number in (value, value - high))
        return f"{rule.title}：有{has}，比规定多{over}"
    gap = low - value if value < low else value - high
    numbers = {"gap": gap, "value": value, "threshold": low}
    # Fen are shown as yuan, which the message need not name again.
    shown = {key: _bare(rule, number) for key, number in numbers.items()}
    return rule.message.format(period=name, **shown, **_bounds(rule))


def _bounds(rule: Rule) -> dict[str, int]:
    """The range a message may name: that of the measure itself."""
    measure = rule.measure
    if isinstance(measure, AgeViolations | HamletViolations):
        return {"low": measure.low, "high": measure.high}
    return {}


def _missing(rule: Rule) -> str:
    datum = missing_datum(rule.measure)
    return datum.name if datum else "判断所需的资料"


def _found(rule: Rule, verdict: Verdict) -> str:
    value, evidence = verdict.value, verdict.evidence_count
    if value is None:
        return "资料不全，没有数字"
    shown = value_text(rule, value)
    measure = rule.measure
    if not isinstance(measure, EventMeasure):
        return _found_there(rule, verdict, shown)
    records = f"计入{evidence}条{event_name(measure)}记录"
    match measure.tally:
        case Tally.COUNT:
            return records
        case Tally.LACKING:
            return f"{records}，其中不合要求的{shown}"
        case Tally.DISTINCT_DAYS | Tally.DISTINCT_OBJECTS | Tally.SUBPERIODS:
            return f"{records}，合{shown}"
    assert_never(measure.tally)


def _found_there(rule: Rule, verdict: Verdict, shown: str) -> str:
    """What there is where no records of work are counted; `shown` is the value in words."""
    measure = rule.measure
    if isinstance(measure, MattersOverdue):
        every = f"期限在这个周期里的{verdict.evidence_count}{rule.unit}"
        return f"{every}，其中没有按期办结的{shown}"
    if isinstance(measure, _COUNTING) and verdict.value == 0:
        return f"一{rule.unit}也没有"
    found = "不合要求的有" if _forbids(rule, verdict) else "有"
    return f"{'评定为' if isinstance(measure, MarkValue) else found}{shown}"


def _short(rule: Rule, verdict: Verdict, *, period: Period, days: Sequence[date] | None) -> str:
    if verdict.verdict in {VerdictKind.PASS, VerdictKind.EXEMPT}:
        return ""
    value, threshold = verdict.value, verdict.threshold
    if value is None or threshold is None:
        return f"缺{_missing(rule)}，登记以后才能下结论"
    low, high = _range(threshold)
    if value < low:
        where = _open_parts(rule, verdict, period=period, days=days)
        return f"还差{amount(low - value, unit=rule.unit)}" + (f"：{where}" if where else "")
    over = amount(value - high, unit=rule.unit)
    return f"不合要求的{over}" if _forbids(rule, verdict) else f"多{over}"


def _open_parts(
    rule: Rule, verdict: Verdict, *, period: Period, days: Sequence[date] | None
) -> str:
    """Which parts of the period have nothing; empty where it cannot be said.

    A threshold lowered for somebody who was not there all the time leaves open which part is meant.
    So does one there was nothing to take off of: no `days` are known then (see `particulars`).
    """
    measure = rule.measure
    whole = verdict.threshold == verdict.threshold_full
    if days is None or not whole or not isinstance(measure, EventMeasure):
        return ""
    if measure.tally is Tally.SUBPERIODS and measure.sub_period is not None:
        parts = period.sub_periods(measure.sub_period)
        bare = [part for part in parts if not any(part[0] <= day < part[1] for day in days)]
        return "、".join(_part_name(measure.sub_period, *part) for part in bare)
    if measure.tally is Tally.DISTINCT_DAYS and verdict.threshold == period.days:
        seen = min(period.last_day, _looked_at(verdict))
        span = (period.start + timedelta(days=number) for number in range(period.days))
        return _day_list([day for day in span if day <= seen and day not in days])
    return ""


def _part_name(kind: SubPeriodKind, start: date, end: date) -> str:
    last = end - timedelta(days=1)
    names = _SUB_PERIODS[kind]
    return f"{start.month}月{names[_STARTS[kind].index(start.day)]}（{start.day}日至{last.day}日）"


def _day_list(days: Sequence[date]) -> str:
    """`9月3日、9月7日至9日、9月28日至10月2日`."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(_run_text(run[0], run[-1]) for run in runs)


def _run_text(first: date, last: date) -> str:
    text = f"{first.month}月{first.day}日"
    if first == last:
        return text
    month = "" if last.month == first.month else f"{last.month}月"
    return f"{text}至{month}{last.day}日"


def _until(rule: Rule, verdict: Verdict, *, period: Period) -> str:
    if verdict.verdict in {VerdictKind.PASS, VerdictKind.EXEMPT}:
        return ""
    if isinstance(rule.measure, MattersOverdue):
        return "各件有各件的期限，过了期才办结的也算超期"
    if rule.is_state:
        seen = min(period.last_day, _looked_at(verdict))
        later = "改正以后，再计算就看得到"
        if seen < _looked_at(verdict):
            later = "之后改正的，从下一期起算数"
        return f"看的是{_day(seen)}的情况；{later}"
    closing = period.last_day + timedelta(days=rule.grace_days)
    if verdict.verdict is VerdictKind.NOT_DUE:
        return f"截止{_day(closing)}"
    over = _looked_at(verdict) > closing
    return f"{_day(closing)}已经到期" if over else f"到{_day(closing)}为止"


def _looked_at(verdict: Verdict) -> date:
    return datetime.fromisoformat(verdict.watermark).astimezone(SHANGHAI).date()


def _range(threshold: int | tuple[int, int]) -> tuple[int, int]:
    return threshold if isinstance(threshold, tuple) else (threshold, threshold)


def _forbids(rule: Rule, verdict: Verdict) -> bool:
    """Whether the rule counts what must not be at all."""
    return rule.operator is Operator.AT_MOST and verdict.threshold == 0


def _prorated(rule: Rule, verdict: Verdict) -> str:
    if not rule.prorated or verdict.threshold == verdict.threshold_full:
        return ""
    full, own = f"{verdict.threshold_full}{rule.unit}", f"{verdict.threshold}{rule.unit}"
    return f"（任职（扣除请假）不满整个周期，要求由{full}折算为{own}）"


def _unknown(rule: Rule, verdict: Verdict, *, period: Period) -> str:
    if rule.waits_for_records and _looked_at(verdict) <= period.last_day:
        return "；周期还没有结束，可能还有记录要上传"
    if rule.waits_for_records:
        return "；但有人在周期结束后还没有同步并确认都已记录，可能有记录没有上传"
    return "，补齐后才能判断"


def _bare(rule: Rule, number: int) -> str:
    return amount(number, unit=FEN) if rule.unit == FEN else str(number)


def _with_unit(rule: Rule, number: int | None) -> str:
    return "没有数字" if number is None else value_text(rule, number)


def _listed(ids: tuple[str, ...]) -> str:
    return "：" + "、".join(ids) if ids else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
