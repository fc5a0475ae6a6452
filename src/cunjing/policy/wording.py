"""A verdict in words a village officer understands: what is wanted, what is short, until when."""

from datetime import date, timedelta

from cunjing.policy.enums import Operator, Reason, VerdictKind
from cunjing.policy.measures import EventMeasure
from cunjing.policy.model import Clause, Policy, Rule
from cunjing.policy.periods import Period, PeriodKind
from cunjing.policy.requests import PERIOD_NAMES
from cunjing.policy.verdict import Explanation, ThresholdShown, Verdict

VERDICTS = {
    VerdictKind.EXEMPT: "免考",
    VerdictKind.PASS: "达标",
    VerdictKind.NOT_DUE: "未到期",
    VerdictKind.UNKNOWN: "数据未齐",
    VerdictKind.ADVICE: "提示",
    VerdictKind.FAIL: "未达标",
}
REASONS = {
    Reason.VOID: "已作废",
    Reason.LATE: "在截止时间之后才收到",
    Reason.OUT_OF_PERIOD: "不在这个周期内",
    Reason.WRONG_VILLAGE: "不是这个村的记录",
    Reason.NOT_POSTED: "那天不在任职期内",
}
SUBJECTS = {"posting": "任职", "village": "村", "staff": "人员", "group": "组织", "unit": "单位"}
_OPERATORS = {
    Operator.AT_LEAST: "不少于",
    Operator.AT_MOST: "不超过",
    Operator.EQUAL: "等于",
    Operator.BETWEEN: "在范围内",
}
_FEN = "分"
_QUARTERS = "一二三四"


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
    """`不少于2天`, `1至1名`; without a threshold that no grade is known."""
    if threshold is None:
        return "按等次确定，目前没有等次"
    if isinstance(threshold, tuple):
        return f"{threshold[0]}至{threshold[1]}{rule.unit}"
    return f"{_OPERATORS[rule.operator]}{_with_unit(rule, threshold)}"


def message(*, policy: Policy, rule: Rule, verdict: Verdict, period: Period) -> str:
    """One or two sentences in Chinese: the outcome, the shortfall, why it is not held against."""
    name = period_name(period)
    if verdict.verdict is VerdictKind.EXEMPT:
        least = policy.minimum_days[period.kind]
        return f"{name}任职（扣除请假）不足{least}天，免考"
    if verdict.verdict is VerdictKind.PASS:
        asked = wanted(rule, verdict.threshold)
        return f"{rule.title}：达标，{_with_unit(rule, verdict.value)}（要求{asked}）"
    text = _shortfall(rule, verdict, name) + _prorated(rule, verdict)
    if verdict.verdict is VerdictKind.NOT_DUE:
        text += f"，截止{_day(period.last_day + timedelta(days=rule.grace_days))}"
    elif verdict.verdict is VerdictKind.UNKNOWN:
        text += _unknown(rule)
    elif verdict.verdict is VerdictKind.ADVICE:
        text += "（只作提示，不算未达标）"
    return text


def clause_note(clause: Clause, rule: Rule) -> str:
    """The clause in our own words; for a county's parameter, that it is one."""
    text = clause.paraphrase
    if rule.parameter is not None:
        text += f"。门槛由县里定（{rule.parameter.title}）：{rule.parameter.note}"
    return text


def explanation_lines(
    *, policy: Policy, rule: Rule, explanation: Explanation, period: Period
) -> list[str]:
    """The whole explanation for people, line by line."""
    verdict = explanation.verdict
    whom = f"{SUBJECTS[verdict.subject_kind]} {verdict.subject}"
    if verdict.village_code and verdict.village_code != verdict.subject:
        whom += f"，村 {verdict.village_code}"
    if verdict.staff_id and verdict.staff_id != verdict.subject:
        whom += f"，人员 {verdict.staff_id}"
    every = PERIOD_NAMES[rule.period] if rule.period else ""
    runs = f"按{every}" if every else "看某一天的状态"
    lines = [
        f"{policy.title} 第 {rule.clause} 条：{clause_note(policy.clause(rule.clause), rule)}",
        f"规则：{rule.title}（{rule.id}，{runs}），要求{wanted(rule, verdict.threshold)}",
        f"对象：{whom}",
        f"周期：{period.text}，看到 {verdict.watermark} 为止收到的记录",
        f"结论：{VERDICTS[verdict.verdict]}。"
        + message(policy=policy, rule=rule, verdict=verdict, period=period),
        f"计入 {len(explanation.counted)} 项" + _listed(explanation.counted),
    ]
    if explanation.rejected:
        lines.append(f"没有计入 {len(explanation.rejected)} 项：")
        lines += [f"  {item.id}：{REASONS[item.reason]}" for item in explanation.rejected]
    return lines


def _shortfall(rule: Rule, verdict: Verdict, name: str) -> str:
    value, threshold = verdict.value, verdict.threshold
    if value is None or threshold is None:
        return f"{rule.title}：资料不全"
    low, high = threshold if isinstance(threshold, tuple) else (threshold, threshold)
    if rule.operator is Operator.BETWEEN and value > high:
        return f"{rule.title}：有{value}{rule.unit}，比规定多{value - high}{rule.unit}"
    gap = low - value if value < low else value - high
    numbers = {"gap": gap, "value": value, "threshold": low}
    shown = {key: _amount(rule, number) for key, number in numbers.items()}
    return rule.message.format(period=name, **shown)


def _prorated(rule: Rule, verdict: Verdict) -> str:
    if not rule.prorated or verdict.threshold == verdict.threshold_full:
        return ""
    full, own = f"{verdict.threshold_full}{rule.unit}", f"{verdict.threshold}{rule.unit}"
    return f"（任职不满整个周期，要求由{full}折算为{own}）"


def _unknown(rule: Rule) -> str:
    if isinstance(rule.measure, EventMeasure):
        return "；但有人的设备在周期结束后还没有同步过，可能有记录没有上传"
    return "，补齐后才能判断"


def _amount(rule: Rule, number: int) -> str:
    """Fen are shown as yuan, which the message need not name again."""
    if rule.unit != _FEN:
        return str(number)
    return f"{number // 100}.{number % 100:02}元"


def _with_unit(rule: Rule, number: int | None) -> str:
    if number is None:
        return "没有数字"
    return _amount(rule, number) + ("" if rule.unit == _FEN else rule.unit)


def _listed(ids: tuple[str, ...]) -> str:
    return "：" + "、".join(ids) if ids else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
