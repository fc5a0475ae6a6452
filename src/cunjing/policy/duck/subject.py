"""The facts one subject's verdict can rest on, found with few lookups in any number of facts.

A subject out of a nation rests on some hundred rows. Once DuckDB has found these, plain Python
judges them in a millisecond or two; the statements that judge a nation would take fifty to plan.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.duck.settings import NAME_A_PERIOD
from cunjing.policy.duck.statements import part
from cunjing.policy.enums import SubjectKind
from cunjing.policy.facts import Facts, typed
from cunjing.policy.measures import (
    CommitteeViolations,
    EventMeasure,
    GroupCount,
    HamletViolations,
    HomeViolation,
    MattersOverdue,
    MoneyRatio,
    PairViolations,
    Tally,
    UntrainedViolation,
)
from cunjing.policy.model import Rule
from cunjing.policy.periods import Period
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

_AROUND = timedelta(days=31)
"""How far around the period rejected events are looked for (contract section 2)."""

_ASKED_BY_FEW = ("object_id", "log_id", "object_no")
"""Columns of events that say something only to a rule that counts objects or what lacks them."""

_R = TypeVar("_R")


class Found:
    """Rows found so far. It is a `Reader`: rows of a table nobody looked into are none."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, rule: Rule, subject: str, period: Period
    ) -> None:
        self.rule, self.subject, self.period = rule, subject, period
        self._connection = connection
        self._rows: dict[type, list[Any]] = {}

    def __call__(self, record: type[_R], /) -> Iterable[_R]:
        return self._rows.get(record, [])

    def find(
        self, record: type[_R], name: str, *keys: object, unread: Iterable[str] = ()
    ) -> list[_R]:
        """Rows of a table by a part of `sql/subject.sql`, instead of any found before; columns
        left `unread` are null."""
        query = part("subject", name)
        if nulls := ", ".join(f"NULL AS {column}" for column in unread):
            query = f"SELECT * REPLACE ({nulls}) FROM ({query})"  # noqa: S608 - our own columns
        rows = list(typed(record, self._connection.execute(query, list(keys)).fetchall()))
        self._rows[record] = rows
        return rows


def find_attendance(
    facts: Facts, *, postings: Sequence[str]
) -> tuple[list[PostingRow], list[AbsenceRow]]:
    """These postings, and the absences of whoever holds them."""
    with facts.connect() as connection:
        found = connection.execute(part("subject", "postings_named"), [list(postings)]).fetchall()
        held = list(typed(PostingRow, found))
        people = sorted({posting.staff_id for posting in held})
        found = connection.execute(part("subject", "absences_of_people"), [people]).fetchall()
    return held, list(typed(AbsenceRow, found))


def find(facts: Facts, *, rule: Rule, subject: str, period: Period) -> Found:
    """What a rule's verdict on one subject rests on, and events rejected around the period."""
    with facts.connect() as connection:
        found = Found(connection, rule=rule, subject=subject, period=period)
        _LOOKUPS[rule.subject.kind](found)
    return found


def _posting(found: Found) -> None:
    measure = found.rule.measure
    for posting in found.find(PostingRow, "posting", found.subject):
        person = posting.staff_id
        if isinstance(measure, HomeViolation | UntrainedViolation):
            found.find(StaffRow, "staff", [person])
        if isinstance(measure, HomeViolation):
            homes = [item.home_village_code for item in found(StaffRow)]
            found.find(VillageRow, "villages", [posting.village_code, *homes])
            found.find(AdjacencyRow, "township_adjacency")
            return
        found.find(PostingRow, "postings_of_person", person)
        if found.rule.prorated:
            found.find(AbsenceRow, "absences_of_person", person)
        if isinstance(measure, EventMeasure):
            _events(found, "events_of_person", measure, person)
            found.find(SyncRow, "sync_of_person", person)


def _village(found: Found) -> None:
    measure, code = found.rule.measure, found.subject
    found.find(VillageRow, "village", code)
    match measure:
        case GroupCount():
            found.find(GroupRow, "groups_below", [], [code])
        case HamletViolations():
            found.find(HamletRow, "hamlets_of_village", code)
            _members(found, found.find(GroupRow, "groups_below", [], [code]))
        case EventMeasure():
            units = found.find(UnitRow, "units_of_village", code)
            found.find(VillageUnitRow, "units_named_for_village", code)
            answering = [unit.unit_code for unit in units]
            answering += [row.unit_code for row in found(VillageUnitRow)]
            _events(found, "events_of_village", measure, code, answering)
            _posted(found, code)
        case MattersOverdue(matter=matter):
            found.find(MatterRow, "matters_of_village", code, matter.kind.value)
            _posted(found, code)
        case _:
            found.find(PostingRow, "postings_of_village", code)


def _posted(found: Found, code: str) -> None:
    """Who is posted to a village, and until when everything of theirs has arrived."""
    posted = found.find(PostingRow, "postings_of_village", code)
    found.find(SyncRow, "sync", [posting.staff_id for posting in posted])


def _group(found: Found) -> None:
    measure = found.rule.measure
    seats = found.find(GroupRow, "groups_above", found.subject)
    codes = [group.village_code for group in seats if group.village_code is not None]
    # A branch is held against the company of its village.
    beside = codes if isinstance(measure, PairViolations) else []
    seated = [group.group_id for group in seats]
    _members(found, found.find(GroupRow, "groups_below", seated, beside))
    found.find(VillageRow, "villages", codes)
    if isinstance(measure, CommitteeViolations):
        posted = found.find(PostingRow, "postings_of_villages", codes)
        found.find(StaffRow, "staff", [posting.staff_id for posting in posted])


def _unit(found: Found) -> None:
    measure = found.rule.measure
    units = found.find(UnitRow, "unit", found.subject)
    if isinstance(measure, EventMeasure):
        _events(found, "events_of_unit", measure, found.subject)
    elif isinstance(measure, MoneyRatio):
        for unit in units:
            _pay_around(found, unit)


def _pay_around(found: Found, unit: UnitRow) -> None:
    """The pay of a unit's people hangs on all it answers for."""
    keys = (unit.unit_code, unit.division_code)
    villages = found.find(VillageRow, "villages_of_unit", *keys)
    codes = sorted({village.village_code for village in villages})
    found.find(VillageUnitRow, "village_units", codes)
    units = found.find(UnitRow, "units_of_unit", *keys, codes)
    posted = found.find(PostingRow, "postings_of_villages", codes)
    people = found.find(
        StaffRow,
        "staff_of_units",
        sorted({posting.staff_id for posting in posted}),
        [item.unit_code for item in units],
    )
    paid = [*codes, *(person.staff_id for person in people)]
    found.find(MoneyRow, "money", paid, found.period.text)


def _staff(found: Found) -> None:
    found.find(StaffRow, "staff", [found.subject])
    found.find(MarkRow, "marks", found.subject, found.period.text)
    found.find(MoneyRow, "money", [found.subject], found.period.text)


_LOOKUPS: dict[SubjectKind, Callable[[Found], None]] = {
    SubjectKind.POSTING: _posting,
    SubjectKind.VILLAGE: _village,
    SubjectKind.GROUP: _group,
    SubjectKind.UNIT: _unit,
    SubjectKind.STAFF: _staff,
}


def _events(found: Found, name: str, measure: EventMeasure, key: str, *more: object) -> None:
    """The events that can matter, by a part of `sql/subject.sql`: of any date where they name their
    period, else of the period and the days around it.

    Ids of random letters are most of what there is to read, and some say nothing to most rules.
    """
    kind, period = measure.event.kind, found.period
    start, end = period.start - _AROUND, period.end + _AROUND
    if kind in NAME_A_PERIOD:
        start, end = date.min, date.max
    asked = {measure.lacking} | (
        {"object_id"} if measure.tally is Tally.DISTINCT_OBJECTS else set()
    )
    unread = [column for column in _ASKED_BY_FEW if column not in asked]
    found.find(EventRow, name, key, kind.value, start, end, *more, unread=unread)


def _members(found: Found, groups: Iterable[GroupRow]) -> None:
    found.find(MemberRow, "members", [group.group_id for group in groups])
