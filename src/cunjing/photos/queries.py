"""Reads of photos: whoever may read the record or the matter may see its photos, nobody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Q

from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.photos import store
from cunjing.photos.access import why_not_write
from cunjing.photos.models import Photo
from cunjing.places.access import jurisdiction_of


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A photo beside a record: `shown` where there is a content to look at, `said` if not;
    `erase_refusal` is why this reader may not erase it, empty where they may."""

    id: UUID
    recorded_at: datetime
    shown: bool
    said: str
    erase_refusal: str


def of_records(*, actor: Actor, record_ids: Sequence[UUID]) -> list[PhotoLine]:
    """The photos of records (give a record's whole correction chain), oldest first."""
    return _lines(actor, Q(record_id__in=record_ids))


def of_matter(*, actor: Actor, matter_id: UUID) -> list[PhotoLine]:
    """The photos of a matter, oldest first."""
    return _lines(actor, Q(matter_id=matter_id))


def with_digest(sha256: str) -> list[Photo]:
    """All photos that show this content, whoever's they are: for the device that proves its own."""
    return list(Photo.objects.filter(sha256=sha256).order_by("promised_at", "id"))


def is_here(photo: Photo) -> bool:
    """Whether the content of a photo was received and lies there: a restore may lack the file."""
    return photo.received_at is not None and store.holds(photo.sha256, length=photo.length)


def without_content() -> Iterator[Photo]:
    """The photos that were received and not erased since, and whose file is not there."""
    rows = Photo.objects.filter(received_at__isnull=False, erased_at=None)
    ordered = rows.select_related("record", "matter").order_by("received_at", "id")
    return (photo for photo in ordered.iterator() if not is_here(photo))


def how_many_received() -> int:
    """How many photos have a content, or should have."""
    return Photo.objects.filter(received_at__isnull=False, erased_at=None).count()


def visible_photo(*, actor: Actor, photo_id: UUID) -> Photo:
    """A photo with its record and matter. Raises 40401 where it is not there for this reader."""
    rows = Photo.objects.select_related("record__staff", "matter__opened_by")
    photo = rows.filter(_visible(actor), pk=photo_id).first()
    if photo is None:
        raise not_found("没有这张照片，或者不在您的辖区内。")
    return photo


def content_of(*, actor: Actor, photo_id: UUID) -> Path:
    """The file of a photo's content, a JPEG. Raises 40401 where there is none for this reader."""
    photo = visible_photo(actor=actor, photo_id=photo_id)
    if said := _said(photo):
        raise not_found(f"这张照片现在没有内容：{said}")
    return store.path_of(photo.sha256)


def _visible(actor: Actor) -> Q:
    records = jurisdiction_of(actor=actor, permission=Permission.RECORD_READ)
    matters = jurisdiction_of(actor=actor, permission=Permission.MATTER_READ)
    return records.q("record__village_id") | matters.q("matter__village_id")


def _lines(actor: Actor, condition: Q) -> list[PhotoLine]:
    rows = Photo.objects.select_related("record__staff", "matter__opened_by")
    return [
        PhotoLine(
            id=photo.pk,
            recorded_at=photo.recorded_at,
            shown=not (said := _said(photo)),
            said=said,
            erase_refusal=why_not_write(actor=actor, owner=photo.record or photo.matter),
        )
        for photo in rows.filter(_visible(actor), condition).order_by("recorded_at", "id")
    ]


def _said(photo: Photo) -> str:
    """Why there is nothing to see; empty where there is."""
    if photo.erased_at is not None:
        return f"内容已删除（{photo.erase_reason}）。"
    if photo.refusal:
        return f"没有收下：{photo.refusal}"
    if photo.received_at is None:
        return "还没有收到，等待手机发送。"
    return "" if is_here(photo) else "收到过，但文件不在了，请联系维护人员。"
