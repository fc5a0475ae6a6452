"""Keyed pseudonyms: the same id always gives the same stand-in, and only the key tells whose.

HMAC-SHA-256 of the id, first 128 bits, hexadecimal. The key never leaves the installation, so two
counties' stand-ins cannot be matched and a reader cannot test a guessed id.
"""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Stand-ins under one key."""

    key: bytes

    def of(self, identifier: str) -> str:
        """The stand-in of an id."""
        return hmac.digest(self.key, identifier.encode(), hashlib.sha256).hex()[:_LENGTH]


def installation_pseudonyms() -> Pseudonyms:
    """The stand-ins of this installation (setting CUNJING_PSEUDONYM_KEY)."""
    return Pseudonyms(key=settings.PSEUDONYM_KEY.encode())
