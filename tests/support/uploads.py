"""A client of the files application that is cut where the test says.

The application runs in this process, on the test's own database; each call is one request.
"""

import asyncio
import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asgiref.sync import async_to_sync
from starlette.types import ASGIApp, Message
from tests.support.photos_factories import digest_of
from tests.support.sync_phone import Phone

from cunjing.base.ids import new_id
from cunjing.sync.uploads.app import ROOT, VERSION, files_application

LAST: Message = {"type": "http.request", "body": b"", "more_body": False}
GONE: Message = {"type": "http.disconnect"}


def promise(phone: Phone, content: bytes, **changes: Any) -> str:
    """Put a `photo` mutation into the outbox; returns the photo's id."""
    photo_id = str(changes.pop("id", new_id()))
    body = {"id": photo_id, "sha256": digest_of(content), "length": len(content), **changes}
    phone.save("photo", body)
    return photo_id


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def offset(self) -> int:
        """How many bytes the server has."""
        return int(self.headers["upload-offset"])


@dataclass(slots=True)
class Uploads:
    """Requests of one phone. `token` may be another's; `app` is made anew by `restart`."""

    phone: Phone
    folder: Path
    app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Another process, on the same files."""
        self.app = files_application(self.folder)

    def create(self, content: bytes, **headers: str) -> Answer:
        """Open an upload."""
        name = base64.b64encode(digest_of(content).encode()).decode()
        said = {"upload-metadata": f"sha256 {name}", "upload-length": str(len(content)), **headers}
        return self.request("POST", ROOT, headers=said)

    def head(self, content: bytes, **headers: str) -> Answer:
        """Ask how much is there."""
        return self.request("HEAD", f"{ROOT}/{digest_of(content)}", headers=headers)

    def patch(
        self,
        content: bytes,
        *,
        offset: int,
        cut: int | None = None,
        pieces: int = 1000,
        **more: Any,
    ) -> Answer:
        """Send from `offset` on; with `cut`, the connection breaks after so many bytes of it."""
        body = more.pop("body", content[offset:])
        headers = {**_writing(offset, len(body)), **more}
        sent = body if cut is None else body[:cut]
        path = f"{ROOT}/{digest_of(content)}"
        return self.request(
            "PATCH", path, headers=headers, body=sent, whole=cut is None, pieces=pieces
        )

    def send(self, content: bytes) -> Answer:
        """Create and send in one go."""
        assert self.create(content).status == 201
        return self.patch(content, offset=0)

    def take_over(self, content: bytes, *, after: int) -> tuple[Answer, Answer]:
        """A line falls silent after so many bytes and nobody hears that it is dead; the phone asks
        how much is there and sends the rest. Its two answers."""
        return async_to_sync(self._take_over)(content, after)

    async def _take_over(self, content: bytes, after: int) -> tuple[Answer, Answer]:
        path, size = f"{ROOT}/{digest_of(content)}", len(content)
        first = _scope("PATCH", path, headers=self._said(_writing(0, size)))
        silent = asyncio.create_task(_run(self.app, first, [content[:after]], end=None))
        while not any(one.stat().st_size == after for one in self.folder.iterdir()):
            await asyncio.sleep(0.01)
        asks = _scope("HEAD", path, headers=self._said({}))
        asked = await _run(self.app, asks, [], end=LAST)
        rest = _scope("PATCH", path, headers=self._said(_writing(after, size - after)))
        answer = await _run(self.app, rest, [content[after:]], end=LAST)
        await silent
        return asked, answer

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        body: bytes = b"",
        whole: bool = True,
        pieces: int = 1000,
    ) -> Answer:
        """One request; header names may be written with underscores."""
        said = self._said(headers)
        return ask(self.app, method, path, headers=said, body=body, whole=whole, pieces=pieces)

    def _said(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {
            "tus-resumable": VERSION,
            "host": "localhost",
            "authorization": f"Device {self.phone.id}.{self.phone.token}",
            **headers,
        }


def ask(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    whole: bool = True,
    pieces: int = 1000,
) -> Answer:
    """One request, its body in pieces of so many bytes; one not whole breaks off after them."""
    cuts = range(0, len(body), pieces)
    chunks = [body[start : start + pieces] for start in cuts]
    scope = _scope(method, path, headers=headers)
    return async_to_sync(_run)(app, scope, chunks, end=LAST if whole else GONE)


def _writing(offset: int, length: int) -> dict[str, str]:
    return {
        "upload-offset": str(offset),
        "content-type": "application/offset+octet-stream",
        "content-length": str(length),
    }


def _scope(method: str, path: str, *, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "client": ("127.0.0.1", 1), "server": ("localhost", 80),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }  # fmt: skip


async def _run(
    app: ASGIApp, scope: dict[str, Any], chunks: Iterable[bytes], *, end: Message | None
) -> Answer:
    """Send the chunks, then `end`; None: nothing more is ever heard."""
    waiting = [{"type": "http.request", "body": one, "more_body": True} for one in chunks]
    waiting += [dict(end)] if end else []
    said: list[Message] = []

    async def receive() -> Message:
        if not waiting and end is None:
            await asyncio.Event().wait()
        return waiting.pop(0) if waiting else GONE

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)
    start = said[0]
    headers = {key.decode().lower(): value.decode() for key, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in said[1:])
    return Answer(start["status"], headers, body)
