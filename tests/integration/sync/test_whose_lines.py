"""A line that was not done is read, and decided about, where the village it speaks of belongs."""

import gzip
import importlib
from typing import Any

import pytest
from django.apps import apps
from tests.support.fieldwork_factories import AWAY, BEGAN, V1, actor
from tests.support.places_factories import system
from tests.support.sync_phone import World, entry, give, visit, world

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem
from cunjing.base.ids import new_id
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.sync.deciding import decide_line
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.models import DecisionOutcome, Mutation, Quarantine
from cunjing.sync.waiting import (
    elsewhere_of,
    line_of_device,
    lines_in,
    not_done_of,
    waiting_lines,
)

pytestmark = pytest.mark.django_db
HERE, AWAY_LINE = 1, 2


@pytest.fixture
def here() -> World:
    """A phone of the station whose officer also recorded in another county's village: both lines
    were refused."""
    made = world()
    made.phone.save("work_record", visit(made) | {"kind": "patrol"})
    made.phone.save("work_record", visit(made, village_code=AWAY))
    assert made.phone.results() == ["rejected", "rejected"]
    return made


def owner(here: World) -> Actor:
    return actor(Role.OFFICER, user=here.user, villages=(V1,))


def numbers(actor: Actor) -> list[int]:
    return list(waiting_lines(actor=actor).values_list("n", flat=True))


def test_a_chief_reads_what_speaks_of_their_own_villages(here: World) -> None:
    chief, far = here.county.as_station, here.county.as_stranger
    assert (numbers(chief), numbers(far)) == ([HERE], [AWAY_LINE])
    assert [one.n for one in not_done_of(actor=chief, device_id=here.phone.id)] == [HERE]
    assert elsewhere_of(actor=chief, device_id=here.phone.id) == 1
    line_of_device(actor=far, device_id=here.phone.id, n=AWAY_LINE)
    for who, n in ((chief, AWAY_LINE), (far, HERE)):
        with pytest.raises(Problem) as refused:
            line_of_device(actor=who, device_id=here.phone.id, n=n)
        assert refused.value.status == 404
    assert numbers(system()) == [HERE, AWAY_LINE]


def test_whose_phone_it_is_reads_all_of_it(here: World) -> None:
    mine = not_done_of(actor=owner(here), device_id=here.phone.id)
    assert [one.n for one in mine] == [AWAY_LINE, HERE]
    assert elsewhere_of(actor=owner(here), device_id=here.phone.id) == 0
    assert numbers(owner(here)) == []


def test_it_is_decided_where_it_can_be_done(here: World) -> None:
    said: dict[str, Any] = {"device_id": here.phone.id, "n": AWAY_LINE, "reason": "核实"}
    with pytest.raises(Problem):
        decide_line(actor=here.county.as_station, outcome=DecisionOutcome.DISMISSED, **said)
    with pytest.raises(Problem) as refused:
        decide_line(actor=owner(here), outcome=DecisionOutcome.DISMISSED, **said)
    assert refused.value.status == 403
    decide_line(actor=here.county.as_stranger, outcome=DecisionOutcome.DISMISSED, **said)
    assert numbers(here.county.as_stranger) == []


def test_what_is_said_of_somebody_elses_work_waits_for_a_person_whole(here: World) -> None:
    phone, another = here.phone, str(here.county.auxiliary.pk)
    begun = entry(here)["arrived_at"]
    for kind, body in (
        ("work_record", visit(here)),
        ("visit_entry", entry(here)),
        ("matter", {"id": str(new_id()), "village_code": V1, "opened_at": begun}),
    ):
        phone.save(kind, body | {"staff_id": another})
    phone.push(first=3)
    kept = Mutation.objects.filter(n__gt=AWAY_LINE).order_by("n")
    assert list(kept.values_list("result", "village_code")) == [("rejected", V1)] * 3
    assert [bytes(one.content or b"") for one in kept] == phone.lines[AWAY_LINE:]
    assert numbers(here.county.as_station) == [HERE, 3, 4, 5]
    assert not WorkRecord.objects.exists()


def test_what_names_a_record_or_matter_speaks_of_its_village(here: World) -> None:
    """Refused lines say it by the record, of the station, of the same push or of one before."""
    phone = here.phone
    whole = entry(here, village_code=AWAY)
    give(here.user, AWAY)
    officer = here.county.officer
    Posting.objects.create(village_id=AWAY, staff=officer, role=officer.role, valid_from=BEGAN)
    stood = visit(here, village_code=AWAY)
    phone.save("work_record", stood)
    phone.push(first=3)
    revoke_device(actor=system(), device_id=phone.id, reason="遗失")
    phone.save("withdrawal", {"record_id": stood["id"], "reason": "没有去"})
    phone.save("visit_entry", whole)
    phone.save("photo", {"matter_id": whole["matters"][0]["id"]})
    phone.save("correction", {"record_id": str(new_id()), "record": visit(here), "reason": "改"})
    phone.hand_over(first=4)
    phone.save("photo", {"record_id": whole["calls"][0]["id"]})
    phone.save("withdrawal", {"record_id": str(new_id()), "reason": "没有去"})
    phone.save("work_record", visit(here, village_code="999999999999"))
    phone.save("seen", {"at": 7})
    phone.hand_over(first=8)
    assert list(Mutation.objects.order_by("n").values_list("village_code", flat=True)) == [
        V1, AWAY, "", AWAY, AWAY, AWAY, V1, AWAY, "", "", "",
    ]  # fmt: skip
    assert WorkRecord.objects.count() == 1
    # What speaks of no village is the affair of whoever manages the phone.
    assert numbers(here.county.as_station) == [1, 7, 9, 10, 11]


def test_of_a_push_kept_whole_one_reads_what_is_ones_own(here: World) -> None:
    body = here.phone.packed()
    push = Quarantine.objects.create(
        device_id=here.phone.id, reason="fork", sha256="0" * 64, header="-", body=body
    )
    assert gzip.decompress(body).count(b"\n") == 2
    shown = lines_in(push, actor=here.county.as_station)
    assert [one and one.body["village_code"] for one in shown] == [V1, None]
    assert None not in lines_in(push, actor=owner(here))
    assert None not in lines_in(push, actor=system())


def test_lines_that_wait_since_before_are_named_by_what_they_say(here: World) -> None:
    Mutation.objects.update(village_code="")
    migration = importlib.import_module("cunjing.sync.migrations.0007_held_photos")
    Mutation.objects.filter(n=HERE).update(content=b"no line")
    migration.name_villages(apps, None)
    assert dict(Mutation.objects.values_list("n", "village_code")) == {HERE: "", AWAY_LINE: AWAY}


@pytest.mark.parametrize(
    "said", [{"village_code": "4115\0"}, {"record": {"village_code": "\0"}, "reason": "\0"}]
)
def test_a_village_that_is_no_code_stops_nothing_that_comes_after(
    here: World, said: dict[str, Any]
) -> None:
    """PostgreSQL takes no such text, not even in a question."""
    here.phone.save("correction", said)
    here.phone.save("work_record", visit(here))
    assert here.phone.results(first=3) == ["quarantined", "accepted"]
    assert numbers(here.county.as_station) == [HERE, 3]
