"""Fields that a device and the station both changed, settled by a person of the station."""

from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.accounts.queries import people_with_role
from cunjing.accounts.roles import Role
from cunjing.base.clock import now, today
from cunjing.base.errors import FieldFault, conflict, invalid, not_found
from cunjing.base.merging import FieldEdit
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.matters.merging import merge_matter
from cunjing.places.access import check_village, jurisdiction_of
from cunjing.places.actions.merging import merge_household
from cunjing.places.merged import merged_villages
from cunjing.places.queries import stations_on
from cunjing.sync.models import ConflictState, ConflictSubject, FieldConflict

MANAGE = Permission.DEVICE_MANAGE
REASON_LENGTH = 200


def conflicts(*, actor: Actor, is_open: bool | None = True) -> QuerySet[FieldConflict]:
    """The clashes in the villages whose phones the actor manages; open ones oldest first."""
    rows = FieldConflict.objects.select_related("device__user__staff")
    if not actor.system:
        area = jurisdiction_of(actor=actor, permission=MANAGE)
        rows = rows.filter(area.q("village_code"))
    if is_open is not None:
        settled = ~Q(state=ConflictState.OPEN)
        rows = rows.exclude(settled) if is_open else rows.filter(settled)
    return rows.order_by("arisen_at" if is_open else "-arisen_at", "id")


def conflict_of(*, actor: Actor, conflict_id: UUID) -> FieldConflict:
    """One clash; raises 40401 for a stranger's."""
    row = conflicts(actor=actor, is_open=None).filter(pk=conflict_id).first()
    if row is None:
        raise not_found("没有这条待裁定的内容，或者不在您的辖区内。")
    return row


def owners(*, village_codes: set[str]) -> dict[str, list[str]]:
    """Whose it is to settle, by village: the chiefs of the station that answers for it today."""
    day, merged = today(), merged_villages()
    reader = Actor.for_system("conflicts")
    stations = stations_on(actor=reader, on=day)
    present = {code: merged.get(code, code) for code in village_codes}
    units = {code: stations[now].code for code, now in present.items() if now in stations}
    chiefs = people_with_role(role=Role.STATION_CHIEF, unit_codes=set(units.values()), on=day)
    return {code: chiefs.get(unit, []) for code, unit in units.items()}


def settle_conflict(
    *, actor: Actor, conflict_id: UUID, state: ConflictState, reason: str
) -> FieldConflict:
    """Say whose value is right, once, with a reason; the device is told at its next pull.

    To take the device's value is to write it with the actor's own rights. Raises 40901 where it was
    settled, or where the station's value has changed since the clash; 42201 without a reason.
    """
    why = reason.strip()
    if not why or len(why) > REASON_LENGTH:
        detail = f"请写明裁定理由，不超过{REASON_LENGTH}字。"
        raise invalid(detail, FieldFault("reason", detail))
    if state is ConflictState.OPEN:
        raise invalid("请选择以哪边为准。", FieldFault("state", "请选择以哪边为准。"))
    found = conflict_of(actor=actor, conflict_id=conflict_id)
    check_village(actor=actor, permission=MANAGE, village_code=found.village_code)
    with writing(actor=actor, permission=MANAGE) as write:
        row = FieldConflict.objects.select_for_update().get(pk=conflict_id)
        if row.state != ConflictState.OPEN:
            raise conflict("这一条已经有人裁定过。")
        if state is ConflictState.TAKEN:
            _take(row, actor=actor)
        row.state, row.reason, row.settled_at = state, why, now()
        row.settled_by, row.settled_by_name = actor.user_id, actor.name
        row.save()
        write.note(row, AuditVerb.CHANGED, village_code=row.village_code, reason=why)
    return row


def _take(row: FieldConflict, *, actor: Actor) -> None:
    """Write the device's value over the station's that was shown; not over one nobody looked at."""
    edits = {row.field: FieldEdit(_value(row, row.station), _value(row, row.said))}
    if row.subject == ConflictSubject.HOUSEHOLD:
        merged = merge_household(actor=actor, household_id=row.record_id, edits=edits).merged
    else:
        merged = merge_matter(actor=actor, matter_id=row.record_id, edits=edits).merged
    if merged.clashes:
        raise conflict(
            "这一栏后来又改过，没有写入。请核对现在的内容；要用手机的值，请在网页上改，再裁定以站里为准。"
        )


def _value(row: FieldConflict, kept: object) -> object:
    return UUID(str(kept)) if row.field == "hamlet_id" and kept else kept
