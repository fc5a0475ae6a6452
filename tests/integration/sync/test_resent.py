"""A phone begun anew sends all that it keeps; what is done already is not done again."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.fieldwork_factories import V1
from tests.support.places_factories import system
from tests.support.sync_phone import Phone, World, give, visit, world

from cunjing.accounts.roles import Role
from cunjing.fieldwork.models import WorkRecord
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.erasing import erase_mutation
from cunjing.sync.models import FieldConflict, Mutation
from cunjing.sync.waiting import waiting_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    """A phone whose visit was done, and then withdrawn by the same phone."""
    made = world()
    said = visit(made)
    made.phone.save("work_record", said)
    made.phone.save("withdrawal", {"record_id": said["id"], "reason": "记错了"})
    assert made.phone.results() == ["accepted", "accepted"]
    return made


def begun_anew(here: World, *, user: Any = None) -> Phone:
    """Another phone with the same lines, under the ids they had."""
    phone = Phone(user or here.user)
    assert phone.enrol().status_code == 201
    for line in lines_of(here.phone):
        phone.save(line["type"], line["body"], id=line["id"])
    return phone


def lines_of(phone: Phone) -> Iterator[Any]:
    return (json.loads(raw) for raw in phone.lines)


def test_what_was_done_is_answered_as_it_was_and_not_done_again(here: World) -> None:
    before = here.phone.push().json()["results"]
    phone = begun_anew(here)
    assert phone.push().json()["results"] == before
    assert WorkRecord.objects.count() == 1
    # The answer was lost: it is said again.
    assert phone.push().json()["results"] == before


def test_what_the_server_does_not_have_is_done(here: World) -> None:
    here.phone.save("work_record", visit(here))
    assert begun_anew(here).results() == ["accepted"] * 3
    assert WorkRecord.objects.count() == 2


def test_two_values_kept_for_a_person_are_kept_once(here: World) -> None:
    house = str(here.county.households[0])
    fields = {"address": {"from": "别的地址", "to": "新地址"}}
    change = {"village_code": V1, "household_id": house, "base_version": "1", "fields": fields}
    here.phone.save("household_change", change)
    assert here.phone.results(first=3) == ["conflict"]
    assert begun_anew(here).results() == ["accepted", "accepted", "conflict"]
    assert FieldConflict.objects.count() == 1


def test_a_withdrawn_phone_hands_over_nothing_that_is_done(here: World) -> None:
    here.phone.save("work_record", visit(here))
    phone = begun_anew(here)
    revoke_device(actor=system(), device_id=phone.id, reason="换机")
    assert phone.hand_over(first=1).status_code == 200
    assert [line.n for line in waiting_lines(actor=here.county.as_station)] == [3]


def test_nobody_claims_a_line_by_its_id(here: World) -> None:
    neighbour = here.county.auxiliary
    assert neighbour.user is not None
    give(neighbour.user, V1, role=Role.AUXILIARY)
    phone = begun_anew(here, user=neighbour.user)
    answers = phone.push().json()["results"]
    assert [one["result"] for one in answers] == ["rejected", "rejected"]
    assert [one["rows"] for one in answers] == [[], []]


def test_an_id_says_nothing_of_another_type(here: World) -> None:
    phone = Phone(here.user)
    assert phone.enrol().status_code == 201
    first, second = lines_of(here.phone)
    phone.save("withdrawal", second["body"], id=first["id"])
    assert phone.results() == ["rejected"]


def test_an_id_used_twice_on_the_new_phone_is_still_looked_at(here: World) -> None:
    phone = begun_anew(here)
    (first, *_) = lines_of(here.phone)
    phone.save("work_record", visit(here), id=first["id"])
    assert phone.results() == ["accepted", "accepted", "quarantined"]


def test_what_was_erased_is_erased_on_every_phone_and_not_kept_again(here: World) -> None:
    first, second = begun_anew(here), begun_anew(here)
    assert first.results() == ["accepted", "accepted"]
    station = here.county.as_station
    erase_mutation(actor=station, device_id=here.phone.id, n=1, reason="个人信息")
    assert second.results() == ["accepted", "accepted"]
    rows = Mutation.objects.filter(device__in=[here.phone.id, first.id, second.id])
    kept = {(row.n, row.content is not None) for row in rows}
    assert kept == {(1, False), (2, True)}
