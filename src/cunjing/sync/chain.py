"""The chain of a device: every line it makes names, by its hash, all lines before it.

The line itself enters only through a salted digest, so that content can be erased later and the
chain still verifies.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID


def genesis(device_id: UUID) -> bytes:
    """h(0): SHA-256 of the device id's text, lower case with hyphens."""
    return hashlib.sha256(str(device_id).encode()).digest()


def inner_digest(*, salt: bytes, line: bytes) -> bytes:
    """SHA-256(salt ‖ line): all that is left of a line once its content is erased."""
    return hashlib.sha256(salt + line).digest()


def next_hash(*, previous: bytes, inner: bytes) -> bytes:
    """h(n) = SHA-256(h(n-1) ‖ inner digest of line n)."""
    return hashlib.sha256(previous + inner).digest()


def hashes(*, previous: bytes, inners: Iterable[bytes]) -> list[bytes]:
    """The hashes of lines that follow each other, `previous` being the one before the first."""
    found = []
    for inner in inners:
        previous = next_hash(previous=previous, inner=inner)
        found.append(previous)
    return found


def row_digest(*, row_type: str, row_id: str, version: str) -> bytes:
    """What one pulled row adds to its scope's digest: SHA-256 of `type/id/version`."""
    return hashlib.sha256(f"{row_type}/{row_id}/{version}".encode()).digest()


def scope_digest(rows: Iterable[bytes]) -> bytes:
    """The digest of a scope: the XOR of its rows' digests; 32 zero bytes where there is none."""
    total = 0
    for row in rows:
        total ^= int.from_bytes(row, "big")
    return total.to_bytes(32, "big")
