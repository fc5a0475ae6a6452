"""./run check: lint, format, types, import contracts; every failing part is named."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import node_env, paths
from .steps import say

# Of the tests, what others build on; a test's own body may cut corners with types.
TYPED = [
    "cunjing",
    "tools.runner",
    "benchmarks",
    "tests.support",
    "tests.house",
    "tests.functional",
]

Check = tuple[str, list[str | Path], dict[str, str]]
"""What it is called, the command, and what it needs in its environment."""


def run() -> int:
    """Run every check even when one fails; the status is 0 only when all pass.

    Two at a time: each keeps one core busy, and the types take as long as all others.
    """
    checks = _checks()
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed = list(pool.map(_passes, checks))
    failed = [label for (label, *_), good in zip(checks, passed, strict=True) if not good]
    if failed:
        say("check: failed: " + ", ".join(failed))
        return 1
    say("check: all passed")
    return 0


def _checks() -> list[Check]:
    """The longest first."""
    sources = {"PYTHONPATH": str(paths.ROOT / "src")}
    packages = [word for name in TYPED for word in ("-p", name)]
    return [
        ("types", [paths.BIN / "mypy", *packages], {}),
        ("ruff", [paths.BIN / "ruff", "check", "."], {}),
        ("format", [paths.BIN / "ruff", "format", "--check", "."], {}),
        ("import contracts", [paths.BIN / "lint-imports", "--no-cache"], sources),
        *(
            (f"TypeScript of {name}", argv, {})
            for name, argv in node_env.type_check_commands().items()
        ),
    ]


def _passes(check: Check) -> bool:
    label, argv, extra = check
    env = {**os.environ, **extra}
    done = subprocess.run(
        argv,
        cwd=paths.ROOT,
        env=env,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # In one piece: another check may be speaking.
    say(f"→ {label} …\n{done.stdout.rstrip()}" if done.stdout.strip() else f"→ {label} …")
    return done.returncode == 0
