"""A photo as it is promised."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cunjing.photos.models import Photo


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoItem:
    """What a device says of a photo before it sends it: beside which record or matter it stands,
    digest and length in bytes of the content without metadata, and when it was saved."""

    id: UUID
    record_id: UUID | None
    matter_id: UUID | None
    sha256: str
    length: int
    recorded_at: datetime

    def same_as(self, photo: Photo) -> bool:
        """Whether this is the photo stored under its id."""
        return (self.record_id, self.matter_id, self.sha256, self.length) == (
            photo.record_id,
            photo.matter_id,
            photo.sha256,
            photo.length,
        )
