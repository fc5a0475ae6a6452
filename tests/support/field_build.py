"""How large the phone app's first load is: what the page asks for before anything is shown."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

DIST = Path(__file__).resolve().parents[2] / "src/cunjing/field/static/field/dist"


# What the page reads by itself as soon as its own script has put the way in on the screen.
INSIDE = "inside"


def asked_by_page() -> set[str]:
    """The script files the page asks for, and whatever they import statically."""
    page = (DIST / "index.html").read_text("utf-8")
    return _with_imports(re.findall(r'<script[^>]* src="[^"]*/dist/([^"]+)"', page))


def first_load() -> set[str]:
    """All script that is loaded before anybody does anything: the page's own and what it starts."""
    own = [chunk["file"] for chunk in _manifest().values() if chunk.get("name") == INSIDE]
    return asked_by_page() | _with_imports([file for file in own if file.endswith(".js")])


def _with_imports(files: list[str]) -> set[str]:
    manifest = _manifest()
    chunks = {chunk["file"]: chunk for chunk in manifest.values()}
    found: set[str] = set()
    waiting = list(files)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [manifest[key]["file"] for key in chunks[name].get("imports", [])]
    return found


def _manifest() -> dict[str, dict[str, Any]]:
    manifest: dict[str, dict[str, Any]] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    return manifest


def first_load_bytes() -> int:
    """Their size as sent, packed with gzip at its usual level."""
    return sum(len(gzip.compress((DIST / name).read_bytes(), 6)) for name in first_load())
