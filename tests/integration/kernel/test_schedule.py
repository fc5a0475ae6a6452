"""The clockwork: what is due is enqueued once, in Shanghai time."""

from datetime import UTC, datetime, timedelta

import pytest
from croniter import CroniterBadCronError
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult
from tests.support.fieldwork_factories import at

from cunjing.base.clock import now
from cunjing.config.schedule import SCHEDULE
from cunjing.kernel.models import Schedule
from cunjing.kernel.queries import timetable
from cunjing.kernel.schedule import Scheduled, enqueue_due, next_time, register

COUNT = "tests.support.kernel_factories.count"
HOURLY = Scheduled(name="hourly", cron="0 * * * *", task=COUNT)

pytestmark = pytest.mark.django_db


def test_times_are_those_of_shanghai() -> None:
    after = datetime(2026, 9, 10, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    assert next_time("5 0 * * *", after=after) == at(11, 0, 5)


@pytest.mark.parametrize("entry", SCHEDULE, ids=lambda entry: entry.name)
def test_every_entry_names_a_task_and_a_time(entry: Scheduled) -> None:
    assert isinstance(import_string(entry.task), Task)
    assert next_time(entry.cron, after=now()) > now()


def test_the_table_follows_the_entries() -> None:
    register([HOURLY, Scheduled(name="old", cron="0 1 * * *", task=COUNT)])
    Schedule.objects.filter(name="hourly").update(next_at=at(1))
    register([HOURLY])
    assert [line.next_at for line in timetable()] == [at(1)]
    register([Scheduled(name="hourly", cron="30 * * * *", task=COUNT)])
    assert timetable()[0].next_at > now()


def test_a_bad_time_is_refused() -> None:
    with pytest.raises(CroniterBadCronError):
        register([Scheduled(name="x", cron="61 * * * *", task=COUNT)])


def test_what_is_due_is_enqueued_once_however_long_it_was_missed() -> None:
    register([HOURLY])
    Schedule.objects.update(next_at=at(1))
    assert enqueue_due(at=at(5, 9, 30)) == ["hourly"]
    assert enqueue_due(at=at(5, 9, 31)) == []
    row = Schedule.objects.get()
    assert (row.last_at, row.next_at) == (at(5, 9, 30), at(5, 10))
    assert DBTaskResult.objects.count() == 1


def test_a_job_that_still_waits_is_not_enqueued_again() -> None:
    register([HOURLY])
    Schedule.objects.update(next_at=at(1))
    enqueue_due(at=at(5))
    assert enqueue_due(at=at(5) + timedelta(hours=3)) == []
    assert DBTaskResult.objects.count() == 1


def test_a_path_that_is_no_task_is_our_fault() -> None:
    register([Scheduled(name="x", cron="* * * * *", task="cunjing.base.clock.now")])
    Schedule.objects.update(next_at=at(1))
    with pytest.raises(TypeError, match="not a task"):
        enqueue_due(at=at(5))
    assert Schedule.objects.get().next_at == at(1)
