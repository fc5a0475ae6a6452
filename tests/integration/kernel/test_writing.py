"""Nothing is written without a trace, and a digest holds for the row read again."""

from datetime import UTC, date, datetime

import pytest
from django.db import models
from tests.support.fieldwork_factories import County, hazard, information, visit

from cunjing.fieldwork.actions import record_many
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, AuditVerb, Change
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, canonical, record_digest, state_of, writing
from cunjing.matters.actions import open_matter
from cunjing.places.models import Unit, Village
from cunjing.staffing.models import Staff

SYSTEM = Actor.for_system("demo")


def assert_same_when_read_again(row: models.Model) -> None:
    again = type(row)._default_manager.get(pk=row.pk)
    assert canonical(state_of(row)) == canonical(state_of(again))


def test_rows_just_written_and_rows_read_again_have_one_digest(world: County) -> None:
    """Moments with odd zones and microseconds, JSON, enums, floats, strings for keys."""
    item = visit(world, occurred_at=datetime(2026, 9, 10, 1, 2, 3, 456789, tzinfo=UTC))
    for recorded in record_many(actor=world.as_officer, items=[item, information(world)]):
        assert_same_when_read_again(recorded.record)
    assert_same_when_read_again(open_matter(actor=world.as_officer, item=hazard(world)).matter)
    village = Village.objects.create(
        code="990201101209",
        name="村",
        township_id="990201101",
        kind="village",
        longitude=117,
        latitude=33.123456789012345,
        valid_from=date(2026, 1, 1),
    )
    assert_same_when_read_again(village)
    staff = Staff.objects.create(
        badge_number="演9",
        name="演示",
        role="beat_officer",
        unit=Unit.objects.first(),
        home_village_id="990201101209",
        user_id=None,
    )
    assert_same_when_read_again(staff)
    for entry in AuditEntry.objects.all():
        assert_same_when_read_again(entry)


def test_a_write_without_a_note_is_rolled_back(world: County) -> None:
    def forget() -> None:
        with writing(actor=SYSTEM, permission=Permission.STAFF_EDIT):
            Staff.objects.update(name="改")

    with pytest.raises(RuntimeError, match="without an audit entry"):
        forget()
    assert not Staff.objects.filter(name="改").exists()


def test_a_failing_action_leaves_neither_row_nor_trace(world: County) -> None:
    def fail() -> None:
        with writing(actor=SYSTEM, permission=Permission.STAFF_EDIT) as write:
            write.note(world.officer, AuditVerb.CHANGED)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert AuditEntry.objects.count() == Change.objects.count() == 0


def test_a_record_without_key_cannot_be_noted(world: County) -> None:
    write = Write(actor=SYSTEM, permission=Permission.STAFF_EDIT)
    with pytest.raises(ValueError, match="after it was written"):
        write.note(Change(scope="x", record_type="x", record_id="x"), AuditVerb.CREATED)


def test_scopes_are_told_and_the_digest_is_salted(world: County) -> None:
    with writing(actor=SYSTEM, permission=Permission.STAFF_EDIT) as write:
        write.note(world.officer, AuditVerb.CHANGED, village_code="1", scopes=("2", "3"))
        write.note(world.officer, AuditVerb.CHANGED, village_code="1")
        write.note_use("fieldwork.ledger", "all", AuditVerb.EXPORTED)
    assert sorted(Change.objects.values_list("scope", flat=True)) == ["1", "2", "3"]
    first, second, use = AuditEntry.objects.order_by("id")
    assert first.record_digest != second.record_digest
    assert first.record_digest == record_digest(world.officer, salt=bytes(first.salt or b""))
    assert use.record_digest == ""
