"""The same thing sent several times at the same moment: stored once, answered alike."""

from dataclasses import replace

import pytest
from tests.support.fieldwork_factories import County, county, entry, hazard, information
from tests.support.race import at_once

from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.entries.actions import record_visit_entry
from cunjing.entries.visit_entry import InformationPart
from cunjing.fieldwork.actions import correct_record, corrections, record_work, recording
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import AuditEntry, Change
from cunjing.matters import actions as matters
from cunjing.matters.actions import open_matter
from cunjing.matters.models import Matter


@pytest.fixture
def world(transactional_db: None) -> County:
    return county()


def test_one_record_sent_many_times_at_once_is_stored_once(world: County) -> None:
    for _ in range(5):
        item = information(world)
        results = at_once(lambda _, item=item: record_work(actor=world.as_officer, item=item))
        assert {result.record.pk for result in results} == {item.id}
        assert sum(not result.repeated for result in results) == 1
    assert WorkRecord.objects.count() == AuditEntry.objects.count() == Change.objects.count() == 5


def test_one_id_with_many_contents_at_once_keeps_one(world: County) -> None:
    item = information(world)

    def send(number: int) -> ProblemKind | None:
        other = replace(item, details={"place": "桥头", "text": f"护栏{number}"})
        try:
            record_work(actor=world.as_officer, item=other)
        except Problem as problem:
            return problem.kind
        return None

    kinds = at_once(send)
    assert kinds.count(None) == 1
    assert set(kinds) <= {None, ProblemKind.CONFLICT}
    assert WorkRecord.objects.count() == AuditEntry.objects.count() == 1


def test_one_matter_opened_many_times_at_once_is_stored_once(world: County) -> None:
    item = hazard(world)
    at_once(lambda _: open_matter(actor=world.as_officer, item=item))
    assert Matter.objects.count() == AuditEntry.objects.count() == 1


def test_one_entry_sent_many_times_at_once_is_stored_once(world: County) -> None:
    part = InformationPart(id=new_id(), subkind="fire", place="打谷场", text="草垛靠近电线")
    whole = entry(world, information=(part,))
    results = at_once(lambda _: record_visit_entry(actor=world.as_officer, entry=whole))
    assert sum(not result.repeated for result in results) == 1
    assert WorkRecord.objects.count() == AuditEntry.objects.count() == 2


def test_many_corrections_at_once_never_fork(world: County) -> None:
    item = information(world)
    record_work(actor=world.as_officer, item=item)

    def correct(number: int) -> ProblemKind | None:
        other = replace(item, id=new_id(), details={"place": "桥头", "text": f"护栏{number}"})
        try:
            correct_record(actor=world.as_officer, record_id=item.id, item=other, reason="核对")
        except Problem as problem:
            return problem.kind
        return None

    kinds = at_once(correct)
    assert kinds.count(None) == 1
    assert set(kinds) <= {None, ProblemKind.CONFLICT}
    assert WorkRecord.objects.filter(voided_at=None).count() == 1
    assert AuditEntry.objects.count() == 3


def test_one_correction_sent_many_times_at_once_is_stored_once(world: County) -> None:
    item = information(world)
    record_work(actor=world.as_officer, item=item)
    new = replace(item, id=new_id(), details={"place": "桥头", "text": "护栏断了"})
    results = at_once(
        lambda _: correct_record(actor=world.as_officer, record_id=item.id, item=new, reason="核对")
    )
    assert sum(not result.repeated for result in results) == 1
    assert WorkRecord.objects.count() == 2


def test_who_comes_second_gets_what_the_first_stored(
    world: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race played by hand: the second call looked before the first had committed."""
    item, matter = information(world), hazard(world)
    record_work(actor=world.as_officer, item=item)
    open_matter(actor=world.as_officer, item=matter)
    new = replace(item, id=new_id(), details={"place": "桥头", "text": "护栏断了"})
    correct_record(actor=world.as_officer, record_id=item.id, item=new, reason="核对")

    blind(monkeypatch, recording, "_stored")
    assert record_work(actor=world.as_officer, item=item).repeated
    blind(monkeypatch, matters, "_stored")
    assert open_matter(actor=world.as_officer, item=matter).repeated
    blind(monkeypatch, corrections, "_stored")
    assert correct_record(
        actor=world.as_officer, record_id=item.id, item=new, reason="核对"
    ).repeated
    assert WorkRecord.objects.count() == 2
    assert Matter.objects.count() == 1


def blind(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Let the first look at what is stored see nothing."""
    look = getattr(module, name)
    looks = []

    def look_again(wanted: object) -> object:
        looks.append(wanted)
        return look(wanted) if len(looks) > 1 else look([])

    monkeypatch.setattr(module, name, look_again)
