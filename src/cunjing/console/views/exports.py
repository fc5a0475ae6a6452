"""Lists taken out as xlsx."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_GET

from cunjing.base.clock import now, today
from cunjing.console.requests import ConsoleRequest
from cunjing.console.views.ledgers import xlsx_response
from cunjing.coverage.queries import current_postings
from cunjing.documents.writing import ExportColumn, Value, xlsx_chunks
from cunjing.fieldwork.actions import note_export
from cunjing.kernel.access import Actor

COLUMNS = (
    ExportColumn("乡镇", 14),
    ExportColumn("村", 18),
    ExportColumn("村代码", 14),
    ExportColumn("人员", 12),
    ExportColumn("警号", 12),
    ExportColumn("岗位", 12),
    ExportColumn("单位", 20),
    ExportColumn("电话", 16),
    ExportColumn("起", 12),
    ExportColumn("止（不含）", 12),
)
TITLE = "包村安排"


@require_GET
def coverage_export(request: ConsoleRequest) -> StreamingHttpResponse:
    """Who serves which village today."""
    actor = request.actor
    note_export(actor=actor, ledger="coverage", filters=today().isoformat())
    note = f"{actor.name} {now():%Y-%m-%d %H:%M}"
    return xlsx_response(
        name=TITLE,
        chunks=lambda: xlsx_chunks(title=TITLE, columns=COLUMNS, rows=_rows(actor), note=note),
    )


def _rows(actor: Actor) -> Iterator[list[Value]]:
    for posting in current_postings(actor=actor):
        yield [
            posting.village.township.name,
            posting.village.name,
            posting.village_id,
            posting.staff.name,
            posting.staff.badge_number,
            posting.get_role_display(),
            posting.staff.unit.name,
            posting.staff.phone,
            posting.valid_from,
            posting.valid_to,
        ]
