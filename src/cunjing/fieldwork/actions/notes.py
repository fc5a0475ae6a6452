"""Note how far a person's work has arrived, and that a ledger was taken out."""

from datetime import datetime
from uuid import UUID

from cunjing.base.clock import now
from cunjing.base.errors import FieldFault, forbidden, invalid, not_found
from cunjing.fieldwork.models import SyncChannel, SyncState
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_unit, why_not
from cunjing.staffing.models import Staff


def note_sync(
    *, actor: Actor, staff_id: UUID, channel: SyncChannel, at: datetime | None = None
) -> SyncState:
    """Note that everything this person recorded up to `at` (default: now) has arrived.

    For oneself, or for people of a unit one writes for. An earlier time than the stored one changes
    nothing. Raises 42201 for a time to come.
    """
    moment = at or now()
    if moment > now():
        raise invalid("时间还没有到。", FieldFault("at", "请填写现在或以前的时间。"))
    staff = Staff.objects.filter(pk=staff_id).first()
    if staff is None:
        raise not_found("没有这名人员，或者不在您的辖区内。")
    permission = _right(actor=actor, staff=staff)
    known = SyncState.objects.filter(pk=staff_id).first()
    if known is not None and known.last_sync_at >= moment:
        return known
    with writing(actor=actor, permission=permission) as write:
        SyncState.objects.get_or_create(
            staff_id=staff_id, defaults={"last_sync_at": moment, "channel": channel}
        )
        state = SyncState.objects.select_for_update().get(pk=staff_id)
        if state.last_sync_at < moment:
            state.last_sync_at, state.channel = moment, channel
            state.save(update_fields=["last_sync_at", "channel"])
        write.note(state, AuditVerb.CHANGED)
    return state


def note_export(*, actor: Actor, ledger: str, filters: str) -> None:
    """Note that a ledger was exported: `ledger` is its kind, `filters` what was chosen.

    Raises 403 without the right to export.
    """
    reason = why_not(actor=actor, permission=Permission.LEDGER_EXPORT)
    if reason:
        raise forbidden(reason)
    with writing(actor=actor, permission=Permission.LEDGER_EXPORT) as write:
        write.note_use("fieldwork.ledger", ledger, AuditVerb.EXPORTED, reason=filters)


def _right(*, actor: Actor, staff: Staff) -> Permission:
    own = staff.user_id is not None and staff.user_id == actor.user_id
    if own and actor.holds(Permission.RECORD_WRITE):
        return Permission.RECORD_WRITE
    check_unit(actor=actor, permission=Permission.RECORD_WRITE_FOR, unit_code=staff.unit_id)
    return Permission.RECORD_WRITE_FOR
