"""./run mutants: mutation testing of the policy engine's Python, and the page that tells of it."""

import shutil
import subprocess

from . import paths

MUTANTS = paths.ROOT / "mutants"


def run(names: list[str]) -> int:
    """All mutants from the start, or those named (as `cunjing.policy.periods.*`) once more.

    Then rewrite the page; 0 when both have run, whatever was caught.
    """
    if names:
        _forget_copies()
    else:
        shutil.rmtree(MUTANTS, ignore_errors=True)
    status = _in_checkout("tests.mutation.running", *names)
    return status or _in_checkout("tests.mutation.report", *names)


def _forget_copies() -> None:
    """Remove what mutmut copies once and then keeps, so that it copies what there is now."""
    for folder in ("tests", "policies", "docs", "tools"):
        shutil.rmtree(MUTANTS / folder, ignore_errors=True)
    (MUTANTS / "mutmut-stats.json").unlink(missing_ok=True)
    for path in MUTANTS.rglob("*.sql"):
        path.unlink()


def _in_checkout(module: str, *names: str) -> int:
    command = [str(paths.PYTHON), "-m", module, *names]
    return subprocess.run(command, cwd=paths.ROOT, check=False).returncode
