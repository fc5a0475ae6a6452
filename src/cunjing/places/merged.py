"""Villages that were merged: which one they go on in, whose affair what is left of them is."""

from datetime import date

from django.db.models import Q

from cunjing.places.models import VillageEditKind, VillageSuccession, VillageUnit

_MERGER = Q(edit__kind=VillageEditKind.MERGE)


def merged_villages() -> dict[str, str]:
    """Code of a village that ended in a merge → code of the living village it goes on in."""
    rows = VillageSuccession.objects.filter(_MERGER)
    going = dict(rows.values_list("predecessor_id", "successor_id"))
    found = {}
    for code, successor in going.items():
        last = successor
        while last in going:  # an ended village is nobody's successor again, so this ends
            last = going[last]
        found[code] = last
    return found


def goes_on_in(village_code: str) -> str:
    """The living village a merged one goes on in; of any other itself."""
    return merged_villages().get(village_code, village_code)


def villages_of_unit(unit_code: str, *, on: date) -> frozenset[str]:
    """The villages a unit answers for on a day, with those that were merged into them.

    A split is no merger: of a village that parted, what was before stays with the one that went on.
    """
    rows = VillageUnit.objects.filter(unit_id=unit_code, valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gt=on)
    )
    # With the merged ones in one question: most villages have none, and nobody else asks twice.
    before = "village__predecessors"
    found, left = set(), set()
    for code, old, kind in rows.values_list(
        "village_id", f"{before}__predecessor_id", f"{before}__edit__kind"
    ):
        found.add(code)
        if kind == VillageEditKind.MERGE:
            left.add(old)
    while left:
        found |= left
        older = VillageSuccession.objects.filter(_MERGER, successor_id__in=left)
        left = set(older.values_list("predecessor_id", flat=True)) - found
    return frozenset(found)
