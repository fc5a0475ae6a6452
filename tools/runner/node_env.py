"""The browser side: npm packages by the lock, then the bundles by Vite."""

import os
import shutil
import subprocess
from pathlib import Path

from . import paths, stamps
from .steps import step

PACKAGES_STAMP = "npm"
BUNDLE_STAMP = "console-bundle"
PHONES_STAMP = "phones-bundle"
FIELD_STAMP = "field-bundle"
ROOM_FOR_THE_YOUNG = "--max-semi-space-size=32"
VITE = paths.NODE_MODULES / "vite/bin/vite.js"


def system_node() -> Path | None:
    """The machine's own node, when Vite accepts its version and npm comes with it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    parts = done.stdout.strip().lstrip("v").split(".")
    if done.returncode != 0 or len(parts) < 2 or not all(part.isdigit() for part in parts[:2]):
        return None
    major, minor = int(parts[0]), int(parts[1])
    fits = (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22
    return Path(node) if fits else None


def environment() -> dict[str, str]:
    """The environment in which node and npm are found, the wheel's where the system has none."""
    env = dict(os.environ)
    if system_node() is None:
        env["PATH"] = f"{paths.BIN}{os.pathsep}{env.get('PATH', '')}"
    return env


def ensure(*, with_phones: bool = False) -> None:
    """Bring node_modules to the lock, the console's and the phone app's bundles to their sources.

    `with_phones`: also what tests drive the field app's core by.
    """
    env = environment()
    _ensure_packages(env)
    _ensure_bundle(env)
    _ensure_field(env)
    if with_phones:
        _ensure_phones(env)


def _ensure_packages(env: dict[str, str]) -> None:
    names = ("package.json", "package-lock.json", ".npmrc", "field/package.json")
    files = [paths.ROOT / name for name in names]
    wanted = stamps.digest(files=files, words=[str(system_node() is None)])
    if stamps.read(PACKAGES_STAMP).get("digest") == wanted and paths.NODE_MODULES.is_dir():
        return
    stamps.forget(PACKAGES_STAMP)
    flags = ["--ignore-scripts", "--no-audit", "--no-fund"]
    step("Installing npm packages", [_program("npm", env), "ci", *flags], env=env)
    stamps.write(PACKAGES_STAMP, {"digest": wanted})


def _ensure_bundle(env: dict[str, str]) -> None:
    sources = [path for path in (paths.ROOT / "frontend").rglob("*") if path.is_file()]
    files = [*sources, paths.ROOT / "vite.config.ts", paths.ROOT / "package-lock.json"]
    wanted = stamps.digest(files=files)
    if stamps.read(BUNDLE_STAMP).get("digest") == wanted and paths.MANIFEST.exists():
        return
    stamps.forget(BUNDLE_STAMP)
    step("Bundling the console", [_program("node", env), VITE, "build"], env=env)
    stamps.write(BUNDLE_STAMP, {"digest": wanted})


def _ensure_field(env: dict[str, str]) -> None:
    folders = ("src/app", "src/core", "src/worker", "public")
    sources = [path for name in folders for path in (paths.FIELD / name).rglob("*")]
    config = paths.FIELD / "vite.config.ts"
    own = [paths.FIELD / "index.html", paths.FIELD / "icon.ts", config]
    files = [path for path in sources if path.is_file()]
    wanted = stamps.digest(files=[*files, *own, paths.ROOT / "package-lock.json"])
    if stamps.read(FIELD_STAMP).get("digest") == wanted and (paths.FIELD_DIST / "sw.js").exists():
        return
    stamps.forget(FIELD_STAMP)
    argv: list[str | Path] = [_program("node", env), VITE, "build", "--config", config]
    step("Bundling the phone app", argv, env=env)
    stamps.write(FIELD_STAMP, {"digest": wanted})


def _ensure_phones(env: dict[str, str]) -> None:
    folders = ("src/core", "src/driver")
    found = [path for name in folders for path in (paths.FIELD / name).rglob("*")]
    sources = [path for path in found if path.is_file()]
    config = paths.FIELD / "vite.driver.config.ts"
    own = [paths.FIELD / "src/driver.ts", config, paths.ROOT / "package-lock.json"]
    wanted = stamps.digest(files=[*sources, *own])
    if stamps.read(PHONES_STAMP).get("digest") == wanted and paths.PHONES.exists():
        return
    stamps.forget(PHONES_STAMP)
    step("Bundling the phones of the tests", bundle_phones_command(config), env=env)
    stamps.write(PHONES_STAMP, {"digest": wanted})


def bundle_phones_command(config: Path) -> list[str | Path]:
    """Bundle the phones that stand beside a configuration of Vite."""
    return [_program("node", environment()), VITE, "build", "--config", config]


def type_check_commands() -> dict[str, list[str | Path]]:
    """TypeScript's checks by what they read, run without emitting anything.

    The phone's core is checked without Node's types and without a page's: it runs in both, and in
    workers. The compiler that knows Vue's components reads the screens.
    """
    node = _program("node", environment())
    plain, screens = "typescript/bin/tsc", "vue-tsc/bin/vue-tsc.js"
    projects = {
        "the console": (plain, "frontend"),
        "the phone's core": (plain, "field"),
        "the phone's core under Node": (plain, "field/tsconfig.node.json"),
        "the phone's screens": (screens, "field/tsconfig.app.json"),
    }
    return {
        label: [node, paths.NODE_MODULES / compiler, "--noEmit", "-p", paths.ROOT / project]
        for label, (compiler, project) in projects.items()
    }


def phones_command(folder: Path) -> list[str | Path]:
    """Phones that keep what they keep in `folder`, driven over standard input and output."""
    # A phone is opened and gone within milliseconds: what lives so short dies cheaply in much room.
    return [_program("node", environment()), ROOM_FOR_THE_YOUNG, paths.PHONES, "--folder", folder]


def program(name: str) -> str:
    """Where `node` or `npm` stands."""
    return _program(name, environment())


def field_test_command() -> list[str | Path]:
    """The field app's own tests, once."""
    vitest = paths.NODE_MODULES / "vitest/vitest.mjs"
    config = paths.FIELD / "vitest.config.ts"
    return [_program("node", environment()), vitest, "run", "--config", config]


def _program(name: str, env: dict[str, str]) -> str:
    # Popen looks a bare name up on the parent's PATH, not on the one it is given.
    return shutil.which(name, path=env["PATH"]) or name
