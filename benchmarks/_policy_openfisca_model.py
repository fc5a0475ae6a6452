"""The month's rules as an OpenFisca model.

The person of this model is an entry: a posting's own entry (kind `officer`) or a record that may be
credited to it. Entries are grouped by posting and by village; thresholds are dated parameters;
what does not change is defined for ETERNITY, what is judged for a MONTH.
"""
# ruff: noqa: N801, N805 - OpenFisca names a variable as its class, a formula's subject as its entity

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks._policy_task import Quota, Task

Array = Any
"""A numpy array with one cell per entry, posting or village."""

Entry = build_entity(key="entry", plural="entries", label="An entry of a posting", is_person=True)
Posting = build_entity(
    key="posting", plural="postings", label="One officer for one village",
    roles=[{"key": "member", "plural": "members"}],
)  # fmt: skip
Village = build_entity(
    key="village", plural="villages", label="A village",
    roles=[{"key": "resident", "plural": "residents"}],
)  # fmt: skip


class Verdict(Enum):
    """The verdicts a month that is over can have."""

    EXEMPT = "exempt"
    PASS = "pass"  # noqa: S105 - the verdict
    UNKNOWN = "unknown"
    ADVICE = "advice"
    FAIL = "fail"


_INDEXED: Any = Verdict
"""The same; OpenFisca numbers the members when the class is made, which no checker knows."""


VERDICTS: Any = [Verdict.EXEMPT, Verdict.PASS, Verdict.UNKNOWN, Verdict.ADVICE, Verdict.FAIL]


class is_record(Variable):
    value_type = bool
    entity = Entry
    definition_period = DateUnit.ETERNITY
    label = "The entry is a record, not the posting's own"


class kind(Variable):
    value_type = int
    entity = Entry
    definition_period = DateUnit.ETERNITY
    label = "Which of the asked kinds the record is of"


class day(Variable):
    value_type = date
    entity = Entry
    definition_period = DateUnit.ETERNITY
    label = "Local date of the record"


class received_at(Variable):
    value_type = int
    entity = Entry
    definition_period = DateUnit.ETERNITY
    label = "Seconds since 1970 when the record was received"


class is_void(Variable):
    value_type = bool
    entity = Entry
    definition_period = DateUnit.ETERNITY
    label = "The record was withdrawn"


class visited(Variable):
    value_type = int
    entity = Entry
    default_value = -1
    definition_period = DateUnit.ETERNITY
    label = "Number of the household the record is about; -1 for none"


class valid_from(Variable):
    value_type = date
    entity = Posting
    definition_period = DateUnit.ETERNITY
    label = "First day of the posting"


class valid_to(Variable):
    value_type = date
    entity = Posting
    default_value = date.max
    definition_period = DateUnit.ETERNITY
    label = "Day after the posting's last"


class is_asked(Variable):
    value_type = bool
    entity = Posting
    definition_period = DateUnit.ETERNITY
    label = "The quotas are for the posting's role"


class covers(Variable):
    value_type = bool
    entity = Posting
    definition_period = DateUnit.ETERNITY
    label = "The posting's role covers a village"


class last_sync_at(Variable):
    value_type = int
    entity = Posting
    definition_period = DateUnit.ETERNITY
    label = "Seconds since 1970 when the officer was last heard of; 0 for never"


class absent_days(Variable):
    value_type = int
    entity = Posting
    definition_period = DateUnit.MONTH
    label = "Days of absence within posting and month"


class is_credited(Variable):
    value_type = bool
    entity = Entry
    definition_period = DateUnit.MONTH
    label = "The record counts for its posting in the month"

    def formula(entry: Any, period: Any, parameters: Any) -> Array:
        dated = entry("day", period)
        return (
            entry("is_record", period)
            & ~entry("is_void", period)
            & (entry("received_at", period) <= parameters(period).watermark)
            & (dated >= np.datetime64(period.start.date))
            & (dated <= np.datetime64(period.stop.date))
            & (dated >= entry.posting("valid_from", period))
            & (dated < entry.posting("valid_to", period))
        )


class posted_days(Variable):
    value_type = int
    entity = Posting
    definition_period = DateUnit.MONTH
    label = "Days of the posting within the month"

    def formula(posting: Any, period: Any) -> Array:
        after = np.datetime64(period.offset(1).start.date)
        opened = np.maximum(posting("valid_from", period), np.datetime64(period.start.date))
        closed = np.minimum(posting("valid_to", period), after)
        return np.maximum((closed - opened).astype(int), 0)


class available_days(Variable):
    value_type = int
    entity = Posting
    definition_period = DateUnit.MONTH
    label = "Days of the posting within the month, less absences"

    def formula(posting: Any, period: Any) -> Array:
        return posting("posted_days", period) - posting("absent_days", period)


class covers_at_end(Variable):
    value_type = bool
    entity = Posting
    definition_period = DateUnit.MONTH
    label = "The posting covers its village on the month's last day"

    def formula(posting: Any, period: Any) -> Array:
        last = np.datetime64(period.stop.date)
        valid = (posting("valid_from", period) <= last) & (last < posting("valid_to", period))
        return posting("covers", period) & valid


class officers(Variable):
    value_type = int
    entity = Village
    definition_period = DateUnit.MONTH
    label = "Postings that cover the village on the month's last day"

    def formula(village: Any, period: Any) -> Array:
        own = ~village.members("is_record", period)
        return total(village, own & village.members.posting("covers_at_end", period))


class coverage(Variable):
    value_type = Enum
    possible_values = Verdict
    default_value = Verdict.FAIL
    entity = Village
    definition_period = DateUnit.MONTH
    label = "Verdict on coverage"

    def formula(village: Any, period: Any, parameters: Any) -> Array:
        held, asked = village("officers", period), parameters(period).coverage
        return np.select(
            [(held >= asked.low) & (held <= asked.high), held > asked.high],
            [_INDEXED.PASS.index, _INDEXED.ADVICE.index],
            _INDEXED.FAIL.index,
        )


FIXED = [
    is_record, kind, day, received_at, is_void, visited, valid_from, valid_to, is_asked, covers,
    last_sync_at, absent_days, is_credited, posted_days, available_days, covers_at_end, officers,
    coverage,
]  # fmt: skip


def total(group: Any, cells: Array) -> Array:
    """Sum over the members of each group. `group.sum` drops last groups that have no members."""
    return np.bincount(group.members_entity_id, weights=cells, minlength=group.count)


def _distinct(group: Any, *, chosen: Array, cells: Array) -> Array:
    """How many different cells, not negative, the chosen members of each group have."""
    chosen = chosen & (cells >= 0)
    width = int(cells.max(initial=0)) + 1
    keys = group.members_entity_id[chosen].astype(np.int64) * width + cells[chosen]
    return np.bincount(np.unique(keys) // width, minlength=group.count)


def variable_name(rule: str, part: str) -> str:
    """The name of a rule's variable: its `value`, `threshold` or `verdict`."""
    return f"{rule}_{part}".replace("-", "_")


def _value(quota: Quota, number: int) -> Callable[..., Array]:
    def formula(posting: Any, period: Any) -> Array:
        members = posting.members
        chosen = members("is_credited", period) & (members("kind", period) == number)
        match quota.tally:
            case "distinct_days":
                days = (members("day", period) - np.datetime64(period.start.date)).astype(int)
                return _distinct(posting, chosen=chosen, cells=days)
            case "distinct_objects":
                return _distinct(posting, chosen=chosen, cells=members("visited", period))
            case _:
                return total(posting, chosen)

    return formula


def _threshold(quota: Quota) -> Callable[..., Array]:
    def formula(posting: Any, period: Any, parameters: Any) -> Array:
        asked = parameters(period).thresholds[variable_name(quota.rule, "threshold")]
        available = posting("available_days", period)
        prorated = -(-asked * available // period.size_in_days)
        return np.where(available < parameters(period).minimum_days, asked, prorated)

    return formula


def _verdict(quota: Quota) -> Callable[..., Array]:
    def formula(posting: Any, period: Any, parameters: Any) -> Array:
        value = posting(variable_name(quota.rule, "value"), period)
        threshold = posting(variable_name(quota.rule, "threshold"), period)
        exempt = posting("available_days", period) < parameters(period).minimum_days
        silent = posting("last_sync_at", period) < parameters(period).synced_by
        return np.select(
            [exempt, value >= threshold, silent],
            [_INDEXED.EXEMPT.index, _INDEXED.PASS.index, _INDEXED.UNKNOWN.index],
            _INDEXED.FAIL.index,
        )

    return formula


def _quota_variables(quota: Quota, number: int) -> list[type[Variable]]:
    common = {"entity": Posting, "definition_period": DateUnit.MONTH, "label": quota.rule}
    verdict = {"value_type": Enum, "possible_values": Verdict, "default_value": Verdict.FAIL}
    parts = {
        "value": {"value_type": int, "formula": _value(quota, number)},
        "threshold": {"value_type": int, "formula": _threshold(quota)},
        "verdict": {**verdict, "formula": _verdict(quota)},
    }
    return [
        type(variable_name(quota.rule, part), (Variable,), {**common, **own})
        for part, own in parts.items()
    ]


def system(task: Task, *, watermark: int, synced_by: int) -> TaxBenefitSystem:
    """The model with the task's thresholds; times are seconds since 1970."""
    made = TaxBenefitSystem([Entry, Posting, Village])
    made.add_variables(*FIXED)
    for number, quota in enumerate(task.quotas):
        made.add_variables(*_quota_variables(quota, number))

    def dated(value: int) -> dict[str, object]:
        return {"values": {"2000-01-01": {"value": value}}}

    made.parameters = ParameterNode(
        data={
            "watermark": dated(watermark),
            "synced_by": dated(synced_by),
            "minimum_days": dated(task.minimum_days),
            "coverage": {"low": dated(task.coverage_low), "high": dated(task.coverage_high)},
            "thresholds": {
                variable_name(quota.rule, "threshold"): dated(quota.threshold)
                for quota in task.quotas
            },
        }
    )
    return made
