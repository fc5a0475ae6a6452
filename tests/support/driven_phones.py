"""Phones that run the shipped core under Node, driven over a pipe; their requests come back here.

Commands and what they answer: `field/src/driver/commands.ts`. A phone is given one at a time.
"""

import base64
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client
from tools.runner import node_env, paths

Said = dict[str, Any]
Serve = Callable[[str, Mapping[str, str], bytes], "tuple[int, bytes] | None"]
"""Path, headers and body of a request; status and body of its answer, None where none comes."""


Files = Callable[
    [str, str, Mapping[str, str], bytes], "tuple[int, Mapping[str, str], bytes] | None"
]
"""Method, path, headers and body of a request of tus; status, headers and body of its answer."""


class RefusedError(Exception):
    """A phone could not do what it was told; `name` is the error's in the core."""

    def __init__(self, said: Said) -> None:
        super().__init__(f"{said['name']}: {said['message']}")
        self.name: str = said["name"]


class CrashedError(Exception):
    """A phone died at the point it was told to die at; it is off until opened."""


def served_here(path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes] | None:
    """Answer a request by the views of this process, without a socket."""
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    others = {name: text for name, text in headers.items() if name != "Content-Type"}
    answer = client.generic(
        "POST", f"/sync/v1/{path}", data=body, content_type=headers["Content-Type"], headers=others
    )
    return answer.status_code, answer.content


@dataclass(slots=True)
class Phones:
    """Phones of one process, by name. `folder` outlives it: what they keep stands there.

    `server`: the address their requests go to; without one they come back here to be served. Photos
    come back here in any case, to `files`.
    """

    folder: Path
    serve: Serve = served_here
    server: str = ""
    files: "Files | None" = None
    process: "subprocess.Popen[str] | None" = None
    asked: int = field(default=0)

    def act(self, phone: str, op: str, **said: Any) -> Any:
        """Have a phone do something, serving its requests meanwhile.

        Raises RefusedError and CrashedError. After a crash with `kill` all phones of the process
        are off.
        """
        self.asked += 1
        self._write({"id": self.asked, "phone": phone, "op": op, **said})
        while line := self._process().stdout.readline():  # type: ignore[union-attr]
            answer = json.loads(line)
            if "request" in answer:
                self._write(self._served(answer))
            elif "error" in answer:
                raise RefusedError(answer["error"])
            elif "crashed" in answer:
                raise CrashedError(answer["crashed"])
            else:
                return answer["ok"]
        self.close()
        raise CrashedError(said["crash"]["point"])

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.stdin.close()  # type: ignore[union-attr]
            self.process.wait(timeout=30)
            self.process.stdout.close()  # type: ignore[union-attr]
            self.process = None

    def kill(self) -> None:
        """End the process at once, in the middle of whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.close()

    def _served(self, request: Said) -> Said:
        path, headers = request["path"], request["headers"]
        body = base64.b64decode(request["body"])
        number = {"reply": request["request"]}
        if "method" in request:
            said = self.files(request["method"], path, headers, body) if self.files else None
        else:
            answer = self.serve(path, headers, body)
            said = answer and (answer[0], {}, answer[1])
        if said is None:
            return {**number, "lost": True}
        status, told, content = said
        text = base64.b64encode(content).decode()
        return {**number, "status": status, "headers": dict(told), "body": text}

    def _write(self, said: Said) -> None:
        pipe = self._process().stdin
        pipe.write(json.dumps(said) + "\n")  # type: ignore[union-attr]
        pipe.flush()  # type: ignore[union-attr]

    def _process(self) -> "subprocess.Popen[str]":
        if self.process is None:
            if not paths.PHONES.exists():
                raise FileNotFoundError(f"{paths.PHONES}: ./run check makes it")
            self.process = subprocess.Popen(  # noqa: S603 - the project's own program
                [
                    *node_env.phones_command(self.folder),
                    *(["--server", self.server] if self.server else []),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        return self.process


@contextmanager
def driven(folder: Path, *, serve: Serve = served_here) -> Iterator[Phones]:
    """Phones for a test; their process ends with it."""
    phones = Phones(folder, serve)
    try:
        yield phones
    finally:
        phones.close()
