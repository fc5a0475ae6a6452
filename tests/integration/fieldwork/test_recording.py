"""Recording work: what is kept, what is refused, and who may."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.support.fieldwork_factories import (
    AWAY,
    STATION,
    V1,
    V2,
    County,
    at,
    call,
    information,
    tomorrow,
    visit,
)

from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.coverage.models import Posting
from cunjing.fieldwork.actions import record_batch, record_many, record_work
from cunjing.fieldwork.items import Outcome, WorkItem
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, Change
from cunjing.places.models import Household


def refused_fields(problem: Problem) -> list[str]:
    return [fault.field for fault in problem.faults]


def refuse(actor: Actor, item: WorkItem) -> Problem:
    with pytest.raises(Problem) as caught:
        record_work(actor=actor, item=item)
    assert WorkRecord.objects.count() == 0
    assert AuditEntry.objects.count() == 0
    return caught.value


def test_a_visit_keeps_its_three_times_and_its_shanghai_day(world: County) -> None:
    began, saved = at(10, 0, 30), at(10, 20)
    item = visit(world, occurred_at=began, recorded_at=saved)
    stored = WorkRecord.objects.get(pk=record_work(actor=world.as_officer, item=item).record.pk)
    assert (stored.occurred_at, stored.recorded_at) == (began, saved)
    assert stored.received_at > saved
    assert stored.local_date == began.date()
    assert stored.recorded_by == world.as_officer.user_id


def test_each_write_leaves_one_audit_entry_and_one_change(world: County) -> None:
    record_many(actor=world.as_officer, items=[visit(world), call(world), information(world)])
    assert AuditEntry.objects.filter(record_type="fieldwork.workrecord").count() == 3
    assert set(Change.objects.values_list("scope", flat=True)) == {V1}
    assert Change.objects.filter(number=None).count() == 3


def test_an_information_item_is_handed_to_the_station_of_the_village(world: County) -> None:
    recorded = record_work(actor=world.as_officer, item=information(world))
    assert recorded.record.unit_id == STATION


def test_the_same_content_again_returns_the_stored_record(world: County) -> None:
    item = information(world)
    first = record_work(actor=world.as_officer, item=item)
    again = record_work(actor=world.as_officer, item=replace(item))
    assert (first.repeated, again.repeated) == (False, True)
    assert again.record.received_at == first.record.received_at
    assert WorkRecord.objects.count() == 1


def test_the_same_moment_in_another_zone_is_the_same_content(world: County) -> None:
    item = visit(world)
    record_work(actor=world.as_officer, item=item)
    moved = replace(item, occurred_at=item.occurred_at.astimezone(tz=None))
    assert record_work(actor=world.as_officer, item=moved).repeated


def test_other_content_under_the_same_id_is_a_conflict(world: County) -> None:
    item = information(world)
    record_work(actor=world.as_officer, item=item)
    other = replace(item, details={"place": "村口桥头", "text": "护栏已修好"})
    with pytest.raises(Problem) as caught:
        record_work(actor=world.as_officer, item=other)
    assert caught.value.kind is ProblemKind.CONFLICT
    assert WorkRecord.objects.get().details["text"] == "护栏松动"


def test_a_record_sent_again_after_the_posting_changed_is_still_the_stored_one(
    world: County,
) -> None:
    item = visit(world)
    record_work(actor=world.as_officer, item=item)
    Posting.objects.filter(staff=world.officer).delete()
    assert record_work(actor=world.as_officer, item=item).repeated


def test_a_visit_outside_the_posting_is_refused(world: County) -> None:
    posting = Posting.objects.filter(staff=world.officer, village_id=V1)
    posting.update(valid_to=at(10).date())
    problem = refuse(world.as_officer, visit(world))
    assert refused_fields(problem) == ["staff_id"]
    assert "2026-09-10" in problem.faults[0].message


def test_the_last_day_of_a_posting_still_counts(world: County) -> None:
    posting = Posting.objects.filter(staff=world.officer, village_id=V1)
    posting.update(valid_to=at(11).date())
    assert record_work(actor=world.as_officer, item=visit(world)).record.pk


def test_work_that_has_not_happened_yet_is_refused(world: County) -> None:
    problem = refuse(world.as_officer, visit(world, occurred_at=tomorrow()))
    assert set(refused_fields(problem)) == {"occurred_at", "left_at"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"household_id": None}, "household_id"),
        ({"household_id": new_id()}, "household_id"),
        ({"subkind": "fraud"}, "subkind"),
        ({"unit_code": STATION}, "unit_code"),
        ({"visit_id": new_id()}, "visit_id"),
        ({"staff_id": new_id()}, "staff_id"),
        ({"details": {}}, "topics"),
    ],
)
def test_a_call_is_refused_by_field(world: County, changes: dict[str, object], field: str) -> None:
    problem = refuse(world.as_station, call(world, **changes))
    assert field in refused_fields(problem)


def test_a_household_of_another_village_or_out_of_use_is_refused(world: County) -> None:
    elsewhere = Household.objects.create(village_id=V2, address="别村1号")
    assert refused_fields(refuse(world.as_officer, call(world, household_id=elsewhere.pk))) == [
        "household_id"
    ]
    Household.objects.filter(pk=world.households[0]).update(retired_on=at(10).date())
    assert refused_fields(refuse(world.as_officer, call(world))) == ["household_id"]


def test_the_writer_is_the_person_or_somebody_who_writes_for_them(world: County) -> None:
    for someone in (world.as_officer, world.as_station, world.as_bureau):
        assert record_work(actor=someone, item=visit(world)).record.recorded_by == someone.user_id


def test_an_auxiliary_writes_nobody_elses_work(world: County) -> None:
    assert refuse(world.as_auxiliary, visit(world)).kind is ProblemKind.FORBIDDEN
    own = visit(world, staff_id=world.auxiliary.pk)
    assert record_work(actor=world.as_auxiliary, item=own).record.staff_id == world.auxiliary.pk


def test_a_stranger_learns_nothing_and_an_auditor_writes_nothing(world: County) -> None:
    assert refuse(world.as_stranger, visit(world)).kind is ProblemKind.NOT_FOUND
    assert refuse(world.as_auditor, visit(world)).kind is ProblemKind.FORBIDDEN
    away = visit(world, village_code=AWAY)
    assert refuse(world.as_officer, away).kind is ProblemKind.NOT_FOUND


def test_several_items_are_recorded_together_or_not_at_all(world: County) -> None:
    good, bad = visit(world), information(world, subkind="")
    with pytest.raises(Problem) as caught:
        record_many(actor=world.as_officer, items=[good, bad])
    assert refused_fields(caught.value) == ["1.subkind"]
    assert WorkRecord.objects.count() == 0


def test_an_id_used_twice_in_one_call_is_refused(world: County) -> None:
    item = information(world)
    with pytest.raises(Problem) as caught:
        record_many(actor=world.as_officer, items=[item, item])
    assert refused_fields(caught.value) == ["0.id", "1.id"]


def test_a_part_may_name_a_visit_of_the_same_call(world: County) -> None:
    whole = visit(world)
    recorded = record_many(actor=world.as_officer, items=[whole, call(world, visit_id=whole.id)])
    assert recorded[1].record.visit_id == whole.id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"staff_id": "auxiliary"}, "visit_id"),
        ({"occurred_at": at(11)}, "occurred_at"),
    ],
)
def test_a_part_agrees_with_its_visit(
    world: County, changes: dict[str, object], field: str
) -> None:
    if "staff_id" in changes:
        changes = {"staff_id": world.auxiliary.pk}
    whole = record_work(actor=world.as_station, item=visit(world)).record
    with pytest.raises(Problem) as caught:
        record_work(actor=world.as_station, item=call(world, visit_id=whole.pk, **changes))
    assert refused_fields(caught.value) == [field]


def test_a_visit_has_no_visit(world: County) -> None:
    assert refused_fields(refuse(world.as_officer, visit(world, visit_id=new_id()))) == ["visit_id"]


def test_each_item_of_a_batch_has_its_own_result(world: County) -> None:
    known, fresh, bad = information(world), visit(world), information(world, subkind="")
    record_work(actor=world.as_officer, item=known)
    lines = record_batch(actor=world.as_officer, items=[known, fresh, bad])
    assert [line.outcome for line in lines] == [
        Outcome.REPEATED,
        Outcome.CREATED,
        Outcome.REFUSED,
    ]
    assert lines[2].problem is not None
    assert lines[2].problem.faults
    assert WorkRecord.objects.count() == 2


def test_only_the_system_sets_the_time_of_arrival(world: County) -> None:
    item = visit(world)
    arrived = item.occurred_at + timedelta(hours=5)
    with pytest.raises(Problem) as caught:
        record_many(actor=world.as_bureau, items=[item], received={item.id: arrived})
    assert caught.value.kind is ProblemKind.FORBIDDEN
    system = Actor.for_system("demo")
    recorded = record_many(actor=system, items=[item], received={item.id: arrived})
    assert recorded[0].record.received_at == arrived


def test_queries_hardly_grow_with_the_number_of_items(
    world: County, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # SQLite takes about 45 rows an insert: that is all that grows.
    with django_assert_max_num_queries(20):
        record_many(actor=world.as_officer, items=[information(world) for _ in range(200)])


def test_there_is_no_kind_for_enforcement_acts() -> None:
    """Auxiliaries, assistants and militia cannot record them: nobody can."""
    assert set(RecordKind.values) == {
        "village_visit",
        "household_visit",
        "information",
        "warning",
        "session",
    }
