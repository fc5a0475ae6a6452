"""Run a long command quietly: one line when it starts, a sign of life, one line when it ends."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import paths
from .failures import RunError

HEARTBEAT_SECONDS = 5
TAIL_LINES = 30
LINE_LENGTH = 80


def say(text: str) -> None:
    """Print a progress line; on standard error, so that a command's own output stays clean."""
    print(text, file=sys.stderr, flush=True)


def step(
    label: str,
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = paths.ROOT,
) -> str:
    """Run argv to its end and return its standard output; raise RunError after its last words."""
    say(f"→ {label} …")
    # Private, because the demo's log-ins are among what is kept.
    paths.LOGS.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = label.lower().replace(" ", "-").replace("/", "-")
    output, errors = paths.LOGS / f"{name}.out.log", paths.LOGS / f"{name}.err.log"
    started = time.monotonic()
    with output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=dict(env) if env is not None else None,
            cwd=cwd,
        )
        status = _wait(process, started, errors)
    if status != 0:
        for log in (output, errors):
            lines = log.read_text("utf-8", "replace").splitlines()
            sys.stderr.write("".join(f"{line}\n" for line in lines[-TAIL_LINES:]))
        raise RunError(
            f"{label}: ended with status {status}; all it said is in {paths.LOGS}/{name}.*"
        )
    say(f"  done in {time.monotonic() - started:.0f} s")
    return output.read_text("utf-8", "replace")


def _wait(process: "subprocess.Popen[bytes]", started: float, errors: Path) -> int:
    while True:
        try:
            return process.wait(timeout=HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"  … {time.monotonic() - started:.0f} s {_last_line(errors)}".rstrip())
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1][:LINE_LENGTH] if lines else ""
