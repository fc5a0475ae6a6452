"""Run a long command quietly: one line when it starts, a sign of life, one line when it ends."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import paths
from .failures import RunError

HEARTBEAT_SECONDS = 10
TAIL_LINES = 30


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
    """Run argv to its end; return what it printed, or raise RunError after its last lines."""
    say(f"→ {label} …")
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log = paths.LOGS / (label.lower().replace(" ", "-").replace("/", "-") + ".log")
    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
        )
        status = _wait(process, started)
    text = log.read_text("utf-8", "replace")
    if status != 0:
        sys.stderr.write("\n".join(text.splitlines()[-TAIL_LINES:]) + "\n")
        raise RunError(
            f"{label}: the command ended with status {status}. All it printed is in {log}"
        )
    say(f"  done in {time.monotonic() - started:.0f} s")
    return text


def _wait(process: "subprocess.Popen[bytes]", started: float) -> int:
    while True:
        try:
            return process.wait(timeout=HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"  … still at it after {time.monotonic() - started:.0f} s")
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
