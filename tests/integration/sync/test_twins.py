"""One line that two phones of a person brought, and that waits twice: it is settled once."""

import json
from typing import Any

import pytest
from tests.support.fieldwork_factories import V1
from tests.support.places_factories import system
from tests.support.race import at_once
from tests.support.sync_phone import Phone, World, give, visit, world

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem
from cunjing.base.ids import new_id
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import AuditEntry
from cunjing.sync.deciding import decide_line
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.models import Decision, DecisionOutcome
from cunjing.sync.twins import came_twice
from cunjing.sync.waiting import waiting_lines

pytestmark = pytest.mark.django_db
APPLIED, ENTERED, DISMISSED, _ = DecisionOutcome
Two = tuple[World, Phone, Phone]


def twice(**changes: Any) -> Two:
    """A line two stopped phones handed over, under one id; `changes`: what the second says else."""
    here = world()
    first, second = here.phone, Phone(here.user)
    assert second.enrol().status_code == 201
    body = visit(here)
    first.save("work_record", body)
    second.save("work_record", body | changes, id=json.loads(first.lines[0])["id"])
    for phone in (first, second):
        revoke_device(actor=system(), device_id=phone.id, reason="遗失")
        assert phone.hand_over(first=1).status_code == 200
    return here, first, second


def decide(here: World, phone: Phone, outcome: DecisionOutcome = APPLIED) -> Decision:
    return decide_line(
        actor=here.county.as_station, device_id=phone.id, n=1, outcome=outcome, reason="已核对"
    )


@pytest.mark.parametrize("outcome", [APPLIED, ENTERED, DISMISSED])
def test_settled_once_it_is_settled_for_both(outcome: DecisionOutcome) -> None:
    here, first, second = twice()
    decide(here, first, outcome)
    assert not waiting_lines(actor=here.county.as_station).exists()
    assert WorkRecord.objects.count() == (1 if outcome is APPLIED else 0)
    decisions = Decision.objects.all()
    assert {(one.outcome, one.reason) for one in decisions} == {(outcome, "已核对")}
    keys = {str(one.pk) for one in decisions}
    assert (
        set(AuditEntry.objects.filter(record_id__in=keys).values_list("record_id", flat=True))
        == keys
    )
    assert len(keys) == 2
    with pytest.raises(Problem, match="已经有人处理过"):
        decide(here, second)


@pytest.mark.parametrize("record", ["same", "other"])
@pytest.mark.parametrize("outcome", [APPLIED, ENTERED])
def test_of_two_that_say_different_things_one_is_taken(
    outcome: DecisionOutcome, record: str
) -> None:
    changes: dict[str, Any] = {"details": {"left_at": "2026-09-10T12:00:00+08:00", "log": "另一份"}}
    if record == "other":
        changes["id"] = str(new_id())
    here, first, second = twice(**changes)
    decide(here, first, outcome)
    before = set(WorkRecord.objects.values_list("pk", flat=True))
    # The words of the other are nobody's to hide: it waits, to be looked at.
    assert [one.device_id for one in waiting_lines(actor=here.county.as_station)] == [second.id]
    with pytest.raises(Problem, match="另一部手机交来的那一份已经登记"):
        decide(here, second)
    assert set(WorkRecord.objects.values_list("pk", flat=True)) == before
    decide(here, second, DISMISSED)


def test_after_one_was_not_taken_the_other_may_be() -> None:
    here, first, second = twice(details={"left_at": "2026-09-10T12:00:00+08:00", "log": "另一份"})
    decide(here, first, DISMISSED)
    decide(here, second)
    assert WorkRecord.objects.get().details["log"] == "另一份"


def test_one_that_says_otherwise_than_what_was_done_is_not_taken() -> None:
    """The next phone brought it and it was done; what the first had handed over says more."""
    here = world()
    here.phone.save("work_record", visit(here))
    revoke_device(actor=system(), device_id=here.phone.id, reason="遗失")
    here.phone.hand_over(first=1)
    following = Phone(here.user)
    assert following.enrol().status_code == 201
    following.save("work_record", visit(here), id=json.loads(here.phone.lines[0])["id"])
    assert following.results() == ["accepted"]
    with pytest.raises(Problem, match="另一部手机交来的那一份已经登记"):
        decide(here, here.phone)
    assert WorkRecord.objects.count() == 1


def test_the_line_of_another_person_under_the_same_id_is_no_twin() -> None:
    here, first, _ = twice()
    neighbour = here.county.auxiliary
    assert neighbour.user is not None
    give(neighbour.user, V1, role=Role.AUXILIARY)
    phone = Phone(neighbour.user)
    assert phone.enrol().status_code == 201
    phone.save("work_record", visit(here), id=json.loads(first.lines[0])["id"])
    revoke_device(actor=system(), device_id=phone.id, reason="遗失")
    phone.hand_over(first=1)
    decide(here, first)
    assert [one.device_id for one in waiting_lines(actor=here.county.as_station)] == [phone.id]


def test_the_list_shows_what_came_twice_once_where_it_says_the_same() -> None:
    here, _, second = twice()
    lines = waiting_lines(actor=here.county.as_station)
    found = came_twice(lines)
    shown = [one.device_id for one in lines.exclude(pk__in=found.repeated)]
    assert shown == [here.phone.id]
    assert len(found.shown) == 1
    assert {one.device_id for one in lines.filter(pk__in=found.repeated)} == {second.id}


@pytest.mark.django_db(transaction=True)
def test_both_decided_at_the_same_moment_leave_one_record() -> None:
    here, *phones = twice(id=str(new_id()))

    def act(number: int) -> bool:
        try:
            decide(here, phones[number % 2])
        except Problem:
            return False
        return True

    assert sum(at_once(act)) == 1
    assert WorkRecord.objects.count() == 1
