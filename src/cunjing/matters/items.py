"""A matter as a client sends it, and the digest that tells whether it was sent before."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cunjing.fieldwork.texts import cleaned
from cunjing.kernel.writing import canonical
from cunjing.matters.models import MatterKind, MatterLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterItem:
    """One matter to be opened.

    `id` is made by the client (UUIDv7). `staff_id`: who reports it, None at the station's desk.
    `visit_id`: the visit it was found on. `recorded_at` None: when it arrives.
    """

    id: UUID
    kind: MatterKind
    subkind: str
    village_code: str
    place: str
    summary: str
    opened_at: datetime
    level: MatterLevel = MatterLevel.VILLAGE
    staff_id: UUID | None = None
    visit_id: UUID | None = None
    recorded_at: datetime | None = None

    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        content = {
            "kind": self.kind.value,
            "subkind": self.subkind,
            "village": self.village_code,
            "place": cleaned(self.place),
            "summary": cleaned(self.summary),
            "opened_at": self.opened_at,
            "level": self.level.value,
            "staff": self.staff_id,
            "visit": self.visit_id,
            "recorded_at": self.recorded_at,
        }
        return hashlib.sha256(canonical(content)).hexdigest()
