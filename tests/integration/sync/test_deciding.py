"""What a person at the station has decided about a line reaches the phones of whose line it is."""

import json
from typing import Any

import pytest
from tests.support.fieldwork_factories import V1
from tests.support.places_factories import system
from tests.support.sync_phone import Phone, Row, World, give, visit, world

from cunjing.accounts.roles import Role
from cunjing.kernel.models import AuditEntry
from cunjing.sync.deciding import decide_line
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.models import Decision, DecisionOutcome, Mutation

pytestmark = pytest.mark.django_db
REASON = "已到村核对"


@pytest.fixture
def here() -> World:
    """A phone that sent one visit the rules refuse, and has pulled since."""
    made = world()
    made.phone.save("work_record", visit(made) | {"kind": "patrol"})
    assert made.phone.results() == ["rejected"]
    made.phone.pull()
    return made


def decide(here: World, outcome: DecisionOutcome, *, n: int = 1) -> Decision:
    chief = here.county.as_station
    said: dict[str, Any] = {"device_id": here.phone.id, "n": n, "reason": REASON}
    return decide_line(actor=chief, outcome=outcome, **said)


def told(phone: Phone, village: str = V1) -> dict[str, Row]:
    phone.pull()
    rows = phone.scopes[village].rows
    return {row_id: row for (name, row_id), row in rows.items() if name == "decision"}


@pytest.mark.parametrize("outcome", [DecisionOutcome.DISMISSED, DecisionOutcome.ENTERED])
def test_the_phone_hears_what_was_decided_and_why(here: World, outcome: DecisionOutcome) -> None:
    assert told(here.phone) == {}
    decision = decide(here, outcome)
    (row,) = told(here.phone).values()
    line = Mutation.objects.get(device=here.phone.id, n=1)
    assert row == {
        "row": "decision",
        "id": str(decision.pk),
        "version": row["version"],
        "village": V1,
        "line": str(line.mutation_id),
        "outcome": outcome.value,
        "reason": REASON,
        "decided_by": decision.decided_by_name,
    }


def test_the_entry_of_a_decision_stands_in_its_village(here: World) -> None:
    decision = decide(here, DecisionOutcome.DISMISSED)
    entry = AuditEntry.objects.get(record_id=str(decision.pk))
    assert (entry.village_code, entry.reason) == (V1, REASON)


@pytest.mark.parametrize("has_pulled", [True, False])
def test_nobody_elses_phone_hears_of_it(here: World, *, has_pulled: bool) -> None:
    neighbour = here.county.auxiliary
    assert neighbour.user is not None
    give(neighbour.user, V1, role=Role.AUXILIARY)
    phone = Phone(neighbour.user)
    assert phone.enrol().status_code == 201
    if has_pulled:
        phone.pull()
    decide(here, DecisionOutcome.DISMISSED)
    assert told(phone) == {}
    assert len(told(here.phone)) == 1


def test_a_phone_bound_anew_hears_what_was_decided_before(here: World) -> None:
    decision = decide(here, DecisionOutcome.DISMISSED)
    phone = Phone(here.user)
    assert phone.enrol().status_code == 201
    assert list(told(phone)) == [str(decision.pk)]


def test_a_line_that_comes_again_is_told_of_with_the_decision_on_it(here: World) -> None:
    decide(here, DecisionOutcome.DISMISSED)
    phone = Phone(here.user)
    assert phone.enrol().status_code == 201
    phone.pull()
    line = Mutation.objects.get(device=here.phone.id, n=1)
    phone.save("work_record", visit(here) | {"kind": "patrol"}, id=str(line.mutation_id))
    assert phone.results() == ["rejected"]
    rows = told(phone)
    assert len(rows) == 2
    assert {row["line"] for row in rows.values()} == {str(line.mutation_id)}


def test_what_was_taken_comes_with_the_word_that_it_was(here: World) -> None:
    """A visit a stopped phone handed over; the officer's next phone is told of it."""
    revoke_device(actor=system(), device_id=here.phone.id, reason="换机")
    said = visit(here)
    here.phone.save("work_record", said)
    here.phone.hand_over(first=2)
    decide(here, DecisionOutcome.APPLIED, n=2)
    phone = Phone(here.user)
    assert phone.enrol().status_code == 201
    (row,) = told(phone).values()
    assert (row["outcome"], row["line"]) == ("applied", json.loads(here.phone.lines[1])["id"])
    assert ("record", said["id"]) in phone.scopes[V1].rows
