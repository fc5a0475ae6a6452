"""Formula injection: a text that a spreadsheet would run when the file is opened (CWE-1236)."""

import re
import unicodedata

_STARTERS = "=@\t\r"
_SIGNS = "+-"
_HARMLESS = re.compile(r"[+-][\d\s().,-]*")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula.

    Full-width signs count too, since some spreadsheets convert them. A signed number or telephone
    number (+86 138…) and a lone dash are harmless.
    """
    if not text:
        return False
    if text[0] in "\t\r":
        return True
    plain = unicodedata.normalize("NFKC", text).lstrip()
    if not plain:
        return False
    if plain[0] in _STARTERS:
        return True
    return plain[0] in _SIGNS and not _HARMLESS.fullmatch(plain)


def neutralised(text: str) -> str:
    """The text as it may stand in an export: a would-be formula gets a leading apostrophe."""
    return f"'{text}" if looks_like_formula(text) else text
