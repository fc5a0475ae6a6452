"""Pinyin without tones and initials, for finding names by what people type."""

from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict

_PLACE_READINGS = {
    "朝阳": [["cháo"], ["yáng"]],
    "涡阳": [["guō"], ["yáng"]],
    "六合": [["lù"], ["hé"]],
}
"""Readings of place names where the general dictionary gives the everyday one."""

load_phrases_dict(_PLACE_READINGS)


@dataclass(frozen=True, slots=True)
class Reading:
    """`pinyin` and `initials` in lower case, letters and digits only: tiantaicun, ttc."""

    pinyin: str
    initials: str


@lru_cache(maxsize=65_536)
def reading_of(name: str) -> Reading:
    """How `name` is read; a character the dictionary does not know is left out.

    The memory serves bulk imports: village names repeat across the country.
    """
    syllables = [
        letters
        for syllable in lazy_pinyin(name, style=Style.NORMAL)
        if (letters := _letters(syllable))
    ]
    initials = "".join(_initial(syllable) for syllable in syllables)
    return Reading("".join(syllables), initials)


def typed(text: str) -> str:
    """What a person typed, as `Reading` writes it: lower case, no spaces or apostrophes; ü is v."""
    return _letters(text.lower().replace("ü", "v"))


def _initial(syllable: str) -> str:
    """The first letter of a syllable; a run that holds digits (A1, 12) stands for itself."""
    return syllable if any(c.isdigit() for c in syllable) else syllable[0]


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isascii() and c.isalnum())
