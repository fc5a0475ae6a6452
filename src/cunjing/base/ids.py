"""Record identifiers: UUID version 7, made where the record is made (phone, console, server)."""

import uuid

import uuid_utils


def new_id() -> uuid.UUID:
    """A new UUIDv7 (RFC 9562): sorted by time of making, so indexes stay compact."""
    return uuid.UUID(int=uuid_utils.uuid7().int)
