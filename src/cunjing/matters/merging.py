"""An open matter amended by a device against a known state: merged by field.

Place, summary and subkind only: who deals with a matter, where it is dealt with and how it ends is
the station's to say.
"""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from cunjing.base.errors import conflict, invalid, not_found
from cunjing.base.merging import FieldEdit, Merged, merge
from cunjing.fieldwork.texts import cleaned
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.matters.actions import REFUSED
from cunjing.matters.models import Matter, MatterKind
from cunjing.matters.rules import field_faults
from cunjing.places.access import check_village

AMENDED = ("place", "summary", "subkind")
OPEN = Permission.MATTER_OPEN


class MergedMatter(NamedTuple):
    """The matter after the merge, its version before, and what was merged."""

    matter: Matter
    before: int
    merged: Merged


def merge_matter(*, actor: Actor, matter_id: UUID, edits: Mapping[str, FieldEdit]) -> MergedMatter:
    """Amend an open matter where the station has not changed the same field.

    Raises 40901 for one that is closed, 42201 for a value that cannot be, 40301 and 40401 as
    `check_village`. Clashes are returned; nothing is written where nothing differs.
    """
    found = _matter(matter_id)
    check_village(actor=actor, permission=OPEN, village_code=found.village_id)
    texts = {name: cleaned(str(edit.to)) for name, edit in edits.items()}
    if faults := field_faults(kind=MatterKind(found.kind), values=texts):
        raise invalid(REFUSED, *faults)
    said = {name: FieldEdit(edit.base, texts[name]) for name, edit in edits.items()}
    merged = _changes(found, edits=said)
    _check_open(found)
    if not merged.values:
        return MergedMatter(found, found.version, merged)
    with writing(actor=actor, permission=OPEN) as write:
        row = _matter(matter_id, lock=True)
        _check_open(row)
        merged, before = _changes(row, edits=said), row.version
        for name, value in merged.values.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*AMENDED, "version"])
        write.note(row, AuditVerb.CHANGED, village_code=row.village_id)
    return MergedMatter(row, before, merged)


def _changes(row: Matter, *, edits: Mapping[str, FieldEdit]) -> Merged:
    return merge(current={name: getattr(row, name) for name in AMENDED}, edits=edits)


def _check_open(row: Matter) -> None:
    if row.closed_at is not None:
        raise conflict("这件事已经办结，不能再修改；如有新情况请另行登记。")


def _matter(matter_id: UUID, *, lock: bool = False) -> Matter:
    rows = Matter.objects.select_for_update() if lock else Matter.objects
    row = rows.filter(pk=matter_id).first()
    if row is None:
        raise not_found("没有这件事，或者不在您的辖区内。")
    return row
