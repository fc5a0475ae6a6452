"""A household changed by a device against a known state: merged by field."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from cunjing.base.merging import FieldEdit, Merged, merge
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.writing import writing
from cunjing.places import rules
from cunjing.places.access import check_village
from cunjing.places.actions.households import (
    EDIT,
    check_addresses,
    check_hamlets,
    check_in_use,
    household_row,
)
from cunjing.places.models import Household


class MergedHousehold(NamedTuple):
    """The household after the merge, its version before, and what was merged."""

    household: Household
    before: int
    merged: Merged


def merge_household(
    *, actor: Actor, household_id: UUID, edits: Mapping[str, FieldEdit]
) -> MergedHousehold:
    """Change `address`, `hamlet_id` or `visit_priority` where the station has not changed them.

    Raises 40901 for an address out of use, 42201 for a value that cannot be, 40301 and 40401 as
    `check_village`. Clashes are returned; nothing is written where nothing differs.
    """
    if "address" in edits:
        said = edits["address"]
        edits = {**edits, "address": FieldEdit(said.base, rules.check_address(str(said.to)))}
    if "visit_priority" in edits:
        rules.check_priority(_number(edits["visit_priority"].to))
    found = household_row(household_id)
    check_village(actor=actor, permission=EDIT, village_code=found.village_id)
    check_in_use(found)
    merged = _changes(found, edits=edits)
    if not merged.values:
        return MergedHousehold(found, found.version, merged)
    with writing(actor=actor, permission=EDIT) as write:
        row = household_row(household_id, lock=True)
        check_in_use(row)
        merged, before = _changes(row, edits=edits), row.version
        _check(row, values=merged.values)
        for name, value in merged.values.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=["address", "hamlet", "visit_priority", "version"])
        write.note(row, AuditVerb.CHANGED, village_code=row.village_id)
    return MergedHousehold(row, before, merged)


def _changes(row: Household, *, edits: Mapping[str, FieldEdit]) -> Merged:
    current = {
        "address": row.address,
        "hamlet_id": row.hamlet_id,
        "visit_priority": row.visit_priority,
    }
    return merge(current=current, edits=edits)


def _check(row: Household, *, values: Mapping[str, object]) -> None:
    if "address" in values:
        check_addresses(village_code=row.village_id, addresses=[str(values["address"])])
    if "hamlet_id" in values:
        group = values["hamlet_id"]
        wanted = Household(hamlet_id=group if isinstance(group, UUID) else None)
        check_hamlets(village_code=row.village_id, rows=[wanted])


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
