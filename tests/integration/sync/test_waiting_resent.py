"""A line that waits at the station, or was erased there, and that the next phone sends again."""

import json
from typing import Any
from uuid import UUID

import pytest
from tests.support.fieldwork_factories import V1, V2
from tests.support.mended_visits import APPLIED, DISMISSED, ENTERED, decide, id_of, refused, visits
from tests.support.places_factories import system
from tests.support.sync_phone import Phone, World, entry, give

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem
from cunjing.base.ids import new_id
from cunjing.kernel.models import AuditEntry
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.erasing import erase_mutation
from cunjing.sync.models import Decision, Mutation
from cunjing.sync.waiting import waiting_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return refused()


def begun_anew(here: World, *, user: Any = None, **changes: Any) -> Phone:
    """Another phone with the same lines, under the ids they had; `changes`: what they say else."""
    phone = Phone(user or here.user)
    assert phone.enrol().status_code == 201
    for raw in here.phone.lines:
        line = json.loads(raw)
        said = {"id": line["id"], "saved_at": line["saved_at"]}
        phone.save(line["type"], line["body"] | changes, **said)
    return phone


def waiting(here: World) -> list[UUID]:
    return [line.device_id for line in waiting_lines(actor=here.county.as_station)]


def test_what_is_done_now_waits_no_more(here: World) -> None:
    assert waiting(here) == [here.phone.id]
    phone = begun_anew(here)
    (answer,) = phone.push().json()["results"]
    assert (answer["result"], waiting(here)) == ("accepted", [])
    decision = Decision.objects.get(mutation__device=here.phone.id)
    assert (decision.outcome, decision.decided_by) == (APPLIED, here.user.pk)
    assert decision.rows == answer["rows"] != []
    noted = AuditEntry.objects.get(record_id=str(decision.pk))
    assert (noted.reason, noted.village_code) == (decision.reason, V2)
    # The phones are told, and the next one is answered as this one was.
    phone.pull()
    told = [row for (name, _), row in phone.scopes[V2].rows.items() if name == "decision"]
    assert [(row["line"], row["outcome"]) for row in told] == [(answer["id"], "applied")]
    assert begun_anew(here).push().json()["results"] == [answer]
    assert Decision.objects.count() == 1


def test_what_says_otherwise_than_what_is_done_now_waits_on(here: World) -> None:
    assert begun_anew(here, id=str(new_id())).results() == ["accepted"]
    assert waiting(here) == [here.phone.id]


def test_what_is_refused_again_leaves_the_line_before_waiting(here: World) -> None:
    wrong = entry(here, village_code=V2, calls=[], left_at="2026-09-10T09:00:00+08:00")
    here.phone.save("visit_entry", wrong)
    here.phone.push(first=2)
    phone = begun_anew(here)
    assert phone.results() == ["accepted", "rejected"]
    assert waiting(here) == [here.phone.id, phone.id]


def test_the_line_of_another_person_waits_on_whatever_its_id(here: World) -> None:
    neighbour = here.county.auxiliary
    assert neighbour.user is not None
    give(neighbour.user, V1, role=Role.AUXILIARY)
    here.phone.save("visit_entry", entry(here, staff_id=str(neighbour.pk), calls=[]))
    assert here.phone.results(first=2) == ["rejected"]
    phone = begun_anew(here, user=neighbour.user)
    assert phone.results() == ["rejected", "accepted"]
    assert waiting(here) == [here.phone.id, here.phone.id, phone.id]


def test_nobody_says_that_they_entered_by_hand_what_is_done(here: World) -> None:
    """It waits still where a photo is held with it."""
    assert begun_anew(here).results() == ["accepted"]
    Decision.objects.all().delete()
    before = visits()
    with pytest.raises(Problem, match="请不要另行登记"):
        decide(here, ENTERED)
    decide(here, APPLIED)
    assert visits() == before


@pytest.mark.parametrize("decided", [True, False])
def test_what_was_erased_before_it_was_done_is_neither_done_nor_kept_again(
    here: World, *, decided: bool
) -> None:
    if decided:
        decide(here, DISMISSED)
    erase_mutation(actor=here.county.as_station, device_id=here.phone.id, n=1, reason="个人信息")
    phone = begun_anew(here)
    (answer,) = phone.push().json()["results"]
    assert (answer["id"], answer["result"]) == (id_of(here.phone, 1), "rejected")
    assert ("已核对" if decided else "已经删除") in answer["problem"]["detail"]
    assert Mutation.objects.get(device=phone.id).content is None
    assert visits() == set()
    if not decided:
        # Of neither anything is left to read: decided about once, it waits nowhere.
        decide(here, DISMISSED)
    assert waiting(here) == []


def test_what_was_erased_is_not_kept_where_it_is_handed_over(here: World) -> None:
    erase_mutation(actor=here.county.as_station, device_id=here.phone.id, n=1, reason="个人信息")
    phone = begun_anew(here)
    revoke_device(actor=system(), device_id=phone.id, reason="换机")
    assert phone.hand_over(first=1).json()["results"][0]["result"] == "rejected"
    assert Mutation.objects.get(device=phone.id).content is None
