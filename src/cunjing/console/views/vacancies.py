"""The vacancy board."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cunjing.base.clock import today
from cunjing.console.programme import coverage_duties
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel.permissions import Permission
from cunjing.rostering.queries.vacancies import board

SOON_DAYS = 60


@require_GET
def vacancies(request: ConsoleRequest) -> HttpResponse:
    """Villages without anyone and those soon without, each with the three best to take over."""
    require(request, Permission.ROSTER_EDIT)
    actor, day = request.actor, today()
    boards = [
        (duty, board(actor=actor, roles=duty.roles, within_days=SOON_DAYS, on=day))
        for duty in coverage_duties(actor=actor, on=day)
    ]
    context = {"boards": boards, "soon_days": SOON_DAYS}
    return render(request, "console/vacancies.html", context)
