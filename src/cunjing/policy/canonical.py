"""The canonical form of a policy: plain JSON values, and the digest every verdict carries.

Kept policies are read for years, by versions of this code that know more fields. So that the same
file keeps its digest, a field that came later is left out as long as it says nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from cunjing.base.record import Record
from cunjing.policy.model import Policy

ADDED_LATER = frozenset(
    {"Clause.figure", "Clause.same_as", "Listing.posts", "Policy.duties", "Policy.boards"}
)
"""Fields that the first version did not have, as `Class.field`. A new field belongs here."""


def with_digest(policy: Policy) -> Policy:
    """The policy with the SHA-256 of everything it says, whatever digest it carried before."""
    bare = plain(policy) | {"digest": ""}
    canonical = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return Policy(**(policy.named() | {"digest": digest}))


def plain(value: object) -> Any:
    """A part of a policy as JSON values: records name their class under the empty key."""
    if isinstance(value, Record):
        kind = type(value).__name__
        said = {
            name: plain(item) for name, item in value.named().items() if _says(kind, name, item)
        }
        return {"": kind, **said}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _says(kind: str, field: str, value: object) -> bool:
    """Whether a field is part of the canonical form."""
    return bool(value) or f"{kind}.{field}" not in ADDED_LATER
