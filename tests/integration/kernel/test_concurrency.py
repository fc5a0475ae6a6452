"""Several sealers and schedulers at the same moment do the work of one."""

from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult
from tests.support.fieldwork_factories import at, county, information
from tests.support.race import at_once

from cunjing.base.clock import now
from cunjing.fieldwork.actions import record_many, record_work
from cunjing.kernel import audit
from cunjing.kernel.models import AuditEntry, AuditSeal, Schedule
from cunjing.kernel.schedule import Scheduled, enqueue_due, register
from cunjing.kernel.signing import load_key
from cunjing.kernel.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)


def test_sealers_at_once_make_one_chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 7)
    world = county()
    record_many(actor=world.as_officer, items=[information(world) for _ in range(60)])

    def write_and_seal(number: int) -> int:
        record_work(actor=world.as_officer, item=information(world))
        return audit.seal()

    sealed = sum(at_once(write_and_seal)) + audit.seal()
    assert sealed == AuditSeal.objects.count() == AuditEntry.objects.count()
    assert verify(key=load_key(folder=tmp_path)).faults == 0


def test_the_second_of_two_sealers_ends_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Played by hand: it looked for unsealed entries before the first had committed."""
    world = county()
    record_work(actor=world.as_officer, item=information(world))
    waiting = audit._unsealed()
    audit.seal()
    monkeypatch.setattr(audit, "_unsealed", lambda: waiting)
    assert audit.seal() == 0
    assert AuditSeal.objects.count() == 1


def test_schedulers_at_once_enqueue_once() -> None:
    task = "tests.support.kernel_factories.count"
    register([Scheduled(name="hourly", cron="0 * * * *", task=task)])
    Schedule.objects.update(next_at=at(1))
    moment = now()
    at_once(lambda _: enqueue_due(at=moment))
    assert DBTaskResult.objects.count() == 1
