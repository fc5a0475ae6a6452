"""Where schedules play: a county of three villages, two officers, three phones; made once, then
brought back to its beginning before each schedule.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.db import connection, transaction
from tests.schedules import bodies
from tests.schedules.bodies import Body
from tests.support.accounts_factories import BEGAN
from tests.support.driven_phones import Phones
from tests.support.fieldwork_factories import COUNTY, STATION, TOWNSHIP, V1, V2, county
from tests.support.sync_phone import give

from cunjing.accounts.actions import grant_role
from cunjing.accounts.models import User
from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.briefings.actions import write_briefing
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.places.models import Hamlet, Household, Village, VillageUnit
from cunjing.questions.actions import ask
from cunjing.questions.models import QuestionKind
from cunjing.questions.rules import Doubt
from cunjing.staffing.models import Staff
from cunjing.sync.enrolment import create_enrolment_code
from cunjing.sync.keys import server_key

__all__ = [
    "CODES", "COUNTY", "V1", "V2", "V3", "V4", "Memory", "Person", "Rollback", "Store", "World",
    "make", "system", "user_of",
]  # fmt: skip

V3, V4 = f"{TOWNSHIP}203", f"{TOWNSHIP}204"
CODES = (V1, V2, V3, V4)
"""The last is founded by a schedule, or never is."""
DAY = timedelta(days=1)
OWNERS = (0, 0, 1)
"""Whose each phone is: the first officer has two."""


@dataclass(frozen=True, slots=True)
class Person:
    """An officer: account, staff entry, the villages granted at the beginning."""

    user: UUID
    staff: UUID
    villages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Begun:
    """A phone as enrolled: its device, what it has recorded and how that was answered, by id, and
    the body of the visit among that."""

    device: UUID
    recorded: Mapping[str, str]
    visit: Body | None


@dataclass(frozen=True, slots=True)
class World:
    """The beginning of every schedule. `chief` is the account of who leads the station; `houses`
    are a household of each village."""

    people: tuple[Person, ...]
    begun: tuple[Begun, ...]
    folder: Path
    chief: UUID
    houses: tuple[UUID, ...]

    @property
    def devices(self) -> list[UUID]:
        """Those of the phones as enrolled."""
        return [one.device for one in self.begun]

    def kept(self, phone: int) -> Path:
        """Where the phone lies as it was when the world was made."""
        return self.folder / _name(phone)


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
def user_of(key: UUID) -> User:
    """An account of the world; none changes while schedules are played."""
    return User.objects.get(pk=key)


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
    chief = User.objects.create(username="chief", display_name="演示所长", unit_code=STATION)
    grant_role(
        actor=system(), user_id=chief.pk, role=Role.STATION_CHIEF, unit_code=STATION,
        valid_from=BEGAN,
    )  # fmt: skip
    homes = Household.objects.filter(address__in=("演示1号", "演示6号", "演示8号"))
    houses = tuple(homes.order_by("address").values_list("pk", flat=True))
    with _phones(folder) as phones:
        begun = tuple(_begun(phones, number, people=people) for number in range(len(OWNERS)))
        _asked()
        write_briefing(actor=system(), village_code=V2, text="第0号简报", valid_until=today() + DAY)
        for number in range(len(OWNERS)):
            phones.act(_name(number), "sync")
    return World(people, begun, folder, chief.pk, houses)


def _begun(phones: Phones, number: int, *, people: tuple[Person, ...]) -> Begun:
    """Enrol a phone; the first of a person has sent a visit with a matter in the shared village."""
    name, person = _name(number), people[OWNERS[number]]
    phones.act(name, "create")
    code = create_enrolment_code(actor=system(), user_id=person.user).secret
    phones.act(name, "enrol", code=code, fingerprint=server_key().fingerprint)
    visit: Body | None = None
    if OWNERS.index(OWNERS[number]) == number:
        text = bodies.text_of(0, owner=OWNERS[number])
        visit = bodies.entry(village=V2, staff=person.staff, text=text, household=None)
        phones.act(name, "record", type="visit_entry", body=visit)
    phones.act(name, "sync")
    dump = phones.act(name, "dump")
    said = {one["id"]: one["state"] for one in dump["outbox"]}
    return Begun(UUID(dump["device"]), said, visit)


def _asked() -> None:
    """There is a question about each visit."""
    facts: dict[str, object] = {"case": "not_posted"}
    visits = WorkRecord.objects.order_by("pk").values_list("pk", flat=True)
    ask(
        actor=system(),
        doubts=[Doubt(QuestionKind.IMPOSSIBLE_TIME, key, facts=facts) for key in visits],
    )


def _name(number: int) -> str:
    return f"made-{number}"


@contextmanager
def _phones(folder: Path) -> Iterator[Phones]:
    phones = Phones(folder)
    try:
        yield phones
    finally:
        phones.close()
