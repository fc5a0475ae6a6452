"""A client of the files application that is cut where the test says.

The application runs in this process, on the test's own database; each call is one request.
"""

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
        headers = {
            "upload-offset": str(offset),
            "content-type": "application/offset+octet-stream",
            "content-length": str(len(body)),
            **more,
        }
        sent = body if cut is None else body[:cut]
        path = f"{ROOT}/{digest_of(content)}"
        return self.request(
            "PATCH", path, headers=headers, body=sent, whole=cut is None, pieces=pieces
        )

    def send(self, content: bytes) -> Answer:
        """Create and send in one go."""
        assert self.create(content).status == 201
        return self.patch(content, offset=0)

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
        said = {
            "tus-resumable": VERSION,
            "host": "localhost",
            "authorization": f"Device {self.phone.id}.{self.phone.token}",
            **headers,
        }
        return ask(self.app, method, path, headers=said, body=body, whole=whole, pieces=pieces)


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
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "client": ("127.0.0.1", 1), "server": ("localhost", 80),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }  # fmt: skip
    cuts = range(0, len(body), pieces)
    chunks = [body[start : start + pieces] for start in cuts]
    return async_to_sync(_run)(app, scope, chunks, whole=whole)


async def _run(
    app: ASGIApp, scope: dict[str, Any], chunks: Iterable[bytes], *, whole: bool
) -> Answer:
    waiting = [{"type": "http.request", "body": one, "more_body": True} for one in chunks]
    last = {"type": "http.request", "body": b"", "more_body": False}
    waiting.append(last if whole else {"type": "http.disconnect"})
    said: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)
    start = said[0]
    headers = {key.decode().lower(): value.decode() for key, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in said[1:])
    return Answer(start["status"], headers, body)
