"""The rotation of auxiliaries over the next twelve months."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cunjing.base.clock import today
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.permissions import Permission
from cunjing.rostering.access import matching_units
from cunjing.rostering.programme import policy_of
from cunjing.rostering.queries import rotation as queries


@require_GET
def rotation(request: ConsoleRequest) -> HttpResponse:
    """Everybody's months in their village against the limit of a policy: the local one's, where it
    sets one, or that of the reader's choice."""
    require(request, Permission.ROSTER_EDIT)
    actor, day = request.actor, today()
    offered = {policy.id: policy for policy in queries.rotating_policies(on=day)}
    units = matching_units(actor=actor)
    local = policy_of(units[0], on=day) if units else None
    asked = request.GET.get("policy", "") or (local.id if local else "")
    policy = offered.get(asked) or next(iter(offered.values()))
    context = {
        "timeline": queries.timeline(actor=actor, policy=policy, on=day),
        "unit": units[0] if units else None,
        "policies": list(offered.values()),
        "is_local": local is not None and policy.id == local.id,
    }
    return render(request, "console/rotation.html", context)
