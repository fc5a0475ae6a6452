"""Importing people from a sheet: template, dry run, then all or nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cunjing.base.errors import Problem, not_found
from cunjing.console import uploads
from cunjing.console.forms.staff import ImportForm
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.console.views.ledgers import XLSX
from cunjing.coverage.people_import import apply_import, plan_import
from cunjing.documents.people import people_template, people_template_csv, read_people
from cunjing.kernel.permissions import Permission

SHOWN = 200


@require_http_methods(["GET", "POST"])
def staff_import(request: ConsoleRequest) -> HttpResponse:
    """Upload a sheet and see what it would change; nothing is written yet."""
    require(request, Permission.STAFF_EDIT)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["sheet"]
        try:
            rows = read_people(stream=upload.file, name=upload.name)
            plan = plan_import(actor=request.actor, rows=rows)
        except Problem as problem:
            context["problem"] = problem
        else:
            upload.file.seek(0)
            context["plan"] = plan
            context["people"] = plan.people[:SHOWN]
            context["hidden"] = max(0, len(plan.people) - SHOWN)
            context["name"] = upload.name
            if not plan.faults:
                context["ticket"] = uploads.keep(upload=upload, user_id=request.user.pk)
    status = 422 if request.method == "POST" and "ticket" not in context else 200
    return render(request, "console/staff_import.html", context, status=status)


@require_POST
def staff_import_apply(request: ConsoleRequest) -> HttpResponse:
    """Import what the dry run showed, all of it or nothing."""
    require(request, Permission.STAFF_EDIT)
    path, name = uploads.waiting(ticket=request.POST.get("ticket", ""), user_id=request.user.pk)
    with path.open("rb") as stream:
        rows = read_people(stream=stream, name=name)
    done = apply_import(actor=request.actor, rows=rows, plan_digest=request.POST.get("digest", ""))
    path.unlink(missing_ok=True)
    messages.success(
        request,
        _(
            "已导入：新增 %(created)d 人，变更 %(changed)d 人，"
            "不变 %(unchanged)d 人，新开包村安排 %(postings)d 项。"
        )
        % {
            "created": done.created,
            "changed": done.changed,
            "unchanged": done.unchanged,
            "postings": done.postings,
        },
    )
    return redirect("staff")


@require_GET
def staff_template(request: ConsoleRequest, form: str) -> HttpResponse:
    """The empty sheet, as xlsx with drop-downs or as csv."""
    require(request, Permission.STAFF_EDIT)
    if form == "csv":
        body, kind = people_template_csv(), "text/csv; charset=utf-8"
    elif form == "xlsx":
        body, kind = people_template(actor=request.actor), XLSX
    else:
        raise not_found("模板只有 xlsx 和 csv 两种，请从“导入名册”页下载。")
    header = content_disposition_header(as_attachment=True, filename=f"人员名册模板.{form}")
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": header or "attachment"}
    )
