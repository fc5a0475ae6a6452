"""cunjing photos check."""

from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings
from tests.support.fieldwork_factories import county
from tests.support.fieldwork_factories import visit as visit_item
from tests.support.photos_factories import digest_of, item_of, kept_photo, picture

from cunjing.fieldwork.actions import record_work
from cunjing.photos import store
from cunjing.photos.actions import erase_photo, promise_photos

pytestmark = pytest.mark.django_db

LOST = picture(shade=3)


@pytest.fixture
def visit(settings: Settings, tmp_path: Path) -> UUID:
    """A visit with a photo that is here, one that is to come and one that was erased."""
    settings.VAR = tmp_path
    world = county()
    record = record_work(actor=world.as_officer, item=visit_item(world)).record.pk
    kept_photo(record)
    promise_photos(actor=world.as_officer, items=[item_of(picture(shade=1), record=record)])
    erased = kept_photo(record, content=picture(shade=2))
    erase_photo(actor=world.as_officer, photo_id=erased, reason="重复")
    return record


def test_where_all_files_are_there_it_says_how_many(visit: UUID) -> None:
    out = StringIO()
    call_command("photos", "check", stdout=out)
    assert out.getvalue() == "收到的照片 1 张，文件不在的 0 张。\n"


@pytest.mark.parametrize("left", [None, LOST[:-1]])
def test_a_file_that_is_gone_or_cut_is_named_and_the_status_is_3(
    visit: UUID, left: bytes | None
) -> None:
    kept_photo(visit, content=LOST)
    path = store.path_of(digest_of(LOST))
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    out = StringIO()
    with pytest.raises(CommandError, match="photos/kept") as caught:
        call_command("photos", "check", stdout=out)
    assert caught.value.returncode == 3
    assert "收到的照片 2 张，文件不在的 1 张。" in out.getvalue()
    assert f"记录 {visit}  {digest_of(LOST)}" in out.getvalue()
