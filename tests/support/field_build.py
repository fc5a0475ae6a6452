"""How large the phone app's first load is: what the page asks for before anything is shown."""

import gzip
import json
from pathlib import Path

DIST = Path(__file__).resolve().parents[2] / "src/cunjing/field/static/field/dist"
ENTRY = "index.html"


def first_load() -> set[str]:
    """The script files the page loads at once: its entry and whatever that imports statically."""
    manifest = json.loads((DIST / "manifest.json").read_text("utf-8"))
    found: set[str] = set()
    waiting = [ENTRY]
    while waiting:
        chunk = manifest[waiting.pop()]
        if chunk["file"] not in found:
            found.add(chunk["file"])
            waiting += chunk.get("imports", [])
    return found


def first_load_bytes() -> int:
    """Their size as sent, packed with gzip at its usual level."""
    return sum(len(gzip.compress((DIST / name).read_bytes(), 6)) for name in first_load())
