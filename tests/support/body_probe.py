"""A served page that keeps whatever body reaches it: what it kept, a view would have written."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

ROOT = Path(__file__).resolve().parents[2]
KEPT = "CUNJING_TEST_KEPT"
START_SECONDS = 30.0


@login_not_required
@csrf_exempt
def keep(request: HttpRequest) -> HttpResponse:
    """Write the body, or the uploaded file, where the test looks."""
    upload = request.FILES.get("file")
    body = upload.read() if upload else request.body
    Path(os.environ[KEPT]).write_bytes(body)
    return HttpResponse(str(len(body)))


urlpatterns = [path("keep", keep), path("api/keep", keep)]


@dataclass(frozen=True, slots=True)
class Probe:
    """A running server, and the file its page writes."""

    port: int
    kept: Path

    def send(self, head: str, body: bytes, *, cut: bool = False, reset: bool = False) -> bytes:
        """Send a request byte by byte as given and return all that came back.

        `cut` ends our half of the connection after the body, `reset` tears it down.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
            line.sendall(body)
            if reset:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                return b""
            if cut:
                line.shutdown(socket.SHUT_WR)
            return self._answer(line)

    def _answer(self, line: socket.socket) -> bytes:
        answer = b""
        try:
            while piece := line.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer


@contextmanager
def probe(folder: Path) -> Iterator[Probe]:
    """Serve the page behind granian, as the product is served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = folder / "kept"
    environment = {
        **os.environ,
        KEPT: str(kept),
        "CUNJING_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "tests.support.body_probe_settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    arguments = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    threads = ["--workers", "1", "--blocking-threads", "2", "--log-level", "warning"]
    server = subprocess.Popen(  # noqa: S603 - our own server
        [Path(sys.executable).parent / "granian", *arguments, *threads, f"{__name__}:application"],
        cwd=ROOT,
        env=environment,
    )
    try:
        _wait_for(port, server)
        yield Probe(port, kept)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


if os.environ.get(KEPT):  # only in the server's own process
    application = get_wsgi_application()
