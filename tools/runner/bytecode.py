"""The commands that need no database start from compiled Python.

Python compiles what it imports and keeps it beside the source, unless it is told not to or may not
write there: a checkout that root set up and stations use. Then every command compiles all it
imports again, which takes a fifth of its time.
"""

import os
from pathlib import Path

from . import paths
from .steps import step

_ALSO_IMPORTED = "yaml"
"""The one package of others' Python code that judging imports."""


def ensure() -> None:
    """Compile what is not compiled as it stands; the rest is looked at only."""
    folders = [paths.ROOT / "src/cunjing", *_site_packages(_ALSO_IMPORTED)]
    step("Compiling Python", [paths.PYTHON, "-m", "compileall", "-q", *folders])


def keep() -> None:
    """Let what is started from here on keep what it compiles, whatever the environment says.

    The tests start hundreds of processes; each would compile Django and the rest anew, which takes
    two thirds of its start.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _site_packages(name: str) -> list[Path]:
    return sorted(paths.VENV.glob(f"lib/python3.*/site-packages/{name}"))
