"""A database and a folder of its own for schedules played outside pytest."""

import gc
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.schedules.play import Game

MEMORY = "sqlite:///:memory:"
YOUNG = 20_000
"""Objects made between two looks for those that can go."""


@contextmanager
def ground(*, url: str = MEMORY) -> Iterator["Game"]:
    """A game on a new database: SQLite in memory, or a PostgreSQL that is empty of our tables."""
    with tempfile.TemporaryDirectory(prefix="schedules-", dir=_fast()) as name:
        folder = Path(name)
        os.environ.update(
            CUNJING_DATABASE_URL=url,
            CUNJING_VAR=str(folder / "var"),
            DJANGO_SETTINGS_MODULE="cunjing.config.settings",
        )
        django.setup()
        logging.disable(logging.CRITICAL)  # with faults put in, servers say much
        yield from _played(folder)


def _fast() -> str | None:
    """Memory, where the machine lends it as a folder."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    return str(shared) if os.access(shared, os.W_OK) else None


def _played(folder: Path) -> Iterator["Game"]:
    from django.core.management import call_command  # noqa: PLC0415 - needs settings
    from django.db import connection  # noqa: PLC0415 - needs settings
    from tests.schedules.play import Game  # noqa: PLC0415 - needs settings
    from tests.schedules.world import Memory, Rollback, make  # noqa: PLC0415 - needs settings
    from tests.support.driven_phones import Phones  # noqa: PLC0415 - needs settings

    call_command("migrate", verbosity=0)
    world = make(folder)
    store = Memory() if connection.vendor == "sqlite" else Rollback()
    phones = Phones(folder)
    # What was loaded so far stays: it need not be looked through again and again.
    gc.freeze()
    gc.set_threshold(YOUNG, 50, 50)
    try:
        yield Game(world, store, phones)
    finally:
        phones.close()
        gc.unfreeze()
