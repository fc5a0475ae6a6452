"""Opening matters: what is kept, what is refused, and who may."""

from dataclasses import replace

import pytest
from tests.support.fieldwork_factories import (
    AWAY,
    V2,
    County,
    at,
    hazard,
    information,
    tomorrow,
    visit,
)

from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.fieldwork.actions import record_work
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, Change
from cunjing.matters.actions import open_many, open_matter
from cunjing.matters.items import MatterItem
from cunjing.matters.models import Matter, MatterKind, MatterLevel
from cunjing.matters.queries import MatterFilter, counts, detail, ledger, of_visits, stream


def refuse(actor: Actor, item: MatterItem) -> Problem:
    with pytest.raises(Problem) as caught:
        open_matter(actor=actor, item=item)
    assert Matter.objects.count() == 0
    return caught.value


def test_a_matter_is_opened_once_with_its_trace(world: County) -> None:
    item = hazard(world, place=" 小学门口 ", level=MatterLevel.TOWNSHIP)
    first = open_matter(actor=world.as_officer, item=item)
    again = open_matter(actor=world.as_officer, item=replace(item, place="小学门口"))
    assert (first.repeated, again.repeated) == (False, True)
    stored = Matter.objects.get()
    assert (stored.place, stored.level, stored.opened_by_id) == (
        "小学门口",
        "township",
        world.officer.pk,
    )
    assert AuditEntry.objects.count() == Change.objects.count() == 1


def test_other_content_under_the_same_id_is_a_conflict(world: County) -> None:
    item = hazard(world)
    open_matter(actor=world.as_officer, item=item)
    with pytest.raises(Problem) as caught:
        open_matter(actor=world.as_officer, item=replace(item, summary="路灯已修"))
    assert caught.value.kind is ProblemKind.CONFLICT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subkind": "debt"}, "subkind"),
        ({"kind": MatterKind.DISPUTE}, "subkind"),
        ({"place": ""}, "place"),
        ({"place": "长" * 81}, "place"),
        ({"summary": "长" * 501}, "summary"),
        ({"summary": "找张某 13800138000"}, "summary"),
        ({"opened_at": tomorrow()}, "opened_at"),
        ({"opened_at": at(10).replace(tzinfo=None)}, "opened_at"),
        ({"visit_id": new_id()}, "visit_id"),
        ({"staff_id": new_id()}, "staff_id"),
    ],
)
def test_a_matter_is_refused_by_field(
    world: County, changes: dict[str, object], field: str
) -> None:
    problem = refuse(world.as_station, hazard(world, **changes))
    assert [fault.field for fault in problem.faults] == [field]


def test_the_system_cannot_open_a_matter_in_no_village(world: County) -> None:
    problem = refuse(Actor.for_system("demo"), hazard(world, village_code="990201101999"))
    assert [fault.field for fault in problem.faults] == ["village_code"]


def test_a_matter_may_name_the_visit_it_was_found_on(world: County) -> None:
    whole = record_work(actor=world.as_officer, item=visit(world)).record
    other = record_work(actor=world.as_officer, item=information(world)).record
    open_matter(actor=world.as_officer, item=hazard(world, visit_id=whole.pk))
    assert len(of_visits(actor=world.as_officer, visit_ids=[whole.pk])) == 1
    for changes in ({"visit_id": other.pk}, {"visit_id": whole.pk, "village_code": V2}):
        with pytest.raises(Problem) as caught:
            open_matter(actor=world.as_officer, item=hazard(world, **changes))
        assert [fault.field for fault in caught.value.faults] == ["visit_id"]


def test_who_may_open(world: County) -> None:
    at_the_desk = hazard(world, staff_id=None)
    assert refuse(world.as_stranger, at_the_desk).kind is ProblemKind.NOT_FOUND
    assert refuse(world.as_auditor, at_the_desk).kind is ProblemKind.FORBIDDEN
    assert refuse(world.as_auxiliary, hazard(world)).kind is ProblemKind.FORBIDDEN
    away = hazard(world, village_code=AWAY)
    assert refuse(world.as_officer, away).kind is ProblemKind.NOT_FOUND
    for someone in (world.as_station, world.as_bureau, world.as_auxiliary):
        open_matter(actor=someone, item=hazard(world, staff_id=None))
    assert Matter.objects.count() == 3


def test_several_are_opened_together_or_not_at_all(world: County) -> None:
    with pytest.raises(Problem) as caught:
        open_many(actor=world.as_officer, items=[hazard(world), hazard(world, place="")])
    assert [fault.field for fault in caught.value.faults] == ["1.place"]
    item = hazard(world)
    with pytest.raises(Problem) as caught:
        open_many(actor=world.as_officer, items=[item, item])
    assert [fault.field for fault in caught.value.faults] == ["0.id", "1.id"]
    assert Matter.objects.count() == 0


def test_only_the_system_sets_the_time_of_arrival(world: County) -> None:
    item = hazard(world)
    with pytest.raises(Problem):
        open_many(actor=world.as_bureau, items=[item], received={item.id: at(11)})
    opened = open_many(actor=Actor.for_system("demo"), items=[item], received={item.id: at(11)})
    assert opened[0].matter.received_at == at(11)


@pytest.mark.parametrize(
    ("chosen", "number"),
    [
        (MatterFilter(), 5),
        (MatterFilter(kind=MatterKind.HAZARD, subkind="lamp"), 4),
        (MatterFilter(village_code=V2), 1),
        (MatterFilter(village_code=AWAY), 0),
        (MatterFilter(unit_code="990201N"), 5),
        (MatterFilter(unit_code="nowhere"), 0),
        (MatterFilter(township_code="990201101"), 5),
        (MatterFilter(date_from=at(2).date(), date_to=at(3).date()), 2),
        (MatterFilter(is_open=True), 5),
        (MatterFilter(is_open=False), 0),
        (MatterFilter(staff_id=new_id()), 0),
    ],
)
def test_the_ledger(world: County, chosen: MatterFilter, number: int) -> None:
    items = [hazard(world, opened_at=at(day)) for day in range(1, 5)]
    items.append(
        hazard(
            world,
            kind=MatterKind.DISPUTE,
            subkind="neighbour",
            summary="夜间吵闹",
            village_code=V2,
        )
    )
    open_many(actor=world.as_officer, items=items)
    rows = []
    cursor = ""
    while True:
        page = ledger(actor=world.as_station, chosen=chosen, cursor=cursor, size=2)
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            break
    assert len({row.id for row in rows}) == len(rows) == number
    assert sum(counts(actor=world.as_station, chosen=chosen).values()) == number
    assert len(list(stream(actor=world.as_station, chosen=chosen))) == number
    assert ledger(actor=world.as_stranger, chosen=chosen).rows == ()


def test_a_matter_in_full(world: County) -> None:
    item = hazard(world)
    open_matter(actor=world.as_officer, item=item)
    shown = detail(actor=world.as_auditor, matter_id=item.id)
    assert (shown.row.subkind_label, shown.row.opened_by_name) == ("路灯损坏", "演示安")
    assert [line.verb_label for line in shown.audit] == ["新增"]
    with pytest.raises(Problem) as caught:
        detail(actor=world.as_stranger, matter_id=item.id)
    assert caught.value.kind is ProblemKind.NOT_FOUND
