"""Which county a unit belongs to."""

from cunjing.places.models import Unit

DIGITS = 6


def county_of(unit: Unit) -> str:
    """The six digits of the county a unit answers in: its own division's, else the nearest
    parent's; empty where none of them names a county."""
    seen: Unit | None = unit
    while seen is not None:
        if len(seen.division_code) >= DIGITS:
            return seen.division_code[:DIGITS]
        seen = seen.parent
    return ""
