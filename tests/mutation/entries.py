"""How an entry of the list of equivalent mutants is written."""

from typing import NamedTuple


class Equivalent(NamedTuple):
    """In a module's functions, a line that has `part` is as good after any of `changes`.

    `module` is dotted below `cunjing.policy`. A survivor is one of these if it differs from the
    code only by what one of the changes, old text and new, does to that line.
    """

    module: str
    part: str
    changes: tuple[tuple[str, str], ...]
    why: str


def strict(module: str, part: str, why: str) -> Equivalent:
    """What `zip` is told to look out for."""
    said = ("strict=None", "", "strict=False")
    return Equivalent(module, part, tuple(("strict=True", text) for text in said), why)


def utf8(module: str, part: str) -> Equivalent:
    """The encoding of what is written or read."""
    changes = (
        ('encoding="utf-8", ', ""),
        ('encoding="utf-8"', "encoding=None"),
        ('encoding="utf-8"', 'encoding="UTF-8"'),
    )
    return Equivalent(module, part, changes, "The tests run where text is UTF-8 anyway.")


def newline(module: str, part: str) -> Equivalent:
    """How lines end."""
    changes = (('newline=""', "newline=None"), ('newline=""', ""))
    return Equivalent(module, part, changes, "Linux writes line ends as they are.")


def never(module: str, said: str) -> Equivalent:
    """What a line nobody gets to is told."""
    why = "Nobody gets there: the type checker sees to it."
    return Equivalent(module, f"assert_never({said})", ((said, "None"),), why)


def any_case(module: str, *lines: str) -> tuple[Equivalent, ...]:
    """Pieces of SQL in capitals or without."""
    return tuple(
        Equivalent(
            module,
            line,
            tuple((line, text) for text in (line.lower(), line.upper()) if text != line),
            "SQL reads the same in either case.",
        )
        for line in lines
    )
