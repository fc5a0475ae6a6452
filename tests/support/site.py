"""The product as it is served: migrated, filled with the demo county, behind granian."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
START_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running demo county with data of its own."""

    url: str
    var: Path
    log_ins: str

    def cunjing(self, *argv: str) -> str:
        """Run the command line on this site's data and return what it printed."""
        return _cunjing(self.var, *argv)


@contextmanager
def demo_site(var: Path) -> Iterator[Site]:
    """Serve the demo county from the empty folder var.

    A process of its own, not Django's live server: the journeys then see the real web server,
    and no test touches the database from the thread in which Playwright runs its event loop.
    """
    log_ins = _demo_in(var)
    port = free_port()
    server = subprocess.Popen(  # noqa: S603 - our own server
        _granian(port), cwd=ROOT, env=environment(var)
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, server)
        yield Site(url=url, var=var, log_ins=log_ins)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _demo_in(var: Path) -> str:
    """Fill the folder with the demo county, loaded once for all workers of a run; the log-ins."""
    shared = var.parents[1 if "PYTEST_XDIST_WORKER" in os.environ else 0] / "demo"
    shared.mkdir(exist_ok=True)
    made, said = shared / "var", shared / "log-ins"
    with (shared / "lock").open("w") as lock:
        # Whoever comes second waits: two loads beside each other take longer than one.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            made.mkdir()
            _cunjing(made, "migrate", "--no-input", "--verbosity", "0")
            said.write_text(_cunjing(made, "demo", "load"), "utf-8")
    shutil.copytree(made, var, dirs_exist_ok=True)
    return said.read_text("utf-8")


def _granian(port: int) -> list[str]:
    address = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    size = ["--workers", "1", "--blocking-threads", "2", "--log-level", "warning"]
    return [str(BIN / "granian"), *address, *size, "cunjing.config.wsgi:application"]


def environment(var: Path) -> dict[str, str]:
    """The environment of a process that works on the data in `var`."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith("CUNJING_")}
    return {**mine, "CUNJING_VAR": str(var)}


def _cunjing(var: Path, *argv: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        [BIN / "cunjing", *argv],
        cwd=ROOT,
        env=environment(var),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"cunjing {' '.join(argv)}:\n{done.stdout}{done.stderr}"
    return done.stdout


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers, whatever it says but a fault of its own."""
    deadline = time.monotonic() + START_SECONDS
    status = None
    while status is None and time.monotonic() < deadline:
        assert server.poll() is None, "the web server ended by itself"
        status = _status_of(url)
    assert status is not None, f"{url} did not answer within {START_SECONDS} s"
    assert status < 500, f"{url} answered {status}"


def _status_of(url: str) -> int | None:
    try:
        # No proxy that the environment names stands before our own server.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        time.sleep(0.1)
        return None
