"""What may have to come from Debian's own packages."""

import os
import shutil
import subprocess
from pathlib import Path

from . import paths
from .failures import RunError
from .steps import say, step

TEST_PACKAGES = paths.ROOT / "tools/debian-packages.txt"


def is_root() -> bool:
    """Whether packages can be installed at all."""
    return os.geteuid() == 0


def install(names: list[str]) -> None:
    """Install Debian packages, as root, without a question asked."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    step("Refreshing Debian package lists", ["apt-get", "-q", "update"], env=env)
    argv = ["apt-get", "-q", "-y", "install", "--no-install-recommends", *names]
    step("Installing Debian packages " + " ".join(names), argv, env=env)


def install_for_tests() -> None:
    """As root on Debian, install what the tests need and the machine lacks; else leave it."""
    if not is_root() or shutil.which("apt-get") is None:
        return
    lines = TEST_PACKAGES.read_text("utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    missing = [name for name in wanted if not _installed(name)]
    if missing:
        install(missing)


def _installed(name: str) -> bool:
    argv = ["dpkg-query", "-W", "-f", "${db:Status-Status}", name]
    found = subprocess.run(argv, capture_output=True, text=True, check=False)
    return found.stdout == "installed"


def fetch_pip_wheel() -> Path:
    """Without root: unpack Debian's pip wheel into var/, touching nothing of the system.

    An ordinary user may run apt-get with lists and cache of his own and unpack what it brings.
    """
    home = paths.VAR / "debian"
    found = _unpacked_pip(home)
    if found is not None:
        return found
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise RunError(_no_pip())
    (home / "lists/partial").mkdir(parents=True, exist_ok=True)
    (home / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
    own = ["-q", "-o", f"Dir::State::lists={home}/lists", "-o", f"Dir::Cache={home}/cache"]
    say("python3-venv is not installed; taking pip from Debian's packages into var/debian")
    try:
        step("Reading Debian package lists", ["apt-get", *own, "update"])
        package = ["apt-get", *own, "download", "python3-pip-whl"]
        step("Downloading python3-pip-whl", package, cwd=home)
        for deb in home.glob("*.deb"):
            step("Unpacking python3-pip-whl", ["dpkg-deb", "-x", deb, home / "root"])
    except RunError as error:
        raise RunError(f"{error}\n{_no_pip()}") from error
    found = _unpacked_pip(home)
    if found is None:
        raise RunError(_no_pip())
    return found


def _unpacked_pip(home: Path) -> Path | None:
    return next(iter((home / "root").glob("usr/share/python-wheels/pip-*.whl")), None)


def _no_pip() -> str:
    return (
        "Python cannot make a virtual environment here: its ensurepip is missing.\n"
        "Ask an administrator for: apt-get install python3-venv   (then run this again)\n"
        "本机 Python 缺少 ensurepip，请管理员执行 apt-get install python3-venv 后重试。"
    )
