"""One form, several ledgers, all or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.fieldwork_factories import (
    NOTHING_FOUND,
    STATION,
    County,
    at,
    entry,
    tomorrow,
)

from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.entries.actions import record_visit_entries, record_visit_entry
from cunjing.entries.visit_entry import (
    CallPart,
    InformationPart,
    MatterPart,
    SessionPart,
    VisitEntry,
    WarningPart,
)
from cunjing.fieldwork.actions import correct_record
from cunjing.fieldwork.filters import LedgerFilter
from cunjing.fieldwork.items import Outcome, WorkItem
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.fieldwork.queries import counts, record_detail
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, Change
from cunjing.matters.models import Matter, MatterKind
from cunjing.matters.queries import of_visits


def information(**changes: object) -> InformationPart:
    part = InformationPart(id=new_id(), subkind="fire", place="打谷场", text="草垛靠近电线")
    return replace(part, **changes)  # type: ignore[arg-type]


def lamp(**changes: object) -> MatterPart:
    part = MatterPart(
        id=new_id(), kind=MatterKind.HAZARD, subkind="lamp", place="小学门口", summary="路灯不亮"
    )
    return replace(part, **changes)  # type: ignore[arg-type]


def full(world: County) -> VisitEntry:
    return entry(
        world,
        calls=tuple(
            CallPart(id=new_id(), household_id=home, answers=NOTHING_FOUND)
            for home in world.households[:3]
        ),
        information=(information(),),
        matters=(lamp(),),
        warning=WarningPart(
            id=new_id(), title="谨防冒充客服", text="不轻信退款电话。", published=("board", "group")
        ),
        session=SessionPart(
            id=new_id(),
            subkind="legal_education",
            topic="未成年人保护",
            audience=("out_of_school_youths", "villagers"),
            audience_count=30,
        ),
    )


def test_one_form_feeds_every_ledger(world: County) -> None:
    whole = full(world)
    result = record_visit_entry(actor=world.as_officer, entry=whole)
    assert counts(actor=world.as_officer, chosen=LedgerFilter()) == {
        RecordKind.VILLAGE_VISIT: 1,
        RecordKind.HOUSEHOLD_VISIT: 3,
        RecordKind.INFORMATION: 1,
        RecordKind.WARNING: 1,
        RecordKind.SESSION: 1,
    }
    assert set(result.parts) == {
        "calls.0", "calls.1", "calls.2", "information.0", "warning", "session",
    }  # fmt: skip
    assert {part.record.visit_id for part in result.parts.values()} == {whole.id}
    assert result.matters["matters.0"].matter.visit_id == whole.id
    assert result.parts["information.0"].record.unit_id == STATION
    assert AuditEntry.objects.count() == Change.objects.count() == 8
    assert len(record_detail(actor=world.as_officer, record_id=whole.id).parts) == 6
    assert len(of_visits(actor=world.as_officer, visit_ids=[whole.id])) == 1


def test_the_same_form_again_returns_what_is_stored(world: County) -> None:
    whole = full(world)
    first = record_visit_entry(actor=world.as_officer, entry=whole)
    again = record_visit_entry(actor=world.as_officer, entry=replace(whole))
    assert (first.repeated, again.repeated) == (False, True)
    assert WorkRecord.objects.count() == 7
    assert Matter.objects.count() == 1


@pytest.mark.parametrize("changed", ["fewer", "more", "log", "answer", "matter"])
def test_the_same_form_with_other_content_is_a_conflict(world: County, changed: str) -> None:
    whole = full(world)
    record_visit_entry(actor=world.as_officer, entry=whole)
    answers = {**NOTHING_FOUND, "topics": {"text": "校车"}}
    other = {
        "fewer": replace(whole, calls=whole.calls[:2]),
        "more": replace(whole, information=(*whole.information, information())),
        "log": replace(whole, log="入户四家"),
        "answer": replace(
            whole, calls=(replace(whole.calls[0], answers=answers), *whole.calls[1:])
        ),
        "matter": replace(whole, matters=(replace(whole.matters[0], summary="又亮了"),)),
    }[changed]
    with pytest.raises(Problem) as caught:
        record_visit_entry(actor=world.as_officer, entry=other)
    assert caught.value.kind is ProblemKind.CONFLICT
    assert WorkRecord.objects.count() == 7
    assert Matter.objects.count() == 1


def test_faults_of_every_part_are_named_and_nothing_is_saved(world: County) -> None:
    answers = {**NOTHING_FOUND, "security": {"text": "问 13800138000"}}
    bad = entry(
        world,
        calls=(CallPart(id=new_id(), household_id=world.households[0], answers=answers),),
        information=(information(), information(place="")),
        matters=(lamp(), lamp(subkind="debt")),
    )
    with pytest.raises(Problem) as caught:
        record_visit_entry(actor=world.as_officer, entry=bad)
    assert [fault.field for fault in caught.value.faults] == [
        "calls.0.security.text",
        "information.1.place",
        "matters.1.subkind",
    ]
    assert WorkRecord.objects.count() == Matter.objects.count() == AuditEntry.objects.count() == 0


def test_a_fault_in_the_matters_alone_saves_nothing_either(world: County) -> None:
    with pytest.raises(Problem) as caught:
        record_visit_entry(actor=world.as_officer, entry=entry(world, matters=(lamp(place=""),)))
    assert [fault.field for fault in caught.value.faults] == ["matters.0.place"]
    assert WorkRecord.objects.count() == AuditEntry.objects.count() == 0


def test_a_fault_of_the_visit_is_named_once(world: County) -> None:
    began = tomorrow()
    whole = replace(full(world), arrived_at=began, left_at=began + timedelta(hours=2))
    with pytest.raises(Problem) as caught:
        record_visit_entry(actor=world.as_officer, entry=whole)
    assert [fault.field for fault in caught.value.faults] == ["arrived_at", "left_at"]


def test_a_call_with_a_time_of_its_own_has_its_own_fault(world: County) -> None:
    home = world.households[0]
    late = CallPart(id=new_id(), household_id=home, answers=NOTHING_FOUND, occurred_at=at(11))
    with pytest.raises(Problem) as caught:
        record_visit_entry(actor=world.as_officer, entry=entry(world, calls=(late,)))
    assert [fault.field for fault in caught.value.faults] == ["calls.0.occurred_at"]


def test_a_part_is_corrected_like_any_record(world: County) -> None:
    whole = full(world)
    record_visit_entry(actor=world.as_officer, entry=whole)
    part = whole.information[0]
    item = WorkItem(
        id=new_id(),
        kind=RecordKind.INFORMATION,
        subkind="fire",
        village_code=whole.village_code,
        staff_id=whole.staff_id,
        occurred_at=whole.arrived_at,
        visit_id=whole.id,
        details={"place": "打谷场东侧", "text": part.text},
    )
    correct_record(actor=world.as_officer, record_id=part.id, item=item, reason="地点写错")
    parts = record_detail(actor=world.as_officer, record_id=whole.id).parts
    assert item.id in {row.id for row in parts}
    assert part.id not in {row.id for row in parts}


def test_who_may_not_write_saves_nothing(world: County) -> None:
    for someone, kind in (
        (world.as_stranger, ProblemKind.NOT_FOUND),
        (world.as_auditor, ProblemKind.FORBIDDEN),
    ):
        with pytest.raises(Problem) as caught:
            record_visit_entry(actor=someone, entry=full(world))
        assert caught.value.kind is kind
    assert WorkRecord.objects.count() == Matter.objects.count() == 0


def test_each_entry_of_a_batch_has_its_own_result(world: County) -> None:
    good, bad = full(world), entry(world, information=(information(place=""),))
    record_visit_entry(actor=world.as_officer, entry=good)
    lines = record_visit_entries(actor=world.as_officer, entries=[good, entry(world), bad])
    assert [line.outcome for line in lines] == [
        Outcome.REPEATED,
        Outcome.CREATED,
        Outcome.REFUSED,
    ]


def test_only_the_system_sets_the_time_of_arrival(world: County) -> None:
    whole = full(world)
    with pytest.raises(Problem):
        record_visit_entry(actor=world.as_bureau, entry=whole, received_at=at(10, 20))
    result = record_visit_entry(actor=Actor.for_system("demo"), entry=whole, received_at=at(10, 20))
    assert result.visit.record.received_at == at(10, 20)
    assert result.matters["matters.0"].matter.received_at == at(10, 20)
