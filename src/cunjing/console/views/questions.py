"""Questions about records: answered by whose record it is, closed by somebody else."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cunjing.base.errors import forbidden
from cunjing.console.forms.base import attempt, tell_errors
from cunjing.console.forms.questions import AnswerForm, CloseForm
from cunjing.console.requests import ConsoleRequest
from cunjing.kernel.permissions import Permission
from cunjing.places.access import why_not, why_not_village
from cunjing.questions import queries
from cunjing.questions.actions import answer, close_question

PAGE_SIZE = 50
CLOSE = Permission.QUESTION_CLOSE


@require_GET
def questions(request: ConsoleRequest) -> HttpResponse:
    """Questions to the reader, and those they may close; in the order they were asked."""
    actor = request.actor
    if not actor.holds_any((CLOSE, Permission.RECORD_WRITE)):
        raise forbidden(why_not(actor=actor, permission=CLOSE))
    page = Paginator(queries.waiting(actor=actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [queries.asked(row, actor=actor) for row in page.object_list],
    }
    return render(request, "console/questions.html", context)


@require_GET
def question(request: ConsoleRequest, question_id: UUID) -> HttpResponse:
    """One question with its answer and how it was closed."""
    asked = queries.question_of(actor=request.actor, question_id=question_id)
    context = {
        "asked": asked,
        "answer_form": AnswerForm(),
        "close_form": CloseForm(),
        "close_refusal": why_not_village(
            actor=request.actor, permission=CLOSE, village_code=asked.village_code
        ),
    }
    return render(request, "console/question.html", context)


@require_POST
def answer_question(request: ConsoleRequest, question_id: UUID) -> HttpResponse:
    """Say how it came about."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        done = attempt(
            form, lambda: answer(actor=request.actor, question_id=question_id, text=text)
        )
        if done is not None:
            messages.success(request, _("已答复，由派出所了结。"))
    tell_errors(request, form)
    return redirect("question", question_id=question_id)


@require_POST
def close(request: ConsoleRequest, question_id: UUID) -> HttpResponse:
    """Close a question with a reason."""
    form = CloseForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            lambda: close_question(actor=request.actor, question_id=question_id, reason=reason),
        )
        if done is not None:
            messages.success(request, _("已了结，理由已留存。"))
    tell_errors(request, form)
    return redirect("question", question_id=question_id)
