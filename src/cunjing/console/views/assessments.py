"""Assessments: the runs, one as a matrix, why a verdict is what it is, what a revision changed."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cunjing.assessment import actions, matrix, outlook, queries
from cunjing.assessment.evidence import explain_cell
from cunjing.assessment.models import Run, RunState
from cunjing.assessment.revised import changed_verdicts
from cunjing.assessment.rules import check_in_force, check_may_freeze
from cunjing.assessment.versions import version_before
from cunjing.base.errors import Problem, not_found
from cunjing.console.forms.assessments import MatrixFilter, ReasonForm, RunForm
from cunjing.console.requests import ConsoleRequest, asked_page
from cunjing.console.rights import require
from cunjing.console.shapes import changes, count_chart, matrix_rows, verdict_totals
from cunjing.kernel.permissions import Permission
from cunjing.places.access import why_not

SHOWN = 60


@require_GET
def assessments(request: ConsoleRequest) -> HttpResponse:
    """All runs the reader may see, newest period first, and the programmes behind them."""
    actor = request.actor
    require(request, Permission.ASSESSMENT_READ)
    programmes = queries.programmes(actor=actor)
    page = Paginator(queries.runs(actor=actor), SHOWN).get_page(request.GET.get("page"))
    runs = list(page.object_list)
    counts = matrix.verdict_counts(actor=actor, runs=runs)
    context = {
        "runs": [(run, counts[run.pk]) for run in runs],
        "page": page,
        "programmes": programmes,
        "form": RunForm(scopes=[programme.prefix for programme in programmes]),
        "run_refusal": why_not(actor=actor, permission=Permission.ASSESSMENT_RUN),
        "whatif_refusal": why_not(actor=actor, permission=Permission.POLICY_DRAFT),
    }
    return render(request, "console/assessments.html", context)


@require_POST
def run_assessment(request: ConsoleRequest) -> HttpResponse:
    """Judge a period now; the result is provisional."""
    require(request, Permission.ASSESSMENT_RUN)
    programmes = queries.programmes(actor=request.actor)
    form = RunForm(request.POST, scopes=[programme.prefix for programme in programmes])
    if not form.is_valid():
        messages.error(request, _("请选择范围并填写考评期，例如 2026-09。"))
        return redirect("assessments")
    run = actions.run_assessment(
        actor=request.actor, scope=form.cleaned_data["scope"], period=form.cleaned_data["period"]
    )
    messages.success(request, _("已按现有记录重新计算。"))
    return redirect("assessment", run_id=run.pk)


@require_GET
def assessment(request: ConsoleRequest, run_id: UUID) -> HttpResponse:
    """Villages by rules; every cell opens its explanation."""
    actor = request.actor
    form = MatrixFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = matrix.matrix(
        actor=actor,
        run_id=run_id,
        page=asked_page(request),
        rule=chosen.get("rule", ""),
        verdict=chosen.get("verdict", ""),
    )
    counts = matrix.rule_counts(actor=actor, run_id=run_id)
    waiting = queries.waiting_for(actor=actor, run_id=run_id)
    context = {
        "run": page.run,
        "page": page,
        "rows": matrix_rows(page),
        "counts": counts,
        "left_out": matrix.left_out(page.run),
        "totals": verdict_totals(counts),
        "chart": count_chart(counts),
        "form": form,
        "others": matrix.unit_results(actor=actor, run_id=run_id),
        "revisions": queries.revisions(actor=actor, run_id=run_id),
        "waiting": waiting,
        "whose": queries.whose(waiting),
        "run_refusal": why_not(actor=actor, permission=Permission.ASSESSMENT_RUN),
        "unsynced": outlook.unsynced(actor=actor, run_id=run_id),
        "version_before": version_before(page.run),
        "frozen": page.run.state == RunState.FROZEN,
        "freeze_refusal": why_not(actor=actor, permission=Permission.ASSESSMENT_FREEZE)
        or _not_yet(page.run),
        "superseded": _is_superseded(page.run),
    }
    template = "console/assessment.html"
    if request.htmx.target == "matrix":
        template = "console/parts/matrix.html"
    return render(request, template, context)


@require_GET
def explanation(request: ConsoleRequest, run_id: UUID, rule: str, subject: str) -> HttpResponse:
    """One verdict: the clause, what counted, what did not and why, and the records themselves."""
    found = explain_cell(actor=request.actor, run_id=run_id, rule=rule, subject=subject)
    return render(request, "console/explanation.html", {"found": found, "run": found.run})


@require_POST
def freeze(request: ConsoleRequest, run_id: UUID) -> HttpResponse:
    """Make a run final."""
    actions.freeze_run(actor=request.actor, run_id=run_id, seen=request.POST.get("seen", ""))
    messages.success(request, _("已定稿。之后迟到的记录只能另作修订，原结果保留。"))
    return redirect("assessment", run_id=run_id)


@require_POST
def revise(request: ConsoleRequest, run_id: UUID) -> HttpResponse:
    """Judge a frozen period again with what arrived since."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明修订理由。"))
        return redirect("assessment", run_id=run_id)
    run = actions.revise_run(actor=request.actor, run_id=run_id, reason=form.cleaned_data["reason"])
    if run.pk == run_id:
        messages.info(request, _("按现有记录重新计算，结果和依据都没有变化，不需要修订，已记下。"))
        return redirect("assessment", run_id=run_id)
    messages.success(request, _("已生成修订，变化如下。"))
    return redirect("revision", run_id=run.pk)


@require_GET
def revision(request: ConsoleRequest, run_id: UUID) -> HttpResponse:
    """What a revision changed, row by row."""
    actor = request.actor
    run = queries.find_run(actor=actor, run_id=run_id)
    if run.revises_id is None:
        raise not_found("这次考评不是修订，没有前一版可以比较。")
    found = Paginator(queries.diffs(actor=actor, run_id=run_id), SHOWN)
    page = found.get_page(request.GET.get("page"))
    changed = changed_verdicts(actor=actor, run_id=run_id, diffs=list(page.object_list))
    context = {
        "run": run,
        "page": page,
        "changes": changes(changed, heads=matrix.rule_heads(run.revises or run)),
    }
    return render(request, "console/revision.html", context)


def _not_yet(run: Run) -> str:
    """Why the run cannot be frozen as it stands; empty where it can, or is frozen already."""
    if run.state == RunState.FROZEN:
        return ""
    try:
        check_may_freeze(run)
        check_in_force(run)
    except Problem as problem:
        return problem.detail
    return ""


def _is_superseded(run: Run) -> bool:
    """Whether another programme judges the period of a provisional run."""
    try:
        check_in_force(run)
    except Problem:
        return run.state != RunState.FROZEN
    return False
