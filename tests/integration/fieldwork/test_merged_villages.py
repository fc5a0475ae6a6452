"""Work of before a village was merged, or a household moved, that comes or is corrected after."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.fieldwork_factories import STATION, V1, V2, County, actor, at, call, visit
from tests.support.places_factories import system

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.fieldwork.actions import correct_record, record_many, record_work, withdraw_record
from cunjing.fieldwork.items import WorkItem
from cunjing.kernel.access import Actor
from cunjing.kernel.models import Change
from cunjing.places.actions.edits import Decision, NewVillage, merge_villages, split_village
from cunjing.places.actions.households import move_households
from cunjing.places.models import Household

SPLIT_OFF = f"{V1[:9]}203"


def merge(gone: str = V1, into: str = V2) -> None:
    decision = Decision(effective_on=today(), reason="合并")
    merge_villages(actor=system(), predecessor_codes=[gone], successor_code=into, decision=decision)


def moved_to(village: str, *households: UUID) -> None:
    move_households(actor=system(), household_ids=list(households), village_code=village)


def whole_visit(world: County) -> list[WorkItem]:
    """A visit with a call, on a day before today."""
    item = visit(world)
    return [item, call(world, visit_id=item.id)]


def officer_of(world: County, *villages: str) -> Actor:
    """The officer with a right over these villages only."""
    user = world.officer.user
    assert user is not None
    return actor(Role.OFFICER, user=user, villages=villages)


def again(item: WorkItem) -> WorkItem:
    return replace(item, id=new_id(), occurred_at=item.occurred_at + timedelta(minutes=5))


def test_a_call_of_before_the_merger_is_recorded_after_it(world: County) -> None:
    merge()
    done = record_many(actor=world.as_officer, items=whole_visit(world))
    assert [one.record.village_id for one in done] == [V1, V1]


def test_also_where_its_households_have_moved_on_since(world: County) -> None:
    merge()
    part = NewVillage(code=SPLIT_OFF, name="析出村委会")
    parted = Decision(effective_on=today(), reason="析置")
    split_village(actor=system(), village_code=V2, parts=[part], decision=parted)
    moved_to(SPLIT_OFF, world.households[0])
    assert record_work(actor=world.as_officer, item=call(world)).record.village_id == V1


def test_a_household_that_never_was_there_is_refused_after_a_merger_too(world: County) -> None:
    merge()
    home = Household.objects.create(village_id=V2, address="村口1号")
    for household in (home.pk, new_id()):
        with pytest.raises(Problem) as refused:
            record_work(actor=world.as_officer, item=call(world, household_id=household))
        assert [fault.field for fault in refused.value.faults] == ["household_id"]


def test_work_of_a_day_after_the_move_is_refused_and_of_that_day_is_not(
    world: County,
) -> None:
    moved_to(V2, world.households[0])
    Change.objects.update(at=at(10, 12))
    late = call(world, occurred_at=at(11, 9))
    with pytest.raises(Problem) as refused:
        record_work(actor=world.as_officer, item=late)
    assert [fault.field for fault in refused.value.faults] == ["household_id"]
    assert record_work(actor=world.as_officer, item=call(world)).record.village_id == V1


def test_a_call_of_before_a_move_is_corrected_after_it(world: County) -> None:
    item = call(world)
    old = record_work(actor=world.as_officer, item=item).record
    moved_to(V2, world.households[0])
    new = correct_record(
        actor=world.as_officer, record_id=old.pk, item=again(item), reason="记错时间"
    ).record
    assert (new.village_id, new.household_id) == (V1, world.households[0])


@pytest.mark.parametrize("who", ["station", "officer", "bureau"])
def test_who_has_the_successor_corrects_and_withdraws_what_was_recorded_before(
    world: County, who: str
) -> None:
    items = whole_visit(world)
    record_many(actor=world.as_officer, items=items)
    merge()
    actors = {
        "station": actor(Role.STATION_CHIEF, units=(STATION,)),
        "officer": officer_of(world, V2),
        "bureau": world.as_bureau,
    }
    new = correct_record(
        actor=actors[who], record_id=items[1].id, item=again(items[1]), reason="记错时间"
    ).record
    assert new.village_id == V1
    assert withdraw_record(actor=actors[who], record_id=new.pk, reason="重复")


def test_the_station_of_the_successor_records_what_is_left(world: County) -> None:
    merge()
    chief = actor(Role.STATION_CHIEF, units=(STATION,))
    done = record_many(actor=chief, items=whole_visit(world))
    assert [one.record.village_id for one in done] == [V1, V1]


def test_nobody_else_gains_by_a_merger(world: County) -> None:
    items = whole_visit(world)
    record_many(actor=world.as_officer, items=items)
    merge()
    strangers = {
        world.as_stranger: ProblemKind.NOT_FOUND,
        officer_of(world, SPLIT_OFF): ProblemKind.NOT_FOUND,
        replace(officer_of(world, V2), user_id=new_id(), resolved={}): ProblemKind.NOT_FOUND,
    }
    for someone, kind in strangers.items():
        with pytest.raises(Problem) as refused:
            record_many(actor=someone, items=whole_visit(world))
        assert refused.value.kind is kind
        with pytest.raises(Problem):
            correct_record(
                actor=someone, record_id=items[1].id, item=again(items[1]), reason="想要"
            )
