"""A clash between a device and the station, as a line of a page: names instead of ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cunjing.base.errors import Problem
from cunjing.console.line_shapes import field_label
from cunjing.kernel.access import Actor
from cunjing.matters import queries as matters
from cunjing.matters.rules import SUBKINDS
from cunjing.places import queries as places
from cunjing.sync.conflicts import owners
from cunjing.sync.models import ConflictSubject, FieldConflict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """What clashed, where, and the three values as people read them."""

    conflict: FieldConflict
    village_name: str
    about: str
    label: "StrOrPromise"
    base: str
    station: str
    said: str
    owners: Sequence[str]


def conflict_lines(*, actor: Actor, found: Iterable[FieldConflict]) -> list[ConflictLine]:
    """The lines of a page of clashes."""
    rows = list(found)
    codes = {row.village_code for row in rows}
    names = dict(places.villages(actor=actor).filter(code__in=codes).values_list("code", "name"))
    chiefs = owners(village_codes=codes)
    return [
        _line(row, actor=actor, village=names.get(row.village_code, ""), chiefs=chiefs)
        for row in rows
    ]


def _line(
    row: FieldConflict, *, actor: Actor, village: str, chiefs: Mapping[str, Sequence[str]]
) -> ConflictLine:
    about, labels = _about(row, actor=actor)
    base, station, said = (
        labels.get(str(value), str(value)) if value not in (None, "") else "—"
        for value in (row.base, row.station, row.said)
    )
    return ConflictLine(
        conflict=row,
        village_name=village,
        about=about,
        label=field_label(row.field),
        base=base,
        station=station,
        said=said,
        owners=chiefs.get(row.village_code, ()),
    )


def _about(row: FieldConflict, *, actor: Actor) -> tuple[str, dict[str, str]]:
    """What the clash is about, and what its values are called."""
    try:
        if row.subject == ConflictSubject.HOUSEHOLD:
            groups = places.hamlets(actor=actor, village_code=row.village_code, retired=True)
            labels = {str(pk): name for pk, name in groups.values_list("pk", "name")}
            return places.household(actor=actor, household_id=row.record_id).address, labels
        matter = matters.detail(actor=actor, matter_id=row.record_id).row
        labels = {value: str(label) for value, label in SUBKINDS[matter.kind].choices}
        return f"{matter.kind.label} {matter.place}", labels
    except Problem:
        return "", {}
