"""Photos made for tests: pictures without metadata, promised and kept by the product's actions."""

import hashlib
import io
from typing import Any
from uuid import UUID

from PIL import Image
from tests.support.places_factories import system

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.photos.actions import promise_photos, take_content
from cunjing.photos.items import PhotoItem


def picture(*, size: tuple[int, int] = (64, 48), shade: int = 120, **saved: Any) -> bytes:
    """A JPEG without metadata; `saved` goes to Pillow (exif, comment, icc_profile …)."""
    image = Image.effect_noise(size, 60).point(lambda value: (value + shade) % 256)
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=80, **saved)
    return buffer.getvalue()


def digest_of(content: bytes) -> str:
    """The name of a content."""
    return hashlib.sha256(content).hexdigest()


def item_of(content: bytes, *, record: UUID | None = None, matter: UUID | None = None) -> PhotoItem:
    """A photo as a device promises it."""
    return PhotoItem(
        id=new_id(),
        record_id=record,
        matter_id=matter,
        sha256=digest_of(content),
        length=len(content),
        recorded_at=now(),
    )


def kept_photo(
    record: UUID | None = None, *, matter: UUID | None = None, content: bytes = b""
) -> UUID:
    """A photo beside a record or a matter whose content is here; its id."""
    content = content or picture()
    item = item_of(content, record=record, matter=matter)
    promise_photos(actor=system(), items=[item])
    take_content(actor=system(), photo_ids=[item.id], content=content)
    return item.id
