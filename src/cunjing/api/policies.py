"""The programmes as the product holds them: clauses with their dispositions, rules."""

from datetime import date
from functools import lru_cache
from typing import Annotated

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest
from cunjing.api.paging import Page, PageQuery, slice_of
from cunjing.api.problems import READ_REFUSALS
from cunjing.base.errors import not_found
from cunjing.policy.enums import Disposition, Operator, Role, RuleKind, SubjectKind
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.model import Between, ByGrade, Clause, Policy, Rule, ThresholdValue
from cunjing.policy.periods import PeriodKind

router = Router(tags=["policies"])
PolicyId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
DAYS_OF_PERIOD = "days_of_period"
Threshold = int | list[int] | dict[str, int] | str


class PolicyOut(BaseModel):
    """A programme. `digest` is that of its canonical form, `source_digest` of the document."""

    id: str
    title: str
    issuer: str
    document_number: str
    issued_on: date
    scope: list[str]
    valid_from: date | None
    valid_to: date | None
    inherits: str | None
    supersedes: str | None
    source_digest: str
    digest: str


class ClauseOut(BaseModel):
    """One clause of the document in our own words, and what became of it.

    `figure` is the number or range it states; `same_as` are the clauses whose duty it repeats.
    """

    number: str
    paraphrase: str
    disposition: Disposition
    note: str
    figure: str
    same_as: list[str]


class ThresholdOut(BaseModel):
    """A threshold from `valid_from` up to (not including) `valid_to`.

    A number, an inclusive range, one number a grade, or `days_of_period`.
    """

    value: Threshold
    valid_from: date | None
    valid_to: date | None


class RuleOut(BaseModel):
    """One executable duty. `period` is empty for rules that look at one day.

    `county_note` is set where the document leaves the number open and the county sets it.
    """

    id: str
    clause: str
    title: str
    kind: RuleKind
    subject: SubjectKind
    roles: list[Role]
    period: PeriodKind | None
    operator: Operator
    thresholds: list[ThresholdOut]
    unit: str
    as_a_rule: bool
    grace_days: int
    county_note: str


class PolicyDetailOut(PolicyOut):
    """A programme with its clauses and rules."""

    clauses: list[ClauseOut]
    rules: list[RuleOut]


@router.get("/policies", response={200: Page[PolicyOut], **READ_REFUSALS})
def list_policies(request: ApiRequest, query: Query[PageQuery]) -> Page[PolicyOut]:
    """The programmes that come with the product, for everyone with a key."""
    found = [_policy(policy_id) for policy_id in shipped_policies()]
    return slice_of(found, key=_id, of="policies", query=query, shape=_outline)


@router.get("/policies/{policy_id}", response={200: PolicyDetailOut, **READ_REFUSALS})
def get_policy(request: ApiRequest, policy_id: Path[PolicyId]) -> PolicyDetailOut:
    """One programme: every clause with its disposition, every rule."""
    policy = known_policy(policy_id)
    return PolicyDetailOut(
        **_outline(policy).model_dump(),
        clauses=[clause_out(clause) for clause in policy.clauses],
        rules=[rule_out(rule) for rule in policy.rules],
    )


def known_policy(policy_id: str) -> Policy:
    """The shipped policy of this id. Raises 404 where there is none.

    Only shipped ids: the loader also takes paths, which a program must not name.
    """
    if policy_id not in shipped_policies():
        raise not_found("没有这个考评方案。")
    return _policy(policy_id)


def clause_out(clause: Clause) -> ClauseOut:
    """A clause as programs read it."""
    return ClauseOut(
        number=clause.number,
        paraphrase=clause.paraphrase,
        disposition=clause.disposition,
        note=clause.note,
        figure=clause.figure,
        same_as=list(clause.same_as),
    )


@lru_cache(maxsize=16)
def _policy(policy_id: str) -> Policy:
    """A shipped policy, read once: its file changes only with a new version of the product."""
    return load_policy(policy_id)


def _id(policy: Policy) -> tuple[str, ...]:
    return (policy.id,)


def _outline(policy: Policy) -> PolicyOut:
    return PolicyOut(
        id=policy.id,
        title=policy.title,
        issuer=policy.issuer,
        document_number=policy.document_number,
        issued_on=policy.issued_on,
        scope=list(policy.scope),
        valid_from=policy.valid_from,
        valid_to=policy.valid_to,
        inherits=policy.inherits,
        supersedes=policy.supersedes,
        source_digest=policy.source_digest,
        digest=policy.digest,
    )


def rule_out(rule: Rule) -> RuleOut:
    """A rule as programs read it."""
    return RuleOut(
        id=rule.id,
        clause=rule.clause,
        title=rule.title,
        kind=rule.kind,
        subject=rule.subject.kind,
        roles=list(rule.subject.roles),
        period=rule.period,
        operator=rule.operator,
        thresholds=[
            ThresholdOut(
                value=_value(dated.value), valid_from=dated.valid_from, valid_to=dated.valid_to
            )
            for dated in rule.thresholds
        ],
        unit=rule.unit,
        as_a_rule=rule.as_a_rule,
        grace_days=rule.grace_days,
        county_note=rule.parameter.note if rule.parameter else "",
    )


def _value(threshold: ThresholdValue) -> Threshold:
    match threshold:
        case int():
            return threshold
        case Between(low=low, high=high):
            return [low, high]
        case ByGrade(table=table):
            return dict(table)
    return DAYS_OF_PERIOD
