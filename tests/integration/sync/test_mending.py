"""A visit that was refused and comes anew, mended: one of the two is recorded, never both."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.support.fieldwork_factories import V1, V2
from tests.support.mended_visits import (
    APPLIED,
    DISMISSED,
    ENTERED,
    REPLACED,
    decide,
    id_of,
    last_answer,
    refused,
    save_mended,
    visits,
    waiting,
)
from tests.support.photos_factories import picture
from tests.support.places_factories import system
from tests.support.race import at_once, runners
from tests.support.sync_phone import Phone, World, entry, give
from tests.support.uploads import Uploads, digest_of, promise

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.base.ids import new_id
from cunjing.kernel.models import AuditEntry
from cunjing.photos import store
from cunjing.photos.models import Photo
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.models import Decision, DecisionOutcome, HeldPhoto, Mutation
from cunjing.sync.waiting import not_done_of

pytestmark = pytest.mark.django_db
Photographed = tuple[str, bytes, Uploads]


@pytest.fixture
def here() -> World:
    return refused()


def test_the_mended_visit_is_recorded_and_the_refused_line_waits_no_more(here: World) -> None:
    assert waiting(here) == [1]
    key = save_mended(here, id_of(here.phone, 1))
    assert last_answer(here.phone, n=2)["result"] == "accepted"
    assert (visits(), waiting(here)) == ({key}, [])
    (line,) = not_done_of(actor=here.county.as_station, device_id=here.phone.id)
    decision = line.decision
    assert (decision.outcome, decision.decided_by) == (REPLACED, here.user.pk)
    assert ["record", key] in decision.rows
    assert line.result == "rejected"
    entry_made = AuditEntry.objects.get(record_id=str(decision.pk))
    assert (entry_made.actor_id, entry_made.village_code) == (here.user.pk, V2)
    assert entry_made.reason == decision.reason != ""


def test_the_station_no_longer_takes_what_was_mended(here: World) -> None:
    key = save_mended(here, id_of(here.phone, 1))
    here.phone.push(first=2)
    for outcome in (APPLIED, ENTERED, DISMISSED):
        with pytest.raises(Problem, match="本人已经改好重新报上来"):
            decide(here, outcome)
    assert visits() == {key}


@pytest.mark.parametrize(
    ("outcome", "why"), [(APPLIED, "派出所已经采纳"), (ENTERED, "派出所已经另行登记")]
)
def test_what_the_station_took_before_is_not_recorded_once_more(
    here: World, outcome: DecisionOutcome, why: str
) -> None:
    decide(here, outcome)
    before = visits()
    key = save_mended(here, id_of(here.phone, 1))
    answer = last_answer(here.phone, n=2)
    assert (answer["result"], answer["problem"]["status"]) == ("rejected", 409)
    assert why in answer["problem"]["detail"]
    assert visits() == before
    # It waits for a person, who cannot take it either.
    assert waiting(here) == [2]
    with pytest.raises(Problem, match=why):
        decide(here, APPLIED, n=2)
    assert key not in visits()
    decide(here, DISMISSED, n=2)


def test_what_the_station_did_not_take_is_recorded_where_it_comes_mended(here: World) -> None:
    decide(here, DISMISSED)
    key = save_mended(here, id_of(here.phone, 1))
    assert last_answer(here.phone, n=2)["result"] == "accepted"
    assert visits() == {key}
    assert Decision.objects.get().outcome == DISMISSED


def test_nobody_at_the_station_says_that_an_officer_mended_it(here: World) -> None:
    with pytest.raises(Problem) as problem:
        decide(here, REPLACED)
    assert problem.value.kind is ProblemKind.INVALID
    assert waiting(here) == [1]


def test_one_that_is_refused_leaves_the_line_before_as_it_is(here: World) -> None:
    save_mended(here, id_of(here.phone, 1), left_at="2026-09-10T09:00:00+08:00")
    assert last_answer(here.phone, n=2)["result"] == "rejected"
    assert (visits(), waiting(here)) == (set(), [1, 2])


def test_of_all_that_were_mended_one_after_the_other_one_is_recorded(here: World) -> None:
    first = id_of(here.phone, 1)
    save_mended(here, first, left_at="2026-09-10T09:00:00+08:00")
    here.phone.push(first=2)
    key = save_mended(here, id_of(here.phone, 2), first)
    assert last_answer(here.phone, n=3)["result"] == "accepted"
    assert (visits(), waiting(here)) == ({key}, [])


def test_where_two_were_made_of_one_the_second_is_not_recorded(here: World) -> None:
    line = id_of(here.phone, 1)
    key = save_mended(here, line)
    save_mended(here, line)
    answers = here.phone.push(first=2).json()["results"]
    assert [one["result"] for one in answers] == ["accepted", "rejected"]
    assert "另外改好" in answers[1]["problem"]["detail"]
    assert visits() == {key}


def test_the_same_mended_line_by_the_next_phone_is_taken_as_the_one_it_is(here: World) -> None:
    key = save_mended(here, id_of(here.phone, 1))
    here.phone.push(first=2)
    following = Phone(here.user)
    assert following.enrol().status_code == 201
    line = json.loads(here.phone.lines[1])
    following.save("visit_entry", line["body"], id=line["id"], schema=2)
    assert following.results() == ["accepted"]
    assert visits() == {key}


def test_a_refused_line_that_comes_again_is_told_what_became_of_it(here: World) -> None:
    save_mended(here, id_of(here.phone, 1))
    here.phone.push(first=2)
    older = Phone(here.user)
    assert older.enrol().status_code == 201
    line = json.loads(here.phone.lines[0])
    older.save("visit_entry", line["body"], id=line["id"])
    answer = last_answer(older, n=1)
    assert answer["result"] == "rejected"
    assert "已由本人改好重报" in answer["problem"]["detail"]
    assert (len(visits()), waiting(here)) == (1, [])


def test_both_sent_once_more_to_a_server_put_back_are_recorded_once(here: World) -> None:
    """The right is there by now: the line that was refused is taken, the mended one is not."""
    save_mended(here, id_of(here.phone, 1))
    following = Phone(here.user)
    assert following.enrol().status_code == 201
    Mutation.objects.all().delete()
    for raw in here.phone.lines:
        line = json.loads(raw)
        following.save("visit_entry", line["body"], id=line["id"], schema=line["schema"])
    answers = following.push().json()["results"]
    assert [one["result"] for one in answers] == ["accepted", "rejected"]
    assert "后来已经登记" in answers[1]["problem"]["detail"]
    assert visits() == {json.loads(here.phone.lines[0])["body"]["id"]}


def test_what_a_stopped_phone_handed_over_stands_for_the_line_before_when_it_is_taken(
    here: World,
) -> None:
    key = save_mended(here, id_of(here.phone, 1))
    revoke_device(actor=system(), device_id=here.phone.id, reason="遗失")
    assert here.phone.hand_over(first=2).status_code == 200
    assert waiting(here) == [1, 2]
    decide(here, APPLIED, n=2)
    assert (visits(), waiting(here)) == ({key}, [])
    with pytest.raises(Problem, match="本人已经改好重新报上来"):
        decide(here, APPLIED)


def test_the_next_phone_mends_what_a_stopped_one_had_sent(here: World) -> None:
    revoke_device(actor=system(), device_id=here.phone.id, reason="遗失")
    following = Phone(here.user)
    assert following.enrol().status_code == 201
    key = save_mended(here, id_of(here.phone, 1), phone=following)
    assert last_answer(following, n=1)["result"] == "accepted"
    assert (visits(), waiting(here)) == ({key}, [])


def test_the_line_of_another_person_is_left_as_it_is(here: World) -> None:
    neighbour = here.county.auxiliary
    assert neighbour.user is not None
    give(neighbour.user, V1, role=Role.AUXILIARY)
    phone = Phone(neighbour.user)
    assert phone.enrol().status_code == 201
    said = {"village_code": V1, "staff_id": str(neighbour.pk)}
    key = save_mended(here, id_of(here.phone, 1), phone=phone, **said)
    assert last_answer(phone, n=1)["result"] == "accepted"
    assert (visits(), waiting(here)) == ({key}, [1])


def test_a_line_of_another_type_and_an_unknown_one_are_left_as_they_are(here: World) -> None:
    here.phone.save("correction", {"record_id": str(new_id())})
    here.phone.push(first=2)
    save_mended(here, id_of(here.phone, 2), str(new_id()))
    assert last_answer(here.phone, n=3)["result"] == "accepted"
    assert waiting(here) == [1, 2]


@pytest.fixture
def photographed(here: World, settings: Settings, tmp_path: Path) -> Photographed:
    """A photo of the refused visit, held at the station with its line, the second."""
    settings.VAR = tmp_path
    body = json.loads(here.phone.lines[0])["body"]
    content = picture()
    key = promise(here.phone, content, record_id=body["id"])
    assert last_answer(here.phone, n=2)["result"] == "rejected"
    uploads = Uploads(here.phone, store.uploads())
    assert uploads.send(content).status == 204
    assert HeldPhoto.objects.count() == 1
    return key, content, uploads


def promise_mended(phone: Phone, key: str, content: bytes, *, visit: str) -> None:
    body = {
        "id": key, "record_id": visit, "sha256": digest_of(content), "length": len(content),
        "replaces": [id_of(phone, 2)],
    }  # fmt: skip
    phone.save("photo", body, schema=2)


def test_the_photo_of_a_mended_visit_takes_the_place_of_the_one_that_waits(
    here: World, photographed: Photographed
) -> None:
    key, content, uploads = photographed
    visit = save_mended(here, id_of(here.phone, 1))
    promise_mended(here.phone, key, content, visit=visit)
    answers = here.phone.push(first=3).json()["results"]
    assert [one["result"] for one in answers] == ["accepted", "accepted"]
    assert waiting(here) == []
    assert not HeldPhoto.objects.exists()
    assert uploads.send(content).status == 204
    photo = Photo.objects.get(pk=key)
    assert (str(photo.record_id), photo.received_at is not None) == (visit, True)


def test_a_photo_that_was_not_promised_anew_waits_on(
    here: World, photographed: Photographed
) -> None:
    save_mended(here, id_of(here.phone, 1))
    here.phone.push(first=3)
    assert waiting(here) == [2]
    assert HeldPhoto.objects.count() == 1


def test_a_photo_does_not_settle_a_visit(here: World, photographed: Photographed) -> None:
    key, content, _ = photographed
    here.phone.save("visit_entry", body := entry(here))
    said = {"id": str(new_id()), "record_id": body["id"], "sha256": digest_of(content)}
    said |= {"length": len(content), "replaces": [id_of(here.phone, 1)]}
    here.phone.save("photo", said, schema=2)
    assert last_answer(here.phone, n=3)["result"] == "accepted"
    assert waiting(here) == [1, 2]
    assert key != said["id"]


def test_what_a_stopped_phone_handed_over_settles_the_photo_before_when_it_is_taken(
    here: World, photographed: Photographed
) -> None:
    key, content, uploads = photographed
    visit = save_mended(here, id_of(here.phone, 1))
    promise_mended(here.phone, key, content, visit=visit)
    revoke_device(actor=system(), device_id=here.phone.id, reason="遗失")
    assert here.phone.hand_over(first=3).status_code == 200
    # What is held with the first counts for the second: nothing is sent twice.
    assert uploads.head(content).offset == len(content)
    decide(here, APPLIED, n=3)
    decide(here, APPLIED, n=4)
    assert waiting(here) == []
    assert Photo.objects.get(pk=key).received_at is not None


def test_a_phone_hears_that_its_line_was_replaced(here: World) -> None:
    save_mended(here, id_of(here.phone, 1))
    here.phone.push(first=2)
    here.phone.pull()
    rows = here.phone.scopes[V2].rows.items()
    (told,) = [row for (name, _), row in rows if name == "decision"]
    assert (told["line"], told["outcome"]) == (id_of(here.phone, 1), "replaced")


def test_a_phone_of_the_version_before_is_read_as_ever(here: World) -> None:
    here.phone.save("visit_entry", entry(here))
    assert last_answer(here.phone, n=2)["result"] == "accepted"
    assert waiting(here) == [1]


@pytest.mark.django_db(transaction=True)
def test_the_station_and_the_officer_at_the_same_moment_record_one_visit() -> None:
    """Half of the threads take the refused line, the others bring it mended."""
    here = refused()
    line = id_of(here.phone, 1)
    phones = [Phone(here.user) for _ in range(runners())]
    for phone in phones:
        phone.enrol()
        save_mended(here, line, phone=phone)

    def act(number: int) -> str:
        if number % 2 == 0:
            results: list[str] = phones[number].results()
            return results[0]
        try:
            decide(here, APPLIED)
        except Problem:
            return "refused"
        return "applied"

    done = at_once(act)
    assert len(visits()) == 1
    assert sum(one in {"accepted", "applied"} for one in done) == 1
    assert Decision.objects.count() == 1
