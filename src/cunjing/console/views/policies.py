"""A programme's document as the product holds it: as a picture, clause by clause, rule by rule."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cunjing.assessment import standing
from cunjing.assessment.standing import PolicyStanding, Standing
from cunjing.base.clock import today
from cunjing.base.errors import not_found
from cunjing.console import clause_shapes as shapes
from cunjing.console.draft_shapes import triable_rules
from cunjing.console.forms.assessments import StandingFilter
from cunjing.console.programme import known_policy, shipped_cases
from cunjing.console.requests import ConsoleRequest, asked_page
from cunjing.console.rights import require
from cunjing.kernel.permissions import Permission
from cunjing.places.access import why_not
from cunjing.policy.enums import VerdictKind
from cunjing.policy.model import Clause, Policy, Rule
from cunjing.policy.plain import plain_rule

ALL = "all"
NOTHING = PolicyStanding((), None, {})


@require_GET
def policy(request: ConsoleRequest, policy_id: str) -> HttpResponse:
    """Every clause with what became of it; for who may read verdicts also how it is kept."""
    found = known_policy(policy_id)
    refusal = why_not(actor=request.actor, permission=Permission.ASSESSMENT_READ)
    as_of = (
        NOTHING
        if refusal
        else standing.policy_as_of(
            actor=request.actor, policy=found, on=today(), asked=_asked(request)
        )
    )
    by_result = request.GET.get("by") == "result" and as_of.chosen is not None
    context = {
        "policy": found,
        "chapters": shapes.picture(found, standings=as_of.by_rule if by_result else None),
        "legend": shapes.legend(found),
        "by_result": by_result,
        "instead": shapes.instead_of(missed=as_of.missed, chosen=as_of.chosen),
        "as_of": as_of,
        "refusal": refusal,
        "clauses": [
            (clause, shapes.rule_lines(found.rules_of(clause.number), standings={}))
            for clause in found.clauses
        ],
    }
    return render(request, "console/policy.html", context)


@require_GET
def clause(request: ConsoleRequest, policy_id: str, number: str) -> HttpResponse:
    """One clause: the rules that carry it out and who falls short, or why there are none."""
    require(request, Permission.ASSESSMENT_READ)
    found = known_policy(policy_id)
    wanted = _clause(found, number)
    rules = found.rules_of(number)
    as_of = standing.policy_as_of(
        actor=request.actor, policy=found, on=today(), asked=_asked(request)
    )
    lines = shapes.rule_lines(rules, standings=as_of.by_rule)
    judged = [line for line in lines if line.is_judged]
    standings = [line.standing for line in judged if line.standing]
    place = found.clauses.index(wanted)
    context = {
        "policy": found,
        "clause": wanted,
        "lists": [listing for listing in found.listings if listing.clause == number],
        "lines": lines,
        "judged": judged,
        "as_of": as_of,
        "instead": shapes.instead_of(missed=as_of.missed, chosen=as_of.chosen)
        or shapes.shown_instead(standings, chosen=as_of.chosen),
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
    as_of = standing.rule_as_of(
        actor=request.actor, policy_id=policy_id, rule=wanted, on=today(), asked=_asked(request)
    )
    history = as_of.history
    present = history[0] if history else None
    context = {
        "policy": found,
        "rule": wanted,
        "clause": found.clause(wanted.clause),
        "plain": plain_rule(found, wanted),
        "as_of": as_of,
        "instead": shapes.instead_of(missed=as_of.missed, chosen=as_of.chosen, rule=wanted),
        "present": present,
        "history": history,
        "chart": shapes.history_chart(history),
        "uses": standing.threshold_uses(history),
        "cases": shipped_cases(policy_id, rule_id),
        "judged": shapes.RuleLine(wanted, present).is_judged,
        "can_try": bool(history and triable_rules([wanted])),
        "whatif_refusal": why_not(actor=request.actor, permission=Permission.POLICY_DRAFT),
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


def _asked(request: ConsoleRequest) -> str:
    return request.GET.get("period", "")


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
        page=asked_page(request),
    )
    return {
        "totals": totals,
        "share": shapes.share_of(standings),
        "shown_verdict": verdict,
        "page": page,
    }
