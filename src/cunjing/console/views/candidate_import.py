"""Matching attributes from a sheet: what there is to fill in, dry run, then all or nothing."""

from collections.abc import Iterator
from typing import BinaryIO

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.console import uploads
from cunjing.console.forms.staff import ImportForm
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.console.views.ledgers import xlsx_response
from cunjing.coverage.import_plan import ImportRow
from cunjing.documents.reading import read_sheet
from cunjing.documents.sheets import Column
from cunjing.documents.writing import ExportColumn, Value, xlsx_chunks
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.rostering.actions.candidate_import import apply_candidates, plan_candidates
from cunjing.rostering.candidate_columns import CANDIDATE_COLUMNS
from cunjing.rostering.queries.candidates import sheet_rows

SHOWN = 200
TITLE = "匹配条件"
RIGHT = Permission.CANDIDACY_EDIT
COLUMNS = tuple(
    Column(field=one.field, title=one.title, required=one.required) for one in CANDIDATE_COLUMNS
)


@require_http_methods(["GET", "POST"])
def candidate_import(request: ConsoleRequest) -> HttpResponse:
    """Upload a sheet and see what it would change; nothing is written yet."""
    require(request, RIGHT)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "columns": CANDIDATE_COLUMNS}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["sheet"]
        try:
            rows = _read(upload.file, name=upload.name)
            plan = plan_candidates(actor=request.actor, rows=rows)
        except Problem as problem:
            context["problem"] = problem
        else:
            upload.file.seek(0)
            shown = [one for one in plan.people if one.changes]
            context |= {"plan": plan, "people": shown[:SHOWN], "name": upload.name}
            context["hidden"] = max(0, len(shown) - SHOWN)
            if not plan.faults:
                context["ticket"] = uploads.keep(upload=upload, user_id=request.user.pk)
    status = 422 if request.method == "POST" and "ticket" not in context else 200
    return render(request, "console/candidate_import.html", context, status=status)


@require_POST
def candidate_import_apply(request: ConsoleRequest) -> HttpResponse:
    """Import what the dry run showed, all of it or nothing."""
    require(request, RIGHT)
    path, name = uploads.waiting(ticket=request.POST.get("ticket", ""), user_id=request.user.pk)
    with path.open("rb") as stream:
        rows = _read(stream, name=name)
    done = apply_candidates(
        actor=request.actor, rows=rows, plan_digest=request.POST.get("digest", "")
    )
    path.unlink(missing_ok=True)
    messages.success(request, _("已导入：%(n)d 人有变化。") % {"n": done.changed})
    return redirect("holds")


@require_GET
def candidate_sheet(request: ConsoleRequest) -> StreamingHttpResponse:
    """The sheet with everybody and what is known of them, to fill in and upload."""
    require(request, RIGHT)
    columns = [ExportColumn(one.title, one.width) for one in CANDIDATE_COLUMNS]
    actor = request.actor
    return xlsx_response(
        name=TITLE,
        chunks=lambda: xlsx_chunks(title=TITLE, columns=columns, rows=_rows(actor)),
    )


def _read(stream: BinaryIO, *, name: str) -> list[ImportRow]:
    sheet = read_sheet(stream=stream, name=name, columns=COLUMNS)
    return [ImportRow(number=row.number, cells=row.cells) for row in sheet.rows]


def _rows(actor: Actor) -> Iterator[list[Value]]:
    for row in sheet_rows(actor=actor, on=today()):
        yield [row.get(one.field, "") for one in CANDIDATE_COLUMNS]
