"""How a programme is kept: every clause and rule with its figures, period by period."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest, require
from cunjing.api.fields import RuleId, StrictQuery
from cunjing.api.policies import (
    ClauseOut,
    PolicyId,
    RuleOut,
    clause_out,
    known_policy,
    rule_out,
)
from cunjing.api.problems import READ_REFUSALS
from cunjing.assessment import standing
from cunjing.assessment.standing import Standing, ThresholdUse
from cunjing.base.clock import today
from cunjing.base.errors import not_found
from cunjing.kernel.permissions import Permission
from cunjing.policy.enums import VerdictKind
from cunjing.policy.model import Policy, Rule
from cunjing.policy.plain import PlainRule, plain_rule

READ = Permission.ASSESSMENT_READ
router = Router(tags=["policies"])
Period = Annotated[str, Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?$")]


class FiguresOut(BaseModel):
    """One rule in one period. `counts` = verdicts by kind on what the reader may see.

    `judged` leaves the exempt out; `missed` = fail and advice; what is neither passed nor missed is
    still open, and a share that passed is one of `passed` and `missed`. `runs` are the assessments
    counted, the newest revision of each scope; their results are under
    `/assessments/{run_id}/results`.
    """

    rule: str
    period: str
    period_start: date
    period_end: date
    runs: list[UUID]
    counts: dict[VerdictKind, int]
    judged: int
    passed: int
    missed: int


class ClauseStandingOut(ClauseOut):
    """A clause, the rules that carry it out (`rule_ids`), and the figures of those judged."""

    rule_ids: list[str]
    rules: list[FiguresOut]


class PolicyStandingOut(BaseModel):
    """The document in its order, as of `period` (empty where nothing was judged yet)."""

    policy_id: str
    period: str
    clauses: list[ClauseStandingOut]


class PlainOut(BaseModel):
    """A rule in Chinese sentences: whom, what is counted, how often, how binding, what excuses."""

    whom: str
    counts: str
    rhythm: str
    thresholds: list[str]
    weight: str
    allowances: list[str]
    county_note: str


class ThresholdUseOut(BaseModel):
    """A threshold in words and the periods, newest first, in which assessments applied it."""

    text: str
    periods: list[str]
    policy_digests: list[str]


class RuleStandingOut(RuleOut):
    """A rule, said plainly, with its past: up to twelve periods, newest first."""

    plain: PlainOut
    history: list[FiguresOut]
    thresholds_used: list[ThresholdUseOut]


class StandingQuery(StrictQuery):
    """As of which period; the newest one judged that is over where it is left out."""

    period: Period | None = None


@router.get("/policies/{policy_id}/standing", response={200: PolicyStandingOut, **READ_REFUSALS})
def get_policy_standing(
    request: ApiRequest, policy_id: Path[PolicyId], query: Query[StandingQuery]
) -> PolicyStandingOut:
    """Every clause of a programme with what became of it, and how its rules are kept."""
    require(actor=request.auth, permission=READ)
    policy = known_policy(policy_id)
    found = standing.policy_as_of(
        actor=request.auth, policy=policy, on=today(), asked=query.period or ""
    )
    chosen = found.chosen.text if found.chosen else ""
    _check_asked(query, chosen=chosen)
    return PolicyStandingOut(
        policy_id=policy.id,
        period=chosen,
        clauses=[
            ClauseStandingOut(
                **clause_out(clause).model_dump(),
                rule_ids=[rule.id for rule in policy.rules_of(clause.number)],
                rules=_figures(policy, clause.number, by_rule=found.by_rule),
            )
            for clause in policy.clauses
        ],
    )


@router.get("/policies/{policy_id}/rules/{rule}", response={200: RuleStandingOut, **READ_REFUSALS})
def get_rule_standing(
    request: ApiRequest,
    policy_id: Path[PolicyId],
    rule: Path[RuleId],
    query: Query[StandingQuery],
) -> RuleStandingOut:
    """One rule: what it asks in plain words, how it is kept and was kept, by which thresholds."""
    require(actor=request.auth, permission=READ)
    policy = known_policy(policy_id)
    wanted = _rule(policy, rule)
    found = standing.rule_as_of(
        actor=request.auth,
        policy_id=policy_id,
        rule=wanted,
        on=today(),
        asked=query.period or "",
    )
    _check_asked(query, chosen=found.chosen.text if found.chosen else "")
    return RuleStandingOut(
        **rule_out(wanted).model_dump(),
        plain=_plain(plain_rule(policy, wanted)),
        history=[_figure(one) for one in found.history],
        thresholds_used=[_use(use) for use in standing.threshold_uses(found.history)],
    )


def _rule(policy: Policy, rule_id: str) -> Rule:
    try:
        return policy.rule(rule_id)
    except KeyError:
        raise not_found("这个方案没有这条规则。") from None


def _check_asked(query: StandingQuery, *, chosen: str) -> None:
    """A program that named a period is never answered with another one."""
    if query.period is not None and query.period != chosen:
        raise not_found("这个考评期没有考评过，或者不在您的辖区内。")


def _figures(policy: Policy, number: str, *, by_rule: Mapping[str, Standing]) -> list[FiguresOut]:
    rules = policy.rules_of(number)
    return [_figure(by_rule[rule.id]) for rule in rules if rule.id in by_rule]


def _figure(one: Standing) -> FiguresOut:
    return FiguresOut(
        rule=one.rule.id,
        period=one.period.text,
        period_start=one.period.start,
        period_end=one.period.end,
        runs=[run.pk for run in one.runs],
        counts={VerdictKind(kind): count for kind, count in one.counts.items()},
        judged=one.judged,
        passed=one.passed,
        missed=one.missed,
    )


def _plain(said: PlainRule) -> PlainOut:
    return PlainOut(
        whom=said.whom,
        counts=said.counts,
        rhythm=said.rhythm,
        thresholds=[one.text for one in said.thresholds],
        weight=said.weight,
        allowances=list(said.allowances),
        county_note=said.county_note,
    )


def _use(use: ThresholdUse) -> ThresholdUseOut:
    return ThresholdUseOut(
        text=use.text, periods=list(use.periods), policy_digests=list(use.digests)
    )
