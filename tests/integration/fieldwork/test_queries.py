"""Reading ledgers: filters, pages, states, scope; one record with its history."""

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.support.fieldwork_factories import (
    STATION,
    TOWNSHIP,
    V1,
    V2,
    County,
    at,
    call,
    information,
    visit,
)

from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.fieldwork.actions import correct_record, record_many, record_work, withdraw_record
from cunjing.fieldwork.filters import LedgerFilter, RecordState
from cunjing.fieldwork.models import RecordKind
from cunjing.fieldwork.queries import LedgerRow, counts, ledger, record_detail, stream
from cunjing.fieldwork.summaries import by_day, by_staff, by_village
from cunjing.kernel.access import Actor

SYSTEM = Actor.for_system("demo")


def month(world: County) -> None:
    """A visit a day for twelve days, with a call each; received on the day, one a month late."""
    items = []
    for day in range(1, 13):
        whole = visit(world, occurred_at=at(day), village_code=V1 if day % 2 else V2)
        items.append(whole)
    items += [call(world, occurred_at=at(day, 10)) for day in range(1, 4)]
    received = {item.id: item.occurred_at.replace(hour=20) for item in items}
    received[items[0].id] = at(2, month=10)
    record_many(actor=SYSTEM, items=items, received=received)


def all_pages(actor: Actor, chosen: LedgerFilter, *, size: int) -> list[LedgerRow]:
    rows: list[LedgerRow] = []
    cursor = ""
    while True:
        page = ledger(actor=actor, chosen=chosen, cursor=cursor, size=size)
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            return rows


@pytest.mark.parametrize("size", [1, 4, 5, 15, 50])
def test_pages_together_show_each_record_once_newest_first(world: County, size: int) -> None:
    month(world)
    rows = all_pages(world.as_bureau, LedgerFilter(), size=size)
    assert len({row.id for row in rows}) == len(rows) == 15
    assert [row.local_date for row in rows] == sorted(
        (row.local_date for row in rows), reverse=True
    )


def test_a_page_is_two_queries(
    world: County, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    month(world)
    ledger(actor=world.as_officer, chosen=LedgerFilter())
    with django_assert_num_queries(2):
        assert len(ledger(actor=world.as_officer, chosen=LedgerFilter()).rows) == 15


@pytest.mark.parametrize(
    ("chosen", "number"),
    [
        (LedgerFilter(kind=RecordKind.VILLAGE_VISIT), 12),
        (LedgerFilter(village_code=V1), 9),
        (LedgerFilter(township_code=TOWNSHIP), 15),
        (LedgerFilter(township_code="990201102"), 0),
        (LedgerFilter(unit_code=STATION), 15),
        (LedgerFilter(unit_code="nowhere"), 0),
        (LedgerFilter(date_from=at(3).date(), date_to=at(4).date()), 3),
        (LedgerFilter(state=RecordState.LATE), 1),
        (LedgerFilter(staff_id=new_id()), 0),
    ],
)
def test_filters(world: County, chosen: LedgerFilter, number: int) -> None:
    month(world)
    assert len(ledger(actor=world.as_bureau, chosen=chosen).rows) == number
    assert sum(counts(actor=world.as_bureau, chosen=chosen).values()) == number


def test_states(world: County) -> None:
    item = information(world)
    record_work(actor=world.as_officer, item=item)
    other = record_work(actor=world.as_officer, item=information(world)).record
    new = information(world)
    correct_record(actor=world.as_officer, record_id=item.id, item=new, reason="数错了")
    withdraw_record(actor=world.as_officer, record_id=other.pk, reason="登记重复")
    for state, expected in (
        (RecordState.VALID, {new.id}),
        (RecordState.SUPERSEDED, {item.id}),
        (RecordState.WITHDRAWN, {other.pk}),
        (None, {new.id, item.id, other.pk}),
    ):
        rows = ledger(actor=world.as_officer, chosen=LedgerFilter(state=state)).rows
        assert {row.id for row in rows} == expected
        assert state is None or {row.state for row in rows} == {state}


def test_a_late_record_says_so(world: County) -> None:
    month(world)
    rows = ledger(actor=world.as_officer, chosen=LedgerFilter()).rows
    assert [row.local_date for row in rows if row.late] == [at(1).date()]


def test_readers_see_their_villages_only(world: County) -> None:
    month(world)
    assert len(ledger(actor=world.as_auxiliary, chosen=LedgerFilter()).rows) == 9
    for chosen in (LedgerFilter(), LedgerFilter(village_code=V1), LedgerFilter(unit_code=STATION)):
        assert ledger(actor=world.as_stranger, chosen=chosen).rows == ()
        assert counts(actor=world.as_stranger, chosen=chosen) == {}
        assert list(stream(actor=world.as_stranger, chosen=chosen)) == []
    assert by_village(actor=world.as_stranger, chosen=LedgerFilter()) == {}


def test_an_export_needs_the_right_to_export(world: County) -> None:
    month(world)
    assert len(list(stream(actor=world.as_station, chosen=LedgerFilter()))) == 15
    assert list(stream(actor=world.as_officer, chosen=LedgerFilter())) == []


@pytest.mark.parametrize(
    "cursor", ["x", "2026-09-01", "2026-09-01~x", "~", "heute~01a20053-1060-7377-89f2-b1425265f162"]
)
def test_a_broken_cursor_is_refused(world: County, cursor: str) -> None:
    with pytest.raises(Problem) as caught:
        ledger(actor=world.as_officer, chosen=LedgerFilter(), cursor=cursor)
    assert caught.value.kind is ProblemKind.INVALID


def test_a_record_shows_its_chain_and_its_audit_entries(world: County) -> None:
    item, new = information(world), information(world)
    record_work(actor=world.as_officer, item=item)
    correct_record(actor=world.as_station, record_id=item.id, item=new, reason="数错了")
    detail = record_detail(actor=world.as_officer, record_id=item.id)
    assert detail.row.state is RecordState.SUPERSEDED
    assert detail.latest_id == new.id
    assert [link.correction_reason for link in detail.chain] == ["", "数错了"]
    assert [line.verb_label for line in detail.audit] == ["新增", "更正替代", "新增"]
    assert {line.sequence for line in detail.audit} == {None}


def test_a_stranger_finds_no_record(world: County) -> None:
    record = record_work(actor=world.as_officer, item=information(world)).record
    for record_id in (record.pk, new_id()):
        with pytest.raises(Problem) as caught:
            record_detail(actor=world.as_stranger, record_id=record_id)
        assert caught.value.kind is ProblemKind.NOT_FOUND
    assert record_detail(actor=world.as_auditor, record_id=record.pk).row.id == record.pk


def test_sums_take_one_query_each(
    world: County, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    month(world)
    chosen = LedgerFilter(date_from=at(1).date(), date_to=at(30).date())
    ledger(actor=world.as_bureau, chosen=chosen)
    with django_assert_num_queries(3):
        villages = by_village(actor=world.as_bureau, chosen=chosen)
        staff = by_staff(actor=world.as_bureau, chosen=chosen)
        days = by_day(actor=world.as_bureau, chosen=chosen)
    assert villages[V2][RecordKind.VILLAGE_VISIT].days == 6
    calls = staff[world.officer.pk][RecordKind.HOUSEHOLD_VISIT]
    assert (calls.count, calls.days, calls.households) == (3, 3, 1)
    assert calls.last_date == at(3).date()
    assert list(days) == sorted(days)
    assert days[at(1).date()] == {RecordKind.VILLAGE_VISIT: 1, RecordKind.HOUSEHOLD_VISIT: 1}
