"""Contents of photos on disk, each under its SHA-256, once however many photos show it."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

_OWNER_ONLY = 0o600


def folder() -> Path:
    """Where photos lie: `uploads` while they arrive, `kept` afterwards."""
    path: Path = settings.VAR / "photos"
    return path


def uploads() -> Path:
    """Where uploads arrive."""
    return folder() / "uploads"


def path_of(sha256: str) -> Path:
    """Where the content with this digest lies, if it does."""
    return folder() / "kept" / sha256[:2] / f"{sha256}.jpg"


def holds(sha256: str, *, length: int) -> bool:
    """Whether the content with this digest lies there, as long as it is. A restore may lack it."""
    try:
        return path_of(sha256).stat().st_size == length
    except FileNotFoundError:
        return False


@contextmanager
def exclusive() -> Iterator[None]:
    """Nobody else keeps or removes contents meanwhile, in whatever process."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def keep(content: bytes) -> str:
    """Write a content to disk, durably, and return its digest. Call it within `exclusive`."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if holds(sha256, length=len(content)):
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    with half.open("wb") as handle:
        os.fchmod(handle.fileno(), _OWNER_ONLY)
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    half.replace(path)
    # The name as well: a crash must not leave a row that says "received" without its content.
    names = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(names)
    finally:
        os.close(names)
    return sha256


def remove(sha256: str) -> None:
    """Remove a content. Call it within `exclusive`, when no photo shows it any more."""
    path_of(sha256).unlink(missing_ok=True)


def kept() -> Iterator[Path]:
    """Every file below `kept`: contents, and halves that a crash left."""
    return (path for path in (folder() / "kept").glob("*/*") if path.is_file())
