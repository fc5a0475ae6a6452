"""The canonical form of a policy: plain JSON values, and the digest every verdict carries.

Kept policies are read for years, by versions of this code that know more fields. So that the same
file keeps its digest, a field that came later is left out as long as it says nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass, replace
from datetime import date
from typing import Any

from cunjing.policy.model import Policy

ADDED_LATER = frozenset(
    {
        "Clause.figure",
        "Clause.same_as",
        "Listing.posts",
        "Parameter.dated",
        "Policy.duties",
        "Policy.boards",
        "Policy.matching",
    }
)
"""Fields that the first version did not have, as `Class.field`. A new field belongs here."""

NEVER_SAID = frozenset({"Clause.origin", "Rule.changed"})
"""Fields that tell where a part comes from: the policy says the same without them."""


def with_digest(policy: Policy) -> Policy:
    """The policy with the SHA-256 of everything it says, whatever digest it carried before."""
    bare = replace(policy, digest="")
    canonical = json.dumps(plain(bare), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return replace(bare, digest=hashlib.sha256(canonical.encode()).hexdigest())


def plain(value: object) -> Any:
    """A part of a policy as JSON values: records name their class under the empty key."""
    if is_dataclass(value) and not isinstance(value, type):
        said = {one.name: getattr(value, one.name) for one in fields(value) if _says(value, one)}
        return {"": type(value).__name__, **{name: plain(item) for name, item in said.items()}}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _says(record: object, field: Field[Any]) -> bool:
    """Whether a field is part of the canonical form."""
    name = f"{type(record).__name__}.{field.name}"
    if name in NEVER_SAID:
        return False
    return name not in ADDED_LATER or bool(getattr(record, field.name))
