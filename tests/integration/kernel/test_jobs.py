"""The worker: runs what is queued, takes over from dead workers, stops when asked."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.support import kernel_factories
from tests.support.fieldwork_factories import County, information

from cunjing.base.clock import now, today
from cunjing.fieldwork.actions import record_work
from cunjing.kernel import tasks
from cunjing.kernel.jobs import ATTEMPTS, KEPT, LEASE, JobRunner, prune, reap
from cunjing.kernel.models import AuditSeal, DailyHead, Schedule
from cunjing.kernel.schedule import Scheduled, register

HOURLY = Scheduled(name="hourly", cron="0 * * * *", task="tests.support.kernel_factories.count")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_runs() -> Iterator[None]:
    kernel_factories.RUNS.clear()
    yield
    kernel_factories.RUNS.clear()


def running(*, minutes: float, attempts: int = 1) -> DBTaskResult:
    """A task claimed by a worker that many minutes ago."""
    kernel_factories.count.enqueue()
    row = DBTaskResult.objects.get()
    row.status, row.started_at = TaskResultStatus.RUNNING, now() - timedelta(minutes=minutes)
    row.worker_ids = ["dead"] * attempts
    row.save()
    return row


def test_a_round_runs_what_is_due_and_what_is_queued() -> None:
    register([HOURLY])
    Schedule.objects.update(next_at=now() - timedelta(minutes=1))
    tasks.seal_audit.enqueue()
    JobRunner(schedule=[HOURLY]).round()
    assert kernel_factories.RUNS == ["count"]
    assert list(DBTaskResult.objects.values_list("status", flat=True)) == ["SUCCESSFUL"] * 2


def test_a_failing_task_is_marked_and_the_next_one_runs() -> None:
    kernel_factories.fail.enqueue()
    kernel_factories.count.enqueue()
    JobRunner(schedule=[]).round()
    assert kernel_factories.RUNS == ["count"]
    failed = DBTaskResult.objects.get(status=TaskResultStatus.FAILED)
    assert "made to fail" in failed.traceback


def test_a_task_of_a_dead_worker_runs_again() -> None:
    row = running(minutes=LEASE.total_seconds() / 60 + 1)
    assert reap(at=now()) == 1
    JobRunner(schedule=[]).round()
    row.refresh_from_db()
    assert row.status == TaskResultStatus.SUCCESSFUL
    assert len(row.worker_ids) == 2


def test_a_task_within_its_lease_is_left_alone() -> None:
    running(minutes=1)
    assert reap(at=now()) == 0
    JobRunner(schedule=[]).round()
    assert kernel_factories.RUNS == []


def test_a_task_that_keeps_dying_is_given_up() -> None:
    row = running(minutes=60, attempts=ATTEMPTS)
    assert reap(at=now()) == 1
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED
    assert "given up" in row.traceback


def test_a_stopped_runner_runs_nothing_more() -> None:
    kernel_factories.count.enqueue()
    runner = JobRunner(schedule=[])
    runner.round()
    runner.stop()
    kernel_factories.count.enqueue()
    runner.run()
    runner.round()
    assert kernel_factories.RUNS == ["count"]


def test_old_results_are_forgotten() -> None:
    kernel_factories.count.enqueue()
    kernel_factories.count.enqueue()
    JobRunner(schedule=[]).round()
    old = DBTaskResult.objects.first()
    assert old is not None
    DBTaskResult.objects.filter(pk=old.pk).update(finished_at=now() - KEPT - timedelta(days=1))
    assert prune(at=now()) == 1
    assert DBTaskResult.objects.count() == 1
    assert tasks.prune_results.call() == 0


def test_the_audit_jobs_seal_and_sign_and_may_run_twice(world: County) -> None:
    assert tasks.sign_yesterday.call() == 0
    record_work(actor=world.as_officer, item=information(world))
    assert (tasks.seal_audit.call(), tasks.seal_audit.call()) == (1, 0)
    AuditSeal.objects.update(sealed_at=now() - timedelta(days=1))
    assert (tasks.sign_yesterday.call(), tasks.sign_yesterday.call()) == (1, 1)
    assert DailyHead.objects.get().day == today() - timedelta(days=1)


def test_the_command_lists_the_timetable(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("jobs", "list")
    printed = capsys.readouterr().out
    assert "seal  * * * * *" in printed
    assert "尚未运行" in printed


@pytest.mark.own_database
def test_the_process_works_until_it_is_told_to_stop(tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("CUNJING_")}
    environment = {**kept, "CUNJING_VAR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [Path(sys.executable).parent / "cunjing", "jobs", "run"]
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={**environment, "DJANGO_SETTINGS_MODULE": "cunjing.config.settings"},
        check=True,
    )
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "后台任务已启动。\n"
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "后台任务已停止。\n")
