"""Whether kept facts hold everything the database says had been received by the watermark, and what
has been written since they were kept.

A record is stamped when it arrives and visible when its transaction commits. A run that reads in
between misses it for good, since it is not late either. Freezing therefore counts both sides.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Count, Q, QuerySet

from cunjing.assessment.arrow import table_of
from cunjing.assessment.facts_tables import judged_tables
from cunjing.assessment.models import Run
from cunjing.assessment.reach import Reach
from cunjing.assessment.revisions import question_of
from cunjing.assessment.rules import period_of
from cunjing.assessment.storage import facts_folder, spoilt
from cunjing.base.errors import conflict
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Jurisdiction
from cunjing.policy.measures import EventMeasure
from cunjing.policy.periods import Period, start_of_day

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
Said = Mapping[str, frozenset[tuple[object, ...]]]

NAMES = {
    "postings": "包村安排",
    "absences": "请假",
    "staff": "人员的家庭所在村或培训日期",
    "sync": "数据收齐的确认",
    "villages": "村的资料",
    "village_units": "村归哪个单位管",
    "township_adjacency": "乡镇相邻关系",
}
"""Tables beside the records that verdicts are made of, and what they are called."""


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
    changed = changed_tables(run, present=present_tables(run.scope))
    if changed:
        found.append(f"改过{'、'.join(changed)}")
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


def present_tables(scope: str) -> Tables:
    """The tables of `NAMES` as they would be kept now, of everybody posted in the scope."""
    return {
        name: table_of(name, rows).to_pylist()
        for name, rows in judged_tables(reach=Reach((scope,)))
    }


def changed_tables(run: Run, *, present: Tables) -> list[str]:
    """What else of the run's period is not as it was kept, or when nothing came of it, by its
    Chinese name."""
    period = period_of(run.period)
    digest = run.looked_facts or run.facts_digest
    kept = {name: kept_rows(digest, name) for name in NAMES}
    was, now_is = _said(kept, period=period), _said(present, period=period)
    return [label for name, label in NAMES.items() if was[name] != now_is[name]]


def kept_rows(digest: str, name: str) -> list[dict[str, Any]]:
    """The rows of one of the kept tables. Raises Problem where it is not there any more."""
    try:
        table = pq.read_table(facts_folder(digest) / f"{name}.parquet")
    except (OSError, pa.ArrowException) as error:
        raise spoilt(digest) from error
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def _said(tables: Tables, *, period: Period) -> Said:
    """Of each table what can matter in the period."""
    serving = {
        row["staff_id"]
        for row in tables["postings"]
        if row["valid_from"] < period.end
        and (row["valid_to"] is None or row["valid_to"] > period.start)
    }
    readers: dict[str, Callable[[Row], tuple[object, ...] | None]] = {
        "postings": lambda row: _interval(row, period, "posting_id", "village_code", "role"),
        "absences": lambda row: _absence(row, period) if row["staff_id"] in serving else None,
        "staff": lambda row: _person(row) if row["staff_id"] in serving else None,
        "sync": lambda row: _arrived(row, period) if row["staff_id"] in serving else None,
        "villages": lambda row: _then(row, period, "village_code", "township_code", "layer"),
        "village_units": lambda row: _then(row, period, "village_code", "unit_code"),
        "township_adjacency": lambda row: (row["township_code"], row["adjacent_code"]),
    }
    return {
        name: frozenset(said for row in tables[name] if (said := read(row)) is not None)
        for name, read in readers.items()
    }


def _interval(row: Row, period: Period, *columns: str) -> tuple[object, ...] | None:
    """What holds before the period's end. When it ends later does not matter."""
    start: date | None = row["valid_from"]
    end: date | None = row["valid_to"]
    if start is not None and start >= period.end:
        return None
    still = end is None or end >= period.end
    return (*(row[column] for column in columns), start, None if still else end)


def _then(row: Row, period: Period, *columns: str) -> tuple[object, ...] | None:
    """What holds on a day of the period; so no village elsewhere that is somebody's home."""
    end: date | None = row["valid_to"]
    return None if end and end <= period.start else _interval(row, period, *columns)


def _absence(row: Row, period: Period) -> tuple[object, ...] | None:
    first, end = max(row["date_from"], period.start), min(row["date_to"], period.end)
    return (row["staff_id"], first, end) if first < end else None


def _person(row: Row) -> tuple[object, ...]:
    return row["staff_id"], row["home_village_code"], row["trained_on"]


def _arrived(row: Row, period: Period) -> tuple[object, ...] | None:
    """Whose records have all come: a later confirmation says no more, an earlier one nothing."""
    return (row["staff_id"],) if row["last_sync_at"] >= start_of_day(period.end) else None


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
