"""The SQL of this package: files of statements, read once, cut into parts by `-- part: name`."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"
_VARIABLE = re.compile(r"getvariable\('(\w+)'\)")
_PART = re.compile(r"^-- part: (\w+)$", re.MULTILINE)


@cache
def parts(name: str) -> dict[str, str]:
    """The parts of `sql/NAME.sql`; what stands before the first part is the part ''."""
    pieces = _PART.split((_FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
    return {"": pieces[0], **dict(zip(pieces[1::2], pieces[2::2], strict=True))}


def part(file: str, name: str = "") -> str:
    """One part of `sql/FILE.sql`."""
    return parts(file)[name]


def with_literals(text: str, literals: Mapping[str, str]) -> str:
    """The text with these variables replaced by what they stand for; others stay variables."""
    return _VARIABLE.sub(lambda found: literals.get(found[1], found[0]), text)
