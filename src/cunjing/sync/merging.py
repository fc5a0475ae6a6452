"""Changes of households and open matters: merged by field, clashes kept for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from cunjing.base.merging import Clash, FieldEdit, Merged
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.matters.merging import merge_matter
from cunjing.places.actions.merging import merge_household
from cunjing.sync.bodies import (
    HouseholdChangeLine,
    HouseholdFields,
    MatterChangeLine,
    MatterFields,
)
from cunjing.sync.models import ConflictSubject, Device, FieldConflict, MutationResult


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a changed record: its row, how it was merged, which fields clashed."""

    subject: ConflictSubject
    record_id: UUID
    village_code: str
    result: MutationResult
    clashes: tuple[Clash, ...]

    @property
    def rows(self) -> list[list[str]]:
        """The row that changed, for the device to wait for."""
        return [[self.subject.value, str(self.record_id)]]


def change_households(actor: Actor, bodies: Sequence[HouseholdChangeLine]) -> list[Change]:
    """Merge changes of households, in order."""
    changes = []
    for body in bodies:
        row, before, merged = merge_household(
            actor=actor, household_id=body.household_id, edits=_edits(body.fields_)
        )
        result = _result(merged, same=_is_version(body.base_version, before))
        where = ConflictSubject.HOUSEHOLD, row.pk, row.village_id
        changes.append(Change(*where, result=result, clashes=merged.clashes))
    return changes


def change_matters(actor: Actor, bodies: Sequence[MatterChangeLine]) -> list[Change]:
    """Merge changes of open matters, in order."""
    changes = []
    for body in bodies:
        row, before, merged = merge_matter(
            actor=actor, matter_id=body.matter_id, edits=_edits(body.fields_)
        )
        result = _result(merged, same=_is_version(body.base_version, before))
        where = ConflictSubject.MATTER, row.pk, row.village_id
        changes.append(Change(*where, result=result, clashes=merged.clashes))
    return changes


def keep_conflicts(*, actor: Actor, device: Device, changes: Iterable[tuple[int, Change]]) -> None:
    """Keep the clashes of a device's lines, each with the number of its line."""
    rows = [
        FieldConflict(
            device=device,
            n=n,
            subject=change.subject,
            record_id=change.record_id,
            village_code=change.village_code,
            field=clash.field,
            base=_plain(clash.base),
            station=_plain(clash.station),
            said=_plain(clash.device),
        )
        for n, change in changes
        for clash in change.clashes
    ]
    if rows:
        with writing(actor=actor, permission=Permission.DEVICE_USE) as write:
            FieldConflict.objects.bulk_create(rows)
            for row in rows:
                write.note(row, AuditVerb.CREATED, village_code=row.village_code)


def _edits(fields: HouseholdFields | MatterFields) -> dict[str, FieldEdit]:
    said = {name: getattr(fields, name) for name in type(fields).model_fields}
    return {name: FieldEdit(edit.was, edit.to) for name, edit in said.items() if edit is not None}


def _result(merged: Merged, *, same: bool) -> MutationResult:
    if merged.clashes:
        return MutationResult.CONFLICT
    return MutationResult.ACCEPTED if same else MutationResult.MERGED


def _is_version(said: str, number: int) -> bool:
    """Whether a row's version is this one; a checksum may follow the number (`rows`)."""
    return said.partition("-")[0] == str(number)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
