"""The photo of a line that waits for a person comes too, and goes where the person says."""

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.support.photos_factories import picture
from tests.support.places_factories import system
from tests.support.sync_phone import World, visit, world
from tests.support.uploads import Uploads, promise

from cunjing.accounts.models import User
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import AuditEntry
from cunjing.photos import store
from cunjing.photos.actions import tidy
from cunjing.photos.models import Photo
from cunjing.sync.deciding import decide_line
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.erasing import erase_mutation
from cunjing.sync.models import DecisionOutcome, HeldPhoto, Mutation

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings: Settings, tmp_path: Path) -> World:
    settings.VAR = tmp_path
    return world()


def uploads_of(here: World) -> Uploads:
    return Uploads(here.phone, store.uploads())


def stop(here: World) -> None:
    revoke_device(actor=system(), device_id=here.phone.id, reason="遗失")


def handed_over(here: World, content: bytes) -> str:
    """A visit and its photo that a stopped phone hands over as lines 1 and 2; the photo's id."""
    body = visit(here)
    here.phone.save("work_record", body)
    photo = promise(here.phone, content, record_id=body["id"])
    stop(here)
    assert here.phone.hand_over(first=1).status_code == 200
    return photo


def decide(here: World, n: int, outcome: DecisionOutcome = DecisionOutcome.APPLIED) -> None:
    decide_line(
        actor=here.county.as_station,
        device_id=here.phone.id,
        n=n,
        outcome=outcome,
        reason="本人核实",
    )


def test_what_a_stopped_phone_hands_over_is_held_until_a_person_takes_it(here: World) -> None:
    content = picture()
    photo_id = handed_over(here, content)
    assert uploads_of(here).send(content).status == 204
    assert bytes(HeldPhoto.objects.get().content) == content
    assert Photo.objects.count() == WorkRecord.objects.count() == 0
    assert list(store.uploads().iterdir()) == []
    decide(here, 1)
    decide(here, 2)
    photo = Photo.objects.get(pk=photo_id)
    assert photo.received_at is not None
    assert store.path_of(photo.sha256).read_bytes() == content
    assert not HeldPhoto.objects.exists()
    assert tidy() == 0


def test_it_may_come_after_the_decision(here: World) -> None:
    content = picture()
    photo_id = handed_over(here, content)
    decide(here, 1)
    decide(here, 2)
    assert Photo.objects.get(pk=photo_id).received_at is None
    assert uploads_of(here).send(content).status == 204
    assert Photo.objects.get(pk=photo_id).received_at is not None
    assert not HeldPhoto.objects.exists()


def test_a_stopped_account_loses_no_photo_either(here: World) -> None:
    body, content = visit(here), picture()
    here.phone.save("work_record", body)
    promise(here.phone, content, record_id=body["id"])
    User.objects.filter(pk=here.user.pk).update(is_active=False)
    here.phone.hand_over(first=1)
    assert uploads_of(here).send(content).status == 204
    assert HeldPhoto.objects.count() == 1


@pytest.mark.parametrize("outcome", [DecisionOutcome.DISMISSED, DecisionOutcome.ENTERED])
def test_what_is_not_taken_goes_and_does_not_come_again(
    here: World, outcome: DecisionOutcome
) -> None:
    content = picture()
    handed_over(here, content)
    uploads = uploads_of(here)
    uploads.send(content)
    decide(here, 2, outcome)
    assert not HeldPhoto.objects.exists()
    assert uploads.create(content).status == 404
    assert Photo.objects.count() == 0


def test_a_photo_waits_for_its_record(here: World) -> None:
    content = picture()
    handed_over(here, content)
    uploads_of(here).send(content)
    with pytest.raises(Exception, match="没有照片所属的记录"):
        decide(here, 2)
    assert HeldPhoto.objects.count() == 1


def test_what_was_promised_before_the_phone_was_stopped_arrives_at_its_record(here: World) -> None:
    """The line was taken, and the digest in it lets nothing else in."""
    body, content = visit(here), picture()
    here.phone.save("work_record", body)
    photo_id = promise(here.phone, content, record_id=body["id"])
    assert here.phone.results() == ["accepted", "accepted"]
    stop(here)
    uploads = uploads_of(here)
    assert uploads.create(picture(shade=3)).status == 404
    assert uploads.send(content).status == 204
    assert Photo.objects.get(pk=photo_id).received_at is not None
    assert not HeldPhoto.objects.exists()


def test_a_line_the_rules_refused_has_its_photo_held_too(here: World) -> None:
    body, content = visit(here) | {"kind": "patrol"}, picture()
    here.phone.save("work_record", body)
    promise(here.phone, content, record_id=body["id"])
    assert here.phone.results() == ["rejected", "rejected"]
    assert uploads_of(here).send(content).status == 204
    assert HeldPhoto.objects.get().mutation.n == 2


def test_other_or_unclean_content_is_not_held(here: World) -> None:
    content, unclean = picture(), picture(comment="某某家门口")
    body = visit(here)
    here.phone.save("work_record", body)
    for one in (content, unclean):
        promise(here.phone, one, record_id=body["id"])
    stop(here)
    here.phone.hand_over(first=1)
    uploads = uploads_of(here)
    uploads.create(content)
    assert uploads.patch(content, offset=0, body=content[:-3] + bytes(3)).status == 400
    assert uploads.send(unclean).status == 422
    assert not HeldPhoto.objects.exists()


def test_one_content_of_two_lines_is_sent_once(here: World) -> None:
    content = picture()
    taken = visit(here)
    here.phone.save("work_record", taken)
    promise(here.phone, content, record_id=taken["id"])
    here.phone.push()
    uploads_of(here).send(content)
    body = visit(here)
    here.phone.save("work_record", body)
    for _ in range(2):
        promise(here.phone, content, record_id=body["id"])
    stop(here)
    here.phone.hand_over(first=3)
    said = uploads_of(here).head(content)
    assert (said.status, said.offset) == (200, len(content))
    assert sorted(HeldPhoto.objects.values_list("mutation__n", flat=True)) == [4, 5]


def test_erasing_a_line_erases_its_photo_and_holding_one_is_noted(here: World) -> None:
    content = picture()
    handed_over(here, content)
    uploads_of(here).send(content)
    noted = AuditEntry.objects.get(record_type="sync.heldphoto")
    assert (noted.record_id, noted.reason) == (str(here.phone.id), "2")
    assert noted.village_code == Mutation.objects.get(n=2).village_code != ""
    erase_mutation(actor=here.county.as_station, device_id=here.phone.id, n=2, reason="个人信息")
    assert not HeldPhoto.objects.exists()
    assert uploads_of(here).create(content).status == 404
