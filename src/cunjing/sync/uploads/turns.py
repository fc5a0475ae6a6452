"""Whose turn it is to write an upload: the request that came last.

A phone writes an upload over one connection at a time. Where it asks again, the connection before
is dead, though the network may take long to say so: nobody waits for it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Message, Receive

GONE: Message = {"type": "http.disconnect"}


class Turns:
    """The turn of each upload that a request is at."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Event] = {}

    @contextmanager
    def taken(self, uid: str) -> Iterator[asyncio.Event]:
        """Take the turn from whoever has it. The event says that another has taken it since."""
        if before := self._last.get(uid):
            before.set()
        mine = self._last[uid] = asyncio.Event()
        try:
            yield mine
        finally:
            if self._last.get(uid) is mine:
                del self._last[uid]


def while_it_lasts(receive: Receive, over: asyncio.Event, *, idle_seconds: float) -> Receive:
    """What a request brings, until its turn is over or nothing has come for `idle_seconds`; then it
    counts as cut."""

    async def call() -> Message:
        if over.is_set():
            return GONE
        brought = asyncio.ensure_future(receive())
        ended = asyncio.ensure_future(over.wait())
        done, waiting = await asyncio.wait(
            {brought, ended}, timeout=idle_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for one in waiting:
            one.cancel()
        return brought.result() if brought in done else GONE

    return call
