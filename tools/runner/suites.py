"""./run test: every suite, each in a pytest of its own; what cannot run here is named."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from . import check, node_env, paths, postgres
from .failures import RunError
from .steps import say

COULD_NOT_RUN = 3
# Two workers: the machine this has to fit has two cores. What asks Spark stays with one of them
# (tests/conftest.py), as a file of tests does with the world they share.
ONE_BY_ONE = ["-n", "2", "--dist", "load"]
BY_FILE = ["-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]
PURE = ["tests/unit", "tests/spec", "tests/generative", "tests/house"]


def run_all() -> int:
    """Run everything; 0 all green, 1 something failed, 3 green but a suite could not run here."""
    failed = [] if check.run() == 0 else ["check"]
    missing: list[str] = []
    if not _passes("unit, spec, generative and house tests", [*PURE, *ONE_BY_ONE]):
        failed.append("unit, spec, generative and house tests")
    say("→ tests of the field app …")
    if _vitest() != 0:
        failed.append("tests of the field app")
    if not _passes("integration tests on SQLite", ["tests/integration", *BY_FILE]):
        failed.append("integration tests on SQLite")
    _run_on_postgres(failed=failed, missing=missing)
    _run_in_browser(failed=failed, missing=missing)
    return _close(failed=failed, missing=missing)


def run_some(argv: list[str]) -> int:
    """Pytest with the given arguments, on SQLite or the database CUNJING_DATABASE_URL names."""
    return _pytest(argv)


def _run_on_postgres(*, failed: list[str], missing: list[str]) -> None:
    label = "integration tests on PostgreSQL"
    installation = postgres.find()
    if installation is None:
        missing.append(f"{label} (no server that an ordinary account can run)")
        return
    with postgres.server(installation) as url, _database(url):
        if not _passes(label, ["tests/integration", "-m", "not own_database", *BY_FILE]):
            failed.append(label)


def _run_in_browser(*, failed: list[str], missing: list[str]) -> None:
    label = "journeys in the browser"
    if shutil.which("chromium") is None:
        missing.append(f"{label} (Debian's package chromium is not installed)")
    elif not _passes(label, ["tests/functional", *BY_FILE]):
        failed.append(label)


def _close(*, failed: list[str], missing: list[str]) -> int:
    if failed:
        say("test: failed: " + "; ".join(failed))
    if missing:
        say("test: could not run here: " + "; ".join(missing))
    if failed:
        return 1
    return COULD_NOT_RUN if missing else 0


def _passes(label: str, argv: list[str]) -> bool:
    say(f"→ {label} …")
    return _pytest(argv) == 0


def _vitest() -> int:
    command = node_env.field_test_command()
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode


def _pytest(argv: list[str]) -> int:
    command = [str(paths.PYTHON), "-m", "pytest", *argv]
    return subprocess.run(command, cwd=paths.ROOT, stdin=subprocess.DEVNULL, check=False).returncode


@contextmanager
def _database(url: str) -> Iterator[None]:
    if "CUNJING_DATABASE_URL" in os.environ:
        raise RunError("unset CUNJING_DATABASE_URL first: ./run test brings its own databases")
    os.environ["CUNJING_DATABASE_URL"] = url
    try:
        yield
    finally:
        del os.environ["CUNJING_DATABASE_URL"]
