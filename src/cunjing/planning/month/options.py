"""The numbers a month is planned by: shipped defaults, and a policy's rules over them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from cunjing.policy.enums import EventKind, Operator, SubjectKind
from cunjing.policy.measures import EventMeasure, Tally
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import PeriodKind, SubPeriodKind

_DEFAULTS = Path(__file__).with_name("defaults.toml")


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
    named = source if aim.source == "defaults" else f"{aim.source}, {source}"
    measure = rule.measure
    if not isinstance(measure, EventMeasure):
        return aim
    if measure.event.kind is EventKind.HOUSEHOLD_VISIT:
        return replace(aim, households=number, source=named)
    if measure.tally is Tally.SUBPERIODS and measure.sub_period is not None:
        return replace(aim, part=measure.sub_period, each_part=1, source=named)
    return replace(aim, month_days=number, source=named)


@cache
def _read(path: Path) -> Options:
    raw = tomllib.loads(path.read_text("utf-8"))
    days, households, hours, ways = raw["days"], raw["households"], raw["hours"], raw["ways"]
    aim = Aim(
        month_days=days["month"],
        part=SubPeriodKind(days["part"]),
        each_part=days["each_part"],
        households=households["month"],
        source="defaults",
    )
    return Options(
        aims=dict.fromkeys(_sorted(days["roles"]), aim),
        spacing=days["spacing"],
        minutes=households["minutes"],
        appointment=households["appointment"],
        **{name: parse_clock(text) for name, text in hours.items()},
        **ways,
        seed=raw["effort"]["seed"],
        calendar_effort=raw["effort"]["calendar"],
        iterations=raw["effort"]["iterations"],
    )


def _sorted(roles: Iterable[str]) -> list[str]:
    return sorted(roles)
