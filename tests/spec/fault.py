"""A fault sown by hand in the engine's SQL."""

from typing import NamedTuple


class Fault(NamedTuple):
    """In `part` of `sql/FILE.sql`, `old` (which stands there once) becomes `new`.

    `why` says what is wrong then; `spec`, as `FILE: TITLE`, which spec is answered wrongly when the
    engine is asked in this `way` (see `ways`).
    """

    file: str
    part: str
    old: str
    new: str
    why: str
    spec: str
    way: str = "alone"
