"""What a withdrawn phone had not sent comes sealed, is kept, and waits for a person."""

from typing import Any

import pytest
from tests.support.places_factories import system
from tests.support.sync_phone import World, sealed, visit, world

from cunjing.fieldwork.models import WorkRecord
from cunjing.sync.deciding import decide_line
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.models import DecisionOutcome, Mutation
from cunjing.sync.waiting import said_by, waiting_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    made = world()
    made.phone.save("work_record", visit(made))
    made.phone.push()
    made.phone.save("work_record", visit(made, occurred_at="2026-09-10T13:00:00+08:00", details={
        "left_at": "2026-09-10T15:00:00+08:00", "log": "没有送出的一次"
    }))  # fmt: skip
    return made


def withdrawn(here: World) -> World:
    revoke_device(actor=system(), device_id=here.phone.id, reason="丢失")
    return here


def number(answer: Any) -> int:
    return int(answer.json()["type"].rpartition("#")[2])


def test_it_is_kept_and_nothing_is_done(here: World) -> None:
    withdrawn(here)
    answer = here.phone.hand_over(first=2)
    assert answer.status_code == 200, answer.content
    assert [one["result"] for one in answer.json()["results"]] == ["quarantined"]
    assert WorkRecord.objects.count() == 1
    (line,) = waiting_lines(actor=here.county.as_station)
    assert said_by(Mutation.objects.get(pk=line.pk)).body["details"]["log"] == "没有送出的一次"
    # The answer was lost: it comes again, and is kept once.
    assert here.phone.hand_over(first=2).json()["results"] == answer.json()["results"]
    assert Mutation.objects.count() == 2


def test_a_person_may_take_it(here: World) -> None:
    withdrawn(here)
    here.phone.hand_over(first=2)
    decide_line(
        actor=here.county.as_station, device_id=here.phone.id, n=2,
        outcome=DecisionOutcome.APPLIED, reason="本人核实",
    )  # fmt: skip
    assert WorkRecord.objects.count() == 2
    assert not waiting_lines(actor=here.county.as_station).exists()


def test_only_a_withdrawn_phone_hands_over(here: World) -> None:
    assert number(here.phone.hand_over(first=2)) == 40901
    withdrawn(here)
    refused = here.phone.push(first=2)
    assert (number(refused), refused.json()["last"]) == (40103, 1)
    good, here.phone.token = here.phone.token, "guessed"
    assert number(here.phone.hand_over(first=2)) == 40102
    here.phone.token = good
    assert here.phone.hand_over(first=2).status_code == 200


def test_what_was_not_sealed_by_this_phone_to_this_server_is_not_opened(here: World) -> None:
    withdrawn(here)
    body = here.phone.packed(first=2)
    header = here.phone.header(body, first=2)
    whole = sealed(body, device=here.phone.id)
    for wrong in (
        body,
        b"",
        whole[:-1],
        whole[:-1] + bytes([whole[-1] ^ 1]),
        sealed(body, device=here.user.pk),
    ):
        assert number(here.phone.post("handover", wrong, header=header)) == 40003
    other = here.phone.packed(first=1, last=1)
    answer = here.phone.post("handover", sealed(other, device=here.phone.id), header=header)
    assert number(answer) == 40003
    assert Mutation.objects.count() == 1
