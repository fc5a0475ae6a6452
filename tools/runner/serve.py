"""Serve the console, take photos and run the jobs, on this machine only, until told to stop."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NoReturn

from . import paths, stamps
from .failures import RunError
from .steps import say, step

FIRST_PORT = 8000
PORTS_TRIED = 100
WORKERS = 2
THREADS = 4
START_SECONDS = 60
STOP_SECONDS = 10
DATABASE_STAMP = "demo"


def prepare() -> None:
    """Migrate and load the demo county, unless this very database already has both."""
    url = os.environ.get("CUNJING_DATABASE_URL", "")
    migrations = (paths.ROOT / "src").rglob("migrations/*.py")
    sources = [*migrations, paths.REQUIREMENTS / "core.txt"]
    wanted = stamps.digest(files=sources, words=[url])
    done = stamps.read(DATABASE_STAMP)
    # Another program may have emptied a database server; only our own file can be trusted unseen.
    if not url and done.get("digest") == wanted and _same_file(done):
        return
    stamps.forget(DATABASE_STAMP)
    step("Migrating the database", [paths.CUNJING, "migrate", "--no-input"])
    log_ins = step("Loading the demo county", [paths.CUNJING, "demo", "load"])
    stamps.write(
        DATABASE_STAMP, {"digest": wanted, "log_ins": log_ins, "file": _file_id(paths.DATABASE)}
    )


def _same_file(done: dict[str, object]) -> bool:
    return paths.DATABASE.exists() and done.get("file") == _file_id(paths.DATABASE)


def _file_id(path: Path) -> int:
    return path.stat().st_ino if path.exists() else 0


def run() -> int:
    """Start the children, print where to look, wait; a child that ends by itself ends all."""
    port = _free_port(FIRST_PORT)
    files = _free_port(port + 1)
    # No proxy stands before us: phones are told the second port.
    os.environ["CUNJING_FILES_URL"] = f"http://127.0.0.1:{files}/sync/v1/files"
    children = {"the web server": _start(_server(port))}
    try:
        _wait_until_up(port, children)
        # Only now: on two cores their start would delay the first page.
        children["the files server"] = _start(_files(files))
        children["the job worker"] = _start(_jobs())
        _greet(port)
        _watch(children)
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        _stop(children)


def _server(port: int) -> list[str | Path]:
    flags = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    size = ["--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    quiet = ["--log-level", "warning"]
    return [paths.BIN / "granian", *flags, *size, *quiet, "cunjing.config.wsgi:application"]


def _files(port: int) -> list[str | Path]:
    flags = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    quiet = ["--workers", "1", "--log-level", "warning"]
    return [paths.BIN / "granian", *flags, *quiet, "cunjing.config.files:application"]


def _jobs() -> list[str | Path]:
    return [paths.CUNJING, "jobs", "run"]


def _start(argv: list[str | Path]) -> "subprocess.Popen[bytes]":
    # A session of its own, so that Ctrl-C reaches us alone and we stop the children in order.
    return subprocess.Popen(argv, cwd=paths.ROOT, stdin=subprocess.DEVNULL, start_new_session=True)


def _free_port(first: int) -> int:
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            # As the server itself binds: a port in TIME_WAIT is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RunError(f"no free port from {first} to {first + PORTS_TRIED - 1}")


def _wait_until_up(port: int, children: "dict[str, subprocess.Popen[bytes]]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _raise_if_ended(children)
        if _answers(port):
            return
        time.sleep(0.1)
    raise RunError(f"the web server did not answer within {START_SECONDS} s")


def _answers(port: int) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(f"http://127.0.0.1:{port}/", timeout=START_SECONDS).close()
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
    return True


def _greet(port: int) -> None:
    log_ins = str(stamps.read(DATABASE_STAMP).get("log_ins", "")).strip()
    print(f"\n{log_ins}\n\n  Cunjing 村警: http://127.0.0.1:{port}/")
    print("  Ctrl-C stops it. 按 Ctrl-C 停止。\n", flush=True)


def _watch(children: "dict[str, subprocess.Popen[bytes]]") -> NoReturn:
    while True:
        _raise_if_ended(children)
        time.sleep(0.5)


def _raise_if_ended(children: "dict[str, subprocess.Popen[bytes]]") -> None:
    for name, child in children.items():
        status = child.poll()
        if status is not None:
            raise RunError(f"{name} ended by itself with status {status}; its last words are above")


def _stop(children: "dict[str, subprocess.Popen[bytes]]") -> None:
    for child in children.values():
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
