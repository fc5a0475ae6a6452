"""Photos on their way: requests of tus to the files application of this process, cut where told.

What left a phone is counted, so that it is known what a cut costs; what arrived is compared.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp
from tests.schedules.tables import table
from tests.schedules.violations import ViolationError
from tests.support.photos_factories import picture
from tests.support.uploads import ask

from cunjing.photos import store
from cunjing.photos.models import Photo
from cunjing.sync.uploads.app import files_application

MOST_LOST = 256 * 1024
"""Bytes that a cut may cost."""
SIZES = ((48, 36), (64, 48), (896, 656))
"""Of the pictures; the last takes several requests."""
PARTS = 8
MOST_REQUESTS = 200
"""Of one exchange; a picture takes a dozen at most."""
Said = tuple[int, Mapping[str, str], bytes]


@dataclass(slots=True)
class Files:
    """Serves uploads. `faults` are those of the exchange to come, each `at` a request from 1."""

    folder: Path
    faults: Sequence[Mapping[str, Any]] = ()
    asked: int = 0
    whole: bool = True
    """Whether nothing was taken from the server since: a backup knows of no upload."""
    reached: dict[tuple[str, str], int] = field(default_factory=dict)
    """By token and digest how far in the content the bytes were that left the phone."""
    digests: list[str] = field(default_factory=list)
    app: ASGIApp | None = None

    def pictures(self) -> list[Path]:
        """The files that phones take for photos."""
        if not self.digests:
            for number, size in enumerate(SIZES):
                content = picture(size=size)
                self._path(number).write_bytes(content)
                self.digests.append(hashlib.sha256(content).hexdigest())
        return [self._path(number) for number in range(len(SIZES))]

    def begin(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """An exchange that meets these faults."""
        self.faults, self.asked = faults, 0

    def forget(self) -> None:
        """A server without photos, at the beginning of a schedule."""
        self.faults, self.asked, self.whole, self.reached = (), 0, True, {}
        for path in [*store.uploads().glob("*"), *store.kept()]:
            path.unlink()

    def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Said | None:
        """The answer to a request; None where it is lost on the way."""
        self.asked += 1
        if self.asked > MOST_REQUESTS:
            raise ViolationError("a phone sends photos without end")
        met = [fault for fault in self.faults if fault["at"] == self.asked]
        kind = met[0]["kind"] if met else ""
        if method == "PATCH":
            self._count(path, headers, length=len(body))
        if kind == "lost":
            return None
        cut = kind in {"cut", "killed"}
        sent = body[: len(body) * met[0]["part"] // PARTS] if cut else body
        self.app = self.app or files_application(store.uploads())
        said = {**headers, "content-length": str(len(body))}
        answer = ask(self.app, method, path, headers=said, body=sent, whole=not cut)
        if answer.status >= 500:
            raise ViolationError(f"{method} {path}: the server fails: {answer.body.decode()}")
        if kind == "killed":
            self.app = None
        return None if kind else (answer.status, answer.headers, answer.body)

    def check_kept(self) -> None:
        """What was received is there, byte for byte, once however many photos show it."""
        names = {path.stem for path in store.kept()}
        for name in names:
            if hashlib.sha256(store.path_of(name).read_bytes()).hexdigest() != name:
                raise ViolationError(f"other bytes than sent are kept as {name}")
        photos = table(Photo, "sha256", "received_at")
        received = {digest for digest, received_at in photos if received_at is not None}
        if self.whole and received != names:
            raise ViolationError(f"received: {received}, kept: {names}")

    def _count(self, path: str, headers: Mapping[str, str], *, length: int) -> None:
        key = headers["authorization"], path
        at = int(headers["upload-offset"])
        lost = self.reached.get(key, 0) - at
        if self.whole and lost > MOST_LOST:
            raise ViolationError(f"{lost} bytes of a photo go again")
        self.reached[key] = max(at + length, self.reached.get(key, 0))

    def _path(self, number: int) -> Path:
        return self.folder / f"picture-{number}.jpg"
