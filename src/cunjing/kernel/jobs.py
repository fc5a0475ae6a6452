"""The worker: runs queued tasks, keeps the clockwork going, and takes over from dead workers.

Tasks are idempotent: after `kill -9` a task stays RUNNING, its lease ends, and it runs again.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import close_old_connections
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.kernel.schedule import Scheduled, enqueue_due, register

logger = logging.getLogger(__name__)

# A task that runs longer than this is taken for dead.
LEASE = timedelta(minutes=15)
# A task that died this often is given up: it probably kills its worker.
ATTEMPTS = 3
KEPT = timedelta(days=7)
PAUSE_SECONDS = 1.0
TASKS_A_ROUND = 20


def reap(*, at: datetime) -> int:
    """Queue tasks again whose lease has ended, give up those that keep dying; returns how many."""
    expired = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=at - LEASE
    )
    taken = 0
    for row in expired:
        given_up = len(row.worker_ids) >= ATTEMPTS
        # The filter repeats the state seen: a worker that finished meanwhile keeps its result.
        seen = DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
        )
        if given_up:
            taken += seen.update(
                status=TaskResultStatus.FAILED,
                finished_at=at,
                exception_class_path="builtins.TimeoutError",
                traceback=f"given up after {ATTEMPTS} attempts that never finished",
            )
        else:
            taken += seen.update(status=TaskResultStatus.READY, started_at=None)
        logger.warning("task %s of a lost worker: %s", row.pk, "given up" if given_up else "again")
    return taken


def prune(*, at: datetime) -> int:
    """Delete results of tasks finished longer than `KEPT` ago; returns how many."""
    done = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    deleted, _ = DBTaskResult.objects.filter(status__in=done, finished_at__lt=at - KEPT).delete()
    return deleted


@dataclass(slots=True)
class JobRunner:
    """One process: scheduler, reaper and worker in turn, until `stop` is called."""

    schedule: Sequence[Scheduled]
    stopping: threading.Event = field(default_factory=threading.Event)
    worker: Worker | None = None

    def stop(self) -> None:
        """End after the task that runs now; safe to call from a signal handler."""
        self.stopping.set()
        if self.worker is not None:
            self.worker.running = False

    def run(self) -> None:
        """Work until stopped."""
        register(self.schedule)
        while not self.stopping.is_set():
            self.round()
            self.stopping.wait(PAUSE_SECONDS)

    def round(self) -> None:
        """One turn: take over lost tasks, enqueue what is due, run what is queued."""
        close_old_connections()
        moment = now()
        reap(at=moment)
        for name in enqueue_due(at=moment):
            logger.info("enqueued %s", name)
        self.worker = _worker()
        if not self.stopping.is_set():
            self.worker.run()


def _worker() -> Worker:
    """A worker that ends when the queue is empty, so that the clockwork gets its turn."""
    return Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=TASKS_A_ROUND,
        worker_id=new_id().hex,
        excluded_queue_names=[],
    )
