"""What a device has promised to send under a digest, and what becomes of what it sends."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from cunjing.accounts.queries import actor_for
from cunjing.base.errors import invalid, not_found
from cunjing.photos import store
from cunjing.photos.actions import take_content
from cunjing.photos.models import Photo
from cunjing.photos.queries import with_digest
from cunjing.sync.models import Device, Mutation, MutationResult


@dataclass(frozen=True, slots=True)
class Promise:
    """Photos of one device with one digest: `length` in bytes; `waiting` are not yet here."""

    device: Device
    sha256: str
    length: int
    waiting: tuple[UUID, ...]

    @property
    def kept(self) -> bool:
        """Whether the content is here and nothing is to be sent."""
        return not self.waiting


def promise_of(*, device: Device, sha256: str) -> Promise:
    """What the device promised under this digest, by mutations that were accepted.

    Raises 40401 where it promised nothing, whoever else did; 42201 where all of it was refused.
    """
    photos = [photo for photo in with_digest(sha256) if _promised_by(device, photo)]
    if not photos:
        raise not_found("这台设备没有登记过这张照片。请先同步记录，再发送照片。")
    standing = [photo for photo in photos if not photo.refusal]
    if not standing:
        raise invalid(f"{photos[0].refusal}没有保存。请在手机上重新选取。")
    waiting = [photo for photo in standing if photo.received_at is None and not photo.erased_at]
    if waiting and _sent_before(standing):
        # The device has shown before that it has this content: it need not send it twice.
        ids = tuple(photo.pk for photo in waiting)
        content = store.path_of(sha256).read_bytes()
        take_content(actor=actor_for(user=device.user), photo_ids=ids, content=content)
        waiting = []
    return Promise(device, sha256, photos[0].length, tuple(photo.pk for photo in waiting))


def finish(*, promise: Promise, content: bytes) -> None:
    """Keep what arrived whole. Raises 40003 and 42201 as `take_content` does."""
    take_content(
        actor=actor_for(user=promise.device.user), photo_ids=promise.waiting, content=content
    )


def _promised_by(device: Device, photo: Photo) -> bool:
    sent = Mutation.objects.filter(
        device=device, type="photo", result=MutationResult.ACCEPTED
    ).annotate(text=Cast("rows", TextField()))
    return sent.filter(text__contains=f'"{photo.pk}"').exists()


def _sent_before(photos: list[Photo]) -> bool:
    return (
        any(photo.received_at and not photo.erased_at for photo in photos)
        and store.path_of(photos[0].sha256).exists()
    )
