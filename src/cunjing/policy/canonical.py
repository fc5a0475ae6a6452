"""The canonical form of a policy: plain JSON values, and the digest every verdict carries."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from cunjing.policy.model import Policy


def with_digest(policy: Policy) -> Policy:
    """The policy with the SHA-256 of everything it says, whatever digest it carried before."""
    bare = replace(policy, digest="")
    canonical = json.dumps(plain(bare), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return replace(bare, digest=hashlib.sha256(canonical.encode()).hexdigest())


def plain(value: object) -> Any:
    """A part of a policy as JSON values: records name their class under the empty key."""
    if is_dataclass(value) and not isinstance(value, type):
        content = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {"": type(value).__name__, **content}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
