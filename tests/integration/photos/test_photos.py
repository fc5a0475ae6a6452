"""Who sees and who erases a photo, and what of it lies on disk."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings
from tests.support.fieldwork_factories import County, county
from tests.support.fieldwork_factories import visit as visit_item
from tests.support.photos_factories import digest_of, item_of, kept_photo, picture

from cunjing.base.clock import now
from cunjing.base.errors import Problem
from cunjing.fieldwork.actions import record_work, withdraw_record
from cunjing.kernel.audit import seal
from cunjing.kernel.models import AuditEntry
from cunjing.photos import store
from cunjing.photos.actions import (
    HALF_LIVES,
    UNKNOWN_LIVES,
    erase_photo,
    promise_photos,
    take_content,
)
from cunjing.photos.models import Photo
from cunjing.photos.queries import content_of, of_records
from cunjing.photos.tasks import tidy_photos

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> County:
    settings.VAR = tmp_path
    return county()


@pytest.fixture
def visit(world: County) -> UUID:
    return record_work(actor=world.as_officer, item=visit_item(world)).record.pk


def test_who_reads_the_record_sees_its_photos_and_a_stranger_does_not(
    world: County, visit: UUID
) -> None:
    content = picture()
    photo = kept_photo(visit, content=content)
    for reader in (world.as_officer, world.as_auxiliary, world.as_station, world.as_auditor):
        assert content_of(actor=reader, photo_id=photo).read_bytes() == content
        assert [line.shown for line in of_records(actor=reader, record_ids=[visit])] == [True]
    assert of_records(actor=world.as_stranger, record_ids=[visit]) == []
    with pytest.raises(Problem, match="没有这张照片"):
        content_of(actor=world.as_stranger, photo_id=photo)


def test_a_promised_photo_says_that_it_is_still_to_come(world: County, visit: UUID) -> None:
    item = item_of(picture(), record=visit)
    promise_photos(actor=world.as_officer, items=[item])
    (line,) = of_records(actor=world.as_officer, record_ids=[visit])
    assert (line.shown, line.said) == (False, "还没有收到，等待手机发送。")
    with pytest.raises(Problem, match="还没有收到"):
        content_of(actor=world.as_officer, photo_id=item.id)


def test_a_photo_whose_file_a_restore_lacks_is_not_said_to_be_there(
    world: County, visit: UUID
) -> None:
    content = picture()
    photo = kept_photo(visit, content=content)
    store.path_of(digest_of(content)).unlink()
    (line,) = of_records(actor=world.as_officer, record_ids=[visit])
    assert (line.shown, line.said) == (False, "收到过，但文件不在了，请联系维护人员。")
    with pytest.raises(Problem, match="文件不在了"):
        content_of(actor=world.as_officer, photo_id=photo)


def test_an_erased_photo_leaves_no_content_and_a_chain_that_verifies(
    world: County, visit: UUID
) -> None:
    photo = kept_photo(visit)
    for reader in (world.as_auxiliary, world.as_auditor):
        with pytest.raises(Problem) as refused:
            erase_photo(actor=reader, photo_id=photo, reason="拍到了人")
        assert refused.value.status == 403
    with pytest.raises(Problem, match="写明删除理由"):
        erase_photo(actor=world.as_officer, photo_id=photo, reason=" ")
    erase_photo(actor=world.as_officer, photo_id=photo, reason="拍到了人")
    assert list(store.kept()) == []
    (line,) = of_records(actor=world.as_officer, record_ids=[visit])
    assert "拍到了人" in line.said
    with pytest.raises(Problem, match="已经删除"):
        erase_photo(actor=world.as_officer, photo_id=photo, reason="再删一次")
    assert AuditEntry.objects.filter(record_id=str(photo), verb="voided").count() == 1
    assert seal() > 0


def test_a_content_stays_while_another_photo_shows_it(world: County, visit: UUID) -> None:
    content = picture()
    first, second = kept_photo(visit, content=content), kept_photo(visit, content=content)
    erase_photo(actor=world.as_officer, photo_id=first, reason="重复")
    assert content_of(actor=world.as_officer, photo_id=second).read_bytes() == content
    erase_photo(actor=world.as_officer, photo_id=second, reason="重复")
    assert list(store.kept()) == []


def test_an_erased_photo_is_not_kept_when_it_arrives_late(world: County, visit: UUID) -> None:
    content = picture()
    item = item_of(content, record=visit)
    promise_photos(actor=world.as_officer, items=[item])
    erase_photo(actor=world.as_officer, photo_id=item.id, reason="不该拍")
    take_content(actor=world.as_officer, photo_ids=[item.id], content=content)
    assert list(store.kept()) == []
    assert Photo.objects.get().received_at is None


def test_a_photo_stands_beside_one_thing_and_is_named_by_a_digest(
    world: County, visit: UUID
) -> None:
    good = item_of(picture(), record=visit)
    for wrong in (
        replace(good, matter_id=visit),
        replace(good, record_id=None),
        replace(good, sha256="x" * 64),
        replace(good, length=0),
    ):
        with pytest.raises(Problem) as refused:
            promise_photos(actor=world.as_officer, items=[wrong])
        assert refused.value.status == 422
    with pytest.raises(Problem, match="用了两次"):
        promise_photos(actor=world.as_officer, items=[good, good])
    assert Photo.objects.count() == 0


def test_a_void_record_takes_no_photos(world: County, visit: UUID) -> None:
    withdraw_record(actor=world.as_officer, record_id=visit, reason="没有去")
    with pytest.raises(Problem, match="已经作废"):
        promise_photos(actor=world.as_officer, items=[item_of(picture(), record=visit)])


def test_tidying_removes_what_a_crash_left_and_nothing_else(world: County, visit: UUID) -> None:
    kept_photo(visit)
    unknown, fresh = _kept(picture(shade=9)), _kept(picture(shade=8))
    _age(unknown, UNKNOWN_LIVES)
    (store.folder() / "kept" / "ab").mkdir()
    (store.folder() / "kept" / "ab" / "abc.half").write_bytes(b"half")
    store.uploads().mkdir(parents=True)
    old, new = store.uploads() / "old", store.uploads() / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    _age(old, HALF_LIVES)
    assert tidy_photos.func() == 3
    assert [path.name for path in store.uploads().iterdir()] == ["new"]
    assert not unknown.exists()
    assert fresh.exists()
    assert len(list(store.kept())) == 2


def test_a_photo_received_before_the_database_was_restored_is_found_again(
    world: County, visit: UUID
) -> None:
    content = picture()
    item = item_of(content, record=visit)
    path = _kept(content)
    assert tidy_photos.func() == 0
    promise_photos(actor=world.as_officer, items=[item])
    _age(path, UNKNOWN_LIVES)
    assert tidy_photos.func() == 0
    assert content_of(actor=world.as_auditor, photo_id=item.id).read_bytes() == content
    entry = AuditEntry.objects.filter(record_id=str(item.id)).latest("at")
    assert (entry.verb, entry.actor_name) == ("changed", "tidy_photos")
    assert tidy_photos.func() == 0
    assert seal() > 0


def test_what_was_erased_or_refused_or_is_cut_is_not_found_again(
    world: County, visit: UUID
) -> None:
    content, refused, cut = picture(), picture(shade=9), picture(shade=8)
    items = [item_of(one, record=visit) for one in (content, refused, cut)]
    promise_photos(actor=world.as_officer, items=items)
    erase_photo(actor=world.as_officer, photo_id=items[0].id, reason="不该拍")
    Photo.objects.filter(pk=items[1].id).update(refusal="不是照片。")
    for one in (content, refused, cut):
        _kept(one)
    store.path_of(digest_of(cut)).write_bytes(cut[:-1])
    assert tidy_photos.func() == 3
    assert list(store.kept()) == []
    assert not Photo.objects.exclude(received_at=None).exists()


def _kept(content: bytes) -> Path:
    """A content on disk that no photo has received."""
    with store.exclusive():
        return store.path_of(store.keep(content))


def _age(path: Path, lives: timedelta) -> None:
    long_ago = (now() - lives).timestamp() - 60
    os.utime(path, (long_ago, long_ago))
