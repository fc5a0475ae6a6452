"""Noting how far work has arrived, and exports."""

from datetime import timedelta

import pytest
from tests.support.fieldwork_factories import County, at, tomorrow

from cunjing.base.clock import now
from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.fieldwork.actions import note_export, note_sync
from cunjing.fieldwork.models import SyncChannel, SyncState
from cunjing.fieldwork.summaries import last_syncs
from cunjing.kernel.models import AuditEntry, AuditVerb


def test_an_officer_notes_that_all_has_arrived(world: County) -> None:
    before = now()
    state = note_sync(
        actor=world.as_officer, staff_id=world.officer.pk, channel=SyncChannel.CONSOLE
    )
    assert state.last_sync_at >= before
    assert last_syncs(actor=world.as_station) == {world.officer.pk: state}
    assert last_syncs(actor=world.as_officer) == {world.officer.pk: state}
    assert last_syncs(actor=world.as_stranger) == {}


def test_the_time_never_goes_back(world: County) -> None:
    for moment in (at(20), at(10), at(25)):
        note_sync(
            actor=world.as_station,
            staff_id=world.officer.pk,
            channel=SyncChannel.PAPER,
            at=moment,
        )
    assert SyncState.objects.get().last_sync_at == at(25)
    assert AuditEntry.objects.count() == 2


def test_a_time_to_come_is_refused(world: County) -> None:
    with pytest.raises(Problem) as caught:
        note_sync(
            actor=world.as_officer,
            staff_id=world.officer.pk,
            channel=SyncChannel.API,
            at=tomorrow() + timedelta(days=1),
        )
    assert caught.value.kind is ProblemKind.INVALID


def test_nobody_notes_for_people_they_do_not_write_for(world: County) -> None:
    for someone, kind in (
        (world.as_auxiliary, ProblemKind.NOT_FOUND),
        (world.as_auditor, ProblemKind.FORBIDDEN),
        (world.as_stranger, ProblemKind.NOT_FOUND),
    ):
        with pytest.raises(Problem) as caught:
            note_sync(actor=someone, staff_id=world.officer.pk, channel=SyncChannel.API)
        assert caught.value.kind is kind
    with pytest.raises(Problem) as caught:
        note_sync(actor=world.as_station, staff_id=new_id(), channel=SyncChannel.API)
    assert caught.value.kind is ProblemKind.NOT_FOUND


def test_an_export_is_noted(world: County) -> None:
    note_export(actor=world.as_station, ledger="village_visit", filters="2026年9月")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.record_id) == (AuditVerb.EXPORTED, "village_visit")
    with pytest.raises(Problem) as caught:
        note_export(actor=world.as_officer, ledger="village_visit", filters="")
    assert caught.value.kind is ProblemKind.FORBIDDEN
