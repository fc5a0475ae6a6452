"""Chance with a memory: the same words give the same numbers, ids and choices on every machine."""

import hashlib
import random
from datetime import datetime
from uuid import UUID

SEED = "cunjing-demo-1"
_VERSION = 0x7
_VARIANT = 0x2


def chance(*words: object) -> random.Random:
    """A generator for one purpose, named by `words`."""
    return random.Random("/".join([SEED, *map(str, words)]))  # noqa: S311 - no secret


def fixed_id(*words: object, at: datetime) -> UUID:
    """The id of one thing, named by `words`: a UUIDv7 of that moment, its random part from them."""
    digest = int.from_bytes(hashlib.sha256("/".join([SEED, *map(str, words)]).encode()).digest())
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    high = milliseconds << 16 | _VERSION << 12 | digest & 0xFFF
    low = _VARIANT << 62 | digest >> 12 & (1 << 62) - 1
    return UUID(int=high << 64 | low)
