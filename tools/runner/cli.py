"""The words ./run understands."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from . import (
    bytecode,
    check,
    debian,
    mutants,
    node_env,
    paths,
    python_env,
    schedules,
    serve,
    suites,
    translations,
)
from .failures import RunError
from .steps import say

HELP = """\
Usage: ./run [WORD [ARGUMENTS]]

  (no word)      set up, migrate, load the demo county, serve it on this machine only
  setup          set up only: Python and npm packages, the console's bundle and translations
  setup --spark  and what `cunjing assess --engine spark` needs
  cunjing …      the command line of the product, as .venv/bin/cunjing …
  check          lint, format, types, import contracts
  test           everything: check, then all tests on SQLite and PostgreSQL and in a browser
  test ARGS …    pytest with these arguments, on SQLite
  bench NAME …   a benchmark: web, policy, …
  mutants …      change the policy engine's Python bit by bit; which changes do the tests notice?
  schedules …    what can happen to phones and server, in any order: does all hold that must?
  help           this text

Data, logs and the demo database live in var/ (or in CUNJING_VAR). Nothing outside this folder
is changed, except that root on Debian gets the packages named in tools/debian-packages.txt for
`./run test`, and python3-venv where it is missing.
"""


def main(argv: list[str]) -> int:
    """Run one word; the exit status is the command's own."""
    signal.signal(signal.SIGTERM, _interrupt)
    # Children run in the checkout's folder, where a relative path would mean another place.
    os.environ["CUNJING_VAR"] = str(paths.VAR)
    word, rest = (argv[0], argv[1:]) if argv else ("serve", [])
    try:
        return _dispatch(word, rest)
    except RunError as error:
        sys.stderr.write(f"run: {error}\n")
        return error.status
    except KeyboardInterrupt:
        sys.stderr.write("\nrun: interrupted; run it again to go on\n")
        return 130


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _dispatch(word: str, rest: list[str]) -> int:
    words: dict[str, Callable[[list[str]], int]] = {
        "serve": _serve,
        "setup": _setup,
        "cunjing": _cunjing,
        "check": _check,
        "test": _test,
        "bench": _bench,
        "mutants": _mutants,
        "schedules": _schedules,
    }
    if word in {"help", "-h", "--help"}:
        sys.stdout.write(HELP)
        return 0
    known: dict[str, list[str]] = {"serve": [], "setup": ["--spark"], "check": []}
    if word not in words or not set(rest) <= set(known.get(word, rest)):
        sys.stderr.write(f"run: not understood: {' '.join([word, *rest])}\n\n{HELP}")
        return 2
    return words[word](rest)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two set-ups in one checkout would undo each other: the second waits."""
    paths.VAR.mkdir(parents=True, exist_ok=True)
    with (paths.VAR / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another ./run is setting up; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _prepare(level: python_env.Level, *, with_spark: bool = False) -> None:
    extras: set[python_env.Extra] = {"spark"} if with_spark else set()
    with _one_at_a_time():
        if node_env.system_node() is None:
            extras.add("node")
        python_env.ensure(level=level, extras=extras)
        node_env.ensure(with_phones=level == "dev")
        translations.ensure()


def _serve(_: list[str]) -> int:
    _prepare("core")
    with _one_at_a_time():
        serve.prepare()
    return serve.run()


def _setup(rest: list[str]) -> int:
    _prepare("core", with_spark="--spark" in rest)
    bytecode.ensure()
    say("Set up. The command is .venv/bin/cunjing; ./run serves the demo county.")
    return 0


def _cunjing(rest: list[str]) -> int:
    _prepare("core")
    os.execv(paths.CUNJING, [str(paths.CUNJING), *rest])


def _check(_: list[str]) -> int:
    bytecode.keep()
    _prepare("dev")
    return check.run()


def _test(rest: list[str]) -> int:
    bytecode.keep()
    if not rest:
        debian.install_for_tests()
    _prepare("dev", with_spark=True)
    return suites.run_some(rest) if rest else suites.run_all()


def _bench(rest: list[str]) -> int:
    names = sorted(
        path.stem
        for path in (paths.ROOT / "benchmarks").glob("[!_]*.py")
        if path.stem != "conftest"
    )
    if not rest or rest[0] not in names:
        raise RunError("bench needs one of: " + ", ".join(names), status=2)
    # The rehearsal then compiles what the contenders import: nobody is measured compiling.
    bytecode.keep()
    _prepare("dev")
    bytecode.ensure()
    argv = [str(paths.PYTHON), "-m", f"benchmarks.{rest[0]}", *rest[1:]]
    return subprocess.run(argv, cwd=paths.ROOT, check=False).returncode


def _mutants(rest: list[str]) -> int:
    _prepare("dev")
    return mutants.run(rest)


def _schedules(rest: list[str]) -> int:
    _prepare("dev")
    return schedules.run(rest)
