"""./run check: lint, format, types, import contracts; every failing part is named."""

import os
import subprocess
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


def run() -> int:
    """Run every check even when one fails; the status is 0 only when all pass."""
    failed = [label for label, argv, env in _checks() if not _passes(label, argv, env)]
    if failed:
        say("check: failed: " + ", ".join(failed))
        return 1
    say("check: all passed")
    return 0


def _checks() -> list[tuple[str, list[str | Path], dict[str, str]]]:
    sources = {"PYTHONPATH": str(paths.ROOT / "src")}
    packages = [word for name in TYPED for word in ("-p", name)]
    return [
        ("ruff", [paths.BIN / "ruff", "check", "."], {}),
        ("format", [paths.BIN / "ruff", "format", "--check", "."], {}),
        ("types", [paths.BIN / "mypy", *packages], {}),
        ("import contracts", [paths.BIN / "lint-imports", "--no-cache"], sources),
        *(
            (f"TypeScript of {name}", argv, {})
            for name, argv in node_env.type_check_commands().items()
        ),
    ]


def _passes(label: str, argv: list[str | Path], extra: dict[str, str]) -> bool:
    say(f"→ {label} …")
    env = {**os.environ, **extra}
    return subprocess.run(argv, cwd=paths.ROOT, env=env, check=False).returncode == 0
