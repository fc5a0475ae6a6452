"""Two sides change the same household or matter: other fields merge, the same one is a person's."""

import json
from datetime import datetime
from typing import Any

import pytest
from tests.support.fieldwork_factories import BEGAN, STATION, V1, V2
from tests.support.places_factories import system
from tests.support.sync_phone import World, entry, give, world

from cunjing.accounts.actions import grant_role
from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.base.clock import now, today
from cunjing.base.errors import Problem
from cunjing.base.merging import FieldEdit
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.audit import seal
from cunjing.kernel.signing import load_key
from cunjing.kernel.verification import verify
from cunjing.matters.merging import merge_matter
from cunjing.matters.models import Matter
from cunjing.places.actions.edits import Decision, merge_villages
from cunjing.places.actions.households import (
    HouseholdState,
    add_hamlet,
    edit_household,
    retire_household,
)
from cunjing.places.models import Household
from cunjing.sync.conflicts import conflicts, owners, settle_conflict
from cunjing.sync.deciding import decide_line
from cunjing.sync.models import ConflictState, DecisionOutcome, FieldConflict
from cunjing.sync.waiting import waiting_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def chief(here: World) -> Actor:
    user = User.objects.create(username="chief", display_name="演示所长", unit_code=STATION)
    grant_role(
        actor=system(), user_id=user.pk, role=Role.STATION_CHIEF, unit_code=STATION,
        valid_from=now().date(),
    )  # fmt: skip
    return actor_for(user=user)


def household(here: World) -> Household:
    return Household.objects.get(pk=here.county.households[0])


def change(here: World, **fields: tuple[object, object]) -> dict[str, Any]:
    """A `household_change` of the first household: from what, to what."""
    row = household(here)
    return {
        "village_code": V1,
        "household_id": str(row.pk),
        "base_version": str(row.version),
        "fields": {name: {"from": old, "to": new} for name, (old, new) in fields.items()},
    }


def station_says(here: World, *, address: str, visit_priority: int = 0) -> None:
    row = household(here)
    state = HouseholdState(address, row.hamlet_id, visit_priority)
    edit_household(actor=system(), household_id=row.pk, version=row.version, state=state)


def rows_of(here: World, row_type: str) -> dict[str, Any]:
    held = here.phone.scopes[V1].rows
    return {row_id: row for (kind, row_id), row in held.items() if kind == row_type}


def test_a_change_nobody_else_made_is_taken(here: World) -> None:
    old = household(here).address
    group = add_hamlet(actor=system(), village_code=V1, name="河东组")
    said = change(here, address=(old, "新路9号"), hamlet_id=(None, str(group.pk)))
    here.phone.save("household_change", said)
    assert here.phone.results() == ["accepted"]
    row = household(here)
    assert (row.address, row.hamlet_id, row.version) == ("新路9号", group.pk, 2)
    here.phone.pull()
    assert rows_of(here, "household")[str(row.pk)]["address"] == "新路9号"


def test_other_fields_merge(here: World) -> None:
    old = household(here).address
    here.phone.save("household_change", change(here, visit_priority=(0, 3)))
    station_says(here, address="站里改的路1号")
    assert here.phone.results() == ["merged"]
    row = household(here)
    assert (row.address, row.visit_priority) == ("站里改的路1号", 3)
    assert old != row.address
    assert not FieldConflict.objects.exists()


def test_the_same_field_keeps_the_stations_value_and_the_phones_for_a_person(
    here: World, chief: Actor
) -> None:
    old = household(here).address
    said = change(here, address=(old, "现场看的路2号"), visit_priority=(0, 2))
    here.phone.save("household_change", said)
    station_says(here, address="站里改的路1号")
    assert here.phone.results() == ["conflict"]
    row = household(here)
    assert (row.address, row.visit_priority) == ("站里改的路1号", 2)
    clash = FieldConflict.objects.get()
    assert (clash.base, clash.station, clash.said) == (old, "站里改的路1号", "现场看的路2号")
    assert owners(village_codes={V1}) == {V1: ["演示所长"]}
    here.phone.pull()
    told = rows_of(here, "conflict")[str(clash.pk)]
    assert (told["state"], told["device"], told["settled_at"]) == ("open", "现场看的路2号", None)
    assert told["line"] == json.loads(here.phone.lines[0])["id"]
    # Sent again, it is answered the same and kept once.
    assert here.phone.results() == ["conflict"]
    assert FieldConflict.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "address"), [("kept", "站里改的路1号"), ("taken", "现场看的路2号")]
)
def test_a_person_settles_it_once_and_the_phone_hears(
    here: World, chief: Actor, state: str, address: str, settings: Any
) -> None:
    old = household(here).address
    here.phone.save("household_change", change(here, address=(old, "现场看的路2号")))
    station_says(here, address="站里改的路1号")
    here.phone.push()
    here.phone.pull()
    clash = conflicts(actor=chief).get()
    settle_conflict(
        actor=chief, conflict_id=clash.pk, state=ConflictState(state), reason="现场核对"
    )
    assert household(here).address == address
    here.phone.pull()
    told = rows_of(here, "conflict")[str(clash.pk)]
    assert (told["state"], told["reason"], told["settled_by"]) == (state, "现场核对", "演示所长")
    clash.refresh_from_db()
    assert clash.settled_at is not None
    assert datetime.fromisoformat(told["settled_at"]) == clash.settled_at
    assert rows_of(here, "household")[str(clash.record_id)]["address"] == address
    assert not conflicts(actor=chief).exists()
    with pytest.raises(Problem, match="已经有人裁定过"):
        settle_conflict(actor=chief, conflict_id=clash.pk, state=ConflictState.KEPT, reason="再看")
    seal()
    assert verify(key=load_key(folder=settings.VAR)).findings == []


def test_what_cannot_be_is_refused_and_nothing_changes(here: World) -> None:
    old = household(here).address
    other = Household.objects.exclude(pk=household(here).pk).filter(village_id=V1).first()
    assert other is not None
    for said in (
        change(here, visit_priority=(0, 4)),
        change(here, address=(old, " ")),
        change(here, address=(old, "张三13800000000")),
        change(here, address=(old, other.address)),
        change(here, hamlet_id=(None, str(here.phone.id))),
        change(here, village_code=(V1, V1)),
    ):
        here.phone.save("household_change", said)
    assert here.phone.results() == ["rejected"] * 6
    assert household(here).version == 1


def test_a_household_out_of_use_is_not_changed(here: World) -> None:
    here.phone.save("household_change", change(here, visit_priority=(0, 1)))
    retire_household(actor=system(), household_id=household(here).pk, version=1)
    assert here.phone.results() == ["rejected"]


def test_an_auxiliary_has_no_right_to_change_addresses(here: World) -> None:
    user = here.county.auxiliary.user
    assert user is not None
    give(user, V1, role=Role.AUXILIARY)
    phone = type(here.phone)(user)
    assert phone.enrol().status_code == 201
    phone.save("household_change", change(here, visit_priority=(0, 1)))
    assert phone.results() == ["rejected"]
    assert household(here).version == 1


def opened(here: World) -> Matter:
    here.phone.save("visit_entry", entry(here))
    assert here.phone.results() == ["accepted"]
    return Matter.objects.get()


def amendment(matter: Matter, **fields: tuple[str, str]) -> dict[str, Any]:
    return {
        "village_code": V1,
        "matter_id": str(matter.pk),
        "base_version": str(matter.version),
        "fields": {name: {"from": old, "to": new} for name, (old, new) in fields.items()},
    }


def test_an_open_matter_is_amended_by_field(here: World, chief: Actor) -> None:
    matter = opened(here)
    here.phone.save("matter_change", amendment(matter, summary=("路灯不亮", "两盏路灯不亮")))
    here.phone.save("matter_change", amendment(matter, place=("桥头", "桥东头")))
    edits = {"place": FieldEdit("桥头", "桥西头")}
    merge_matter(actor=chief, matter_id=matter.pk, edits=edits)
    assert here.phone.results(first=2) == ["merged", "conflict"]
    matter.refresh_from_db()
    assert (matter.place, matter.summary) == ("桥西头", "两盏路灯不亮")
    clash = conflicts(actor=chief).get()
    settle_conflict(actor=chief, conflict_id=clash.pk, state=ConflictState.TAKEN, reason="核对")
    matter.refresh_from_db()
    assert matter.place == "桥东头"


def test_a_matter_changed_as_the_phone_had_it_is_accepted(here: World) -> None:
    matter = opened(here)
    here.phone.pull()
    had = rows_of(here, "matter")[str(matter.pk)]["version"]
    here.phone.save(
        "matter_change",
        amendment(matter, place=("桥头", "桥东头")) | {"base_version": had},
    )
    here.phone.save(
        "matter_change",
        amendment(matter, summary=("路灯不亮", "两盏路灯不亮")) | {"base_version": had},
    )
    assert here.phone.results(first=2) == ["accepted", "merged"]
    here.phone.pull()
    assert rows_of(here, "matter")[str(matter.pk)]["version"] != had


def test_a_value_that_came_after_the_clash_is_not_overwritten(here: World, chief: Actor) -> None:
    old = household(here).address
    here.phone.save("household_change", change(here, address=(old, "现场看的路2号")))
    station_says(here, address="站里改的路1号")
    here.phone.push()
    station_says(here, address="后来改的路3号")
    clash = FieldConflict.objects.get()
    with pytest.raises(Problem, match="后来又改过"):
        settle_conflict(
            actor=chief, conflict_id=clash.pk, state=ConflictState.TAKEN, reason="现场看过"
        )
    assert household(here).address == "后来改的路3号"
    clash.refresh_from_db()
    assert clash.state == ConflictState.OPEN
    settle_conflict(
        actor=chief, conflict_id=clash.pk, state=ConflictState.KEPT, reason="以新的为准"
    )


def test_a_clash_of_a_merged_village_is_the_affair_of_the_station_of_the_one_it_goes_on_in(
    here: World, chief: Actor
) -> None:
    old = household(here).address
    here.phone.save("household_change", change(here, address=(old, "现场看的路2号")))
    here.phone.save("work_record", {"village_code": V1})
    station_says(here, address="站里改的路1号")
    here.phone.push()
    decision = Decision(effective_on=today(), reason="合并")
    merge_villages(actor=system(), predecessor_codes=[V1], successor_code=V2, decision=decision)
    chief = actor_for(user=User.objects.get(username="chief"))
    clash = conflicts(actor=chief).get()
    assert owners(village_codes={V1}) == {V1: ["演示所长"]}
    settle_conflict(actor=chief, conflict_id=clash.pk, state=ConflictState.TAKEN, reason="核对")
    assert household(here).address == "现场看的路2号"
    (line,) = waiting_lines(actor=chief)
    decide_line(
        actor=chief, device_id=here.phone.id, n=line.n, outcome=DecisionOutcome.DISMISSED,
        reason="重报",
    )  # fmt: skip


@pytest.mark.parametrize("decided", [False, True])
def test_a_visit_of_before_a_merger_is_taken_after_it(
    here: World, chief: Actor, *, decided: bool
) -> None:
    if decided:  # what the rules refuse waits for the chief
        Household.objects.filter(pk=here.county.households[0]).update(retired_on=BEGAN)
    here.phone.save("visit_entry", entry(here))
    decision = Decision(effective_on=today(), reason="合并")
    merge_villages(actor=system(), predecessor_codes=[V1], successor_code=V2, decision=decision)
    assert here.phone.results() == ["rejected" if decided else "accepted"]
    if decided:
        Household.objects.filter(pk=here.county.households[0]).update(retired_on=None)
        decide_line(
            actor=actor_for(user=User.objects.get(username="chief")), device_id=here.phone.id, n=1,
            outcome=DecisionOutcome.APPLIED, reason="核对",
        )  # fmt: skip
    assert set(WorkRecord.objects.values_list("village_id", flat=True)) == {V1}
    assert Matter.objects.get().village_id == V1


def test_levels_and_closures_are_the_stations(here: World) -> None:
    matter = opened(here)
    here.phone.save("matter_change", amendment(matter, level=("village", "county")))
    here.phone.save("matter_change", amendment(matter, closed_at=("", "2026-09-10")))
    assert here.phone.results(first=2) == ["rejected", "rejected"]
    Matter.objects.update(closed_at=now(), outcome="settled")
    here.phone.save("matter_change", amendment(matter, place=("桥头", "桥东头")))
    assert here.phone.results(first=4) == ["rejected"]


def test_a_stranger_sees_and_settles_nothing(here: World, chief: Actor) -> None:
    old = household(here).address
    here.phone.save("household_change", change(here, address=(old, "现场看的路2号")))
    station_says(here, address="站里改的路1号")
    here.phone.push()
    clash = FieldConflict.objects.get()
    for actor in (here.county.as_officer, here.county.as_auditor, here.county.as_stranger):
        assert not conflicts(actor=actor).exists()
        with pytest.raises(Problem) as refused:
            settle_conflict(
                actor=actor, conflict_id=clash.pk, state=ConflictState.TAKEN, reason="想要"
            )
        assert refused.value.status == 404
    for state, reason in ((ConflictState.OPEN, "想要"), (ConflictState.KEPT, " ")):
        with pytest.raises(Problem):
            settle_conflict(actor=chief, conflict_id=clash.pk, state=state, reason=reason)
