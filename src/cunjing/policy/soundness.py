"""Facts folders found sound once: a large one need not be checked again while nothing changed.

`checked.json` in the folder lists size and time of change of every file, and what they were checked
against. It saves time, it proves nothing: whoever must not trust the folder checks it anew.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cunjing.policy.source import Source
from cunjing.policy.tables import TABLES

FILE_NAME = "checked.json"
"""The name of the list in a facts folder."""


_CHECKS = 4
"""Goes up when the checks become stricter: what was found sound before them is checked again."""

_AGAINST = hashlib.sha256(f"{_CHECKS}{TABLES!r}".encode()).hexdigest()
"""What is checked: another contract means checking again."""


EMPTIED = "emptied"
"""What the state of a folder calls the columns with empty texts, by table."""

State = dict[str, Any]
"""What a folder's files were like, and what they were checked against."""


def state_of(folder: Path, sources: Iterable[Source]) -> State:
    """The state of the files read. Take it before reading them: what changes later is not sound."""
    files = sorted(path for source in sources for path in source.parts or (source.path,))
    states = ((path, path.stat()) for path in files)
    return {
        "against": _AGAINST,
        "files": {
            path.relative_to(folder).as_posix(): [state.st_size, state.st_mtime_ns]
            for path, state in states
        },
    }


def remember_sound(folder: Path, state: State) -> None:
    """Note that the folder was found sound in this state. Raises OSError when it cannot."""
    content = json.dumps(state, indent=1, sort_keys=True)
    (folder / FILE_NAME).write_text(content + "\n", encoding="utf-8")


def known_sound(
    folder: Path, state: State, *, sources: Mapping[str, Source]
) -> dict[str, list[str]] | None:
    """The columns with empty texts, by table, as noted when the folder was found sound in exactly
    this state; None where it was not, or where the note is no such note, whatever else it is."""
    path = folder / FILE_NAME
    try:
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(known, dict) or any(known.get(key) != said for key, said in state.items()):
        return None
    emptied = known.get(EMPTIED)
    return emptied if _tells_emptied(emptied, sources) else None


def _tells_emptied(noted: object, sources: Mapping[str, Source]) -> bool:
    """Whether of each table a list of columns is noted."""
    return isinstance(noted, dict) and all(
        isinstance(columns := noted.get(name), list)
        and all(isinstance(one, str) for one in columns)
        for name in sources
    )
