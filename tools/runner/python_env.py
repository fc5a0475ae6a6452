"""The virtual environment: made with venv, filled by uv from locks with hashes."""

import ast
import os
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

from . import debian, paths, stamps
from .failures import RunError
from .steps import step

Level = Literal["core", "dev"]
Extra = Literal["node", "spark"]
"""What not everybody needs: Node.js where the system has none, Spark with its Java."""
STAMP = "python"


def ensure(*, level: Level, extras: Collection[Extra]) -> None:
    """Bring .venv to the locks. What it once has, developers' tools or extras, it keeps."""
    done = stamps.read(STAMP)
    if done.get("level") == "dev":
        level = "dev"
    kept = done.get("extras")
    wanted_extras = sorted({*extras, *(kept if isinstance(kept, list) else ())})
    locks = [paths.REQUIREMENTS / f"{name}.txt" for name in (level, "build", "uv", *wanted_extras)]
    wanted = stamps.digest(
        files=[*locks, paths.ROOT / "pyproject.toml"], words=[str(paths.ROOT), sys.version]
    )
    if done.get("digest") == wanted and paths.CUNJING.exists():
        return
    _ensure_venv()
    env = uv_environment()
    _ensure_uv()
    stamps.forget(STAMP)
    uv = [str(paths.BIN / "uv"), "pip"]
    into = ["--python", str(paths.PYTHON)]
    sync = [*uv, "sync", "--require-hashes", *into, *map(str, locks)]
    step(f"Installing Python packages ({', '.join([level, *wanted_extras])})", sync, env=env)
    own = [*uv, "install", "--no-deps", "--no-build-isolation", *into, "-e", str(paths.ROOT)]
    step("Installing the cunjing command", own, env=env)
    stamps.write(STAMP, {"level": level, "digest": wanted, "extras": wanted_extras})


def ensure_beside(*, venv: Path, lock: str) -> Path:
    """Bring an environment apart from .venv to `requirements/LOCK.txt`; returns its Python.

    For what the product must not notice is installed. Needs .venv, whose uv fills it.
    """
    python, file = venv / "bin" / "python", paths.REQUIREMENTS / f"{lock}.txt"
    wanted = stamps.digest(files=[file], words=[str(venv), sys.version])
    if stamps.read(lock).get("digest") == wanted and python.exists():
        return python
    stamps.forget(lock)
    make = [str(paths.PYTHON), "-m", "venv", "--clear", "--without-pip", str(venv)]
    step(f"Making the Python environment ({lock})", make)
    sync = [str(paths.BIN / "uv"), "pip", "sync", "--require-hashes", "--python", str(python)]
    step(f"Installing Python packages ({lock})", [*sync, str(file)], env=uv_environment())
    stamps.write(lock, {"digest": wanted})
    return python


def _ensure_venv() -> None:
    if _venv_is_whole():
        return
    if not _have_ensurepip() and debian.is_root():
        debian.install(["python3-venv"])
    # pip itself is not needed in the environment when uv can be put there from outside.
    flags = ["--clear"] if _have_ensurepip() else ["--clear", "--without-pip"]
    step("Making the Python environment", [sys.executable, "-m", "venv", *flags, paths.VENV])


def _venv_is_whole() -> bool:
    """False also where making it was interrupted, after Python and before its pip."""
    if not (paths.PYTHON.exists() and _runs([paths.PYTHON, "-c", ""])):
        return False
    return _have_uv() or _have_pip() or not _have_ensurepip()


def _have_ensurepip() -> bool:
    # In a process of its own: this one would not see what has just been installed.
    return _runs([sys.executable, "-c", "import ensurepip"])


def _have_pip() -> bool:
    return _runs([paths.PYTHON, "-m", "pip", "--version"])


def _have_uv() -> bool:
    uv = paths.BIN / "uv"
    if not (uv.exists() and _runs([uv, "--version"])):
        return False
    return _output([uv, "--version"]).split()[1:2] == [_pinned_uv()]


def _pinned_uv() -> str:
    return (paths.REQUIREMENTS / "uv.txt").read_text("utf-8").split("==")[1].split()[0]


def _ensure_uv() -> None:
    if _have_uv():
        return
    lock = str(paths.REQUIREMENTS / "uv.txt")
    flags = ["install", "--require-hashes", "--disable-pip-version-check", "-r", lock]
    step("Installing uv", [*_pip(), *flags])


def _pip() -> list[str]:
    if _have_pip():
        return [str(paths.PYTHON), "-m", "pip"]
    return [str(paths.PYTHON), str(debian.fetch_pip_wheel() / "pip")]


def uv_environment() -> dict[str, str]:
    """The environment for uv: this machine's certificates, and the package index pip is set to."""
    env = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NO_PROGRESS": "1"}
    settings = _pip_settings()
    names = {
        "index-url": ("UV_DEFAULT_INDEX", " "),
        "extra-index-url": ("UV_INDEX", " "),
        "find-links": ("UV_FIND_LINKS", ","),
    }
    for key, (name, joint) in names.items():
        if settings.get(key) and name not in env:
            env[name] = joint.join(settings[key].split())
    if "UV_INDEX" in env:
        # Every file is checked against its hash, so it may come from any of the indexes.
        env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    if settings.get("cert"):
        env.setdefault("SSL_CERT_FILE", settings["cert"])
    return env


def _pip_settings() -> dict[str, str]:
    """What `pip config list` says, without the section; an environment variable wins."""
    found: dict[str, str] = {}
    for line in _output([*_pip(), "config", "list"]).splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section.strip(":") in {"global", "install"}:
            found.setdefault(key, " ".join(str(ast.literal_eval(value)).split()))
    for key in ("index-url", "extra-index-url", "find-links", "cert"):
        given = os.environ.get("PIP_" + key.upper().replace("-", "_"))
        if given:
            found[key] = given
    return found


def _runs(argv: Sequence[str | Path]) -> bool:
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def _output(argv: Sequence[str | Path]) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RunError(f"{argv[0]} does not run:\n{done.stderr}")
    return done.stdout
