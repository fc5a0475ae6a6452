"""Photos whose line waits for a person: the content comes too, and is held until one decides.

Nothing is shown of it but on the line's page. Taken, it is kept beside its record; else it goes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from cunjing.accounts.queries import actor_for
from cunjing.base.errors import Problem, invalid
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.photos.actions import check_content, keep_content
from cunjing.photos.rules import MOST_BYTES, NotCleanError
from cunjing.sync.bodies import PhotoLine, read_body, upcast
from cunjing.sync.lines import line_of
from cunjing.sync.models import NOT_DONE, Device, HeldPhoto, Mutation


@dataclass(frozen=True, slots=True)
class PhotoWaits:
    """A line that promises a photo and waits for a person; `held`: its content is here."""

    line_id: int
    length: int
    held: bool


def waiting_photos(*, device: Device, sha256: str) -> list[PhotoWaits]:
    """The lines of a device that wait for a person and promise a photo of this digest."""
    held = HeldPhoto.objects.filter(mutation=OuterRef("pk"))
    rows = Mutation.objects.filter(device=device, type="photo", result__in=NOT_DONE, decision=None)
    rows = rows.filter(content__isnull=False).annotate(held=Exists(held)).order_by("n")
    found = []
    for row in rows:
        said = _said(row)
        if said is not None and said.sha256 == sha256 and said.length <= MOST_BYTES:
            found.append(PhotoWaits(row.pk, said.length, row.held))
    return found


def held_content(line_ids: Iterable[int]) -> bytes:
    """The content one of these lines holds; empty where none does."""
    row = HeldPhoto.objects.filter(mutation__in=line_ids).first()
    return bytes(row.content) if row else b""


def hold(
    *, device: Device, line_ids: Sequence[int], sha256: str, length: int, content: bytes
) -> None:
    """Hold the content that lines promise, unless they were decided meanwhile.

    Raises 40003 for another content than was promised, 42201 for one that is more than a picture.
    """
    try:
        check_content(content, sha256=sha256, length=length)
    except NotCleanError as error:
        raise invalid(f"{error}没有保存。请在手机上重新选取。") from error
    with transaction.atomic():
        # A decision locks its line as well: after this there is one, or none to come meanwhile.
        list(Mutation.objects.select_for_update().filter(pk__in=line_ids).order_by("pk"))
        rows = list(Mutation.objects.filter(pk__in=line_ids, decision=None, held_photo=None))
        if rows:
            _held(rows, actor=actor_for(user=device.user), content=content)


def _held(rows: Sequence[Mutation], *, actor: Actor, content: bytes) -> None:
    with writing(actor=actor, permission=Permission.DEVICE_USE) as write:
        for row in rows:
            HeldPhoto.objects.create(mutation=row, content=content)
            key, where = f"{row.device_id}", row.village_code
            write.note_use(
                "sync.heldphoto", key, AuditVerb.CREATED, village_code=where, reason=f"{row.n}"
            )


def let_go(line: Mutation, *, actor: Actor, rows: Sequence[Sequence[str]]) -> None:
    """With the decision: keep the content beside what the line made, or nowhere.

    Within `photos.store.exclusive` and the transaction of the decision.
    """
    held = HeldPhoto.objects.filter(mutation=line).first()
    if held is None:
        return
    if rows:
        keep_content(actor=actor, photo_ids=[UUID(rows[0][1])], content=bytes(held.content))
    held.delete()


def _said(row: Mutation) -> PhotoLine | None:
    """What a line promises; None where it cannot be read as a photo."""
    form = line_of(bytes(row.content or b"")).form
    try:
        body = upcast(form.body, type_name=form.type, schema=form.schema_)
        read = read_body(body, type_name=form.type, saved_at=form.saved_at)
    except Problem:
        return None
    return read if isinstance(read, PhotoLine) else None
