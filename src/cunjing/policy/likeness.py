"""Which known name somebody may have meant who wrote another."""

import difflib
import unicodedata
from collections.abc import Iterable


def perhaps(name: str, known: Iterable[str]) -> str:
    """`，是不是“五（一）”`: the known name most like it, or nothing where none is.

    Brackets, digits and letters of another width are the likeliest slip, so they come first.
    """
    names = list(known)
    for one in names:
        if _plain(one) == _plain(name):
            return f"，是不是“{one}”"
    found = difflib.get_close_matches(name, names, n=1)
    return f"，是不是“{found[0]}”" if found else ""


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()
