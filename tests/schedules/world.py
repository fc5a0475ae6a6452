"""Where schedules play: a county of three villages, two officers, three phones; made once, then
brought back to its beginning before each schedule.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.db import connection, transaction
from tests.support.accounts_factories import BEGAN
from tests.support.driven_phones import Phones
from tests.support.fieldwork_factories import COUNTY, STATION, TOWNSHIP, V1, V2, county
from tests.support.sync_phone import give

from cunjing.accounts.models import User
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.places.models import Hamlet, Household, Village, VillageUnit
from cunjing.staffing.models import Staff
from cunjing.sync.enrolment import create_enrolment_code
from cunjing.sync.keys import server_key

__all__ = [
    "COUNTY", "V1", "V2", "V3", "Memory", "Person", "Rollback", "Store", "World", "make", "system",
]  # fmt: skip

V3 = f"{TOWNSHIP}203"
CODES = (V1, V2, V3)
OWNERS = (0, 0, 1)
"""Whose each phone is: the first officer has two."""


@dataclass(frozen=True, slots=True)
class Person:
    """An officer: account, staff entry, the villages granted at the beginning."""

    user: UUID
    staff: UUID
    villages: frozenset[str]


@dataclass(frozen=True, slots=True)
class World:
    """The beginning of every schedule. `devices` are ids of the phones as enrolled."""

    people: tuple[Person, ...]
    devices: tuple[UUID, ...]
    folder: Path

    def kept(self, phone: int) -> Path:
        """Where the phone lies as it was when the world was made."""
        return self.folder / f"made-{phone}"


class Store(Protocol):
    """The server's database, to be put back."""

    def begin(self) -> None:
        """The state at the beginning of every schedule."""

    def keep(self) -> None:
        """Make a backup."""

    def back(self) -> bool:
        """Put the server back to the backup; whether there is one."""


class Memory:
    """SQLite in memory, with real commits: the whole database is copied."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self._made = self._copy()
        self._kept: sqlite3.Connection | None = None

    def begin(self) -> None:
        self._made.backup(connection.connection)
        self._kept = None

    def keep(self) -> None:
        self._kept = self._copy()

    def back(self) -> bool:
        if self._kept is None:
            return False
        self._kept.backup(connection.connection)
        return True

    def _copy(self) -> sqlite3.Connection:
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(copy)
        return copy


class Rollback:
    """Any database: each schedule in a transaction that is undone; commits within it are
    savepoints."""

    def __init__(self) -> None:
        self._atomic: transaction.Atomic | None = None
        self._kept: str | None = None

    def begin(self) -> None:
        self.end()
        self._kept = None
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def end(self) -> None:
        """Undo the schedule that was played last."""
        if self._atomic is not None:
            transaction.set_rollback(True)
            self._atomic.__exit__(None, None, None)
            self._atomic = None

    def keep(self) -> None:
        self._kept = transaction.savepoint()

    def back(self) -> bool:
        if self._kept is None:
            return False
        transaction.savepoint_rollback(self._kept)
        return True


@cache
def system() -> Actor:
    """The system; how far it reaches is found out once, since no unit comes or goes."""
    return Actor.for_system("schedules")


def make(folder: Path) -> World:
    """Make the county in the database and enrol the phones, each pulled once."""
    here = county()
    Village.objects.create(
        code=V3, name="村三", township_id=TOWNSHIP, kind="village", valid_from=BEGAN
    )
    VillageUnit.objects.create(village_id=V3, unit_id=STATION, valid_from=BEGAN)
    user = User.objects.create(username="demo-bo", display_name="演示柏")
    other = Staff.objects.create(
        badge_number="演3", name="演示柏", role="liaison_officer", unit_id=STATION, user=user
    )
    for village in (V2, V3):
        Posting.objects.create(village_id=village, staff=other, role=other.role, valid_from=BEGAN)
    for number, village in enumerate((V2, V2, V3), start=6):
        Household.objects.create(village_id=village, address=f"演示{number}号")
    Hamlet.objects.create(village_id=V1, name="东组")
    assert here.officer.user is not None
    people = (
        Person(here.officer.user.pk, here.officer.pk, frozenset({V1, V2})),
        Person(user.pk, other.pk, frozenset({V2, V3})),
    )
    for person in people:
        for village in sorted(person.villages):
            give(User.objects.get(pk=person.user), village)
    return World(people, tuple(_enrolled(folder, people)), folder)


def _enrolled(folder: Path, people: tuple[Person, ...]) -> Iterator[UUID]:
    with _phones(folder) as phones:
        for number, owner in enumerate(OWNERS):
            name = f"made-{number}"
            phones.act(name, "create")
            code = create_enrolment_code(actor=system(), user_id=people[owner].user).secret
            phones.act(name, "enrol", code=code, fingerprint=server_key().fingerprint)
            phones.act(name, "sync")
            yield UUID(phones.act(name, "dump")["device"])


@contextmanager
def _phones(folder: Path) -> Iterator[Phones]:
    phones = Phones(folder)
    try:
        yield phones
    finally:
        phones.close()
