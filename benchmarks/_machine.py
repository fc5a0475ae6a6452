"""The machine a benchmark ran on: one may be twice as fast as another, and pages are compared."""

import hashlib
import os
import platform
import time
from datetime import UTC, datetime

ROUNDS = 300_000
TURNS = 5


def about() -> str:
    """Today, the kind of machine, its processors, and its pace when asked."""
    kind = f"{platform.machine()}, {os.cpu_count()} cores"
    return f"{datetime.now(UTC):%Y-%m-%d}, {kind}, {pace():.0f} ms for {ROUNDS:,} SHA-256 in a row"


def pace() -> float:
    """Milliseconds of processor for a fixed piece of work in Python, the best of a few turns."""
    return min(_turn() for _ in range(TURNS)) * 1000


def _turn() -> float:
    begun, digest = time.process_time(), b""
    for _ in range(ROUNDS):
        digest = hashlib.sha256(digest).digest()
    return time.process_time() - begun
