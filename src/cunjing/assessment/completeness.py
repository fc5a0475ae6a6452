"""Whether kept facts hold everything the database says had been received by the watermark, and what
has been written since they were kept.

A record is stamped when it arrives and visible when its transaction commits. A run that reads in
between misses it for good, since it is not late either. Freezing therefore counts both sides.
"""

from datetime import datetime

import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Count, Q, QuerySet

from cunjing.assessment.changes import changes_since, present_tables
from cunjing.assessment.collecting import not_collected
from cunjing.assessment.models import Run
from cunjing.assessment.revisions import question_of
from cunjing.assessment.rules import period_of
from cunjing.assessment.storage import facts_folder
from cunjing.base.errors import conflict
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Jurisdiction
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import EventMeasure


def check_complete(run: Run) -> None:
    """Raise where the run's facts lack a record, or a withdrawal, received by its watermark."""
    if _kept(run) != _stored(run):
        raise conflict(
            "计算时有记录正在入库，保存的事实数据不全。请重新运行考评，再定稿。", run=str(run.pk)
        )


def check_current(run: Run) -> None:
    """Raise where something was written since the run was computed that it could be judged by."""
    came = records_since(run, moment=run.started_at).count()
    found = [f"收到或作废{came}条属于本期的记录"] if came else []
    changed = changes_since(run, present=present_tables(run.scope))
    if changed:
        found.append(f"改过{'、'.join(one.name for one in changed)}")
    current = load_policy(run.policy_id)
    if current.digest != run.policy_digest:
        found.append("换过方案的版本")
    elif not set(not_collected(current, period=period_of(run.period))) <= set(run.left_out):
        found.append("更新过系统，有的规则不再由系统判断")
    if found:
        raise conflict(f"这次计算之后又{'，又'.join(found)}。请先重新计算、核对，再定稿。")


def records_since(run: Run, *, moment: datetime) -> QuerySet[WorkRecord]:
    """Records of the run's scope, period and kinds that were received or withdrawn after a moment;
    none that came after it and are withdrawn already."""
    question = question_of(run)
    kinds = {
        rule.measure.event.kind.value
        for rule in question.policy.rules_for(question.period)
        if isinstance(rule.measure, EventMeasure)
    }
    return WorkRecord.objects.filter(
        Jurisdiction(prefixes=frozenset({run.scope})).q("village_id"),
        Q(received_at__gt=moment, voided_at=None)
        | Q(received_at__lte=moment, voided_at__gt=moment),
        kind__in=sorted(kinds),
        local_date__gte=run.period_start,
        local_date__lt=run.period_end,
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
