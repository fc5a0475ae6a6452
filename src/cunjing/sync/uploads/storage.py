"""Where uploads lie while they arrive. The length of the file is the offset: no other count of it
is kept, so a process killed at any moment resumes with the bytes it has."""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from tuspyserver.storage.local import LocalFileStorage

SYNC_EVERY = 128 * 1024
"""Bytes that a power failure may cost; a cut or a killed process costs none that arrived."""
LOCK_SECONDS = 20.0


class UploadFolder(LocalFileStorage):
    """The library's folder, but each piece is written when it comes.

    The library keeps the pieces of a request in memory until the request ends (measured: a server
    killed in between loses all of it), and notes offsets in a second file that a crash leaves
    behind. Locks are of this process: uploads have one.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._unsynced: dict[str, int] = defaultdict(int)

    async def append(self, uid: str, chunk: bytes) -> None:
        """Write a piece at the end of the file."""
        self._unsynced[uid] += len(chunk)
        durable = self._unsynced[uid] >= SYNC_EVERY
        await asyncio.to_thread(self._write, uid, chunk, durable=durable)
        if durable:
            self._unsynced[uid] = 0

    async def flush(self, uid: str) -> None:
        """Make what was written durable."""
        self._unsynced.pop(uid, None)
        await asyncio.to_thread(self._write, uid, b"", durable=True)

    async def read_info(self, uid: str) -> dict[str, Any] | None:
        """The library's note of an upload, with the offset the file has."""
        said = await super().read_info(uid)
        return None if said is None else {**said, "offset": await self.size(uid)}

    @asynccontextmanager
    async def lock(self, uid: str) -> AsyncIterator[None]:  # type: ignore[override]
        """One writer an upload. Raises TimeoutError where another goes on for too long."""
        lock = self._locks[uid]
        await asyncio.wait_for(lock.acquire(), LOCK_SECONDS)
        try:
            yield
        finally:
            lock.release()

    async def left_alone(self, uid: str) -> None:
        """Wait until nobody writes it, so that what it has is what it will have."""
        with suppress(TimeoutError):
            async with self.lock(uid):
                pass

    def _write(self, uid: str, chunk: bytes, *, durable: bool) -> None:
        with Path(self.location(uid)).open("ab") as handle:
            handle.write(chunk)
            if durable:
                handle.flush()
                os.fsync(handle.fileno())
