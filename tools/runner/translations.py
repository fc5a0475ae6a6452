"""The words of the console in other languages: catalogs of text compiled for gettext."""

import shutil
from pathlib import Path

from . import paths, stamps
from .steps import step

STAMP = "translations"


def ensure() -> None:
    """Bring the compiled catalogs, where the settings look for them, to their text."""
    texts = sorted(paths.LOCALE.glob("*/LC_MESSAGES/*.po"))
    compiled = {
        text: paths.LOCALE_DIST / text.relative_to(paths.LOCALE).with_suffix(".mo")
        for text in texts
    }
    wanted = stamps.digest(files=[*texts, paths.REQUIREMENTS / "core.txt"])
    whole = all(path.exists() for path in compiled.values())
    if whole and stamps.read(STAMP).get("digest") == wanted:
        return
    stamps.forget(STAMP)
    shutil.rmtree(paths.LOCALE_DIST, ignore_errors=True)  # also a language that is gone
    for text, path in compiled.items():
        path.parent.mkdir(parents=True)
        language = text.relative_to(paths.LOCALE).parts[0]
        files: list[str | Path] = ["--input-file", text, "--output-file", path]
        step(f"Compiling translations ({language})", [paths.BIN / "pybabel", "compile", *files])
    stamps.write(STAMP, {"digest": wanted})
