"""A verdict, its explanation, and the interface the engines implement."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from cunjing.policy.enums import (
    GroupKind,
    MemberPost,
    Operator,
    Reason,
    SubjectKind,
    VerdictKind,
)
from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy
from cunjing.policy.periods import SHANGHAI, Period

ThresholdShown = int | tuple[int, int] | None
"""A threshold in a verdict: a number, an inclusive range, or None where no grade is known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule, one subject, one period. Field names and order are those of the contract's JSON.

    `threshold` is prorated, `threshold_full` is not. `value` is None when a datum it needs is
    missing. `watermark` is the ISO 8601 time in Shanghai the evaluation looked from.
    """

    policy: str
    policy_digest: str
    rule: str
    clause: str
    subject_kind: SubjectKind
    subject: str
    village_code: str | None
    staff_id: str | None
    period: str
    value: int | None
    operator: Operator
    threshold: ThresholdShown
    threshold_full: ThresholdShown
    verdict: VerdictKind
    evidence_count: int
    evidence_digest: str
    watermark: str
    engine: str

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of the contract: keys in its order, ranges as lists."""
        cells = {name: getattr(self, name) for name in _NAMES}
        for name in _RANGES:
            if isinstance(cells[name], tuple):
                cells[name] = list(cells[name])
        return cells


_NAMES = tuple(field.name for field in fields(Verdict))
_RANGES = ("threshold", "threshold_full")


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that was looked at and not credited, and the first reason that holds."""

    id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a group or village is not as its rule asks.

    `place` is the id of the group, hamlet, member, staff member or matter, None where it is none in
    particular; `name` what the facts call it, of a matter its subkind. `number` is how many persons
    are there; of a member, the age in whole years; of a matter, by how many days it is late. `post`
    is the post in question, `same_as` the one its holder should hold elsewhere.

    A matter has the day it was `opened`, and when it was `due` and `closed` (None: not yet): days,
    or moments in Shanghai where the deadline is one.
    """

    place: str | None
    number: int
    name: str | None = None
    kind: GroupKind | None = None
    post: MemberPost | None = None
    same_as: MemberPost | None = None
    opened: date | None = None
    due: date | None = None
    closed: date | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict with the ids it counted and the events it rejected, both sorted by id."""

    verdict: Verdict
    counted: tuple[str, ...]
    rejected: tuple[Rejected, ...]


class Count(NamedTuple):
    """How many subjects of a policy's rule have a verdict; `county_code` is null where not asked
    for or where the subjects are in no village."""

    rule: str
    county_code: str | None
    verdict: VerdictKind
    number: int
    policy: str


class Engine(Protocol):
    """What evaluates a policy on facts; `engine`, `spark` and `reference` provide it.

    `evaluate` returns verdicts sorted by rule, then subject. `rules` narrows to rule ids that run
    in the period (see `Policy.rules_for`). `explain` returns None when the rule has no row for the
    subject. `as_of` is aware; records received later do not count yet.
    """

    name: str

    def evaluate(
        self,
        *,
        policy: Policy,
        facts: Facts,
        period: Period,
        as_of: datetime,
        rules: Sequence[str] | None = None,
    ) -> list[Verdict]:
        """All verdicts of the period."""
        ...

    def explain(
        self,
        *,
        policy: Policy,
        facts: Facts,
        period: Period,
        as_of: datetime,
        rule: str,
        subject: str,
    ) -> Explanation | None:
        """One verdict with its evidence and what was rejected."""
        ...


def evidence_digest(ids: Iterable[str]) -> str:
    """SHA-256 of the sorted ids joined by newlines."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def watermark_text(as_of: datetime) -> str:
    """How a watermark is written in a verdict: whole seconds or finer, +08:00."""
    return as_of.astimezone(SHANGHAI).isoformat()
