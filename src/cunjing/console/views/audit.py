"""The audit chain: what happened in the reader's villages, and heads to take away as witness."""

from datetime import date, datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from cunjing.base.clock import today
from cunjing.base.errors import invalid
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.kernel import queries
from cunjing.kernel.audit import sign_day
from cunjing.kernel.head_files import to_file
from cunjing.kernel.permissions import Permission
from cunjing.kernel.signing import load_key
from cunjing.places.access import jurisdiction_of

LINES = 100
HEADS = 31


@require_GET
def audit(request: ConsoleRequest) -> HttpResponse:
    """The newest acts, and the signed heads."""
    require(request, Permission.AUDIT_READ)
    within = jurisdiction_of(actor=request.actor, permission=Permission.AUDIT_READ)
    lines = queries.recent(within=within, before=_before(request), limit=LINES)
    context = {
        "audit": lines,
        "older": lines[-1].at.isoformat() if len(lines) == LINES else "",
        "heads": queries.signed_heads(limit=HEADS),
        "on": today(),
    }
    return render(request, "console/audit.html", context)


@require_GET
def head(request: ConsoleRequest, day: str) -> HttpResponse:
    """The signed head of a day as a file, to be checked later with `cunjing audit verify`."""
    require(request, Permission.AUDIT_READ)
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise invalid("日期请写成 2026-09-01 的样子。") from error
    key = load_key(folder=settings.VAR)
    signed = sign_day(day=wanted, key=key)
    name = f"cunjing-head-{wanted.isoformat()}.json"
    header = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        to_file(signed=signed, key=key),
        content_type="application/json",
        headers={"Content-Disposition": header or "attachment"},
    )


def _before(request: ConsoleRequest) -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
