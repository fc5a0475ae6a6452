"""./run schedules: phones under Node against the server, on SQLite or a PostgreSQL of its own."""

import os
import subprocess

from . import debian, paths, postgres
from .failures import RunError

POSTGRESQL = "postgresql"


def run(rest: list[str]) -> int:
    """`tests.schedules` with these arguments; its status."""
    if POSTGRESQL not in rest:
        return _call(rest, url="")
    debian.install_for_tests()
    installation = postgres.find()
    if installation is None:
        raise RunError("no PostgreSQL server that an ordinary account can run")
    with postgres.server(installation) as url:
        return _call(rest, url=url)


def _call(rest: list[str], *, url: str) -> int:
    env = {**os.environ, **({"SCHEDULES_DATABASE_URL": url} if url else {})}
    argv = [str(paths.PYTHON), "-m", "tests.schedules", *rest]
    return subprocess.run(argv, cwd=paths.ROOT, env=env, check=False).returncode
