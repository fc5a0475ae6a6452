"""The numbers a month is planned by: shipped defaults, and a policy's rules over them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from cunjing.policy.enums import EventKind, Operator, Role, SubjectKind
from cunjing.policy.errors import Finding, InputError, RequestError
from cunjing.policy.measures import EventMeasure, Tally
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import PeriodKind, SubPeriodKind

_DEFAULTS = Path(__file__).with_name("defaults.toml")
_SHIPPED = "defaults"
_MOST = 1_000_000_000
_CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is wished of one role: village days a month and in each `part`, households a month.

    `each_part` 0 = parts do not matter. `source` says where the numbers come from.
    """

    month_days: int
    part: SubPeriodKind
    each_part: int
    households: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to plan. Hours are minutes of the day; speeds metres a minute; distances metres.

    `aims` holds one entry for every role that is planned. `spacing` is the least difference in days
    between two visits of one person to one village. `appointment` is how many times the highest
    prize an agreed day adds. `calendar_effort` is CP-SAT's deterministic time for a unit,
    `iterations` PyVRP's for a village: neither depends on the clock.
    """

    aims: Mapping[str, Aim]
    spacing: int
    minutes: int
    appointment: int
    start: int
    lunch_from: int
    lunch_to: int
    end: int
    metres_a_minute: int
    detour_percent: int
    within_hamlet: int
    between_hamlets: int
    believed: int
    seed: int
    calendar_effort: float
    iterations: int


def default_options() -> Options:
    """The options of `defaults.toml`, shipped beside this module."""
    return _read(_DEFAULTS)


def options_for(policy: Policy | None, *, on: date, base: Options | None = None) -> Options:
    """`base` (the defaults, if None) with the aims of a policy's rules in force on a day.

    A rule counts if it is monthly, about postings, and asks for at least so many village visits or
    households. A role the policy has no such rule for keeps its aim; a role with one is planned
    even if the base does not name it.
    """
    options = base or default_options()
    if policy is None:
        return options
    aims = dict(options.aims)
    plain = next(iter(options.aims.values()))
    for rule in policy.rules:
        number = _monthly_number(rule, on)
        if number is not None:
            for role in rule.subject.roles:
                changed = _with(aims.get(role.value, plain), rule, number, policy.id)
                aims[role.value] = changed
    return replace(options, aims=dict(sorted(aims.items())))


def read_options(path: Path) -> Options:
    """The defaults with what a county's own file of the same shape changes.

    InputError naming the key that is not known or whose value does not fit.
    """
    try:
        own = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RequestError(f"“{path}”读不出来，请检查 --options（{error.strerror}）") from error
    except ValueError as error:
        raise InputError([Finding(path.name, None, None, f"不是 TOML：{error}")]) from error
    raw = tomllib.loads(_DEFAULTS.read_text("utf-8"))
    findings = []
    for section, values in own.items():
        if section not in raw or not isinstance(values, dict):
            findings.append(_unknown(path, section))
            continue
        for key, value in values.items():
            if key not in raw[section]:
                findings.append(_unknown(path, f"{section}.{key}"))
            elif fault := _misfit(value, raw[section][key]):
                findings.append(Finding(path.name, None, f"{section}.{key}", fault, noun="项"))
            raw[section][key] = value
    if not findings:
        findings = list(_contradictions(path, raw))
    if findings:
        raise InputError(findings)
    return _options(raw, source=path.name)


def parse_clock(text: str) -> int:
    """Minutes after 00:00 of `HH:MM`; ValueError for anything else."""
    hours, minutes = text.split(":")
    if not (len(hours) == len(minutes) == 2 and int(hours) < 24 and int(minutes) < 60):
        raise ValueError(text)
    return int(hours) * 60 + int(minutes)


def clock(minutes: int) -> str:
    """`HH:MM` of minutes after 00:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _monthly_number(rule: Rule, on: date) -> int | None:
    """The least number a rule asks of village or household visits in a month, or None."""
    measure = rule.measure
    if not isinstance(measure, EventMeasure) or rule.subject.kind is not SubjectKind.POSTING:
        return None
    if rule.period is not PeriodKind.MONTH or rule.operator is not Operator.AT_LEAST:
        return None
    if measure.event.kind not in {EventKind.VILLAGE_VISIT, EventKind.HOUSEHOLD_VISIT}:
        return None
    threshold = rule.threshold_on(on)
    return threshold if isinstance(threshold, int) else None


def _with(aim: Aim, rule: Rule, number: int, policy_id: str) -> Aim:
    source = f"{policy_id} {rule.id}"
    named = f"{aim.source}, {source}"
    measure = rule.measure
    if not isinstance(measure, EventMeasure):
        return aim
    if measure.event.kind is EventKind.HOUSEHOLD_VISIT:
        return replace(aim, households=number, source=named)
    if measure.tally is Tally.SUBPERIODS and measure.sub_period is not None:
        return replace(aim, part=measure.sub_period, each_part=1, source=named)
    return replace(aim, month_days=number, source=named)


def _unknown(path: Path, key: str) -> Finding:
    return Finding(path.name, None, key, "没有这一项，可写的见 defaults.toml", noun="项")


def _misfit(value: object, example: object) -> str:
    """What is wrong with a value, judged by the one shipped; empty if nothing is."""
    if isinstance(example, list):
        roles = [role.value for role in Role]
        sound = isinstance(value, list) and value and all(item in roles for item in value)
        return "" if sound else f"应为下列角色的清单：{'、'.join(roles)}"
    if isinstance(example, str) and example in set(SubPeriodKind):
        return "" if value in set(SubPeriodKind) else "应为 ten_days 或 half_month"
    if isinstance(example, str):
        sound = isinstance(value, str) and _CLOCK.fullmatch(value) is not None
        return "" if sound else "应为 08:30 样子的时刻"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or (isinstance(example, int) and not isinstance(value, int)):
        return "应为整数" if isinstance(example, int) else "应为数"
    sound = isinstance(value, int | float) and 0 <= value <= _MOST
    return "" if sound else f"应在 0 至 {_MOST} 之间"


def _contradictions(path: Path, raw: Mapping[str, Any]) -> Iterator[Finding]:
    hours = raw["hours"]
    order = [hours[name] for name in ("start", "lunch_from", "lunch_to", "end")]
    if order != sorted(order) or order[0] == order[1] == order[2] == order[3]:
        text = "应依次为 start、lunch_from、lunch_to、end，一个比一个晚"
        yield Finding(path.name, None, "hours", text, noun="项")
    for section, key in (
        ("days", "spacing"),
        ("households", "minutes"),
        ("ways", "metres_a_minute"),
        ("ways", "detour_percent"),
        ("effort", "calendar"),
        ("effort", "iterations"),
    ):
        if raw[section][key] <= 0:
            yield Finding(path.name, None, f"{section}.{key}", "要大于0", noun="项")


@cache
def _read(path: Path) -> Options:
    return _options(tomllib.loads(path.read_text("utf-8")), source=_SHIPPED)


def _options(raw: Mapping[str, Any], *, source: str) -> Options:
    days, households, hours, ways = raw["days"], raw["households"], raw["hours"], raw["ways"]
    aim = Aim(
        month_days=days["month"],
        part=SubPeriodKind(days["part"]),
        each_part=days["each_part"],
        households=households["month"],
        source=source,
    )
    return Options(
        aims=dict.fromkeys(sorted(days["roles"]), aim),
        spacing=days["spacing"],
        minutes=households["minutes"],
        appointment=households["appointment"],
        **{name: parse_clock(text) for name, text in hours.items()},
        **ways,
        seed=raw["effort"]["seed"],
        calendar_effort=raw["effort"]["calendar"],
        iterations=raw["effort"]["iterations"],
    )
