"""A programme's document as the product holds it: as a picture, clause by clause, rule by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cunjing.assessment import standing
from cunjing.assessment.standing import Standing
from cunjing.base.errors import not_found
from cunjing.console import clause_shapes as shapes
from cunjing.console.forms.assessments import StandingFilter
from cunjing.console.programme import known_policy, shipped_cases
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import why_not
from cunjing.policy.enums import VerdictKind
from cunjing.policy.model import Clause, Policy, Rule
from cunjing.policy.periods import Period
from cunjing.policy.plain import plain_rule

ALL = "all"


@dataclass(frozen=True, slots=True)
class AsOf:
    """How a policy stands as of a period: those to choose from, the chosen one, its figures.

    `chosen` is None and `standings` (by rule id) empty where nothing was judged yet.
    """

    options: Sequence[Period]
    chosen: Period | None
    standings: Mapping[str, Standing]


@require_GET
def policy(request: ConsoleRequest, policy_id: str) -> HttpResponse:
    """Every clause with what became of it; for who may read verdicts also how it is kept."""
    found = known_policy(policy_id)
    refusal = why_not(actor=request.actor, permission=Permission.ASSESSMENT_READ)
    as_of = AsOf((), None, {}) if refusal else _as_of(request, found)
    by_result = request.GET.get("by") == "result" and as_of.chosen is not None
    context = {
        "policy": found,
        "chapters": shapes.picture(found, standings=as_of.standings if by_result else None),
        "legend": shapes.legend(found),
        "by_result": by_result,
        "as_of": as_of,
        "refusal": refusal,
        "clauses": [(clause, found.rules_of(clause.number)) for clause in found.clauses],
    }
    return render(request, "console/policy.html", context)


@require_GET
def clause(request: ConsoleRequest, policy_id: str, number: str) -> HttpResponse:
    """One clause: the rules that carry it out and who falls short, or why there are none."""
    require(request, Permission.ASSESSMENT_READ)
    found = known_policy(policy_id)
    wanted = _clause(found, number)
    rules = found.rules_of(number)
    as_of = _as_of(request, found)
    standings = [as_of.standings[rule.id] for rule in rules if rule.id in as_of.standings]
    place = found.clauses.index(wanted)
    context = {
        "policy": found,
        "clause": wanted,
        "lists": [listing for listing in found.listings if listing.clause == number],
        "lines": shapes.rule_lines(rules, standings=as_of.standings),
        "as_of": as_of,
        "earlier": found.clauses[place - 1] if place else None,
        "later": found.clauses[place + 1] if place + 1 < len(found.clauses) else None,
        "short": standing.villages_short(actor=request.actor, standings=standings),
        **_verdicts(request, standings),
    }
    return render(request, "console/clause.html", context)


@require_GET
def rule(request: ConsoleRequest, policy_id: str, rule_id: str) -> HttpResponse:
    """One rule: what it asks, how it stands and stood, the verdicts, its cases and thresholds."""
    require(request, Permission.ASSESSMENT_READ)
    found = known_policy(policy_id)
    wanted = _rule(found, rule_id)
    actor = request.actor
    periods = standing.judged_periods(actor=actor, policy_id=policy_id)
    options = standing.periods_of(wanted, periods=periods)
    chosen = _chosen(request, options)
    past = _until(options, chosen)
    history = standing.rule_history(actor=actor, policy_id=policy_id, rule=wanted, periods=past)
    context = {
        "policy": found,
        "rule": wanted,
        "clause": found.clause(wanted.clause),
        "plain": plain_rule(found, wanted),
        "as_of": AsOf(options, chosen, {wanted.id: history[0]} if history else {}),
        "present": history[0] if history else None,
        "history": history,
        "chart": shapes.history_chart(history),
        "uses": standing.threshold_uses(history),
        "cases": shipped_cases(policy_id, rule_id),
        **_verdicts(request, history[:1]),
    }
    return render(request, "console/rule.html", context)


def _clause(found: Policy, number: str) -> Clause:
    try:
        return found.clause(number)
    except KeyError:
        raise not_found("这个方案没有这一条。") from None


def _rule(found: Policy, rule_id: str) -> Rule:
    try:
        return found.rule(rule_id)
    except KeyError:
        raise not_found("这个方案没有这条规则。") from None


def _as_of(request: ConsoleRequest, found: Policy) -> AsOf:
    actor: Actor = request.actor
    periods = standing.judged_periods(actor=actor, policy_id=found.id)
    kind = standing.shortest(periods)
    options = [period for period in periods if period.kind == kind]
    chosen = _chosen(request, options)
    if chosen is None:
        return AsOf((), None, {})
    standings = standing.policy_standing(actor=actor, policy=found, periods=periods, chosen=chosen)
    return AsOf(options, chosen, standings)


def _chosen(request: ConsoleRequest, options: Sequence[Period]) -> Period | None:
    """The period asked for, else the newest; None where there is none."""
    asked = request.GET.get("period", "")
    return next((period for period in options if period.text == asked), next(iter(options), None))


def _until(options: Sequence[Period], chosen: Period | None) -> Sequence[Period]:
    """The chosen period and those before it, as many as a chart shows."""
    start = options.index(chosen) if chosen else 0
    return options[start : start + standing.SHOWN_PERIODS]


def _verdicts(request: ConsoleRequest, standings: Sequence[Standing]) -> dict[str, object]:
    """The verdicts behind the figures: those asked for, at first the failed where there are any."""
    form = StandingFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    totals = shapes.totals(standings)
    failed = VerdictKind.FAIL.value if VerdictKind.FAIL in dict(totals) else ALL
    verdict = chosen.get("verdict") or failed
    page = standing.verdicts(
        actor=request.actor,
        standings=standings,
        verdict="" if verdict == ALL else verdict,
        page=chosen.get("page") or 1,
    )
    return {
        "totals": totals,
        "share": shapes.share_of(standings),
        "shown_verdict": verdict,
        "page": page,
    }
