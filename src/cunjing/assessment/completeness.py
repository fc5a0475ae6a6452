"""Whether kept facts hold everything the database says had been received by the watermark.

A record is stamped when it arrives and visible when its transaction commits. A run that reads in
between misses it for good, since it is not late either. Freezing therefore counts both sides.
"""

import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Count, Q

from cunjing.assessment.models import Run
from cunjing.assessment.storage import facts_folder
from cunjing.base.errors import conflict
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Jurisdiction
from cunjing.kernel.queries import written_since
from cunjing.staffing.models import Absence


def check_complete(run: Run) -> None:
    """Raise where the run's facts lack a record, or a withdrawal, received by its watermark."""
    if _kept(run) != _stored(run):
        raise conflict(
            "计算时有记录正在入库，保存的事实数据不全。请重新运行考评，再定稿。", run=str(run.pk)
        )


def _kept(run: Run) -> tuple[int, int]:
    path = facts_folder(run.facts_digest) / "events.parquet"
    events = pq.read_table(
        path,
        columns=["received_at", "voided_at"],
        filters=[
            ("local_date", ">=", run.period_start),
            ("local_date", "<", run.period_end),
            ("received_at", "<=", run.watermark),
        ],
    )
    void = pc.sum(pc.less_equal(events.column("voided_at"), run.watermark)).as_py()
    return events.num_rows, void or 0


def _stored(run: Run) -> tuple[int, int]:
    found = WorkRecord.objects.filter(
        Jurisdiction(prefixes=frozenset({run.scope})).q("village_id"),
        local_date__gte=run.period_start,
        local_date__lt=run.period_end,
        received_at__lte=run.watermark,
    )
    counted = found.aggregate(
        records=Count("pk"), void=Count("pk", filter=Q(voided_at__lte=run.watermark))
    )
    return counted["records"], counted["void"]


def check_current(run: Run) -> None:
    """Raise where postings or absences in the run's villages were written since it was computed."""
    within = Jurisdiction(prefixes=frozenset({run.scope}))
    postings = written_since(run.started_at, record_type=Posting._meta.label_lower)
    absences = written_since(run.started_at, record_type=Absence._meta.label_lower)
    if (
        Posting.objects.filter(within.q("village_id"), pk__in=postings).exists()
        or Absence.objects.filter(within.q("staff__postings__village_id"), pk__in=absences).exists()
    ):
        raise conflict("这次计算之后又调整过包村安排或请假。请先重新计算、核对，再定稿。")
