"""Writes of photos: promise them, take or refuse their content, erase it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from cunjing.base.clock import now
from cunjing.base.errors import FieldFault, Problem, ProblemKind, conflict, invalid, not_found
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.matters.models import Matter
from cunjing.photos import store
from cunjing.photos.access import right_over
from cunjing.photos.items import PhotoItem
from cunjing.photos.models import Photo
from cunjing.photos.queries import visible_photo
from cunjing.photos.rules import MOST_BYTES, MOST_OF_ONE, NotCleanError, check_photo

REASON_LENGTH = 190
_DIGITS = 64
HALF_LIVES = timedelta(days=14)
"""How long an upload that nobody goes on with is kept."""
UNKNOWN_LIVES = timedelta(days=30)
"""How long a content is kept that no photo is known of: phones keep the lines of so many days, and
send them again to a server that was restored."""
_TIDYING = "tidy_photos"


def promise_photos(*, actor: Actor, items: Sequence[PhotoItem]) -> list[Photo]:
    """Note that photos exist beside records or matters; their content comes later.

    All or none. The same id with the same content is the photo stored before. Raises 40401 for a
    record or matter that is not there for the actor, 40301 for one they may not write, 40901 for
    one that is void or full, 42201 for a digest or length that no photo has.
    """
    stored = Photo.objects.in_bulk([item.id for item in items])
    results = {}
    for item in items:
        _check(item)
        if item.id in stored:
            if not item.same_as(stored[item.id]):
                raise conflict("这个编号已经存有另一张照片，没有覆盖。", id=str(item.id))
            results[item.id] = stored[item.id]
    fresh = [item for item in items if item.id not in stored]
    if fresh:
        results |= {photo.pk: photo for photo in _promised(actor, fresh)}
    return [results[item.id] for item in items]


def take_content(*, actor: Actor, photo_ids: Sequence[UUID], content: bytes) -> None:
    """Keep the content of promised photos that all have its digest; refuse what is not clean.

    Raises 40003 where digest or length differ: nothing is noted, it may be sent again. Raises 42201
    where the file holds more than a picture or no picture: that is noted and final.
    """
    promised = Photo.objects.filter(pk__in=photo_ids).values_list("sha256", "length")
    try:
        for sha256, length in set(promised):
            check_content(content, sha256=sha256, length=length)
    except NotCleanError as error:
        _note(actor, photo_ids, refusal=str(error))
        raise invalid(f"{error}没有保存。请在手机上重新选取。") from error
    with store.exclusive():
        keep_content(actor=actor, photo_ids=photo_ids, content=content)


def check_content(content: bytes, *, sha256: str, length: int) -> None:
    """Raise 40003 unless the content is what was promised, NotCleanError where it is no photo or
    more than one."""
    if (hashlib.sha256(content).hexdigest(), len(content)) != (sha256, length):
        detail = "照片与登记的摘要不符，没有保存。请重新发送。"
        raise Problem(ProblemKind.ALTERED, detail)
    check_photo(content)


def keep_content(*, actor: Actor, photo_ids: Sequence[UUID], content: bytes) -> None:
    """Keep a content that was checked, for photos that wait for it. Within `store.exclusive`."""
    if Photo.objects.filter(pk__in=photo_ids, erased_at=None, refusal="").exists():
        store.keep(content)
        _note(actor, photo_ids, refusal="")


def erase_photo(*, actor: Actor, photo_id: UUID, reason: str) -> Photo:
    """Delete the content of a photo; that there was one, and its digest, stay, so chains verify.

    By who may write the record or matter. Raises 40401 for a stranger's, 40901 where it is erased.
    """
    why = reason.strip()
    if not why or len(why) > REASON_LENGTH:
        detail = f"请写明删除理由，不超过{REASON_LENGTH}字。"
        raise invalid(detail, FieldFault("reason", detail))
    photo = visible_photo(actor=actor, photo_id=photo_id)
    permission = right_over(actor=actor, owner=photo.record or photo.matter)
    with store.exclusive():
        with writing(actor=actor, permission=permission) as write:
            photo = Photo.objects.select_for_update().get(pk=photo_id)
            if photo.erased_at is not None:
                raise conflict("这张照片的内容已经删除。")
            photo.erased_at, photo.erase_reason = now(), why
            photo.save(update_fields=["erased_at", "erase_reason"])
            write.note(photo, AuditVerb.VOIDED, village_code=_village(photo), reason=why)
        _remove_unshown(photo.sha256)
    return photo


def tidy() -> int:
    """Remove contents that no photo shows and uploads that nobody goes on with; returns how many.

    What a crash between commit and removal left is removed here. What was received before the
    database was restored is found again, once its photo is known.
    """
    removed = 0
    with store.exclusive():
        for path in list(store.kept()):
            if path.suffix == ".half" or not _is_wanted(path):
                path.unlink()
                removed += 1
    oldest = (now() - HALF_LIVES).timestamp()
    for path in store.uploads().glob("*"):
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_wanted(path: Path) -> bool:
    """Whether a content is shown, or is of a photo that a restored database has not or not yet."""
    if _shown(path.stem):
        return True
    found = path.stat()
    photos = Photo.objects.filter(sha256=path.stem)
    if not photos.exists():
        return found.st_mtime > (now() - UNKNOWN_LIVES).timestamp()
    waiting = photos.filter(received_at=None, refusal="", erased_at=None, length=found.st_size)
    keys = list(waiting.values_list("pk", flat=True))
    _note(Actor.for_system(_TIDYING), keys, refusal="")
    return bool(keys)


def _check(item: PhotoItem) -> None:
    faults = []
    if (item.record_id is None) == (item.matter_id is None):
        faults.append(FieldFault("record_id", "照片应属于一条记录或一个事项，二者取一。"))
    if len(item.sha256) != _DIGITS or set(item.sha256) - set("0123456789abcdef"):
        faults.append(FieldFault("sha256", "应为 64 位小写十六进制摘要。"))
    if not 0 < item.length <= MOST_BYTES:
        faults.append(FieldFault("length", f"照片不能超过 {MOST_BYTES // 1024} KB。"))
    if faults:
        raise invalid("照片登记有误，没有保存。", *faults)


def _promised(actor: Actor, items: Sequence[PhotoItem]) -> list[Photo]:
    records = {key for item in items if (key := item.record_id)}
    matters = {key for item in items if (key := item.matter_id)}
    with transaction.atomic():
        # Locked in one order, so that the number of photos beside each holds under two devices.
        owners: dict[UUID, WorkRecord | Matter] = {
            **{
                row.pk: row
                for row in WorkRecord.objects.select_related("staff")
                .select_for_update(of=("self",))
                .filter(pk__in=records)
                .order_by("pk")
            },
            **{
                row.pk: row
                for row in Matter.objects.select_related("opened_by")
                .select_for_update(of=("self",))
                .filter(pk__in=matters)
                .order_by("pk")
            },
        }
        return [_stored(actor, item, owners=owners) for item in items if _fits(items, item)]


def _fits(items: Sequence[PhotoItem], item: PhotoItem) -> bool:
    if Counter(one.id for one in items)[item.id] > 1:
        raise invalid("同一个编号用了两次。", FieldFault("id", "请为每张照片生成新的编号。"))
    return True


def _stored(actor: Actor, item: PhotoItem, *, owners: dict[UUID, WorkRecord | Matter]) -> Photo:
    owner = owners.get(item.record_id or item.matter_id or item.id)
    if owner is None:
        raise not_found("没有照片所属的记录，或者不在您的辖区内。")
    permission = right_over(actor=actor, owner=owner)
    if isinstance(owner, WorkRecord) and owner.voided_at is not None and not owner.superseded:
        raise conflict("照片所属的记录已经作废，没有保存照片。")
    if owner.photos.count() >= MOST_OF_ONE:
        raise conflict(f"一条记录最多 {MOST_OF_ONE} 张照片，这一张没有保存。")
    photo = Photo(
        id=item.id,
        record_id=item.record_id,
        matter_id=item.matter_id,
        sha256=item.sha256,
        length=item.length,
        recorded_at=item.recorded_at,
        recorded_by=actor.user_id,
    )
    with writing(actor=actor, permission=permission) as write:
        photo.save(force_insert=True)
        write.note(photo, AuditVerb.CREATED, village_code=owner.village_id)
    return photo


def _note(actor: Actor, photo_ids: Sequence[UUID], *, refusal: str) -> None:
    """Note of promised photos that their content is there, or why it is not kept."""
    with transaction.atomic():
        rows = Photo.objects.select_for_update(of=("self",)).select_related("record", "matter")
        waiting = [
            row
            for row in rows.filter(pk__in=photo_ids, erased_at=None).order_by("pk")
            if row.received_at is None and not row.refusal
        ]
        if not waiting:
            return
        with writing(actor=actor, permission=Permission.DEVICE_USE) as write:
            for row in waiting:
                row.received_at, row.refusal = (None if refusal else now()), refusal
                row.save(update_fields=["received_at", "refusal"])
                write.note(row, AuditVerb.CHANGED, village_code=_village(row), reason=refusal)


def _village(photo: Photo) -> str:
    owner = photo.record or photo.matter
    return owner.village_id if owner else ""


def _shown(sha256: str) -> bool:
    return Photo.objects.filter(sha256=sha256, received_at__isnull=False, erased_at=None).exists()


def _remove_unshown(sha256: str) -> None:
    if not _shown(sha256):
        store.remove(sha256)
