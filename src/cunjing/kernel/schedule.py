"""The clockwork: a table of jobs with cron times in Asia/Shanghai, enqueued when they are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from croniter import croniter
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from cunjing.base.clock import SHANGHAI, now
from cunjing.kernel.models import Schedule


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One job by the clock: `cron` has five fields (Asia/Shanghai), `task` is a dotted path."""

    name: str
    cron: str
    task: str


def next_time(cron: str, *, after: datetime) -> datetime:
    """The first moment of `cron` after `after`, in Asia/Shanghai. ValueError for a bad cron."""
    moment: datetime = croniter(cron, after.astimezone(SHANGHAI)).get_next(datetime)
    return moment


def register(entries: Iterable[Scheduled]) -> None:
    """Make the table equal to `entries`; a job whose times did not change keeps its next run."""
    wanted = {entry.name: entry for entry in entries}
    with transaction.atomic():
        Schedule.objects.exclude(name__in=wanted).delete()
        kept = {row.name: row for row in Schedule.objects.select_for_update()}
        for name, entry in wanted.items():
            row = kept.get(name)
            if row is None or (row.cron, row.task) != (entry.cron, entry.task):
                Schedule.objects.update_or_create(
                    name=name,
                    defaults={
                        "cron": entry.cron,
                        "task": entry.task,
                        "next_at": next_time(entry.cron, after=now()),
                    },
                )


def enqueue_due(*, at: datetime) -> list[str]:
    """Enqueue each job that is due at `at`, once however many runs were missed; returns the names.

    A job still waiting in the queue is not enqueued again. The queue row and the next run commit
    together, so a crash neither loses nor doubles a run.
    """
    started = []
    with transaction.atomic():
        due = Schedule.objects.filter(next_at__lte=at).order_by("next_at")
        for row in due.select_for_update(skip_locked=True):
            if not _waiting(row.task):
                _task(row.task).enqueue()
                started.append(row.name)
            row.last_at, row.next_at = at, next_time(row.cron, after=at)
            row.save(update_fields=["last_at", "next_at"])
    return started


def _waiting(path: str) -> bool:
    return DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists()


def _task(path: str) -> Task[[], object]:
    task = import_string(path)
    if not isinstance(task, Task):
        raise TypeError(f"{path} is not a task")
    return task
