"""A programme's document as the product holds it: clauses, rules, listings."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cunjing.base.errors import not_found
from cunjing.console.programme import shipped_policy
from cunjing.console.requests import ConsoleRequest
from cunjing.policy.loader import shipped_policies
from cunjing.policy.model import Clause, Policy, Rule


@require_GET
def policy(request: ConsoleRequest, policy_id: str) -> HttpResponse:
    """Every clause with its disposition, and the rules that carry it out."""
    found = _shipped(policy_id)
    context = {"policy": found, "clauses": _with_rules(found), "parameters": found.parameters}
    return render(request, "console/policy.html", context)


def _shipped(policy_id: str) -> Policy:
    # Only shipped ids: the loader also takes paths, which a reader must not name.
    if policy_id not in shipped_policies():
        raise not_found("没有这个考评方案。")
    return shipped_policy(policy_id)


def _with_rules(found: Policy) -> list[tuple[Clause, list[Rule]]]:
    return [
        (clause, [rule for rule in found.rules if rule.clause == clause.number])
        for clause in found.clauses
    ]
