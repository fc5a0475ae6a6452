"""The first page: what to do today, for the county, the station and the officer."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cunjing.assessment import matrix, outlook
from cunjing.assessment import queries as assessment
from cunjing.assessment.models import Run
from cunjing.base.clock import today
from cunjing.base.errors import forbidden
from cunjing.console.programme import coverage_duties
from cunjing.console.requests import ConsoleRequest
from cunjing.console.shapes import day_chart, verdict_totals
from cunjing.coverage import uncovered
from cunjing.coverage.queries import own_postings
from cunjing.fieldwork import queries as fieldwork
from cunjing.fieldwork import summaries
from cunjing.fieldwork.actions import note_sync
from cunjing.fieldwork.filters import LedgerFilter
from cunjing.fieldwork.models import SyncChannel
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.matters import queries as matters
from cunjing.places.access import why_not
from cunjing.policy.enums import VerdictKind
from cunjing.questions.queries import to_answer
from cunjing.rostering.queries.agreed import own_agreed
from cunjing.rostering.queries.feeds import has_feed
from cunjing.rostering.queries.plans import own_days
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import own_entry

SHOWN = 8
DAYS = 30
AHEAD = 62
LOOK_BACK = 200
MOST_RUNS = 24


@require_GET
def home(request: ConsoleRequest) -> HttpResponse:
    """The officer's own day for whoever serves villages, else the overview of the jurisdiction."""
    actor = request.actor
    own = own_entry(actor=actor)
    if own is not None and not actor.holds(Permission.STAFF_READ):
        return _officer(request, own=own)
    if not actor.holds(Permission.POSTING_READ):
        return _elsewhere(actor)
    return _overview(request)


@require_POST
def confirm_synced(request: ConsoleRequest) -> HttpResponse:
    """Say that everything one recorded so far has arrived: nothing waits on paper."""
    own = own_entry(actor=request.actor)
    if own is None:
        raise forbidden(_("您的账号没有关联人员。请联系县局。"))
    note_sync(actor=request.actor, staff_id=own.pk, channel=SyncChannel.CONSOLE)
    messages.success(request, _("已确认：到现在为止的记录都已录入。"))
    return redirect("home")


def _elsewhere(actor: Actor) -> HttpResponse:
    """For readers without villages: an overview would say that nothing is missing anywhere."""
    if actor.holds(Permission.USER_MANAGE):
        return redirect("users")
    raise forbidden(_("您的账号还没有授权，请联系县局管理员。"))


def _overview(request: ConsoleRequest) -> HttpResponse:
    actor, day = request.actor, today()
    runs = [_running(request, run) for run in assessment.latest_runs(actor=actor, on=day)]
    gaps = []
    for duty in coverage_duties(actor=actor, on=day):
        now = uncovered.uncovered_villages(actor=actor, roles=duty.roles, on=day)
        count = uncovered.count_coverage(actor=actor, roles=duty.roles, on=day)
        gaps.append({"duty": duty, "count": count, "now": now[:SHOWN], "more": len(now) - SHOWN})
    days = summaries.by_day(
        actor=actor,
        chosen=LedgerFilter(date_from=day - timedelta(days=DAYS - 1), date_to=day),
    )
    context = {
        "gaps": gaps,
        "runs": runs,
        "ended": _ended(request),
        "may_freeze": not why_not(actor=actor, permission=Permission.ASSESSMENT_FREEZE),
        "frozen_waiting": assessment.frozen_and_waiting(
            actor=actor, since=day - timedelta(days=LOOK_BACK), limit=MOST_RUNS
        ),
        "open_matters": matters.counts(actor=actor, chosen=matters.MatterFilter(is_open=True)),
        "days": days,
        "chart": day_chart(days, first=day - timedelta(days=DAYS - 1), last=day),
        "on": day,
    }
    return render(request, "console/home.html", context)


def _officer(request: ConsoleRequest, *, own: Staff) -> HttpResponse:
    actor, day = request.actor, today()
    runs = assessment.latest_runs(actor=actor, on=day)
    looks = [outlook.outlook(actor=actor, run_id=run.pk, on=day, staff_id=own.pk) for run in runs]
    month = LedgerFilter(staff_id=own.pk, date_from=day.replace(day=1), date_to=day)
    context = {
        "own": own,
        "questions": to_answer(actor=actor),
        "postings": own_postings(actor=actor, on=day),
        "outlooks": [look for look in looks if look.unmet],
        "assessed": bool(runs),
        "ended": _ended_own(request, own=own),
        "passed": any(
            outlook.has_passed(actor=actor, run_id=run.pk, staff_id=own.pk) for run in runs
        ),
        "month": fieldwork.counts(actor=actor, chosen=month),
        "recent": fieldwork.ledger(
            actor=actor, chosen=LedgerFilter(staff_id=own.pk, state=None), size=SHOWN
        ).rows,
        "matters": matters.ledger(
            actor=actor, chosen=matters.MatterFilter(staff_id=own.pk, is_open=True), size=SHOWN
        ).rows,
        "planned": own_days(actor=actor, first=day, end=day + timedelta(days=AHEAD))[:SHOWN],
        "agreed": own_agreed(actor=actor, first=day, end=day + timedelta(days=AHEAD)),
        "has_feed": has_feed(actor=actor),
        "sync": summaries.last_syncs(actor=actor).get(own.pk),
        "on": day,
    }
    return render(request, "console/home_officer.html", context)


def _running(request: ConsoleRequest, run: Run) -> dict[str, object]:
    actor = request.actor
    counts = matrix.rule_counts(actor=actor, run_id=run.pk)
    return {
        "run": run,
        "look": outlook.outlook(actor=actor, run_id=run.pk, on=today(), limit=SHOWN),
        "totals": verdict_totals(counts),
        "unsynced": outlook.unsynced(actor=actor, run_id=run.pk)[:SHOWN],
    }


def _ended(request: ConsoleRequest) -> list[tuple[Run, int]]:
    """Periods that are over and not frozen, with how many verdicts wait for data."""
    day = today()
    runs = assessment.ended_provisional(
        actor=request.actor, on=day, since=day - timedelta(days=LOOK_BACK)
    )
    counts = matrix.verdict_counts(actor=request.actor, runs=runs)
    return [(run, counts[run.pk].get(VerdictKind.UNKNOWN, 0)) for run in runs]


def _ended_own(request: ConsoleRequest, *, own: Staff) -> list[tuple[Run, int]]:
    """The same of one person."""
    day = today()
    runs = assessment.ended_provisional(
        actor=request.actor, on=day, since=day - timedelta(days=LOOK_BACK)
    )
    counts = matrix.unknown_of(actor=request.actor, runs=runs, staff_id=own.pk)
    return [(run, counts.get(run.pk, 0)) for run in runs]
