"""./run test: every suite, each in a pytest of its own; what cannot run here is named."""

import os
import shutil
import subprocess

from . import check, node_env, paths, postgres
from .failures import RunError
from .lanes import Job, Lane
from .lanes import run as run_lanes
from .steps import say

COULD_NOT_RUN = 3
# Two workers: the machine this has to fit has two cores. What asks Spark stays with one of them
# (tests/conftest.py), as a file of tests does with the world they share.
ONE_BY_ONE = ["-n", "2", "--dist", "load"]
BY_FILE = ["-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]
PURE = ["tests/unit", "tests/spec", "tests/generative", "tests/house"]


def run_all() -> int:
    """Run everything; 0 all green, 1 something failed, 3 green but a suite could not run here."""
    if "CUNJING_DATABASE_URL" in os.environ:
        raise RunError("unset CUNJING_DATABASE_URL first: ./run test brings its own databases")
    failed = [] if check.run() == 0 else ["check"]
    missing: list[str] = []
    failed += run_lanes([_pure_lane(), _served_lane(missing)])
    return _close(failed=failed, missing=missing)


def run_some(argv: list[str]) -> int:
    """Pytest with the given arguments, on SQLite or the database CUNJING_DATABASE_URL names."""
    return subprocess.run(
        _pytest(argv), cwd=paths.ROOT, stdin=subprocess.DEVNULL, check=False
    ).returncode


def _pure_lane() -> Lane:
    """What computes all the time, and takes as long as all that talks to servers."""
    yield Job(label="unit, spec, generative and house tests", argv=_pytest([*PURE, *ONE_BY_ONE]))
    yield Job(label="tests of the field app", argv=node_env.field_test_command())


def _served_lane(missing: list[str]) -> Lane:
    """What talks to servers. The browser first: while it waits, the other lane computes. On the two
    databases one after the other: some tests serve at an address that only one can have."""
    journeys = "journeys in the browser"
    if shutil.which("chromium") is None:
        missing.append(f"{journeys} (Debian's package chromium is not installed)")
    else:
        yield Job(label=journeys, argv=_pytest(["tests/functional", *BY_FILE]))
    yield Job(label="integration tests on SQLite", argv=_pytest(["tests/integration", *BY_FILE]))
    on_postgres = "integration tests on PostgreSQL"
    installation = postgres.find()
    if installation is None:
        missing.append(f"{on_postgres} (no server that an ordinary account can run)")
        return
    asked = ["tests/integration", "-m", "not own_database", *BY_FILE]
    with postgres.server(installation) as url:
        yield Job(label=on_postgres, argv=_pytest(asked), extra={"CUNJING_DATABASE_URL": url})


def _pytest(argv: list[str]) -> list[str]:
    return [str(paths.PYTHON), "-m", "pytest", *argv]


def _close(*, failed: list[str], missing: list[str]) -> int:
    if failed:
        say("test: failed: " + "; ".join(failed))
    if missing:
        say("test: could not run here: " + "; ".join(missing))
    if failed:
        return 1
    return COULD_NOT_RUN if missing else 0
