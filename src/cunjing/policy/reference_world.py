"""What the reference interpreter looks at: the facts as lists, the period, the watermark.

Nothing is precomputed but a few groupings of rows by an id; each question is answered by looking
through the rows in the words of the contract.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from cunjing.policy.facts import Facts
from cunjing.policy.periods import Period, local_date
from cunjing.policy.records import (
    AbsenceRow,
    AdjacencyRow,
    EventRow,
    GroupRow,
    HamletRow,
    MarkRow,
    MatterRow,
    MemberRow,
    MoneyRow,
    PostingRow,
    StaffRow,
    SyncRow,
    UnitRow,
    VillageRow,
    VillageUnitRow,
)
from cunjing.policy.verdict import Rejected

ONE_DAY = timedelta(days=1)

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class World:
    """All facts, with the period and the watermark they are looked at from.

    `postings_of`, `absences_of`, `events_of` and `synced` are by staff_id, `groups_below` by the
    parent's id, `members_of` by group_id.
    """

    period: Period
    as_of: datetime
    has_sync: bool
    villages: tuple[VillageRow, ...]
    adjacency: tuple[AdjacencyRow, ...]
    hamlets: tuple[HamletRow, ...]
    units: tuple[UnitRow, ...]
    village_units: tuple[VillageUnitRow, ...]
    staff: Mapping[str, StaffRow]
    postings: tuple[PostingRow, ...]
    postings_of: Mapping[str | None, list[PostingRow]]
    absences_of: Mapping[str | None, list[AbsenceRow]]
    events: tuple[EventRow, ...]
    events_of: Mapping[str | None, list[EventRow]]
    matters: tuple[MatterRow, ...]
    groups: Mapping[str, GroupRow]
    groups_below: Mapping[str | None, list[GroupRow]]
    members_of: Mapping[str | None, list[MemberRow]]
    synced: Mapping[str, datetime]
    marks: tuple[MarkRow, ...]
    money: tuple[MoneyRow, ...]

    @property
    def day(self) -> date:
        """The day state rules look at: the period's last, or the watermark's date if earlier."""
        return min(self.period.end - ONE_DAY, local_date(self.as_of))

    def mark(self, *, subject_id: str, item: str) -> str | None:
        """What people judged of the subject in the period, if they did."""
        for mark in self.marks:
            if (mark.subject_id, mark.period, mark.item) == (subject_id, self.period.text, item):
                return mark.value
        return None

    def fen(self, *, subject_id: str, item: str) -> int | None:
        """The sum recorded for the subject in the period, if one is."""
        for money in self.money:
            if (money.subject_id, money.period, money.item) == (subject_id, self.period.text, item):
                return money.fen
        return None


class Reader(Protocol):
    """Gives the rows of a table by the class of its rows."""

    def __call__(self, record: type[_R], /) -> Iterable[_R]:
        """All of them, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Measured:
    """A value (None: a datum it needs is missing), its evidence, and what was not credited."""

    value: int | None
    counted: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


def load_world(*, facts: Facts, period: Period, as_of: datetime) -> World:
    """Read every table an engine needs."""
    return world_of(facts.rows, has_sync=facts.has("sync"), period=period, as_of=as_of)


def world_of(rows: Reader, *, has_sync: bool, period: Period, as_of: datetime) -> World:
    """The world made of the rows that `rows` gives of each table."""
    postings = tuple(rows(PostingRow))
    events = tuple(rows(EventRow))
    groups = tuple(rows(GroupRow))
    return World(
        period=period,
        as_of=as_of,
        has_sync=has_sync,
        villages=tuple(rows(VillageRow)),
        adjacency=tuple(rows(AdjacencyRow)),
        hamlets=tuple(rows(HamletRow)),
        units=tuple(rows(UnitRow)),
        village_units=tuple(rows(VillageUnitRow)),
        staff={row.staff_id: row for row in rows(StaffRow)},
        postings=postings,
        postings_of=_gathered(postings, lambda row: row.staff_id),
        absences_of=_gathered(rows(AbsenceRow), lambda row: row.staff_id),
        events=events,
        events_of=_gathered(events, lambda row: row.staff_id),
        matters=tuple(rows(MatterRow)),
        groups={row.group_id: row for row in groups},
        groups_below=_gathered(groups, lambda row: row.parent_id),
        members_of=_gathered(rows(MemberRow), lambda row: row.group_id),
        synced={row.staff_id: row.last_sync_at for row in rows(SyncRow)},
        marks=tuple(rows(MarkRow)),
        money=tuple(rows(MoneyRow)),
    )


def _gathered(rows: Iterable[_R], key: Callable[[_R], str | None]) -> Mapping[str | None, list[_R]]:
    """The rows by what `key` says of them; no rows for what it says of none."""
    gathered: dict[str | None, list[_R]] = defaultdict(list)
    for row in rows:
        gathered[key(row)].append(row)
    return gathered


def valid_on(*, start: date | None, end: date | None, day: date) -> bool:
    """Whether a half-open interval holds on a day; an open end is null."""
    return (start is None or start <= day) and (end is None or day < end)


def days_between(start: date, end: date) -> list[date]:
    """Every day of `[start, end)`."""
    return [start + timedelta(days=number) for number in range((end - start).days)]


def days_in_period(*, start: date | None, end: date | None, period: Period) -> list[date]:
    """The days of the period on which a half-open interval holds."""
    days = days_between(period.start, period.end)
    return [day for day in days if valid_on(start=start, end=end, day=day)]


def available_days(world: World, posting: PostingRow) -> int:
    """Days of the posting in the period on which its holder was not absent.

    Counting days, not absences, makes overlapping absences one absence.
    """
    absences = world.absences_of[posting.staff_id]
    days = days_in_period(start=posting.valid_from, end=posting.valid_to, period=world.period)
    return len(
        [
            day
            for day in days
            if not any(
                valid_on(start=item.date_from, end=item.date_to, day=day) for item in absences
            )
        ]
    )


class Answering(Protocol):
    """What says which unit answers for which village; the world is one."""

    @property
    def units(self) -> tuple[UnitRow, ...]:
        """Every unit."""

    @property
    def village_units(self) -> tuple[VillageUnitRow, ...]:
        """The villages that do not follow their division."""


def answers_for(world: Answering, *, unit_code: str, village_code: str, day: date) -> bool:
    """Whether a unit answers for a village on a day.

    `village_units` decides; where it names no unit of that kind for the village, the unit whose
    division_code is a prefix of the village's code answers.
    """
    unit = next((unit for unit in world.units if unit.unit_code == unit_code), None)
    named = [
        row.unit_code
        for row in world.village_units
        if row.village_code == village_code
        and valid_on(start=row.valid_from, end=row.valid_to, day=day)
    ]
    if unit_code in named:
        return True
    if unit is None or unit.division_code is None:
        return False
    same_kind = [
        other for other in world.units if other.unit_code in named and other.kind == unit.kind
    ]
    return not same_kind and village_code.startswith(unit.division_code)


def tenure_start(world: World, posting: PostingRow) -> date:
    """The first day of the tenure: postings of one person, village and role that touch."""
    start = posting.valid_from
    moved = True
    while moved:
        earlier = [
            other.valid_from
            for other in world.postings_of[posting.staff_id]
            if (other.village_code, other.role) == (posting.village_code, posting.role)
            and other.valid_from < start
            and (other.valid_to is None or other.valid_to >= start)
        ]
        moved = bool(earlier)
        start = min([start, *earlier])
    return start
