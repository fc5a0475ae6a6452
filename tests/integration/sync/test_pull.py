"""A pull gives a phone what its person may have, all of it, and takes away the rest."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from tests.support.fieldwork_factories import AWAY, BUREAU, STATION, V1, V2
from tests.support.places_factories import system
from tests.support.sync_phone import Held, Phone, World, entry, give, lines_of, visit, world

from cunjing.accounts.actions import end_grant, grant_role
from cunjing.accounts.models import Grant, User
from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.base.clock import now, today
from cunjing.kernel.models import AuditEntry, Change
from cunjing.kernel.permissions import Permission
from cunjing.matters.models import Matter
from cunjing.places.actions.households import (
    HouseholdState,
    NewHousehold,
    add_hamlet,
    add_household,
    add_households,
    edit_household,
    move_households,
    retire_household,
)
from cunjing.places.models import Household, Village
from cunjing.staffing.models import Staff
from cunjing.sync import pulling, scopes
from cunjing.sync.keys import server_key
from cunjing.sync.rows import READ_RIGHTS

pytestmark = pytest.mark.django_db
NEW_HOUSE = NewHousehold(address="演示新村1号")


@pytest.fixture
def here() -> World:
    return world()


class RestoredError(Exception):
    """The server is put back to before."""


def number(answer: Any) -> int:
    return int(answer.json()["type"].rpartition("#")[2])


def moved_to(village: str, *households: UUID) -> None:
    move_households(actor=system(), household_ids=households, village_code=village)


def test_the_first_pull_gives_the_villages_and_nothing_else(here: World) -> None:
    phone = here.phone
    phone.save("visit_entry", entry(here))
    phone.push()
    phone.pull()
    assert set(phone.scopes) == {V1, V2}
    kinds = {kind for held in phone.scopes.values() for kind, _ in held.rows}
    assert kinds == {"village", "posting", "household", "record", "matter"}
    assert phone.ids(V1, "household") == {str(key) for key in here.county.households}
    assert len(phone.ids(V1, "posting")) == 2
    assert len(phone.ids(V2, "posting")) == 1
    assert phone.scopes[V1].rows["village", V1]["unit_name"] == f"演示{STATION}"


def test_of_a_household_a_phone_gets_an_address_and_a_priority(here: World) -> None:
    here.phone.pull()
    row = here.phone.scopes[V1].rows["household", str(here.county.households[0])]
    assert row == {
        "row": "household", "id": str(here.county.households[0]), "version": row["version"],
        "village": V1, "hamlet": None, "address": "演示1号", "visit_priority": 0,
    }  # fmt: skip


def test_a_version_counted_again_after_a_restore_is_another_one(here: World) -> None:
    here.phone.pull()
    house = here.county.households[0]
    change = partial(edit_household, actor=system(), household_id=house, version=1)
    with suppress(RestoredError), transaction.atomic():
        change(state=HouseholdState("演示1号东", None, 0))
        here.phone.pull()
        raise RestoredError
    change(state=HouseholdState("演示1号西", None, 0))
    here.phone.pull()
    assert here.phone.scopes[V1].rows["household", str(house)]["address"] == "演示1号西"


def test_nothing_new_is_one_line(here: World) -> None:
    here.phone.pull()
    (closing,) = lines_of(here.phone.pull_once())
    assert closing["lines"] == 0
    assert set(closing) == {"lines", "last", "head", "anchor", "lease_until", "witness"}


def test_only_what_changed_comes_and_all_of_it(here: World) -> None:
    here.phone.pull()
    added = add_household(actor=system(), village_code=V1, household=NEW_HOUSE)
    hamlet = add_hamlet(actor=system(), village_code=V1, name="一组")
    edit_household(
        actor=system(), household_id=here.county.households[0], version=1,
        state=HouseholdState("演示1号", hamlet.pk, 3),
    )  # fmt: skip
    seen = here.phone.pull()
    assert [line.get("row") or next(iter(line)) for line in seen] == [
        "scope", "hamlet", "household", "household", "scope_end",
    ]  # fmt: skip
    assert str(added.pk) in here.phone.ids(V1, "household")
    changed = here.phone.scopes[V1].rows["household", str(here.county.households[0])]
    number, _, checksum = changed["version"].partition("-")
    assert (number, len(checksum), changed["visit_priority"]) == ("2", 8, 3)
    assert not Change.objects.filter(scope=V1, number=None).exists()


def test_what_is_retired_or_closed_goes(here: World) -> None:
    phone = here.phone
    phone.save("visit_entry", entry(here))
    phone.push()
    phone.pull()
    assert phone.ids(V1, "matter")
    house = here.county.households[0]
    retire_household(actor=system(), household_id=house, version=1)
    matter = Matter.objects.get()
    Matter.objects.filter(pk=matter.pk).update(closed_at=matter.opened_at, outcome="settled")
    Change.objects.create(scope=V1, record_type="matters.matter", record_id=str(matter.pk))
    seen = phone.pull()
    assert {(line["gone"], line["id"]) for line in seen if "gone" in line} == {
        ("household", str(house)),
        ("matter", str(matter.pk)),
    }
    assert not phone.ids(V1, "matter")


def test_a_household_that_moves_leaves_one_scope_and_enters_the_other(here: World) -> None:
    phone, house = here.phone, here.county.households[0]
    phone.pull()
    moved_to(V2, house)
    phone.pull()
    assert str(house) in phone.ids(V2, "household") - phone.ids(V1, "household")
    moved_to(V1, house)
    phone.pull()
    assert str(house) in phone.ids(V1, "household") - phone.ids(V2, "household")
    moved_to(AWAY, house)
    seen = phone.pull()
    assert AWAY not in str(seen)
    assert str(house) not in phone.ids(V1, "household")


def test_small_rows_are_right_without_any_note_of_their_change(here: World) -> None:
    here.phone.pull()
    Staff.objects.filter(pk=here.county.auxiliary.pk).update(phone="13900000000")
    Village.objects.filter(pk=V1).update(name="新名村")
    seen = [line for line in here.phone.pull() if "row" in line]
    assert sorted((line["row"], line["name"]) for line in seen) == [
        ("posting", "演示戴"),
        ("village", "新名村"),
    ]


def test_work_goes_to_the_phones_of_who_did_it(here: World) -> None:
    assert here.county.auxiliary.user is not None
    give(here.county.auxiliary.user, V1, role=Role.AUXILIARY)
    other, second = Phone(here.county.auxiliary.user), Phone(here.user)
    for phone in (other, second):
        phone.enrol()
        phone.pull()
    here.phone.save("work_record", visit(here))
    other.save("work_record", visit(here, staff_id=str(here.county.auxiliary.pk)))
    assert here.phone.results() == other.results() == ["accepted"]
    for phone in (here.phone, second, other):
        phone.pull()
    assert here.phone.ids(V1, "record") == second.ids(V1, "record")
    assert len(here.phone.ids(V1, "record")) == len(other.ids(V1, "record")) == 1
    assert not here.phone.ids(V1, "record") & other.ids(V1, "record")


def test_a_withdrawn_record_changes_its_state(here: World) -> None:
    body = visit(here)
    here.phone.save("work_record", body)
    here.phone.push()
    here.phone.pull()
    here.phone.save("withdrawal", {"record_id": body["id"], "reason": "重复登记"})
    here.phone.push()
    (row,) = [line for line in here.phone.pull() if "row" in line]
    assert (row["id"], row["state"]) == (body["id"], "withdrawn")


def test_a_village_taken_away_goes_and_unsent_work_still_arrives(here: World) -> None:
    phone = here.phone
    phone.pull()
    phone.save("work_record", visit(here))
    grant = Grant.objects.get(user=here.user, village_code=V1)
    end_grant(actor=system(), grant_id=grant.pk, reason="换人")
    assert {"scope": V1, "revoked": True} in phone.pull()
    assert set(phone.scopes) == {V2}
    assert phone.results() == ["accepted"]


def test_work_made_after_the_phone_heard_of_it_is_foreign(here: World) -> None:
    phone = here.phone
    grant = Grant.objects.get(user=here.user, village_code=V1)
    Grant.objects.filter(pk=grant.pk).update(valid_to=today() - timedelta(days=3))
    old = server_key().anchor(device_id=phone.id, n=1, at=now() - timedelta(days=5)).model_dump()
    phone.save("work_record", visit(here), anchor=old)
    phone.pull()
    phone.save("work_record", visit(here))
    # An anchor from before the newest one shown brings the right back no more than a forged one.
    phone.save("work_record", visit(here), anchor=old)
    phone.save("work_record", visit(here), anchor={**old, "n": 99})
    phone.save("work_record", visit(here, village_code=V2), anchor=None)
    assert phone.results() == ["accepted", *["rejected"] * 3, "accepted"]


def test_a_village_given_back_begins_from_nothing(here: World) -> None:
    phone = here.phone
    phone.pull()
    before = phone.scopes[V1].epoch
    grant = Grant.objects.get(user=here.user, village_code=V1)
    end_grant(actor=system(), grant_id=grant.pk, reason="换人")
    Grant.objects.create(user=here.user, role=Role.OFFICER, village_code=V1, valid_from=today())
    opening = next(line for line in phone.pull() if line.get("scope") == V1)
    assert opening["from"] == 0
    assert opening["epoch"] != before


def test_another_digest_is_told_to_start_over(here: World) -> None:
    phone = here.phone
    phone.pull()
    full = dict(phone.scopes[V1].rows)
    phone.scopes[V1].rows.popitem()
    seen = phone.pull()
    assert next(line for line in seen if "epoch" in line)["from"] == 0
    assert phone.scopes[V1].rows == full
    assert len(lines_of(phone.pull_once())) == 1


def test_a_number_of_the_future_starts_over(here: World) -> None:
    here.phone.pull()
    here.phone.scopes[V1].seq += 100
    seen = here.phone.pull()
    assert next(line for line in seen if "epoch" in line)["from"] == 0


def test_many_rows_come_in_several_answers(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "MOST_ROWS", 3)
    houses = [NewHousehold(address=f"演示新村{n}号") for n in range(10)]
    added = add_households(actor=system(), village_code=V1, households=houses)
    lines = here.phone.pull()
    assert sum(line.get("scope") == V1 for line in lines) > 3
    assert {str(one.pk) for one in added} < here.phone.ids(V1, "household")
    assert not any(line.get("more") for line in lines_of(here.phone.pull_once()))


def test_a_row_that_changes_between_two_answers_is_not_missed(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "MOST_ROWS", 2)
    phone, (gone, changed, *_) = here.phone, here.county.households
    phone.apply(lines_of(phone.pull_once())[:-1])
    retire_household(actor=system(), household_id=gone, version=1)
    state = HouseholdState("演示门牌", None, 2)
    edit_household(actor=system(), household_id=changed, version=1, state=state)
    phone.pull()
    assert str(gone) not in phone.ids(V1, "household")
    assert phone.scopes[V1].rows["household", str(changed)]["address"] == "演示门牌"


def test_rows_of_another_shape_are_made_anew(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, house = here.phone, str(here.county.households[0])
    phone.pull()
    before = phone.scopes[V1].rows["household", house]
    monkeypatch.setattr(scopes, "SHAPE", scopes.SHAPE + 1)
    Household.objects.filter(pk=house).update(address="新写法", version=2)
    Household.objects.filter(pk=here.county.households[1]).delete()
    seen = phone.pull()
    assert {(line.get("row") or line["gone"], line["id"]) for line in seen if "id" in line} == {
        ("household", house),
        ("household", str(here.county.households[1])),
    }
    assert phone.scopes[V1].rows["household", house] != before
    assert len(lines_of(phone.pull_once())) == 1


def test_a_unit_means_the_villages_it_answers_for(here: World) -> None:
    station = User.objects.create(username="beat", display_name="责任区")
    grant_role(
        actor=system(), user_id=station.pk, role=Role.OFFICER, unit_code=STATION,
        valid_from=today(),
    )  # fmt: skip
    phone = Phone(station)
    phone.enrol()
    phone.pull()
    assert set(phone.scopes) == {V1, V2}
    assert not phone.ids(V1, "record")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    "place", [{"village_code": V1}, {"unit_code": STATION}, {"unit_code": BUREAU}]
)
def test_every_role_gets_its_villages_or_none(
    here: World, role: Role, place: dict[str, str]
) -> None:
    """Asked for every village by name, a phone gets those of its grants and no word of others."""
    Household.objects.create(village_id=AWAY, address="外县门牌")
    person = User.objects.create(username=f"as-{role}", display_name="某人")
    give(person, V2)
    phone = Phone(person)
    phone.enrol()
    Grant.objects.filter(user=person).delete()
    grant_role(actor=system(), user_id=person.pk, role=role, valid_from=today(), **place)
    phone.scopes = {code: Held(epoch="guessed", seq=3) for code in (V1, V2, AWAY)}
    seen = phone.pull()
    mine = {V1} if "village_code" in place else {V1, V2}
    if Permission.DEVICE_USE not in PERMISSIONS_OF[role]:
        mine = set()
    assert set(phone.scopes) == mine
    assert {line["scope"] for line in seen if "revoked" in line} == {V1, V2, AWAY} - mine
    assert "外县门牌" not in str(seen)
    rows = [line for line in seen if "row" in line]
    assert {line.get("village", line["id"]) for line in rows} == mine


def test_whoever_may_carry_a_phone_may_read_what_it_holds() -> None:
    carriers = [role for role in Role if Permission.DEVICE_USE in PERMISSIONS_OF[role]]
    assert carriers
    assert all(PERMISSIONS_OF[role] >= READ_RIGHTS for role in carriers)


def test_what_leaves_for_a_phone_is_noted_once(here: World) -> None:
    for _ in range(3):
        here.phone.pull()
    noted = AuditEntry.objects.filter(record_type="sync.scope")
    assert sorted(noted.values_list("village_code", "record_id")) == [
        (V1, str(here.phone.id)),
        (V2, str(here.phone.id)),
    ]


def test_other_addresses_and_methods_are_refused(here: World) -> None:
    assert number(here.phone.post("snapshot", b"")) == 40401
    assert number(here.phone.post("version", b"")) == 40501
    assert number(here.phone.post("pull", b"{}", signed_in=False)) == 40102
    assert number(here.phone.post("pull", b'{"schema": 9, "scopes": []}')) == 40902
    assert number(here.phone.post("pull", b'{"schema": 1}')) == 42201
