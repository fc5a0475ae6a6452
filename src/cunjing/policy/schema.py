"""What a policy file may say: its keys, as the dataclasses the decoder fills.

The keys of a rule's `measure` depend on its `kind`; `MEASURES` names the class of each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yaml.nodes import Node

from cunjing.policy.enums import (
    Disposition,
    Exemption,
    GroupKind,
    MemberPost,
    Missing,
    Operator,
    Role,
    RuleKind,
    SubjectKind,
    UnitKind,
)
from cunjing.policy.matching import Matching
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
from cunjing.policy.periods import PeriodKind

MEASURES: dict[str, type[Measure]] = {
    **dict.fromkeys((tally.value for tally in Tally), EventMeasure),
    "matters_overdue": MattersOverdue,
    "postings": PostingCount,
    "groups": GroupCount,
    "members": MemberCount,
    "subgroups": SubgroupCount,
    "posts": PostViolations,
    "ages": AgeViolations,
    "hamlets": HamletViolations,
    "paired_posts": PairViolations,
    "committee": CommitteeViolations,
    "home": HomeViolation,
    "tenure_months": TenureMonths,
    "untrained": UntrainedViolation,
    "mark": MarkValue,
    "money_ratio": MoneyRatio,
    "money": MoneyValue,
}


@dataclass(frozen=True, slots=True)
class RawMinimumDays:
    """`minimum_days`: available days below which a posting is exempt."""

    month: int
    quarter: int
    half_year: int
    year: int

    def by_kind(self) -> dict[PeriodKind, int]:
        """The same by kind of period."""
        return {
            PeriodKind.MONTH: self.month,
            PeriodKind.QUARTER: self.quarter,
            PeriodKind.HALF_YEAR: self.half_year,
            PeriodKind.YEAR: self.year,
        }


@dataclass(frozen=True, slots=True)
class RawParameter:
    """One of `parameters`. `parameter: county` says who sets it."""

    line: int
    file: str
    id: str
    parameter: str
    title: str
    default: Node
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class RawClause:
    """One of `clauses`."""

    line: int
    file: str
    number: str
    paraphrase: str
    disposition: Disposition
    note: str = ""
    figure: str = ""
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawRule:
    """One of `rules`. Without `period` it is a state rule. `role` is one or a list."""

    line: int
    file: str
    id: str
    clause: str
    title: str
    kind: RuleKind
    subject: SubjectKind
    measure: Node
    operator: Operator
    threshold: Node
    unit: str
    message: str
    role: Node | None = None
    group: GroupKind | None = None
    unit_kind: UnitKind | None = None
    period: PeriodKind | None = None
    as_a_rule: bool = False
    grace_days: int | None = None
    exemptions: tuple[Exemption, ...] | None = None
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class RawListing:
    """One entry of a list such as `questions` or `boards`; items are id -> words."""

    line: int
    file: str
    id: str
    clause: str
    title: str
    items: Mapping[str, str]
    roles: tuple[Role, ...] = ()
    posts: tuple[MemberPost, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPolicy:
    """A whole file, after inheritance."""

    id: str
    title: str
    issuer: str
    document_number: str
    issued_on: date
    source_digest: str
    scope: tuple[str, ...]
    time_zone: str
    calendar: str
    minimum_days: RawMinimumDays
    clauses: tuple[RawClause, ...]
    rules: tuple[RawRule, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    supersedes: str | None = None
    inherits: str | None = None
    parameters: tuple[RawParameter, ...] = ()
    role_sets: tuple[RawListing, ...] = ()
    duties: tuple[RawListing, ...] = ()
    tasks: tuple[RawListing, ...] = ()
    questions: tuple[RawListing, ...] = ()
    prohibitions: tuple[RawListing, ...] = ()
    boards: tuple[RawListing, ...] = ()
    grades: tuple[str, ...] = ()
    pay: Mapping[str, Mapping[str, int]] | None = None
    matching: tuple[Matching, ...] = ()
    matching_weights: Mapping[str, int] | None = None
