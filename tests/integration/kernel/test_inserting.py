"""Rows inserted fast are the rows that saving one by one makes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from cunjing.base.clock import SHANGHAI
from cunjing.kernel.inserting import insert_rows, insert_values, save_columns
from cunjing.kernel.models import AuditEntry, AuditVerb, Change, Schedule

pytestmark = pytest.mark.django_db
MOMENTS = (
    datetime(2026, 9, 10, 8, tzinfo=SHANGHAI),
    datetime(2026, 9, 10, 8, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-11))),
)


def saved(rows: Sequence[models.Model]) -> None:
    """One by one, as Django does it."""
    for row in rows:
        row.save(force_insert=True)


def read(insert: Callable[[Sequence[Any]], None]) -> list[tuple[object, ...]]:
    """Write rows with values of every kind, and what is read of them."""
    common = {"actor_name": "甲'\"", "permission": "", "record_type": "x", "algorithm": "sha256"}
    rows = [
        AuditEntry(at=at, verb=AuditVerb.CREATED, salt=b"\x00\xff", record_id=str(n), **common)
        for n, at in enumerate(MOMENTS)
    ]
    rows.append(AuditEntry(at=MOMENTS[0], verb="read", salt=None, record_id="3", **common))
    with transaction.atomic():
        insert(rows)
        names = [f.attname for f in AuditEntry._meta.concrete_fields if f.attname != "id"]
        found = list(AuditEntry.objects.order_by("record_id").values_list(*names))
        transaction.set_rollback(True)
    assert not any(row._state.adding for row in rows)
    return found


def test_every_kind_of_value_is_stored_as_saving_stores_it() -> None:
    assert read(insert_rows) == read(saved)


def test_the_database_gives_the_keys_it_makes() -> None:
    rows = [Change(scope="9", record_type="x", record_id=str(n), at=MOMENTS[n]) for n in range(3)]
    insert_rows(rows)
    found = Change.objects.order_by("id").values_list("record_id", "at", "number")
    assert list(found) == [(str(n), MOMENTS[n], None) for n in range(3)]


def test_all_rows_or_none() -> None:
    row = Change(scope="9", record_type="x", record_id="1", number=1)
    again = Change(scope="9", record_type="x", record_id="2", number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([row, again])
    insert_rows([])
    assert not Change.objects.exists()


def test_a_row_that_is_there_under_its_key_gets_the_values_instead() -> None:
    names = ("name", "cron", "task", "next_at")
    insert_values(Schedule, names, [("a", "1", "x", MOMENTS[0]), ("b", "2", "x", MOMENTS[0])])
    again = [("b", "3", "y", MOMENTS[1]), ("c", "4", "y", MOMENTS[2])]
    insert_values(Schedule, names, again, keys=("name",))
    found = list(Schedule.objects.order_by("name").values_list(*names))
    assert found == [("a", "1", "x", MOMENTS[0]), *again]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_values(Schedule, names, again)


def test_columns_of_a_row_are_saved_and_no_others() -> None:
    names = ("name", "cron", "task", "next_at")
    insert_values(Schedule, names, [("a", "1", "x", MOMENTS[0]), ("b", "2", "x", MOMENTS[0])])
    row = Schedule.objects.get(name="a")
    row.cron, row.task, row.next_at, row.last_at = "5", "z", MOMENTS[1], MOMENTS[2]
    save_columns(row, "cron", "next_at", "last_at")
    found = Schedule.objects.order_by("name").values_list(*names, "last_at")
    assert list(found) == [("a", "5", "x", *MOMENTS[1:]), ("b", "2", "x", MOMENTS[0], None)]
    row.name = "c"
    with pytest.raises(LookupError):
        save_columns(row, "cron")
