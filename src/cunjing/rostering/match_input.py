"""What a draft is computed on: the facts tables of one unit's villages and people, kept with it.

The same tables as the export, in the same columns, so that a draft and `cunjing match` on exported
facts agree.
"""

import json
import zlib
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from cunjing.assessment.facts_tables import Rows, small_tables
from cunjing.assessment.reach import Reach
from cunjing.coverage.models import Posting
from cunjing.coverage.queries import in_force
from cunjing.places.models import Unit, UnitKind, Village, VillageUnit
from cunjing.policy.columns import ColumnType
from cunjing.policy.tables import TABLES
from cunjing.rostering.counties import county_of
from cunjing.rostering.facts import planning_tables
from cunjing.staffing.models import Staff

Tables = dict[str, Rows]
NEEDED = (
    "villages", "township_adjacency", "units", "village_units", "staff", "postings", "absences",
    "candidates", "wishes", "village_features", "pins", "bans",
)  # fmt: skip
"""What matching reads; the rest of the facts is left behind."""

_NO_SEEN: set[str] = set()


def match_tables(
    *,
    unit: Unit,
    role: str,
    others: Iterable[str],
    on: date,
    without: Iterable[UUID] = (),
    only: Container[str] | None = None,
) -> Tables:
    """The facts of a unit's villages and of who may serve them in a role, as of a day; of the
    villages in `only`, where it is given.

    `others` are roles that cover a village as well: villages held so are not matched. Nobody of
    `without` gets a village, nor who is to leave duty. Whoever serves villages outside the unit has
    that many slots less.
    """
    found_villages = matched_villages(unit=unit, role=role, others=others, on=on)
    codes = [code for code in found_villages if only is None or code in only]
    people = _people(unit=unit, codes=codes, role=role, on=on)
    reach = Reach(prefixes=(county_of(unit),))
    found: Tables = dict(small_tables(reach=reach, seen_staff=set(_NO_SEEN)))
    found |= dict(planning_tables(reach=reach, staff_ids=people, on=on))
    kept = {name: found[name] for name in NEEDED}
    return _narrowed(kept, codes=set(codes), people=people, on=on, without=without)


def matched_villages(*, unit: Unit, role: str, others: Iterable[str], on: date) -> list[str]:
    """The living villages of a unit to be matched on a day: nobody holds them in one of the other
    roles, and no successor is posted already."""
    living = Village.objects.filter(valid_to=None)
    if unit.kind == UnitKind.COUNTY:
        living = living.filter(code__startswith=unit.division_code)
    else:
        answering = VillageUnit.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on), unit=unit, valid_from__lte=on
        )
        living = living.filter(code__in=answering.values("village_id"))
    wanted = sorted(set(others) - {role})
    held = Posting.objects.filter(
        Q(in_force(on=on), role__in=wanted) | Q(valid_from__gt=on, role__in=[*wanted, role])
    )
    return list(
        living.exclude(code__in=held.values("village_id"))
        .order_by("code")
        .values_list("code", flat=True)
    )


def packed(tables: Mapping[str, Rows]) -> bytes:
    """The tables as bytes: JSON, compressed."""
    return zlib.compress(json.dumps(tables, default=_written).encode())


def unpacked(content: bytes | memoryview) -> Tables:
    """The tables `packed` made, dates and times as they were."""
    raw: dict[str, list[list[object]]] = json.loads(zlib.decompress(bytes(content)))
    return {name: [_typed(name, row) for row in rows] for name, rows in raw.items()}


def _people(*, unit: Unit, codes: Sequence[str], role: str, on: date) -> set[str]:
    """Those of the role in the unit or below it, and those serving one of its villages in it."""
    inside = Q(unit=unit) | Q(unit__parent=unit)
    if unit.kind == UnitKind.COUNTY:
        inside |= Q(unit__division_code__startswith=unit.division_code)
    serving = Posting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), village__in=codes, role=role
    )
    found = Staff.objects.filter(
        Q(inside, role=role) | Q(pk__in=serving.values("staff_id"))
    ).exclude(on_duty_to__lte=on)
    return {str(key) for key in found.values_list("pk", flat=True)}


def _narrowed(
    tables: Tables,
    *,
    codes: set[str],
    people: set[str],
    on: date,
    without: Iterable[UUID],
) -> Tables:
    """Only the villages and people of the draft; places people come from stay known by code."""
    elsewhere = _elsewhere(people, codes=codes, on=on)
    leaving = Staff.objects.filter(pk__in=people).exclude(on_duty_to=None)
    gone = {str(one) for one in (*without, *leaving.values_list("pk", flat=True))}
    kept = dict(tables)
    for name in ("villages", "village_units", "wishes", "village_features", "pins", "bans"):
        place = TABLES[name].names.index("village_code")
        kept[name] = [row for row in kept[name] if row[place] in codes]
    for name in ("staff", "absences", "candidates"):
        kept[name] = [row for row in kept[name] if row[0] in people]
    kept["postings"] = [row for row in kept["postings"] if row[1] in codes and row[2] in people]
    kept["candidates"] = [
        _with_slots(row, taken=elsewhere[str(row[0])], gone=row[0] in gone)
        for row in kept["candidates"]
    ]
    return kept


def _with_slots(row: tuple[object, ...], *, taken: int, gone: bool) -> tuple[object, ...]:
    """A candidate with the slots that are left; who is gone has none."""
    place = TABLES["candidates"].names.index("capacity")
    left = 0 if gone else max(int(str(row[place])) - taken, 0)
    return (*row[:place], left, *row[place + 1 :])


def _elsewhere(people: set[str], *, codes: set[str], on: date) -> Counter[str]:
    """How many villages outside the draft each person serves."""
    lasting = Q(valid_to=None) | Q(valid_to__gt=on)
    rows = Posting.objects.filter(lasting, staff__in=[UUID(one) for one in people])
    outside = rows.exclude(village__in=codes)
    return Counter(str(key) for key in outside.values_list("staff_id", flat=True))


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _typed(name: str, row: Sequence[object]) -> tuple[object, ...]:
    return tuple(
        date.fromisoformat(str(cell)) if column.type is ColumnType.DATE and cell else cell
        for column, cell in zip(TABLES[name].columns, row, strict=True)
    )
