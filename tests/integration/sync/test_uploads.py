"""A photo arrives whole, resumes at the byte it was cut at, and is nobody else's to send."""

import json
import time
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.support.photos_factories import digest_of, picture
from tests.support.places_factories import system
from tests.support.sync_phone import Phone, World, entry, give, visit, world
from tests.support.uploads import Answer, Uploads, promise

from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import AuditEntry
from cunjing.photos import store
from cunjing.photos.models import Photo
from cunjing.sync.enrolment import revoke_device
from cunjing.sync.uploads import storage
from cunjing.sync.uploads.app import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings: Settings, tmp_path: Path) -> World:
    settings.VAR = tmp_path
    return world()


def beside_a_visit(here: World, content: bytes) -> str:
    """A visit and a photo of it, pushed; returns the photo's id."""
    body = visit(here)
    here.phone.save("work_record", body)
    photo = promise(here.phone, content, record_id=body["id"])
    assert here.phone.results()[-2:] == ["accepted", "accepted"]
    return photo


def uploads_of(phone: Phone) -> Uploads:
    return Uploads(phone, store.uploads())


def number(answer: Answer) -> int:
    """The catalogue number of a refusal."""
    return int(json.loads(answer.body)["type"].rpartition("#")[2])


def test_a_photo_is_kept_once_all_of_it_is_here(here: World) -> None:
    content = picture()
    photo_id = beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    created = uploads.create(content)
    assert (created.status, created.headers["location"]) == (201, f"{ROOT}/{digest_of(content)}")
    assert uploads.head(content).offset == 0
    sent = uploads.patch(content, offset=0)
    assert (sent.status, sent.offset) == (204, len(content))
    photo = Photo.objects.get(pk=photo_id)
    assert photo.received_at is not None
    assert store.path_of(photo.sha256).read_bytes() == content
    assert list(store.uploads().iterdir()) == []
    said = uploads.head(content)
    assert (said.status, said.offset, said.headers["upload-length"]) == (
        200,
        len(content),
        str(len(content)),
    )


def test_a_photo_received_whose_file_a_restore_lacks_is_asked_for_again(here: World) -> None:
    content = picture()
    photo_id = beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    assert uploads.send(content).status == 204
    received = Photo.objects.get(pk=photo_id).received_at
    store.path_of(digest_of(content)).unlink()
    assert uploads.head(content).status == 404
    assert uploads.send(content).status == 204
    assert store.path_of(digest_of(content)).read_bytes() == content
    assert uploads.head(content).offset == len(content)
    assert Photo.objects.get(pk=photo_id).received_at == received


def test_a_photo_may_stand_beside_a_matter_of_the_same_push(here: World) -> None:
    body, content = entry(here), picture()
    here.phone.save("visit_entry", body)
    promise(here.phone, content, matter_id=body["matters"][0]["id"])
    assert here.phone.results() == ["accepted", "accepted"]
    assert uploads_of(here.phone).send(content).status == 204


def test_an_upload_cut_at_any_piece_goes_on_where_it_was_cut(here: World) -> None:
    content = picture(size=(40, 30))
    beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    assert uploads.create(content).status == 201
    have, step = 0, 13
    while have + step < len(content):
        uploads.patch(content, offset=have, cut=step, pieces=5)
        assert uploads.head(content).offset == have + step
        have += step
    assert uploads.patch(content, offset=have).status == 204
    assert store.path_of(digest_of(content)).read_bytes() == content


def test_who_asks_again_does_not_wait_for_the_dead_line(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "LOCK_SECONDS", 3.0)
    content = picture(size=(100, 100))
    photo_id = beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    uploads.create(content)
    began = time.monotonic()
    asked, sent = uploads.take_over(content, after=700)
    assert time.monotonic() - began < 2
    assert (asked.status, asked.offset) == (200, 700)
    assert (sent.status, sent.offset) == (204, len(content))
    assert Photo.objects.get(pk=photo_id).received_at is not None


def test_a_server_killed_amid_an_upload_has_what_arrived(here: World) -> None:
    """The note of the offset is as old as the creation; the file knows better."""
    content = picture(size=(100, 100))
    beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    uploads.create(content)
    half = next(path for path in store.uploads().iterdir() if path.suffix != ".info")
    half.write_bytes(content[:777])
    uploads.restart()
    assert uploads.head(content).offset == 777
    assert uploads.patch(content, offset=777).status == 204


def test_a_server_killed_after_the_last_byte_finishes_when_asked(here: World) -> None:
    content = picture()
    beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    uploads.create(content)
    half = next(path for path in store.uploads().iterdir() if path.suffix != ".info")
    half.write_bytes(content)
    uploads.restart()
    assert uploads.head(content).offset == len(content)
    assert Photo.objects.get().received_at is not None


def test_the_same_creation_again_loses_nothing(here: World) -> None:
    content = picture(size=(100, 100))
    beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    uploads.create(content)
    uploads.patch(content, offset=0, cut=500)
    assert uploads.create(content).status == 201
    assert uploads.head(content).offset == 500
    assert uploads.patch(content, offset=0).status == 409
    assert uploads.patch(content, offset=500).status == 204
    assert uploads.create(content).offset == len(content)
    assert uploads.patch(content, offset=0).status == 409


def test_other_bytes_than_promised_are_thrown_away_and_may_come_again(here: World) -> None:
    content = picture()
    beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    uploads.create(content)
    wrong = content[:-3] + bytes(3)
    refused = uploads.patch(content, offset=0, body=wrong)
    assert (refused.status, number(refused)) == (400, 40003)
    assert uploads.head(content).status == 404
    assert not store.path_of(digest_of(content)).exists()
    assert uploads.send(content).status == 204


@pytest.mark.parametrize(
    "saved",
    [
        {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"},
        {"comment": "某某家门口"},
        {"icc_profile": b"profile"},
        {"xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"},
    ],
)
def test_a_photo_that_says_more_than_its_picture_is_refused_for_good(
    here: World, saved: dict[str, bytes]
) -> None:
    content = picture(**saved)
    photo_id = beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    uploads.create(content)
    refused = uploads.patch(content, offset=0)
    assert (refused.status, number(refused)) == (422, 42201)
    assert Photo.objects.get(pk=photo_id).refusal
    assert not store.path_of(digest_of(content)).exists()
    assert [path for path in store.uploads().rglob("*") if path.is_file()] == []
    assert uploads.create(content).status == 422


def test_only_who_promised_a_photo_may_send_it(here: World) -> None:
    content = picture()
    beside_a_visit(here, content)
    other = Phone(here.user)
    assert other.enrol().status_code == 201
    uploads = uploads_of(here.phone)
    uploads.create(content)
    stranger = uploads_of(other)
    assert stranger.create(content).status == 404
    assert stranger.head(content).status == 404
    assert stranger.patch(content, offset=0).status == 404
    assert uploads.head(content).offset == 0


def test_nobody_promises_a_photo_beside_the_work_of_others(here: World) -> None:
    body, content = visit(here), picture()
    here.phone.save("work_record", body)
    assert here.phone.results() == ["accepted"]
    neighbour = here.county.auxiliary.user
    assert neighbour is not None
    give(neighbour, body["village_code"])
    phone = Phone(neighbour)
    assert phone.enrol().status_code == 201
    promise(phone, content, record_id=body["id"])
    assert phone.results() == ["rejected"]
    assert Photo.objects.count() == 0


def test_a_stranger_learns_nothing_and_a_revoked_device_sends_what_it_promised(
    here: World,
) -> None:
    content = picture()
    beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    assert uploads.head(content, authorization="").status == 401
    assert uploads.head(content, authorization=f"Device {here.phone.id}.wrong").status == 401
    revoke_device(actor=system(), device_id=here.phone.id, reason="遗失")
    assert uploads.create(content).status == 201
    assert uploads.create(picture(shade=9)).status == 404


@pytest.mark.parametrize(
    "path",
    [
        f"{ROOT}/../../../etc/passwd",
        f"{ROOT}/..%2f..%2fkept",
        f"{ROOT}/{'a' * 63}",
        f"{ROOT}/{'A' * 64}",
        f"{ROOT}/{'a' * 64}/",
        f"{ROOT}/{'a' * 64}.info",
        f"{ROOT}/",
        "/uploads/" + "a" * 32,
        "/",
    ],
)
def test_no_path_leads_anywhere_else(here: World, path: str) -> None:
    uploads = uploads_of(here.phone)
    for method in ("HEAD", "PATCH", "GET", "DELETE"):
        assert uploads.request(method, path, headers={}).status == 404


@pytest.mark.parametrize(
    "header",
    [
        {"x-http-method-override": "DELETE"},
        {"upload-concat": "final;/uploads/a /uploads/b"},
        {"upload-defer-length": "1"},
    ],
)
def test_side_doors_of_the_library_are_closed(here: World, header: dict[str, str]) -> None:
    content = picture()
    beside_a_visit(here, content)
    assert uploads_of(here.phone).create(content, **header).status == 400


def test_a_photo_is_as_long_as_promised(here: World) -> None:
    content = picture()
    beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    assert uploads.create(content, **{"upload-length": str(len(content) + 1)}).status == 422
    assert uploads.create(content, **{"content-length": "5"}).status == 400
    uploads.create(content)
    assert uploads.patch(content, offset=0, body=content + b"more").status == 400
    assert uploads.head(content).offset <= len(content)


def test_a_photo_too_large_is_not_even_promised(here: World) -> None:
    body = visit(here)
    here.phone.save("work_record", body)
    promise(here.phone, b"x" * (400 * 1024 + 1), record_id=body["id"])
    assert here.phone.results() == ["accepted", "rejected"]


def test_one_content_lies_there_once_however_many_photos_show_it(here: World) -> None:
    content = picture()
    beside_a_visit(here, content)
    uploads = uploads_of(here.phone)
    assert uploads.send(content).status == 204
    beside_a_visit(here, content)
    assert uploads.head(content).offset == len(content)
    assert Photo.objects.filter(received_at=None).count() == 0
    assert len(list(store.kept())) == 1


def test_a_promise_sent_again_is_answered_with_what_is_stored(here: World) -> None:
    body, content = visit(here), picture()
    here.phone.save("work_record", body)
    first = promise(here.phone, content, record_id=body["id"])
    promise(here.phone, content, id=first, record_id=body["id"])
    promise(here.phone, picture(shade=7), id=first, record_id=body["id"])
    assert here.phone.results() == ["accepted", "accepted", "accepted", "rejected"]
    assert Photo.objects.count() == 1


def test_there_is_an_end_to_photos_beside_one_record(here: World) -> None:
    body = visit(here)
    here.phone.save("work_record", body)
    for shade in range(10):
        promise(here.phone, picture(shade=shade), record_id=body["id"])
    assert here.phone.results() == ["accepted"] * 10 + ["rejected"]
    assert WorkRecord.objects.get().photos.count() == 9


def test_what_happens_to_a_photo_is_in_the_audit_chain(here: World) -> None:
    content = picture()
    photo_id = beside_a_visit(here, content)
    uploads_of(here.phone).send(content)
    verbs = AuditEntry.objects.filter(record_id=photo_id).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["created", "changed"]


def test_a_page_of_ours_at_another_address_may_read_the_answers(here: World) -> None:
    uploads = uploads_of(here.phone)
    asked = uploads.request("OPTIONS", ROOT, headers={"origin": "http://localhost:8000"})
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == "http://localhost:8000"
    strange = uploads.request("OPTIONS", ROOT, headers={"origin": "https://example.org"})
    assert "access-control-allow-origin" not in strange.headers
