"""A phone begun anew sends what was not taken; what a person has said about it stands."""

import json

import pytest
from tests.support.fieldwork_factories import V1
from tests.support.places_factories import system
from tests.support.sync_phone import Phone, World, give, visit, world

from cunjing.accounts.roles import Role
from cunjing.fieldwork.models import WorkRecord
from cunjing.sync.deciding import decide_line
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.models import Decision, DecisionOutcome
from cunjing.sync.waiting import waiting_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    """A phone that was stopped when it had one visit to send, which it handed over."""
    made = world()
    made.phone.save("work_record", visit(made))
    revoke_device(actor=system(), device_id=made.phone.id, reason="换机")
    assert made.phone.hand_over(first=1).status_code == 200
    return made


def decide(here: World, outcome: DecisionOutcome) -> Decision:
    return decide_line(
        actor=here.county.as_station,
        device_id=here.phone.id,
        n=1,
        outcome=outcome,
        reason="当天没有去",
    )


def begun_anew(here: World) -> Phone:
    """Another phone with the same lines, under the ids they had."""
    phone = Phone(here.user)
    assert phone.enrol().status_code == 201
    for raw in here.phone.lines:
        line = json.loads(raw)
        phone.save(line["type"], line["body"], id=line["id"])
    return phone


@pytest.mark.parametrize("outcome", [DecisionOutcome.DISMISSED, DecisionOutcome.ENTERED])
def test_what_was_dismissed_does_not_come_back(here: World, outcome: DecisionOutcome) -> None:
    first = decide(here, outcome)
    phone = begun_anew(here)
    answer = phone.push().json()["results"][0]
    assert answer["result"] == "rejected"
    assert "当天没有去" in answer["problem"]["detail"]
    assert WorkRecord.objects.count() == 0
    assert not waiting_lines(actor=here.county.as_station).exists()
    again = Decision.objects.get(mutation__device=phone.id)
    assert (again.outcome, again.reason, again.decided_by, again.decided_at) == (
        outcome,
        first.reason,
        first.decided_by,
        first.decided_at,
    )
    # The answer was lost: it is said again.
    assert phone.push().json()["results"][0] == answer


def test_what_was_taken_by_a_person_is_taken(here: World) -> None:
    decision = decide(here, DecisionOutcome.APPLIED)
    answer = begun_anew(here).push().json()["results"][0]
    assert (answer["result"], answer["rows"]) == ("accepted", decision.rows)
    assert WorkRecord.objects.count() == 1


def test_what_nobody_has_decided_is_done_as_ever(here: World) -> None:
    assert begun_anew(here).results() == ["accepted"]


def test_a_decision_binds_the_persons_own_phones_only(here: World) -> None:
    decide(here, DecisionOutcome.DISMISSED)
    neighbour = here.county.auxiliary
    assert neighbour.user is not None
    give(neighbour.user, V1, role=Role.AUXILIARY)
    phone = Phone(neighbour.user)
    assert phone.enrol().status_code == 201
    same = json.loads(here.phone.lines[0])["id"]
    phone.save("work_record", visit(here, staff_id=str(neighbour.pk)), id=same)
    assert phone.results() == ["accepted"]


def test_an_id_used_twice_on_the_new_phone_is_still_looked_at(here: World) -> None:
    decide(here, DecisionOutcome.DISMISSED)
    phone = begun_anew(here)
    line = json.loads(phone.lines[0])
    phone.save("work_record", visit(here), id=line["id"])
    assert phone.results() == ["rejected", "quarantined"]
    assert waiting_lines(actor=here.county.as_station).count() == 1
