"""A slow link: a relay that passes so many bits a second each way, each byte late by half a round.

In front of a server on this machine; it also counts what goes by. `Link()` only counts.
"""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CHUNK = 4096
REQUEST = re.compile(
    rb"^(?:GET|POST|PUT|PATCH|HEAD|DELETE|OPTIONS) (\S+) HTTP/1\.1\r\n", re.MULTILINE
)


@dataclass(slots=True)
class Link:
    """What a link is like: bits a second from and to the server, milliseconds there and back.

    0 bits: as many as the machine can. `sent` and `received` are the client's, in bytes, `asked`
    the addresses it asked for. `lost`: how a request begins whose answer is lost, once, and what
    is called then (a kill, say).
    """

    down_bits: int = 0
    up_bits: int = 0
    round_trip_ms: int = 0
    sent: int = 0
    received: int = 0
    requests: int = 0
    asked: list[str] = field(default_factory=list)
    lost: tuple[bytes, Callable[[], None]] | None = None
    _free: dict[str, float] = field(default_factory=dict)

    def forget(self) -> None:
        """Count from nothing."""
        self.sent = self.received = self.requests = 0
        self.asked.clear()

    def slow_down(self, *, down_bits: int, up_bits: int, round_trip_ms: int) -> None:
        """Be this slow from now on, on lines that are open as well."""
        self.down_bits, self.up_bits = down_bits, up_bits
        self.round_trip_ms = round_trip_ms

    def loses(self, asked: bytes) -> bool:
        """Whether the answer to this request is the one to lose; whatever it did, it did."""
        if self.lost is None or not asked.startswith(self.lost[0]):
            return False
        _, then = self.lost
        self.lost = None
        then()
        return True

    def due(self, way: str, size: int, *, now: float) -> float:
        """When the last of `size` bytes that come now is through, all clients of a way together."""
        bits = self.up_bits if way == "up" else self.down_bits
        begins = max(now, self._free.get(way, 0.0))
        ends = begins + (size * 8 / bits if bits else 0.0)
        self._free[way] = ends
        return ends + self.round_trip_ms / 2000


@contextmanager
def linked(port: int, link: Link) -> Iterator[int]:
    """A relay to 127.0.0.1:`port`; its own port. It runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    relay = _Relay(port, link)
    try:
        yield asyncio.run_coroutine_threadsafe(relay.start(), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(relay.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


class _Relay:
    def __init__(self, port: int, link: Link) -> None:
        self._port = port
        self._link = link
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:  # the server is down: so is the line
            writer.close()
            return
        asked = bytearray()
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._pass("up", reader, back, asked=asked))
                ways.create_task(self._pass("down", there, writer, asked=asked))
        except* OSError:  # reset at one end is reset at the other
            pass
        finally:
            for end in (writer, back):
                end.close()

    async def _pass(
        self,
        way: str,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        *,
        asked: bytearray,
    ) -> None:
        """Read at once, write when it is due: what is on its way does not hold up what comes."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)
        clock = asyncio.get_running_loop().time
        async with asyncio.TaskGroup() as writing:
            writing.create_task(_written(queue, target))
            while data := await source.read(CHUNK):
                if way == "up" and REQUEST.match(data):
                    asked[:] = data[:CHUNK]
                if way == "down" and self._link.loses(bytes(asked)):
                    raise ConnectionResetError
                self._count(way, data)
                await queue.put((self._link.due(way, len(data), now=clock()), data))
            await queue.put((0.0, b""))

    def _count(self, way: str, data: bytes) -> None:
        if way == "up":
            self._link.sent += len(data)
            found = REQUEST.findall(data)
            self._link.requests += len(found)
            self._link.asked += [path.decode() for path in found]
        else:
            self._link.received += len(data)


async def _written(
    queue: "asyncio.Queue[tuple[float, bytes]]", target: asyncio.StreamWriter
) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        due, data = await queue.get()
        if not data:
            target.write_eof()
            return
        await asyncio.sleep(max(due - clock(), 0.0))
        target.write(data)
        await target.drain()
