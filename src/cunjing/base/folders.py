"""Folders written whole or not at all."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A path beside `out`, where nothing is yet; the folder written there takes the place of `out`
    at the end. Where anything fails `out` stays, or comes back, as it was.

    Raises OSError where the folder cannot be put in place. Whether `out` may be replaced is the
    caller's to ask.
    """
    fresh = out.with_name(f".{out.name}.{uuid.uuid4().hex}")
    try:
        yield fresh
        _put_in_place(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, out: Path) -> None:
    former = fresh.with_name(f"{fresh.name}.former")
    if out.exists():
        out.rename(former)
    try:
        fresh.rename(out)
    except OSError:
        if former.exists():
            former.rename(out)
        raise
    shutil.rmtree(former, ignore_errors=True)
