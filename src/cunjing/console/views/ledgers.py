"""Ledgers: every kind of work and of matters, filtered, paged, exported. None is typed again."""

from collections.abc import Callable, Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cunjing.base.clock import now, today
from cunjing.base.errors import not_found
from cunjing.console.forms.ledgers import LedgerForm
from cunjing.console.requests import ConsoleRequest
from cunjing.console.rights import require
from cunjing.documents.writing import ExportColumn, Value, xlsx_chunks
from cunjing.fieldwork import queries as fieldwork
from cunjing.fieldwork.actions import note_export
from cunjing.fieldwork.filters import LedgerFilter
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.permissions import Permission
from cunjing.matters import queries as matters
from cunjing.matters.models import MatterKind
from cunjing.places import queries as places
from cunjing.places.access import why_not

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECORD_COLUMNS: tuple[ExportColumn, ...] = (
    ExportColumn("日期", 12), ExportColumn("村", 18), ExportColumn("村代码", 14),
    ExportColumn("人员", 12), ExportColumn("警号", 12), ExportColumn("细类", 14),
    ExportColumn("住户", 22), ExportColumn("内容", 48), ExportColumn("状态", 8),
    ExportColumn("发生时间", 18), ExportColumn("收到时间", 18), ExportColumn("记录编号", 38),
)  # fmt: skip
MATTER_COLUMNS: tuple[ExportColumn, ...] = (
    ExportColumn("受理时间", 18), ExportColumn("村", 18), ExportColumn("村代码", 14),
    ExportColumn("细类", 14), ExportColumn("地点", 22), ExportColumn("情况", 48),
    ExportColumn("层级", 8), ExportColumn("登记人", 12), ExportColumn("编号", 38),
)  # fmt: skip


@require_GET
def ledgers(request: ConsoleRequest) -> HttpResponse:
    """Which ledgers there are and what each holds this month."""
    actor = request.actor
    require(request, Permission.RECORD_READ)
    first = today().replace(day=1)
    records = fieldwork.counts(actor=actor, chosen=LedgerFilter(date_from=first))
    opened = matters.counts(actor=actor, chosen=matters.MatterFilter(date_from=first))
    context = {
        "records": [(kind, records.get(kind, 0)) for kind in RecordKind],
        "matters": [(kind, opened.get(kind, 0)) for kind in MatterKind],
    }
    return render(request, "console/ledgers.html", context)


@require_GET
def ledger(request: ConsoleRequest, kind: str) -> HttpResponse:
    """One ledger."""
    actor = request.actor
    require(request, Permission.RECORD_READ)
    form = LedgerForm(request.GET, townships=places.townships(actor=actor))
    form.is_valid()
    cursor = form.cleaned_data.get("cursor", "")
    context: dict[str, object] = {
        "form": form,
        "kind": kind,
        "export_refusal": why_not(actor=actor, permission=Permission.LEDGER_EXPORT),
        "query": request.GET.urlencode(),
    }
    if kind in RecordKind:
        chosen = form.record_filter(RecordKind(kind))
        context["label"] = RecordKind(kind).label
        context["page"] = fieldwork.ledger(actor=actor, chosen=chosen, cursor=cursor)
        return render(request, "console/ledger.html", context)
    matter_kind = _matter_kind(kind)
    context["label"] = matter_kind.label
    context["page"] = matters.ledger(
        actor=actor, chosen=form.matter_filter(matter_kind), cursor=cursor
    )
    return render(request, "console/matter_ledger.html", context)


@require_GET
def export(request: ConsoleRequest, kind: str) -> StreamingHttpResponse:
    """The ledger as an xlsx that streams; what was taken out is noted in the audit chain."""
    actor = request.actor
    form = LedgerForm(request.GET, townships=places.townships(actor=actor))
    form.is_valid()
    if kind not in RecordKind:
        _matter_kind(kind)
    note_export(actor=actor, ledger=kind, filters=request.GET.urlencode()[:200])
    rows: Iterator[list[Value]]
    if kind in RecordKind:
        label, columns = RecordKind(kind).label, RECORD_COLUMNS
        chosen = form.record_filter(RecordKind(kind))
        rows = map(_record_line, fieldwork.stream(actor=actor, chosen=chosen))
    else:
        matter_kind = _matter_kind(kind)
        label, columns = matter_kind.label, MATTER_COLUMNS
        opened = matters.stream(actor=actor, chosen=form.matter_filter(matter_kind))
        rows = map(_matter_line, opened)
    title = _("%(label)s台账") % {"label": _(label)}
    note = f"{actor.name} {now():%Y-%m-%d %H:%M}"
    return xlsx_response(name=title, chunks=lambda: xlsx_chunks(
        title=title, columns=columns, rows=rows, note=note
    ))  # fmt: skip


def xlsx_response(*, name: str, chunks: Callable[[], Iterator[bytes]]) -> StreamingHttpResponse:
    """A download named with today's date."""
    header = content_disposition_header(
        as_attachment=True, filename=f"{name}-{today():%Y%m%d}.xlsx"
    )
    return StreamingHttpResponse(
        chunks(), content_type=XLSX, headers={"Content-Disposition": header or "attachment"}
    )


def _matter_kind(kind: str) -> MatterKind:
    if kind not in MatterKind:
        raise not_found("没有这种台账。")
    return MatterKind(kind)


def _record_line(row: fieldwork.LedgerRow) -> list[Value]:
    return [
        row.local_date, row.village_name, row.village_code, row.staff_name, row.badge_number,
        row.subkind_label, row.household_address, row.summary, row.state.label, row.occurred_at,
        row.received_at, str(row.id),
    ]  # fmt: skip


def _matter_line(row: matters.MatterRow) -> list[Value]:
    return [
        row.opened_at, row.village_name, row.village_code, row.subkind_label, row.place,
        row.summary, row.level.label, row.opened_by_name, str(row.id),
    ]  # fmt: skip
