"""One address for web and files, as a county's proxy makes it; and a newer app while phones run.

The address names localhost: passkeys belong to names, not to numbers.
"""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.site import Site

WORKER = "/field/sw.js"
FILES = "/sync/v1/files"
_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


class Versions(ThreadingHTTPServer):
    """Passes everything on to servers of this machine; once `newer`, the worker is another one."""

    daemon_threads = True

    def __init__(self, *, web: int, files: int) -> None:
        super().__init__(("127.0.0.1", 0), _Pass)
        self.web, self.files = web, files
        self.newer = False


class _Pass(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Versions

    def do_GET(self) -> None:
        """Pass a request on, and its answer back."""
        size = int(self.headers.get("Content-Length") or 0)
        port = self.server.files if self.path.startswith(FILES) else self.server.web
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
            line.request(self.command, self.path, self.rfile.read(size), dict(self.headers))
            answer = line.getresponse()
            body = answer.read()
        if self.path == WORKER and self.server.newer:
            body += b"\n// a later version\n"
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PATCH = do_HEAD = do_GET  # noqa: N815 - the names the library asks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def versions_of(site: Site, *, files: int) -> Iterator[tuple[Site, Versions]]:
    """The site as seen through the proxy in front of it and of the port `files`, and the proxy."""
    with Versions(web=int(site.url.rpartition(":")[2]), files=files) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield replace(site, url=f"http://localhost:{proxy.server_port}"), proxy
        finally:
            proxy.shutdown()
            thread.join(10)
