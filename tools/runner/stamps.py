"""Remember what a finished step was made from, so that a second start skips it.

A stamp is written only after its step has ended well: an interrupted set-up is simply done again.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import paths


def digest(*, files: Iterable[Path], words: Iterable[str] = ()) -> str:
    """SHA-256 over the names and bytes of files and some words (versions, say)."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(paths.ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    for word in words:
        total.update(b"\0" + word.encode())
    return total.hexdigest()


def read(name: str) -> dict[str, Any]:
    """What was remembered under name; empty when nothing, or nothing readable, was."""
    try:
        value = json.loads((paths.STAMPS / name).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write(name: str, value: dict[str, Any]) -> None:
    """Remember value under name, whole or not at all."""
    paths.STAMPS.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = paths.STAMPS / f"{name}.new"
    fresh.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    fresh.replace(paths.STAMPS / name)


def forget(name: str) -> None:
    """Say that the step is under way: until it is stamped again it counts as not done."""
    (paths.STAMPS / name).unlink(missing_ok=True)
