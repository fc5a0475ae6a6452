"""The two servers that phones speak to, each to be killed and started again on its port."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.site import ROOT, environment, free_port, wait_for

GRANIAN = Path(sys.executable).parent / "granian"
QUIET = ["--workers", "1", "--log-level", "warning", "--host", "127.0.0.1"]


@dataclass(slots=True)
class Server:
    """A granian process. `started` holds its settings beyond those of the site."""

    application: str
    flags: list[str]
    var: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert self.process is None
        argv = [str(GRANIAN), *self.flags, *QUIET, "--port", str(self.port), self.application]
        self.process = subprocess.Popen(  # noqa: S603 - our own server
            argv, cwd=ROOT, env={**environment(self.var), **self.settings}, start_new_session=True
        )
        wait_for(f"http://127.0.0.1:{self.port}/sync/v1/version", self.process)

    def kill(self) -> None:
        """As a power cut does: the server and its workers at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def web_and_files(var: Path, *, files_url: str = "") -> Iterator[tuple[Server, Server]]:
    """The web server and the files server on the data in `var`, not yet started.

    `files_url` is where phones are told to send photos.
    """
    web = Server("cunjing.config.wsgi:application", ["--interface", "wsgi"], var)
    files = Server("cunjing.config.files:application", ["--interface", "asgi"], var)
    if files_url:
        web.settings["CUNJING_FILES_URL"] = files_url
    try:
        yield web, files
    finally:
        web.kill()
        files.kill()


@contextmanager
def files_beside(var: Path) -> Iterator[Server]:
    """The files server alone, started, beside a web server that is there already."""
    files = Server("cunjing.config.files:application", ["--interface", "asgi"], var)
    try:
        files.start()
        yield files
    finally:
        files.kill()
