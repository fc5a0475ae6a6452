"""What a device has promised to send under a digest, and what becomes of what it sends.

A withdrawn device may still send what it promised before, or handed over: the digest stands in a
line it signed, so nothing else can come by this way.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from cunjing.accounts.queries import actor_for
from cunjing.base.errors import invalid, not_found
from cunjing.photos import store
from cunjing.photos.actions import take_content
from cunjing.photos.models import Photo
from cunjing.photos.queries import is_here, with_digest
from cunjing.sync.holding import PhotoWaits, held_content, hold, waiting_photos
from cunjing.sync.models import DecisionOutcome, Device, Mutation, MutationResult


@dataclass(frozen=True, slots=True)
class Promise:
    """Photos of one device with one digest: `length` in bytes; `waiting` are not yet here, nor are
    those of `lines`, which wait for a person."""

    device: Device
    sha256: str
    length: int
    waiting: tuple[UUID, ...]
    lines: tuple[int, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether the content is here and nothing is to be sent."""
        return not self.waiting and not self.lines


def promise_of(*, device: Device, sha256: str) -> Promise:
    """What the device promised under this digest, by lines that were taken or wait for a person.

    Raises 40401 where it promised nothing, whoever else did; 42201 where all of it was refused.
    """
    photos = [photo for photo in with_digest(sha256) if _promised_by(device, photo)]
    lines = waiting_photos(device=device, sha256=sha256)
    standing = [photo for photo in photos if not photo.refusal]
    if not photos and not lines:
        raise not_found("这台设备没有登记过这张照片。请先同步记录，再发送照片。")
    if not standing and not lines:
        raise invalid(f"{photos[0].refusal}没有保存。请在手机上重新选取。")
    length = photos[0].length if photos else lines[0].length
    lines = [line for line in lines if line.length == length]
    # What a restore lacks is not here, whatever was received: a device that still has it sends it.
    waiting = [photo for photo in standing if not photo.erased_at and not is_here(photo)]
    promise = Promise(
        device=device,
        sha256=sha256,
        length=length,
        waiting=tuple(photo.pk for photo in waiting),
        lines=tuple(line.line_id for line in lines if not line.held),
    )
    if not promise.kept and (content := _sent_before(standing, lines=lines)):
        # The device has shown before that it has this content: it need not send it twice.
        finish(promise=promise, content=content)
        return Promise(device, sha256, length, ())
    return promise


def finish(*, promise: Promise, content: bytes) -> None:
    """Keep what arrived whole. Raises 40003 and 42201 as `take_content` and `hold` do."""
    if promise.waiting:
        actor = actor_for(user=promise.device.user)
        take_content(actor=actor, photo_ids=promise.waiting, content=content)
    if promise.lines:
        hold(
            device=promise.device,
            line_ids=promise.lines,
            sha256=promise.sha256,
            length=promise.length,
            content=content,
        )


def _promised_by(device: Device, photo: Photo) -> bool:
    """Whether a line of the device made it, by itself or by a person's decision."""
    name = f'"{photo.pk}"'
    sent = Mutation.objects.filter(device=device, type="photo").annotate(
        made=Cast("rows", TextField()), decided=Cast("decision__rows", TextField())
    )
    at_once = Q(result=MutationResult.ACCEPTED, made__contains=name)
    later = Q(decision__outcome=DecisionOutcome.APPLIED, decided__contains=name)
    return sent.filter(at_once | later).exists()


def _sent_before(photos: list[Photo], *, lines: list[PhotoWaits]) -> bytes:
    """The content, where one of these photos or lines has it; else nothing."""
    if any(is_here(photo) and not photo.erased_at for photo in photos):
        return store.path_of(photos[0].sha256).read_bytes()
    return held_content(line.line_id for line in lines if line.held)
