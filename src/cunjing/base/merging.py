"""Merging by field what a device changed while the station changed the same record.

Each edit names the value it was made against. A field the station has left alone takes the device's
value; a field both changed keeps the station's, and the clash is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One field's new value, and the value it was changed from."""

    base: object
    to: object


@dataclass(frozen=True, slots=True)
class Clash:
    """A field both sides changed: what it was, what the station made of it, what the device did."""

    field: str
    base: object
    station: object
    device: object


@dataclass(frozen=True, slots=True)
class Merged:
    """`values` to write, by field; `clashes` keep the station's value."""

    values: Mapping[str, object] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()


def merge(*, current: Mapping[str, object], edits: Mapping[str, FieldEdit]) -> Merged:
    """What becomes of a record's `current` fields by the edits; equal ends are no clash."""
    values, clashes = {}, []
    for name, edit in edits.items():
        here = current[name]
        if edit.to == here:
            continue
        if edit.base == here:
            values[name] = edit.to
        else:
            clashes.append(Clash(name, base=edit.base, station=here, device=edit.to))
    return Merged(values, tuple(clashes))
