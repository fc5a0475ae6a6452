"""How large the phone app's first load is: what the page asks for before anything is shown."""

import gzip
import json
import re
from pathlib import Path

DIST = Path(__file__).resolve().parents[2] / "src/cunjing/field/static/field/dist"


def first_load() -> set[str]:
    """The script files the page loads at once: its own and whatever they import statically."""
    manifest = json.loads((DIST / "manifest.json").read_text("utf-8"))
    chunks = {chunk["file"]: chunk for chunk in manifest.values()}
    page = (DIST / "index.html").read_text("utf-8")
    found: set[str] = set()
    waiting = re.findall(r'<script[^>]* src="[^"]*/dist/([^"]+)"', page)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [manifest[key]["file"] for key in chunks[name].get("imports", [])]
    return found


def first_load_bytes() -> int:
    """Their size as sent, packed with gzip at its usual level."""
    return sum(len(gzip.compress((DIST / name).read_bytes(), 6)) for name in first_load())
